# What only this case says.

# %% [markdown] id=frame-goal
# The interviewer nods at your questions and adds one thing: *“Our test says {{MJ.retention}} more of them come back. In
# points. I want to see that in a quarter, and I want the {{MJ.remix_usd_month}} back within {{MJ.payback_months}}.”* The
# article gives neither points nor base; {{MJ.retention_base}} of the creators who come back today are ours. Say of every
# wait **what it measures**: the first preview, or the picture in full. The article calls both latency.

# %% [markdown] id=rollout-goal
# The article names no rollout. Begin with few creators and a number that can stop it: the one that tells when a preview
# lies. One of your three alarms should watch the first preview and ring *before* the promise is broken; one should watch
# stale previews, and its action should be quick: turn the cache off, switch back, clear it.

# %% [markdown] id=tradeoff-example
# | example | *from the ticket case* |
# |---|---|
# | worked example | `Tradeoff("wrongly routed tickets -4 points for +$300 a month: the larger model, instead of keyword rules")` |
# | **A** or **B**? | **A** “There are trade-offs in cost, quality, speed and languages.”<br>**B** “Four points fewer errors for three hundred dollars: we take the larger model, and turn down the keyword rules.” |
#
# <details><summary>Which one decides something?</summary>
#
# **B.** One metric, one price, one decision, and the alternative that was turned down. A is a table of contents.
#
# </details>
#
# **When is it paid for?** Divide nothing yet. Say first how creators come: here in a straight line from nobody to
# everybody within {{MJ.ramp_months}}, so on average half of them pay until then. If the bill is half of what they bring in
# the end, it is paid for on the day the line is up. The board shows the month and the number of creators for the design
# that you kept; write both down below.

# What only this case says.

# %% [markdown] id=frame-goal
# The interviewer nods at your questions and adds one thing: *“Our test says {{MJ.retention}} more of them come back. In
# points. I want to see that in a quarter, and I want the {{MJ.remix_usd_month}} back within {{MJ.payback_months}}.”* The
# article gives neither points nor base; that {{MJ.retention_base}} of them come back today is our figure. Say of every
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
# the end, it is paid for on the day the line is up. The board shows the month (60 stands for never) and the number of
# creators for the design that you kept; write both down below.

# %% [markdown] id=time-plan-example
# An answer in this company takes {{MJ.answer_minutes}} and not one more: an **opening** of {{MJ.block_opening|bare}}, the
# **design** of {{MJ.block_design|bare}} with everything that is built, owned and priced, and **questions** of
# {{MJ.block_questions|bare}} with the pushbacks and the close. Another passage leaves {{MJ.questions_left}} for questions.
#
# | example | *from the ticket case, which has 45 minutes* |
# |---|---|
# | worked example | `TimePlan("questions 5, frame 5, design 12, money 8, learning from mistakes 7, roll-out 5, close 3")` |
# | **A** or **B**? | **A** Design for as long as it takes, then the rest.<br>**B** Three blocks with a name and minutes each, that add up. |
#
# <details><summary>Which one survives an interruption?</summary>
#
# **B.** When a question costs you four minutes, you know which four they are. In A the end is cut off, whatever stood there.
#
# </details>

# %% [markdown] id=estimate-example
# **In this company two things more:** what each part does for a number you committed to (its *impact*, with a sign), and
# how many weeks it takes. Impact weighs more, and an answer without one of the two does not pass. Added up, the impacts
# have to carry what you promised.
#
# | example | *from the ticket case* |
# |---|---|
# | worked example | `ComponentNote("router: ML Engineering, because wrongly routed tickets, $400 a month, 3 weeks", impact="wrongly routed tickets -9 points")` |
# | how the $400 came about | `one small machine is about $0.50 an hour; a month has 730 hours; a little care on top` |
# | hand-over | `Handoff("inbox -> router: ticket format, agreed by Data Engineering and ML Engineering")` |
# | **A** or **B**? | **A** `impact="a better experience"`<br>**B** `impact="wrongly routed tickets -9 points"` |
#
# <details><summary>Which one can be added up?</summary>
#
# **B.** A number with its sign, about something that is measured. A can be said of every part there is.
#
# </details>

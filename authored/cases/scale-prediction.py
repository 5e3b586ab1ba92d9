# What only this case says. Worked examples come from another case (authored/cases/_default.py).

# %% [markdown] id=frame-goal
# The interviewer nods at your questions and adds two things: *“We pay {{SCL.ceiling_usd}} at most, today
# and at a hundred times the volume. And if somebody tells you that the shard key is right: which number would show that
# it is not?”* A *shard* is one machine's portion of the stored data, and the *shard key* is the field that decides which
# portion a record goes to. This wants a metric too, such as how full the fullest shard is against the average one.
#
# Four layers carry such a service: **intake, serving, the budget of milliseconds, the control of cost**. Say one line
# about each, and go deep on the one that binds.

# %% [markdown] id=estimate-example
# | example | *from the ticket case* |
# |---|---|
# | worked example | `ComponentNote("router: ML Engineering, because wrongly routed tickets, $400 a month, 3 weeks")` |
# | how the $400 came about | `one small machine is about $0.50 an hour; a month has 730 hours; a little care on top` |
# | hand-over | `Handoff("inbox -> router: ticket format, agreed by Data Engineering and ML Engineering")` |
# | in depth | `impact="2,100 ms at p95 on 2 machines, 6 tickets in a batch"`: three figures about the one layer that binds |
# | **A** or **B**? | **A** `"router: the team, because AI"`<br>**B** `"router: ML Engineering, because wrongly routed tickets, $400 a month, 3 weeks"` |
#
# <details><summary>Which one could you call on a Sunday?</summary>
#
# **B.** It names who answers, what for, and at what price. In A nobody does. And here a part without a price fails the
# whole answer: write `0` and the reason in `estimate_note` where a part is free.
#
# </details>

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
# **Three more numbers, each as an assumption that somebody can check.** Add them to your list of assumptions, with these
# words in front:
#
# - `batch:` the GPU time of a prediction in a full batch (several worked out together), in % of what it takes alone;
# - `break-even:` the volume (predictions a day) from which the fixed line for storage is cheaper than paid reads;
# - `overflow:` what the batch lane costs in a month (`$… a month`) on the day of the campaign. Read it off the board.

# %% [markdown] id=audit-start-utilisation
# **And one number, where it hurts.** [[audit.start-utilisation]]
#
# Half the cost is twice the work for each machine. Write it as `Audit("start-utilisation", 12.5)` in the next cell, with
# your number, in percent; and look on the board what the largest *batch* (how many
# predictions a GPU works out together) does to the slowest one.

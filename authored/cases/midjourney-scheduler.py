# What only this case says.

# %% [markdown] id=frame-goal
# The interviewer nods at your questions and adds one thing: *“{{MJ.gpu_lift}} more utilisation. Relative. Whoever gets the
# same pictures out of fewer cards spends {{MJ.saving_share}} less, and that is the number I look at in a quarter.”* The
# article gives the rise and a saving, and neither base nor kind of percent. Utilisation itself is not the goal: a card
# that is fuller and is still paid for saves nothing. Write what is spent **from** and **to** in dollars a month.

# %% [markdown] id=rollout-goal
# The article names no rollout. Begin with few creators and a gate about those who were made to wait against their will.
# One of your three alarms should watch the urgent wait and ring *before* the promise is broken, and the promise should
# stand a second before the line at which creators give up; one should watch the late orders, and draw them at once.

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

# What only this case says.

# %% [markdown] id=frame-goal
# The interviewer nods at your questions and adds one thing: *“{{MJ.gpu_lift}} more utilisation. Relative. Whoever gets the
# same pictures out of fewer cards spends {{MJ.saving_share}} less, and that is the number I look at in a quarter.”* The
# article gives the rise and a saving, and neither base nor kind of percent. Utilisation itself is not the goal: a card
# that stands fuller and is paid for all the same saves nothing. Write what is spent **from** and **to** in dollars a month.

# %% [markdown] id=rollout-goal
# The article names no rollout. Begin with few creators and a gate about those who were made to wait against their will.
# One of your three alarms should watch the urgent wait and ring *before* the promise is broken, and the promise should
# stand a second before the line at which creators give up; one should watch the late orders, and draw them at once.

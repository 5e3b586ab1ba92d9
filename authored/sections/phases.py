# Growth in dated steps.

# %% [markdown] id=phases-intro
# ## [[n.phases]] · Grow in phases[[clock.phases]]
#
# “It scales” is not a roadmap. Each phase has a **start** and a length in days, a **capacity** that is higher than the
# one before, a **technique** that carries it (another one each time: what was enough for the last step rarely is for the
# next), and the **units** it takes. The last one reaches the goal by its date.

# %% part phases-example

# %% audits phases

# %% id=answer-phases answer=phases,audits
phases = [
    Phase(""),   # day … for … days: how many a day, by what technique, with how many units
    Phase(""),
    Phase(""),
]
[[audits.phases]]
work.check(phases=phases[[audits.check.phases]])

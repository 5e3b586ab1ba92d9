# case: midjourney-remix

# %% [markdown] id=title
# # 5 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** The second sitting in this company: the picture in full may
# take its time, if something good is on the screen at once. Three parts carry it, and each has to say what it takes off
# the wait.
#
# Your reader wants one sentence that can fail, the effort in weeks beside every impact, and money that comes back by a
# date. [[rubric.line]] Figures with a small number beside them come from the source article or are ours; the table at
# the end says which.
#
# [[plan.table]]

# %% case midjourney-remix

# %% [markdown] id=sources
# [[sources]]

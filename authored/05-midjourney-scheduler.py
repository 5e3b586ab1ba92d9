# case: midjourney-scheduler

# %% [markdown] id=title
# # 5 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** The third sitting in this company. Somebody wants to save money,
# and nobody mentions a creator; this reader turns down an answer that does the same. So say who waits, how long, and who said they could.
#
# Your reader wants one sentence that can fail, the effort in weeks beside every impact, and one line on how it works
# inside, not ten. [[rubric.line]] Figures with a small number beside them come from the source article or are ours; the
# table at the end says which.
#
# [[plan.table]]

# %% case midjourney-scheduler

# %% [markdown] id=sources
# [[sources]]

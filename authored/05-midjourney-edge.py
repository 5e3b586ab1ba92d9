# case: midjourney-edge

# %% [markdown] id=title
# # 5 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** The fourth sitting in this company begins with an objection. What
# is wanted is four steps in this order: say what is right about it, change what you expect, put a price on that, and come
# back to the number you committed to. A table of nodes against the wait is the middle of it.
#
# Your reader wants one sentence that can fail, the effort in weeks beside every impact, and an envelope that somebody
# has drawn. [[rubric.line]] Figures with a small number beside them come from the source article or are ours; the table
# at the end says which.
#
# [[plan.table]]

# %% case midjourney-edge

# %% [markdown] id=sources
# [[sources]]

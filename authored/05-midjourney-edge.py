# case: midjourney-edge

# %% [markdown] id=title
# # 5 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** The fourth sitting in this company begins with an objection. What
# is wanted is four steps in this order: say what is right about it, change what you expect, put a price on that, and come
# back to the number you committed to. The middle of it is a table: how long the wait is with one, two or three *nodes*, a
# node being a few machines in a city near those creators.
#
# Your reader wants one sentence that can fail, the effort in weeks beside every impact, and the *envelope*, the sum that
# all of it may cost, written down. [[rubric.line]] Figures with a small number beside them come from the source article
# or are ours; the table at the end says which.
#
# [[plan.table]]

# %% case midjourney-edge

# %% [markdown] id=sources
# [[sources]]

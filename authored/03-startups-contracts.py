# case: startups-contracts

# %% [markdown] id=title
# # 3 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** A machine reads, a lawyer signs. The question behind the question: *who corrects whom, and what does the correction teach?* Ask where the labels come from before you ask for a model.
#
# Reader and rubric are those of [03-startups](03-startups.ipynb): a founder with a handful of engineers, a few months of
# money and no platform team. [[rubric.line]] Figures with a small number beside them come from the source article or are
# ours; the table at the end says which.
#
# [[plan.table]]
#
# [[sitting.line]]

# %% case startups-contracts

# %% [markdown] id=sources
# [[sources]]

# case: startups-recommendations

# %% [markdown] id=title
# # 3 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** A dozen customers, each with data of its own, and somebody in the room who has just read about streams. The question behind the question: *how fresh must it be, before anybody notices?*
#
# Reader and rubric are those of [03-startups](03-startups.ipynb): a founder with a handful of engineers, a few months of
# money and no platform team. [[rubric.line]] Figures with a small number beside them come from the source article or are
# ours; the table at the end says which.
#
# [[plan.table]]
#
# [[sitting.line]]

# %% case startups-recommendations

# %% [markdown] id=sources
# [[sources]]

# case: startups-tickets

# %% [markdown] id=title
# # 3 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** You write short lines between quotation marks and press
# **Shift+Enter**. After each line the workbook tells you what is still missing, and why it matters. What you leave blank
# breaks nothing.
#
# **Whose reader is this?** No company's: the article is about AI start-ups as such. This notebook assumes the founder of
# one, with a handful of engineers, a few months of money and no platform team. That reader asks three things: *how soon
# is it in front of a customer, what does it cost when hardly anybody uses it, and how will we know that it is wrong?*
# Whatever a large company would be praised for is a debt here until somebody needs it. [[rubric.line]] Its weights are
# the article's; how they are spread over single checks is ours.
#
# Figures with a small number beside them come from the source article or are ours; the table at the end says which.
#
# [[plan.table]]
#
# [[sitting.line]]

# %% case startups-tickets

# %% [markdown] id=sources
# [[sources]]

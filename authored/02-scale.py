# notebook: notebooks/02-scale.ipynb
# mode: walkthrough
# case: scale-prediction
# rubric: scale

# %% [markdown] id=title
# # 2 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** You write short lines between quotation marks and press
# **Shift+Enter**. After each line the workbook tells you what is still missing, and why it matters. What you leave blank
# breaks nothing.
#
# Your reader in this company listens in this order: a hypothesis, the number that could refute it, the reason for a
# trade-off, the plan. **A part without a price ends the talk.** [[rubric.line]] Figures with a small number beside them
# come from the source article or are ours; the table at the end says which. Treat the article's figures as claims to
# practise with, not as facts about the company.
#
# [[plan.table]]
#
# The length of the round is the article's, its division is ours. After the design there is a place to stop: the second
# half fits into another evening.

# %% case scale-prediction

# %% [markdown] id=sources
# [[sources]]

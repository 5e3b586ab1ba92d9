# A whole walkthrough: one line in authored/<name>.py includes it.

# %% [markdown] id=title
# # [[case.title]]
#
# **[[sitting.minutes]]One case, no programming.** You write short lines between quotation marks and press
# **Shift+Enter**. After each line the workbook tells you what is still missing, and why it matters. Go from cell to
# cell, from the top; what you leave blank breaks nothing.
#
# [[rubric.line]] Figures with a small number beside them come from the source article or are ours; the table at the end
# says which.
#
# [[plan.table]]

# %% case here

# %% [markdown] id=sources
# [[sources]]

# notebook: notebooks/01-stability.ipynb
# mode: walkthrough
# case: stability-moderation
# rubric: stability

# %% [markdown] id=title
# # 1 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** You write short lines between quotation marks and press
# **Shift+Enter**. After each line the workbook tells you what is still missing, and why it matters. Go from cell to
# cell, from the top; what you leave blank breaks nothing.
#
# Your reader in this company looks for *judgement*: a user, a number, a few known parts, and an owner for each. Figures
# with a small number beside them come from the source article or are ours; the table at the end says which. Treat the
# article's figures as claims to practise with, not as facts about the company.
#
# [[plan.table]]
#
# The length of the session is the article's, its division is ours. After step 4 there is a place to stop.

# %% case stability-moderation

# %% [markdown] id=what-else
# ### If you are curious: what else could you have had?
#
# The next cell sets your design among two hundred others, half of them one or two parts away from yours: bill, slowest
# answers and quality at once. A star is yours; a large dot is a design that nothing beats in all three. Below it stands
# which of your knobs, and which unsure price or time from the sources, moves your result most. It takes some seconds,
# and nothing in it is graded.

# %% id=front hidden locked
work.front()
work.tornado()

# %% [markdown] id=sources
# [[sources]]

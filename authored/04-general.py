# notebook: notebooks/04-general.ipynb
# mode: walkthrough
# case: general-rag-agent
# rubric: general

# %% [markdown] id=title
# # 4 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** You write short lines between quotation marks and press
# **Shift+Enter**. After each line the workbook tells you what is still missing, and why it matters. What you leave blank
# breaks nothing.
#
# The article behind this case is a guide, not a company: it has no interviewer of its own. **We assume one**: somebody
# who has run such a system, asks “because of which constraint?” after every box, and lets you say “I do not know, I would
# find out like this”. [[rubric.line]] Figures with a small number beside them come from the article or are ours; the table
# at the end says which.
#
# [[plan.table]]
#
# The five stretches of the session are the article's (clarify, design, deep dive, trade-offs, wrap up); how each is
# divided is ours. A session of {{GEN.session_most}} has more: give it to a second deep dive.

# %% case general-rag-agent

# %% [markdown] id=sources
# [[sources]]

# case: midjourney-latency

# %% [markdown] id=title
# # 5 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** You write short lines between quotation marks and press
# **Shift+Enter**. After each line the workbook tells you what is still missing, and why it matters. What you leave blank
# breaks nothing.
#
# Your reader in this company wants one sentence that can fail: *this number, from here to there, and this is what it
# does for creators*. Impact without the weeks it takes is turned down, and so is a design that nobody feels. [[rubric.line]]
# Figures with a small number beside them come from the source article or are ours; the table at the end says which.
#
# [[plan.table]]
#
# The article's session is short, and each of its stories is a sitting of its own:
#
# | sitting | what it is |
# |---|---|
# | **this one** | a picture takes too long |
# | [05-midjourney-remix](05-midjourney-remix.ipynb) | a preview while you watch |
# | [05-midjourney-scheduler](05-midjourney-scheduler.ipynb) | orders that can wait |
# | [05-midjourney-edge](05-midjourney-edge.ipynb) | creators far away |

# %% case midjourney-latency

# %% [markdown] id=sources
# [[sources]]

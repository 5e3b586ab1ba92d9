# A prompt that the general guide only names: the same reader as in 04-general, figures ours.

# %% [markdown] id=title
# # 4 · [[case.title]]
#
# **[[minutes.total]] minutes, one case, no programming.** The general guide only names this prompt. **Every figure of it
# is ours**: plausible, and nobody's in particular. Reader and rubric are those of [04-general](04-general.ipynb): an
# interviewer at a large company who gives you the first minutes for questions, then listens for what the system does
# under load, what it costs, and what you turned down. [[rubric.line]]
#
# [[plan.table]]
#
# [[sitting.line]]

# %% case here

# %% [markdown] id=sources
# [[sources]]

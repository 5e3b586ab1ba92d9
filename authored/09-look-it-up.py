# notebook: notebooks/09-look-it-up.ipynb
# mode: walkthrough

# %% [markdown] id=title
# # 9 · Look it up
#
# Everything the five articles say, in our words: cases, figures, frameworks, rules, mistakes, and what does not fit
# together. **A claim of an article is a claim**: nobody has checked it, and it is not a fact about a company. What was
# worked out from claims, and what is ours because an article is silent, says so in the last column.
#
# Nothing is to be done here. Search in the page (**Ctrl+F**) for a word or an id.

# %% [markdown] id=facts-stb
# ## Stability AI
#
# [[facts.STB]]

# %% [markdown] id=facts-scl
# ## Scale AI
#
# [[facts.SCL]]

# %% [markdown] id=facts-stu
# ## AI start-ups
#
# [[facts.STU]]

# %% [markdown] id=facts-gen
# ## The general guide
#
# [[facts.GEN]]

# %% [markdown] id=facts-mj
# ## Midjourney
#
# [[facts.MJ]]

# A whole assignment: one line in authored/assignments/<case>.py includes it.

# %% [markdown] id=title
# # Assignment · [[case.title]]
#
# The ground is that of the walkthrough, and so is every kind of line you write. Answer in the cells with blanks, run
# them with **Shift+Enter**, and read what is still missing. The folded cells below a step show its points so far, and
# **Validate** (above) lists what is missing in all of them. Your instructor's grade uses the same checks, with
# some values of their own. Write only records and plain numbers: what has to be computed by a program is not read.
#
# [[plan.table]]

# %% case here

# %% [markdown] id=prose-intro
# ## Ninety seconds, in your own words
#
# The machine has read your lines. A person reads this one: write what you would **say** in the last ninety seconds.
# They look for the number first, the one trade-off with its price, who does what by when, and a question that could
# only be asked about this case. Two hundred words are plenty.

# %% [markdown] id=prose-close prose=prose-close
# Write your answer here.

# %% [markdown] id=sources
# [[sources]]

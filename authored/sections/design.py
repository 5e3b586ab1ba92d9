# Section 4: the board, the kept design, prediction against outcome.

# %% [markdown] id=design-intro
# ## [[n.design]] · Design on the board[[clock.design]]
#
# **Choose** on the board with the mouse or the arrow keys. Every change is simulated at once, [[unit.request]] by
# [[unit.request]], and the words *met* and *missed* appear when your hand rests. The presets are starting points, not
# answers[[presets.traps]].
#
# Three questions to take with you:
# 1. Which target is missed, and which part of the design decides it?
# 2. What is the most expensive line of the bill, and what makes it grow?
# 3. Change the day (the scenario): what breaks first?

# %% id=board hidden locked
board = work.board("design")
board

# %% [markdown] id=design-keep
# **Keep it.** When you like what you see, run the next cell. It writes your choice into itself, so that your design is
# text that can be read, compared and handed in. Change the board and run the cell again, and it follows.

# %% audits design

# %% id=answer-design answer=design,audits
design = board.keep()

[[audits.design]]
work.compare_prediction(design)
work.check(design=design[[audits.check.design]])

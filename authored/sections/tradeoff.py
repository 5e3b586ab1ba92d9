# Section 6: Three-Swap. Two kept designs that differ in one thing.

# %% [markdown] id=tradeoff-intro
# ## [[n.tradeoff]] · The one trade-off[[clock.tradeoff]]
#
# Not a list of every compromise: **the one that moves the metric**. Three swaps say it: the metric moves by so much,
# that costs so much, therefore we decide this.
#
# The second board starts from the design you kept. Change **one** thing on it, watch which number moves by more than
# its band, and keep that as the alternative: the one you will turn down. Then write down what your own design has more
# or less of, and what it costs more or less: **kept minus alternative**, both with their sign.

# %% id=board-alternative hidden locked
board2 = work.board("alternative")
board2

# %% part tradeoff-example

# %% audits tradeoff

# %% id=answer-tradeoff answer=alternative,tradeoff,audits
alternative = board2.keep()

tradeoff = Tradeoff("")   # metric -how much for +$… a month: what you take, instead of what

[[audits.tradeoff]]
work.check(alternative=alternative, tradeoff=tradeoff[[audits.check.tradeoff]])

# Section 6: Three-Swap. Two kept designs that differ in one thing.

# %% [markdown] id=tradeoff-intro
# ## 6 · The one trade-off  <small>([[minutes.tradeoff]] minutes)</small>
#
# Not a list of every compromise: **the one that moves the metric**. Three swaps say it: the metric moves by so much,
# that costs so much, therefore we decide this.
#
# The second board starts from the design you kept. Change **one** thing on it, watch which number moves by more than
# its band, and keep that as the alternative.

# %% id=board-alternative hidden locked
board2 = work.board("alternative")
board2

# %% part tradeoff-example

# %% id=answer-tradeoff answer=alternative,tradeoff
alternative = board2.keep()

tradeoff = Tradeoff("")   # which metric moves by how much, for how many dollars a month: what you decide, what you reject
work.check(alternative=alternative, tradeoff=tradeoff)

# %% part tradeoff-audit

# %% id=check-tradeoff check=tradeoff locked only=assignment
work.points("tradeoff")

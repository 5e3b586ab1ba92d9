# Section 8: rollout, risks with triggers, cadence.

# %% [markdown] id=rollout-intro
# ## 8 · Roll out, and say what could go wrong  <small>([[minutes.rollout]] minutes)</small>
#
# “We iterate after launch” is not a plan. A plan has a first version with a date, **stages** that end with everybody,
# a **gate** on each (the number that lets the next one begin), and **triggers**: when this number passes that line for
# so long, this person does that.

# %% part rollout-example

# %% id=answer-rollout answer=rollout,risks,cadence
rollout = Rollout("")   # share of users, for how long, gate; … ; first version after how many weeks

risks = [
    Risk(""),   # number, line, for how long: what is done, by whom
    Risk(""),
    Risk(""),
]

cadence = Cadence("")   # what is repeated, how often, by whom
work.check(rollout=rollout, risks=risks, cadence=cadence)

# %% part rollout-audit

# %% id=check-rollout check=rollout locked only=assignment
work.points("rollout")

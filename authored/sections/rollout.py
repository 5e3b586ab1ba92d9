# Section 8: rollout, risks with triggers, cadence.

# %% [markdown] id=rollout-intro
# ## [[n.rollout]] · Roll out, and say what could go wrong[[clock.rollout]]
#
# “We iterate after launch” is not a plan. A plan has a first version with a date (in short: the *MVP*), **stages** that
# end with everybody, a **gate** on each (the number that lets the next one begin), and **triggers**: when this number
# passes that line for so long, this person does that.

# %% part rollout-goal optional

# %% part rollout-example

# %% audits rollout

# %% id=answer-rollout answer=rollout,risks,cadence,cadences,audits
rollout = Rollout("")   # MVP in how many weeks; share of users for how long, if which number holds; then …

risks = [
    Risk(""),   # which number passes which line over what time -> what is done, by whom
    Risk(""),
    Risk(""),
]

[[cadence.code]]

[[audits.rollout]]
work.check(rollout=rollout, risks=risks, [[cadence.check]][[audits.check.rollout]])

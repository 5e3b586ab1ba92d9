# Section 8: rollout, risks with triggers, cadence.

# %% [markdown] id=rollout-intro
# ## 8 · Roll out, and say what could go wrong  <small>([[minutes.rollout]] minutes)</small>
#
# “We iterate after launch” is not a plan. A plan has a first version with a date, **stages** that end with everybody,
# a **gate** on each (the number that lets the next one begin), and **triggers**: when this number passes that line for
# so long, this person does that.

# %% part rollout-example

# %% part rollout-audit

# %% id=answer-rollout answer=rollout,risks,cadence,audits
rollout = Rollout("")   # MVP in how many weeks; share of users for how long, if which number holds; then …

risks = [
    Risk(""),   # which number passes which line over what time -> what is done, by whom
    Risk(""),
    Risk(""),
]

cadence = Cadence("")   # what is repeated every how many weeks, by whom

weeks_left = Audit("weeks-left", None)   # replace None by your number, in weeks
audits = [flag_precision, impact_score, weeks_left]
work.check(rollout=rollout, risks=risks, cadence=cadence, audits=[weeks_left])

# %% id=check-own check=own hidden locked only=assignment
check_cell("[[case.id]]", "own", globals())

# %% id=check-rollout check=rollout hidden locked only=assignment
check_cell("[[case.id]]", "rollout", globals())

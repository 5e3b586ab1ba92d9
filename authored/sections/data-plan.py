# Where the labels come from, and how good they are.

# %% [markdown] id=data-plan-intro
# ## [[n.data-plan]] · Say where the data comes from[[clock.data-plan]]
#
# A model can be no better than its labels. Say **where** they come from and how many there are, **who** made them, how
# many of them are **wrong** (somebody has to look), how often two people **agree**, and when the set is **refreshed**, by
# whom.

# %% part data-plan-example

# %% audits data-plan

# %% id=answer-data-plan answer=data_plan,audits
data_plan = DataPlan("")   # source: how many labelled by whom, label error, agreement, refresh every …, owner
[[audits.data-plan]]
work.check(data_plan=data_plan[[audits.check.data-plan]])

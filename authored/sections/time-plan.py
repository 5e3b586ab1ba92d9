# The learner's own division of the session.

# %% [markdown] id=time-plan-intro
# ## [[n.time-plan]] · Divide your time[[clock.time-plan]]
#
# Say where your minutes go before they go by themselves. The minutes add up to the session, and what decides the
# interview does not stand where the clock eats it.

# %% part time-plan-example

# %% audits time-plan

# %% id=answer-time-plan answer=time_plan,audits
time_plan = TimePlan("")   # section and minutes, section and minutes, …
[[audits.time-plan]]
work.check(time_plan=time_plan[[audits.check.time-plan]])

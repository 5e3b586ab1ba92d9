# What only this case says; everything else comes from _default.py.

# %% [markdown] id=frame-goal
# The interviewer nods at your questions and adds one thing: *“By the way, we promised {{STB.toxic}} fewer toxic uploads
# within {{STB.goal_months}}.”*

# %% [markdown] id=audit-flag-precision
# **And one number, where it hurts.** [[audit.flag-precision]]
#
# Two multiplications and a division: toxic and flagged; clean and flagged; the first over both. Write it as
# `Audit("flag-precision", 12.5)` in the next cell, with your number, in percent.

# %% [markdown] id=audit-impact-score
# **And one number, where it hurts.** [[audit.impact-score]]
#
# Write it as `Audit("impact-score", 99)`, in ms. While you work it out: what is a millisecond-dollar, and which way
# should a good score go?

# %% [markdown] id=rollout-goal
# The source begins with {{STB.canary_users}} of users for {{STB.canary_weeks}} (a *canary*: few enough to turn back), and retrains when scores drift by more
# than {{STB.drift}} within a week. Be no bolder than that. One of your three alarms should watch the latency, and ring
# *before* the promise is broken.

# %% [markdown] id=audit-weeks-left
# **And one number, where it hurts.** [[audit.weeks-left]] Write it as `Audit("weeks-left", 7)`, in weeks.


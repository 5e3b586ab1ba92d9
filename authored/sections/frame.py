# Section 2: Problem–Metric–Solution, in words and numbers, with no technology in it.

# %% [markdown] id=frame-intro
# ## [[n.frame]] · Frame[[clock.frame]]
#
# Problem, metric, solution, in that order. Say **who** suffers, **which decision** the product will take for them,
# and **which number** shows that it helped, from where to where. Leave every technology out: whoever starts with
# boxes is interrupted before the number is mentioned.
#
# Three kinds of percent, never to be mixed up:
#
# | you write | `40 %` becomes | use it for |
# |---|---|---|
# | `-25 % relative` | `30 %` | “a quarter fewer” |
# | `-25 points` | `15 %` | moving a share up or down |
# | `< 25 %` | – | a limit on a share |

# %% part frame-goal

# %% part frame-example

# %% id=answer-frame answer=hypothesis,metrics
# for whom, decide what: which number from where to where
hypothesis = Hypothesis("")

metrics = [
    Metric("", kind="primary"),     # the number you want to move, by how much, within what time
    Metric("", kind="guardrail"),   # the number that must not get worse, and how often you look
    Metric("", kind="guardrail"),   # [[metrics.third]]
]

work.check(hypothesis=hypothesis, metrics=metrics)

# %% part rank-example

# %% audits frame

# %% id=answer-rank answer=constraints,scope,audits
constraints = [
    Constraint(""),   # 1. what matters most, and its limit
    Constraint(""),   # 2. what gives way to it
]

scope = Scope("")     # what you leave out on purpose (why)
[[audits.frame]]
work.check(constraints=constraints, scope=scope[[audits.check.frame]])

# Section 5: an owner, a reason, an estimate for each part.

# %% [markdown] id=estimate-intro
# ## [[n.estimate]] · Own and estimate each part[[clock.estimate]]
#
# A perfect drawing without owners is a drawing. For **every part you chose** say who answers for it, which of your
# metrics it serves (each of your metrics should have a part that serves it), what it costs in a month *by your own
# reckoning*, and how many weeks it takes to build. Do not copy the bill, work it out on an envelope: within a factor of
# two is full marks, and where you are further off the check shows both figures.
#
# The functions in this company: [[owners.list]]. On the board a part without an owner is drawn dashed, with “nobody” on it.

# %% part estimate-example

# %% audits estimate

# %% id=answer-estimate answer=notes,handoffs,audits
notes = [
[[notes.code]]
]   # copy a line for every other part you chose

handoffs = [
    Handoff(""),   # one part -> another part: what is handed over, agreed by whom
]   # two at least, between parts that have different owners
[[audits.estimate]]
work.check(notes=notes, handoffs=handoffs[[audits.check.estimate]])

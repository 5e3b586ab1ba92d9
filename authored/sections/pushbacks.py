# Section 9: three pushbacks on the kept design.

# %% [markdown] id=pushbacks-intro
# ## [[n.pushbacks]] · [[pushbacks.count]] [[pushbacks.noun]][[clock.pushbacks]]
#
# The interviewer changes the world and looks at you. Your kept design is run again in the new world, before and after
# side by side. Read off the **one number** asked for, then take a stance: the design *survives*, it *changes*, or you
# *defend* it at a price you name.

# %% part pushbacks-example

# %% audits pushbacks

# %% id=inject hidden locked
[[pushbacks.inject]]

# %% id=answer-pushbacks answer=pushbacks,audits
pushbacks = [
[[pushbacks.code]]
]
[[audits.pushbacks]]
work.check(pushbacks=pushbacks[[audits.check.pushbacks]])

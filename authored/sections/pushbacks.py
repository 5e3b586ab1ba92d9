# Section 9: three pushbacks on the kept design.

# %% [markdown] id=pushbacks-intro
# ## 9 · Three pushbacks  <small>([[minutes.pushbacks]] minutes, and as long as you like afterwards)</small>
#
# The interviewer changes the world and looks at you. Your kept design is run again in the new world, before and after
# side by side. Read off the **one number** asked for, then take a stance: the design *survives*, it *changes*, or you
# *defend* it at a price you name.

# %% part pushbacks-example

# %% id=inject hidden locked
work.inject("[[pushback.1]]")
work.inject("[[pushback.2]]")
work.inject("[[pushback.3]]")

# %% id=answer-pushbacks answer=pushbacks
pushbacks = [
    Pushback(""),   # [[pushback.1]]: the number, your stance, because …
    Pushback(""),   # [[pushback.2]]: …
    Pushback(""),   # [[pushback.3]]: …
]
work.check(pushbacks=pushbacks)

# %% id=check-pushback check=pushback hidden locked only=assignment
check_cell("[[case.id]]", "pushback", globals())

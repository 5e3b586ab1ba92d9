# Section 7: three passes, each nearer.

# %% [markdown] id=sizing-intro
# ## 7 · Size it in three passes  <small>([[minutes.sizing]] minutes)</small>
#
# Take one number that you keep on the board: machines, GPUs or people. Guess it, check it on an envelope, correct it by
# what you observed. Each pass says what it rests on; from the second on it names a figure that you **saw** on the board. The passes should come closer together; stop when the last two are
# within a tenth of each other.

# %% part sizing-example

# %% id=answer-sizing answer=sizing
sizing = [
    SizingPass(""),   # a rough guess -> how many
    SizingPass(""),   # the envelope -> how many, observed which figure
    SizingPass(""),   # corrected -> how many, observed which figure
]
work.check(sizing=sizing)

# %% id=check-sizing check=sizing hidden locked only=assignment
check_cell("[[case.id]]", "sizing", globals())

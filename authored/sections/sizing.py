# Section 7: three passes, each nearer.

# %% [markdown] id=sizing-intro
# ## [[n.sizing]] · Size it in three passes[[clock.sizing]]
#
# Take one number that you set on the board: machines, GPUs (the cards that run a model) or people. Guess it, check it
# on an envelope, correct it by what you observed. Each pass says what it rests on; from the second on it names a figure
# that you **saw** on the board. The passes should come closer together; stop when the last two are within a tenth of
# each other.

# %% part sizing-example

# %% audits sizing

# %% id=answer-sizing answer=sizing,audits
sizing = [
    SizingPass(""),   # a rough guess -> how many
    SizingPass(""),   # the envelope -> how many, observed which figure
    SizingPass(""),   # corrected -> how many, observed which figure
]
[[audits.sizing]]
work.check(sizing=sizing[[audits.check.sizing]])

# What only this case says in its own words; everything else comes from _default.py.

# %% [markdown] id=sizing-example
# | example | *from the ticket case* |
# |---|---|
# | a guess | `SizingPass("400 tickets a day, all in five hours, 2 s each -> 2 machines")` |
# | the next pass | `SizingPass("80 tickets an hour keep one machine 4 % busy -> 1 machine, observed 4 %")` |
# | **A** or **B**? | **A** “Ten machines, to be safe.”<br>**B** “Arrivals in a second × seconds each = machines busy at once; then room for the waves.” |
#
# <details><summary>Which one can be corrected?</summary>
#
# **B.** Every factor can be looked up or measured, so the next pass is better than this one. A can only be believed.
#
# </details>
#
# There is hardly a machine of yours in this case. What you can size is **how many minutes a change waits before it goes
# out**: too few, and nobody sees the mistake; too many, and the meeting is over. Move the slider, and read wrong changes
# and tasks done on the board.

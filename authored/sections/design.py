# Section 4: the board, the kept design, prediction against outcome.

# %% [markdown] id=design-intro
# ## 4 · Design on the board  <small>([[minutes.design]] minutes)</small>
#
# **Choose** on the board with the mouse or the arrow keys. Every change is simulated at once, [[unit.request]] by
# [[unit.request]], and the words *met* and *missed* appear when your hand rests. The presets are starting points, not
# answers; two of them are traps.
#
# Three questions to take with you:
# 1. Which verdict is missed, and which part of the design decides it?
# 2. What is the most expensive line of the bill, and do people or machines cause it?
# 3. Change the day (the scenario): what breaks first?

# %% id=board hidden locked
board = work.board("design")
board

# %% [markdown] id=design-keep
# **Keep it.** When you like what you see, run the next cell. It writes your choice into itself, so that your design is
# text that can be read, compared and handed in. Change the board and run the cell again, and it follows.

# %% part design-audit

# %% id=answer-design answer=design,audits
design = board.keep()

flag_precision = Audit("flag-precision", None)   # replace None by your number, in percent
audits = [flag_precision]
work.compare_prediction(design)
work.check(design=design, audits=[flag_precision])

# %% id=check-design check=design hidden locked only=assignment
check_cell("[[case.id]]", "design", globals())

# %% [markdown] id=stop-here only=walkthrough
# ---
#
# ### You can stop here
# You have asked, framed, guessed and designed: that is the first half of the interview, and a good evening's work. Save
# with **Ctrl+S**. What follows is the half that decides most interviews: who owns it, what it costs, and what you say
# when somebody pushes.
#
# ---

# Section 10: the close, the score, the card.

# %% [markdown] id=close-intro
# ## 10 · Close  <small>([[minutes.close]] minutes)</small>
#
# Three sentences and a question. The **goal**, with the same number you framed. The **design**, with the trade-off you
# chose. The **plan** with its dates. Then a question that shows you are already at work on it. No
# retelling of the drawing.

# %% part close-example

# %% id=answer-close answer=close
# four lines between the marks: the goal, the design with its trade-off, the plan with dates, your question
close = Close("""

""")
work.check(close=close)

# %% id=check-close check=close hidden locked only=assignment
check_cell("[[case.id]]", "close", globals())

# Section 10: the close, the score, the card.

# %% [markdown] id=close-intro
# ## [[n.close]] · Close[[clock.close]]
#
# Three sentences and a question. The **goal**, with the same number you framed. The **design**, with the trade-off you
# chose. The **plan** with its dates. Then a question that shows you are already at work on it. No
# retelling of the drawing.

# %% part close-example

# %% audits close

# %% id=answer-close answer=close,audits
# four lines between the marks: the goal, the design with its trade-off, the plan with dates, your question
close = Close("""

""")
[[audits.close]]
work.check(close=close[[audits.check.close]])

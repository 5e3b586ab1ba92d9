# Section 3: four numbers before the instrument is shown.

# %% [markdown] id=predict-intro
# ## [[n.predict]] · Predict and lock[[clock.predict]]
#
# In a moment you get an instrument that answers nearly every question about your design. Guess first. **Nobody grades
# how close you are**: a guess that was wrong is what you remember tomorrow.
#
# Think of the smallest design that could work and write down four things: the time within which 99 of 100
# [[unit.requests]] are served (the *p99*), what it all costs in a month, which part gets busy first, and [[predict.people]].

# %% part predict-example

# %% audits predict

# %% id=answer-predict answer=prediction,audits
prediction = Prediction("")   # p99 in ms, $ a month, the busiest part, [[predict.hours]]
[[audits.predict]]
work.lock(prediction)[[audits.also.predict]]

# %% [markdown] id=predict-locked only=walkthrough
# The board below stays covered until that cell has run. Leaving it blank is allowed: it then says “no prediction”.

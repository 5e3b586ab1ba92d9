# Section 3: four numbers before the instrument is shown.

# %% [markdown] id=predict-intro
# ## 3 · Predict and lock  <small>([[minutes.predict]] minutes)</small>
#
# In a moment you get an instrument that answers nearly every question about your design. Guess first. **Nobody grades
# how close you are**: a guess that was wrong is what you remember tomorrow.
#
# Think of the smallest design that could work and write down four things: the time within which 99 of 100
# [[unit.requests]] have their verdict (the *p99*), what it all costs in a month, which part gets busy first, and how
# many hours a flagged [[unit.request]] waits for a person.

# %% part predict-example

# %% id=answer-predict answer=prediction
prediction = Prediction("")   # p99 in ms, $ a month, the busiest part, hours in the review queue
work.lock(prediction)

# %% [markdown] id=predict-locked only=walkthrough
# The board below stays covered until that cell has run. Leaving it blank is allowed: it then says “no prediction”.

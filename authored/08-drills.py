# notebook: notebooks/08-drills.ipynb
# mode: walkthrough

# %% [markdown] id=title
# # 8 · Drills
#
# Sixty-odd short exercises: the small cases of the articles, the tempting wrong turns, and the sentences that win or
# lose a room. Each takes a minute or three. There are four kinds:
#
# - **a number**, with its unit (a wrong unit is told to you, and never counted as wrong);
# - **a choice**;
# - **a choice and its reason**: all reasons on offer are true, and only one decides;
# - **a flaw** in a drawn design: run the cell once to see the drawing.
#
# Write between the quotation marks and press **Shift+Enter**. Do ten in a sitting, not sixty. Figures with a small
# number come from an article or are ours: the table at the end says which.

# %% id=setup hidden locked
from casebook import drill

# %% [markdown] id=part-stb
# ---
#
# ## Stability AI

# %% drill STB-2.swap

# %% drill STB-2.break-even

# %% drill STB-3.one-layer

# %% drill STB-4.exotic

# %% drill STB-5.opening

# %% drill STB-6.nobody

# %% drill STB.iterate

# %% drill STB.recap

# %% drill STB.one-compromise

# %% drill STB.question

# %% [markdown] id=part-scl
# ---
#
# ## Scale AI

# %% drill SCL-3.utilisation

# %% drill SCL-3.evidence

# %% drill SCL-4.measure

# %% drill SCL-4.hot

# %% drill SCL-5.alarm

# %% drill SCL-6.unpriced

# %% drill SCL-7.share

# %% drill SCL-8.blend

# %% drill SCL-8.why-not-all

# %% drill SCL-9.break-even

# %% drill SCL-9.elastic

# %% drill SCL.no-cost

# %% drill SCL-10.vision

# %% drill SCL.static

# %% [markdown] id=part-stu
# ---
#
# ## AI start-ups

# %% drill STU-3.labels

# %% drill STU-3.holdout

# %% drill STU-4.lambda

# %% drill STU-5.ceiling

# %% drill STU-5.first

# %% drill STU-6.check

# %% drill STU-7.decision

# %% drill STU-7.walks

# %% drill STU-8.wrong

# %% drill STU-9.pain

# %% drill STU-11.refresh

# %% drill STU-12.rate

# %% drill STU-12.cold

# %% drill STU-13.smallest

# %% drill STU-14.redeploy

# %% drill STU-15.reflex

# %% drill STU-16.template

# %% drill STU-17.rules

# %% drill STU-17.why

# %% drill STU-18.scale

# %% drill STU.inference-only

# %% drill STU.bert

# %% drill STU-1.queue

# %% drill STU-2.daily

# %% drill STU-1.first-question

# %% drill STU-1.pause

# %% drill STU.debt

# %% [markdown] id=part-gen
# ---
#
# ## The general guide

# %% drill GEN.depth

# %% drill GEN.clarify

# %% drill GEN.implementation

# %% drill GEN.ladder

# %% drill GEN.tenant

# %% drill GEN-4.family

# %% drill GEN-7.judge

# %% drill GEN-7.gate

# %% drill GEN-8.confirm

# %% drill GEN-8.undo

# %% [markdown] id=part-mj
# ---
#
# ## Midjourney

# %% drill MJ.drawing

# %% drill MJ.algorithm

# %% drill MJ.ranked

# %% drill MJ-5.cache

# %% drill MJ-4.distance

# %% drill MJ-6.batch

# %% drill MJ-3.wait

# %% drill MJ-1.cushion

# %% drill MJ-2.twice

# %% drill MJ-7.cards

# %% drill MJ-7.effort

# %% drill MJ-8.sheet

# %% drill MJ-9.pods

# %% [markdown] id=again
# ## Again in a few days
#
# In a terminal, `casebook drill` puts these exercises one at a time, brings the weak ones back after one, three, seven
# and fourteen days, and names the next one to try.

# %% [markdown] id=sources
# [[sources]]

# notebook: notebooks/06-audit-the-sources.ipynb
# mode: walkthrough

# %% [markdown] id=title
# # 6 · Audit the sources
#
# The five articles behind this workbook contradict themselves in some places, leave out a unit in others, and now and
# then multiply two numbers that have nothing to do with each other. That is no reproach: it is what every brief you
# will ever get looks like. **Finding it before you design is the cheapest work of the whole project.**
#
# Each question is either a number, which you can work out from what is stated, or a choice: which unit, base or reason
# is missing. Write your answer between the quotation marks and press **Shift+Enter**. You are told at once what breaks,
# and why. A blank breaks nothing.
#
# There are five parts, one for each article, and a last one across all of them. Each part takes fifteen to thirty
# minutes; **take one a sitting**. Figures with a small number come from an article or are ours: the table at the end
# says which.

# %% id=setup hidden locked
from casebook import drill

# %% [markdown] id=part-stb
# ---
#
# ## Part 1: Stability AI
#
# Everything here is about the image marketplace. Keep three questions at hand: *percent of what? from where to where? by when, counted from which day?*

# %% drill X1.old-latency

# %% drill X1.unit

# %% drill X2.precision

# %% drill X2.missing

# %% drill X3.weeks-left

# %% drill X4.span

# %% drill X5.denominator

# %% drill X6.parts

# %% drill X7.base

# %% drill X8.place

# %% drill X46.tools

# %% drill X47.novel

# %% [markdown] id=part-scl
# ---
#
# ## Part 2: Scale AI
#
# Throughput, ceilings and dates. The question to keep at hand: *were these two numbers derived from each other, or do they only stand side by side?*

# %% drill X9.million

# %% drill X9.goal

# %% drill X10.rate

# %% drill X10.call

# %% drill X10.missing

# %% drill X11.half

# %% drill X11.period

# %% drill X12.days

# %% drill X12.three

# %% drill X12.calendar

# %% drill X13.past

# %% drill X14.start

# %% drill X14.most

# %% drill X15.break-even

# %% drill X15.before

# %% drill X16.cheaper

# %% drill X16.all

# %% drill X17.days

# %% drill X17.unit

# %% drill X48.depth

# %% [markdown] id=part-stu
# ---
#
# ## Part 3: AI start-ups
#
# Several companies, several stories. The question to keep at hand: *is this figure from the same story?*

# %% drill X18.share

# %% drill X19.weeks

# %% drill X20.steps

# %% drill X20.loop

# %% drill X21.reach

# %% drill X22.day

# %% drill X22.high

# %% drill X22.other-price

# %% drill X23.agree

# %% drill X23.coverage

# %% drill X24.merge

# %% drill X24.cto

# %% drill X45.failures

# %% drill X45.minutes

# %% [markdown] id=part-gen
# ---
#
# ## Part 4: the general guide
#
# A worked answer to a support agent. The question to keep at hand: *how large is it really, in a second?*

# %% drill X25.left

# %% drill X26.rate

# %% drill X26.flight

# %% drill X26.reason

# %% drill X27.first

# %% drill X27.scale

# %% drill X28.freshness

# %% drill X29.missing

# %% drill X30.key

# %% drill X30.cap

# %% drill X44.month

# %% drill X44.share

# %% drill X44.later

# %% drill X44.lever

# %% [markdown] id=part-mj
# ---
#
# ## Part 5: Midjourney
#
# Seconds, creators and money. The question to keep at hand: *what would have to be true for this to pay?*

# %% drill X31.payers

# %% drill X31.new

# %% drill X31.ramp

# %% drill X31.base

# %% drill X31.missing

# %% drill X32.cushion

# %% drill X32.curve

# %% drill X33.cushion

# %% drill X34.baseline

# %% drill X35.relative

# %% drill X35.points

# %% drill X36.remix

# %% drill X36.node

# %% drill X37.nodes

# %% drill X37.regions

# %% drill X38.questions

# %% drill X39.rounds

# %% drill X40.second

# %% drill X40.users

# %% drill X41.pay

# %% [markdown] id=part-cross
# ---
#
# ## Part 6: across all five
#
# What one article praises, another one turns down. Neither is wrong: they speak of different companies. The question
# to keep at hand: *at which stage is the company that asks?*

# %% drill X42.stage

# %% drill X42.cost

# %% drill X43.spread

# %% drill X43.compare

# %% [markdown] id=again
# ## Again in a few days
#
# What was hard comes back best after a pause. In a terminal, `casebook drill` puts these questions again after one,
# three, seven and fourteen days, the weakest first; it keeps its own progress file in `my-work/`, on this machine only.

# %% [markdown] id=sources
# [[sources]]

# notebook: notebooks/07-mock-interview.ipynb
# mode: walkthrough

# %% [markdown] id=title
# # 7 · Mock interview
#
# **An interview as it is: a prompt you have not chosen, a clock, and nobody who tells you how you are doing.** You
# decide what comes first. The steps below stand in the order of the alphabet, on purpose: **run them in the order in
# which you would speak**. That order is part of what is judged.
#
# At two moments the interviewer interrupts you; the workbook says when. At the end you get a scorecard and a report of
# one page that you can print.
#
# Choose the length in the next cell (`25`, `45` or `60` minutes) and another `seed` for another prompt. Leave `article`
# and `case` blank to be surprised.

# %% id=parameters tags=parameters
minutes = 45   # 25, 45 or 60
seed = 1       # another number draws another prompt
article = ""   # STB (Stability AI), SCL (Scale AI), STU (start-ups), GEN (general guide), MJ (Midjourney), or blank
case = ""      # a case by its name, or leave it blank
answer_path = None
report_path = None

# %% id=setup hidden locked
from casebook.answer import (
    Assumption, Cadence, Close, ComponentNote, Constraint, DataPlan, Handoff, Hypothesis, Metric, Phase, Prediction,
    Pushback, Risk, Rollout, Scope, SizingPass, Tradeoff,
)
from casebook.course.interview import open_interview

work = open_interview(minutes, seed, article, case, answer_path)
work.begin()

# %% [markdown] id=choose
# ---
#
# ## The steps, in no order at all
#
# Fill in the blanks of a step and press **Shift+Enter** in its cell. The lines have the same form as in
# the walkthroughs; nothing is said about them before the end.

# %% [markdown] id=step-ask
# ### Ask
# Names of the questions you ask, and what you assume instead of the others.

# %% id=answer-ask answer=questions,assumptions
questions = []
assumptions = [Assumption(""), Assumption(""), Assumption("")]
work.ask(questions)
work.check(assumptions=assumptions)

# %% [markdown] id=step-close
# ### Close
# Three sentences and a question.

# %% id=answer-close answer=close
close = Close(
    goal="",
    design="",
    plan="",
    question="",
)
work.check(close=close)

# %% [markdown] id=step-design
# ### Design
# Choose on the board, then run the second cell to keep what you chose. The board opens once you have predicted; a blank
# prediction opens it, too.

# %% id=board
board = work.board("design")
board

# %% id=answer-design answer=design
design = board.keep()
work.check(design=design)

# %% [markdown] id=step-estimate
# ### Estimate and own
# For each part: who answers for it, why it is there, what it costs, how long it takes.

# %% id=answer-estimate answer=notes,handoffs
notes = [
    ComponentNote(""),
    ComponentNote(""),
    ComponentNote(""),
    ComponentNote(""),
    ComponentNote(""),
]
handoffs = [Handoff(""), Handoff("")]
work.check(notes=notes, handoffs=handoffs)

# %% [markdown] id=step-frame
# ### Frame
# For whom, which decision, which number from where to where; what may not get worse; what comes first, what stays out.

# %% id=answer-frame answer=hypothesis,metrics,constraints,scope
hypothesis = Hypothesis("")
metrics = [
    Metric("", kind="primary"),
    Metric("", kind="guardrail"),
    Metric("", kind="guardrail"),
]
constraints = [Constraint(""), Constraint(""), Constraint("")]
scope = Scope("")
work.check(hypothesis=hypothesis, metrics=metrics, constraints=constraints, scope=scope)

# %% [markdown] id=step-predict
# ### Predict
# The wait that 99 of 100 stay below (the p99), the bill of a month, the busiest part, and the hours that one waits for
# a person (`0 hours` where nobody looks at one by hand).

# %% id=answer-predict answer=prediction
prediction = Prediction("")
work.lock(prediction)

# %% [markdown] id=step-pushbacks
# ### Answer the interruptions
# One line for each: the number, whether the design survives or changes, and the price.

# %% id=interrupted
work.interrupt()

# %% id=answer-pushbacks answer=pushbacks
pushbacks = [Pushback(""), Pushback("")]
work.check(pushbacks=pushbacks)

# %% [markdown] id=step-rollout
# ### Roll out
# Stages with gates, triggers with an action and a name, and what is repeated. Phases and the plan of the data only
# where this prompt asks for them.

# %% id=answer-rollout answer=rollout,risks,cadence,phases,data_plan
rollout = Rollout("")
risks = [Risk(""), Risk(""), Risk("")]
cadence = [Cadence("")]
phases = [Phase(""), Phase("")]
data_plan = DataPlan("")
work.check(rollout=rollout, risks=risks, cadence=cadence, phases=phases, data_plan=data_plan)

# %% [markdown] id=step-sizing
# ### Size
# A guess, a check against the envelope, a reading; until they agree.

# %% id=answer-sizing answer=sizing
sizing = [SizingPass(""), SizingPass(""), SizingPass("")]
work.check(sizing=sizing)

# %% [markdown] id=step-tradeoff
# ### Trade off
# The one trade-off that moves your number, with its price and what you turned down.

# %% id=answer-tradeoff answer=tradeoff
tradeoff = Tradeoff("")
work.check(tradeoff=tradeoff)

# %% [markdown] id=end
# ---
#
# ## Time is up
#
# Run the next cell: it stops the clock, marks what you wrote and writes the report. In a terminal, `casebook mock
# --report` with the name of this notebook writes the same page again later; nothing is run for it.

# %% id=finish
work.finish(report_path)

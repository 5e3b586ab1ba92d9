# Section 1: a vague sentence, a bank of questions, and what was not asked becomes an assumption.

# %% [markdown] id=ask-intro
# ## [[n.ask]] · Ask[[clock.ask]]
#
# One sentence is all you are given:
#
# > **“[[case.brief]]”**
#
# Do not answer it yet. There are [[asking.bank]] questions in the bank below and you may ask **[[asking.allowed]]**.
# Each one uncovers a fact. Spend them on answers that would change what you build.
#
# | name | question |
# |---|---|
# [[questions.list]]

# %% part ask-example

# %% [markdown] id=ask-how
# **Your turn.** Put the names of your [[asking.allowed]] questions between the brackets, each in quotation marks and
# with commas between them: `[[asking.example]]`. Then press **Shift+Enter**.

# %% id=answer-ask answer=questions
questions = []

work.ask(questions)

# %% part assume-example

# %% audits ask

# %% id=answer-assume answer=assumptions,audits
assumptions = [
    Assumption(""),   # name of a question you did not ask: what you take to be true, because …
]   # copy the line for everything else you had to assume
[[audits.ask]]
work.check(questions=questions, assumptions=assumptions[[audits.check.ask]])

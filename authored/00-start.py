# notebook: notebooks/00-start.ipynb
# mode: walkthrough

# %% [markdown] id=title
# # Start here
#
# **For whom?** For product managers who will sit in a system-design interview, or in a design review, about a product
# with AI in it. You need no programming. You do need to be ready to guess, to be wrong, and to say a number out loud.
#
# **What will you do?** Take one vague sentence and turn it, step by step, into a design that you can defend: whom it
# is for, which number moves, what it is built of, who owns each part, what it costs, what could go wrong, and what you
# say in the last ninety seconds. Every design you make is simulated, one
# request after the other, so that it can surprise you.

# %% [markdown] id=how
# ## How a workbook works
#
# 1. **Press Shift+Enter** to go from cell to cell. A grey cell then runs, and its result appears below it.
# 2. **Write between the quotation marks.** Every step has a few blanks, with a worked example from another case just
#    above, and a weak and a strong line to choose between. Leave out what you do not know: a blank says “not answered”
#    and never breaks anything.
# 3. **Read the answer at once.** The workbook says what is still missing, and how a line looks that has it.
# 4. **Choose with the mouse, keep with a cell.** On the board you click and drag; the cell below writes your choice
#    down as text.
# 5. **Stop where it says you can stop.** Save with Ctrl+S. Tomorrow choose *Run → Run All Cells* and go on.
#
# These are your own copies. Nobody sees them, and a newer edition never overwrites them.

# %% [markdown] id=words
# ## One line to try
#
# Short lines are read by the workbook, and it tells you what it understood. Run the next two cells (**Shift+Enter**,
# twice); then change the number, or
# take the words `over 2 weeks` away, and run it again.

# %% id=setup hidden locked
from casebook.answer import Metric
from casebook.course.tail import TailDemo
from casebook.course.trying import understood

# %% id=try-metric
understood(Metric("p99 latency from upload to verdict < 250 ms over 2 weeks"))

# %% [markdown] id=tail
# ## How to read “p99”
#
# “It takes a tenth of a second on average” hides the people who wait. Put a hundred pictures in a row, from the quickest
# to the slowest. The time that **99 of the 100** stay below is called the **99th percentile**, in short **p99**. It is
# what your unluckiest customer in a hundred feels, every hundred pictures.
#
# Move the slider. The machine does the same work each time; only how *busy* it is changes.

# %% id=tail-demo hidden locked
TailDemo()

# %% [markdown] id=tail-lesson
# Three things to take away:
# - **The tail runs away long before the machine is full.** From half busy to nine tenths busy the middle picture waits
#   a few times longer; the slowest ones wait so long that somebody complains.
# - **A latency promise needs three words**: which percentile, below how many milliseconds, and *from where to where*.
# - **A band is drawn around the tail** on the board, because another day would show a slightly different one. Two
#   designs inside each other's band are equally quick.

# %% [markdown] id=honest
# ## What is true here, and what is not
#
# The cases come from articles about interviews at well-known companies. Their figures are **claims**: good enough to
# practise with, not facts about those companies. Where an article gives no number, we set one and say **ours**. The
# audit questions ask you to find the places where an article's own numbers do not fit together.
#
# The score in a notebook is the **public** score. It is there to tell you what to mend, not who you are.

# %% [markdown] id=next
# ## Where to go
#
# | notebook | what it is | time |
# |---|---|---|
# | [01-stability](01-stability.ipynb) | keeping toxic pictures out of an art marketplace, from the vague sentence to the close: **begin here** | {{STB.session_minutes|bare}} minutes, with a place to stop half way |
# | [02-scale](02-scale.ipynb) | a prediction service that grows a hundredfold, and a roadmap beyond | an hour, in two sittings |
# | [03-startups](03-startups.ipynb) · [recommendations](03-startups-recommendations.ipynb) · [contracts](03-startups-contracts.ipynb) | tags for support tickets; suggestions for a dozen clients; contracts that a machine reads and a lawyer signs | an hour each, in two sittings |
# | [04-general](04-general.ipynb) | a support agent that looks things up before it answers | three quarters of an hour |
# | [short links](04-general-url-shortener.ipynb) · [chat](04-general-chat.ipynb) · [films](04-general-video.ipynb) · [notifications](04-general-notifications.ipynb) | the prompts that everybody has heard of, with figures of ours | three quarters of an hour each |
# | [many shops](04-general-support-agent.ipynb) · [getting worse?](04-general-evaluation.ipynb) · [a calendar](04-general-calendar-agent.ipynb) | one support agent for hundreds of companies; how to know whether a model's answers get worse; an agent that may move your meetings | three quarters of an hour each |
# | [05-midjourney](05-midjourney.ipynb) · [remix](05-midjourney-remix.ipynb) · [scheduler](05-midjourney-scheduler.ipynb) · [edge](05-midjourney-edge.ipynb) | pictures sooner; a preview while you watch; prompts that can wait; machines nearer to people | less than half an hour each |
# | [06-audit-the-sources](06-audit-the-sources.ipynb) | what does not fit together in the articles themselves | a part a sitting |
# | [07-mock-interview](07-mock-interview.ipynb) | a prompt drawn for you, a clock, interruptions, a report | as long as the interview you choose |
# | [08-drills](08-drills.ipynb) | short exercises, a minute or three each | ten a sitting |
# | [09-look-it-up](09-look-it-up.ipynb) | everything the articles say, to be looked up | – |
# | `assignments/` | the same ground as graded work, if somebody teaches you | as your instructor says |

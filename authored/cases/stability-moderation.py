# What only this case says: worked examples (from the ticket case, figures made up), weak and strong lines, audits.

# %% [markdown] id=ask-example
# | | from another case: *“Support is drowning, do something with AI.”* |
# |---|---|
# | worked example | “How many tickets arrive on an ordinary day, and in how many languages?” uncovers that there are few and all in English. Half of the boxes somebody had in mind are gone. |
# | **A** or **B**? | **A** “Which language model may we use?” &nbsp; **B** “What happens today to a ticket that is sent to the wrong team?” |
#
# <details><summary>Which is the better question?</summary>
#
# **B.** Its answer tells you what a mistake costs, and that decides how careful the design must be. A is a choice you
# will make yourself; asked now, it spends a turn and uncovers nothing.
# </details>

# %% [markdown] id=assume-example
# What you did not ask, you assume, **in writing**, with a reason. One of the pushbacks will test it.
#
# | | from the ticket case |
# |---|---|
# | worked example | `Assumption("hours: tickets arrive in office hours only, because all customers share one time zone")` |
# | **A** or **B**? | **A** `"volume: it will have to scale"` &nbsp; **B** `"volume: 400 tickets a day, because the inbox shows about 80 in a morning shift of five"` |
#
# <details><summary>Which can be tested?</summary>
#
# **B.** It has a number somebody can contradict. A can never be wrong, so it says nothing.
# </details>

# %% [markdown] id=frame-example
# | | from the ticket case |
# |---|---|
# | worked example | `Hypothesis("For support leads, deciding which team gets a ticket, wrongly routed tickets go from 22 % of tickets to 11 % of tickets")` |
# | | `Metric("wrongly routed tickets -50 % relative within 4 months", kind="primary", baseline="22 % of tickets")` |
# | | `Metric("tickets sent to a person by mistake < 9 % weekly", kind="guardrail")` |
# | | `Metric("p95 routing latency < 4 s over 1 week", kind="guardrail", span="ticket received to team chosen")` |
# | | `Scope("phone calls: no transcripts yet")` |
# | **A** or **B**? | **A** `"For everyone, using a fine-tuned transformer, tickets get better"` &nbsp; **B** `"For support leads, deciding which team gets a ticket, wrongly routed tickets go from 22 % of tickets to 11 % of tickets"` |
#
# <details><summary>Which one can a design fail?</summary>
#
# **B.** A person, a decision, a number from and to. A names a technology and no number: every design passes, so none
# can be chosen.
# </details>

# %% [markdown] id=predict-example
# | | from the ticket case |
# |---|---|
# | worked example | `Prediction("2500 ms, $900 a month, bottleneck model, review queue 5 hours")` |
# | **A** or **B**? | **A** “It depends on the traffic.” &nbsp; **B** “A day has 86,400 seconds, so the tickets come one every few minutes: nothing will be busy, and the bill is mostly the people.” |
#
# <details><summary>Which is a guess worth making?</summary>
#
# **B.** One division turned a volume into a picture of the system. Try it with what you uncovered: how many
# uploads arrive in a second of the busiest hour?
# </details>

# %% [markdown] id=design-audit
# **One number, where it hurts.** [[audit.flag-precision]]
#
# Two multiplications and a division: toxic and flagged; clean and flagged; the first over both.

# %% id=answer-audit-design answer=audit_flag_precision
audit_flag_precision = Audit("flag-precision", None)   # replace None by your number, in percent
work.check(audit=audit_flag_precision)

# %% [markdown] id=estimate-example
# | | from the ticket case |
# |---|---|
# | worked example | `ComponentNote("router: ML Engineering, because wrongly routed tickets, $400 a month, 3 weeks")` |
# | | `Handoff("inbox -> router: ticket format with a version, agreed by Data Engineering and ML Engineering")` |
# | how the $400 came about | one small machine is about fifty cents an hour, a month has some 730 hours: a bit under $400 |
# | **A** or **B**? | **A** `"router: the team, because we need AI, unpriced, soon"` &nbsp; **B** `"router: ML Engineering, because wrongly routed tickets, $400 a month, 3 weeks"` |
#
# <details><summary>Which one could you call on a Sunday?</summary>
#
# **B.** It names who answers, what for, and at what price. In A nobody does.
# </details>

# %% [markdown] id=tradeoff-example
# | | from the ticket case |
# |---|---|
# | worked example | `Tradeoff("wrongly routed tickets -4 points, +$300 a month: take the larger model, reject the keyword rules")` |
# | **A** or **B**? | **A** “There are trade-offs in cost, quality, speed and languages.” &nbsp; **B** “The larger model costs $300 more and halves the errors; we take it, and keep the rules for weekends.” |
#
# <details><summary>Which one decides something?</summary>
#
# **B.** One metric, one price, one decision, and the alternative that was turned down. A is a table of contents.
# </details>

# %% [markdown] id=tradeoff-audit
# **One number, where it hurts.** [[audit.impact-score]]
#
# While you work it out: what is a millisecond-dollar, and which way should a good score go?

# %% id=answer-audit-tradeoff answer=audit_impact_score
audit_impact_score = Audit("impact-score", None)   # replace None by your number, in ms
work.check(audit=audit_impact_score)

# %% [markdown] id=sizing-example
# | | from the ticket case |
# |---|---|
# | worked example | `SizingPass("400 tickets a day is one a minute in the busy hour: 1 machine")` |
# | | `SizingPass("each ticket takes the model 2 s, so one machine is busy 3 % of the time: 1 machine", observed="utilisation 3 %")` |
# | **A** or **B**? | **A** “Ten machines, to be safe.” &nbsp; **B** “Arrivals per second × seconds each = machines busy at once; then headroom for the waves.” |
#
# <details><summary>Which one can be corrected?</summary>
#
# **B.** Every factor can be looked up or measured, so the next pass is better than this one. A can only be believed.
# </details>

# %% [markdown] id=rollout-example
# | | from the ticket case |
# |---|---|
# | worked example | `Rollout("10 % of tickets for 1 week, gate wrongly routed tickets < 15 %; then 100 %; mvp in 6 weeks")` |
# | | `Risk("wrongly routed tickets > 18 % over 2 days: fall back to the keyword rules, Operations")` |
# | | `Cadence("retrain every 4 weeks, ML Engineering")` |
# | **A** or **B**? | **A** “We monitor quality closely and retrain when needed.” &nbsp; **B** “Above 18 % for 2 days, Operations falls back to the rules.” |
#
# <details><summary>Which one works while you are on holiday?</summary>
#
# **B.** A number, a line, a time, an action, a name. A needs you to be there and to notice.
# </details>

# %% [markdown] id=rollout-audit
# **One number, where it hurts.** [[audit.weeks-left]]

# %% id=answer-audit-rollout answer=audit_weeks_left
audit_weeks_left = Audit("weeks-left", None)   # replace None by your number, in weeks
work.check(audit=audit_weeks_left)

# %% [markdown] id=pushbacks-example
# | | from the ticket case: *“A large customer brings their whole archive next week.”* |
# |---|---|
# | worked example | `Pushback("archive: 5200 ms, defended, because the archive can wait until the night, $0 a month")` |
# | **A** or **B**? | **A** “It scales automatically.” &nbsp; **B** “The slowest ticket in a hundred takes 5.2 s then. I let it: nobody waits for an archive. If they did, two machines for $600.” |
#
# <details><summary>Which one answers?</summary>
#
# **B.** It read the number, took a stance and named the price of the other one. *Survives*, *changes* and *defended*
# are all good stances; having none is not.
# </details>

# %% [markdown] id=close-example
# | | from the ticket case |
# |---|---|
# | worked example | `Close("Wrongly routed tickets go from 22 % to 11 % within 4 months. One model behind the inbox, with the dearer model because it halves the errors. Rules first in week 3, model in week 6, everybody by day 90. Which teams' tickets were labelled by the same people?")` |
# | **A** or **B**? | **A** “So, the ticket goes to the first box, then to the second …” &nbsp; **B** “Wrongly routed tickets halve in four months.” |
#
# <details><summary>Which one do they repeat to each other afterwards?</summary>
#
# **B.** They have seen the boxes. What they carry out of the room is the number.
# </details>

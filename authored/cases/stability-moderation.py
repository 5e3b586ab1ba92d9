# What only this case says. Worked examples come from another case, support tickets, with figures made up for it.

# %% [markdown] id=ask-example
# | example | *another case: “Support is drowning, do something with AI.”* |
# |---|---|
# | worked example | “How many tickets arrive on an ordinary day, and in how many languages?” uncovers that there are few and all in English. Half of the boxes somebody had in mind are gone. |
# | **A** or **B**? | **A** “Which language model may we use?”<br>**B** “What happens today to a ticket that is sent to the wrong team?” |
#
# <details><summary>Which is the better question?</summary>
#
# **B.** Its answer tells you what a mistake costs, and that decides how careful the design must be. A is a choice you
# will make yourself; asked now, it spends a turn and uncovers nothing.
#
# </details>

# %% [markdown] id=assume-example
# ### What you did not ask
# You assume it, **in writing**, with a reason; the pushbacks will test it.
#
# | example | *from the ticket case* |
# |---|---|
# | an assumption | `Assumption("hours: tickets arrive in office hours only, because all customers share one time zone")` |
# | **A** or **B**? | **A** `"volume: it will have to scale"`<br>**B** `"volume: 400 tickets a day, because the inbox shows eighty in each hour of the morning"` |
#
# <details><summary>Which can be tested?</summary>
#
# **B.** It has a number that somebody can contradict. A can never be wrong, so it says nothing.
#
# </details>

# %% [markdown] id=frame-goal
# The interviewer nods at your questions and adds one thing: *“By the way, we promised {{STB.toxic}} fewer toxic uploads
# within {{STB.goal_months}}.”*

# %% [markdown] id=frame-example
# | example | *from the ticket case* |
# |---|---|
# | hypothesis | `Hypothesis("for support leads, decide which team gets a ticket: wrongly routed tickets from 22 % of tickets to 11 % of tickets")` |
# | what moves | `Metric("wrongly routed tickets -50 % relative within 4 months, baseline 22 % of tickets", kind="primary")` |
# | what may not get worse | `Metric("tickets sent to a person < 9 % of tickets weekly", kind="guardrail")` |
# | how long it takes | `Metric("p95 routing time from ticket received to team chosen < 4 s over 1 week", kind="guardrail")` |
# | **A** or **B**? | **A** `"For everyone, a fine-tuned transformer makes tickets better"`<br>**B** `"for support leads, decide which team gets a ticket: wrongly routed tickets from 22 % of tickets to 11 % of tickets"` |
#
# <details><summary>Which one can a design fail?</summary>
#
# **B.** A person, a decision, a number from and to. A names a technology and no number: every design passes, so none
# can be chosen.
#
# </details>

# %% [markdown] id=rank-example
# ### What comes first, and what stays out
# The number you want to move stands first; below it what gives way when the two collide.
# | example | *from the ticket case* |
# |---|---|
# | a ranking | `Constraint("1. wrongly routed tickets: at most 11 %")` above `Constraint("2. cost: below $900 a month")` |
# | left out | `Scope("phone calls (no transcripts yet)")` |
# | **A** or **B**? | **A** “Quality, speed and cost all matter.”<br>**B** “Routing errors first; if it gets dearer, so be it.” |
#
# <details><summary>Which one can settle an argument?</summary>
#
# **B.** When two of them collide, it says which gives way. A says that nobody has thought about it yet.
#
# </details>

# %% [markdown] id=predict-example
# | example | *from the ticket case* |
# |---|---|
# | worked example | `Prediction("2,500 ms, $900 a month, router, 5 hours")` |
# | **A** or **B**? | **A** “It depends on the traffic.”<br>**B** “The tickets come one every few minutes: nothing will be busy, and the bill is mostly people.” |
#
# <details><summary>Which is a guess worth making?</summary>
#
# **B.** One division turned a volume into a picture of the system. Try it with what you uncovered: how many uploads
# arrive in a second of the busiest hour?
#
# </details>

# %% [markdown] id=design-audit
# **And one number, where it hurts.** [[audit.flag-precision]]
#
# Two multiplications and a division: toxic and flagged; clean and flagged; the first over both. Write it as
# `Audit("flag-precision", 12.5)` in the next cell, with your number, in percent.

# %% [markdown] id=estimate-example
# | example | *from the ticket case* |
# |---|---|
# | worked example | `ComponentNote("router: ML Engineering, because wrongly routed tickets, $400 a month, 3 weeks")` |
# | how the $400 came about | `one small machine is about $0.50 an hour; a month has 730 hours; a little care on top` |
# | hand-over | `Handoff("inbox -> router: ticket format, agreed by Data Engineering and ML Engineering")` |
# | **A** or **B**? | **A** `"router: the team, because AI"`<br>**B** `"router: ML Engineering, because wrongly routed tickets, $400 a month, 3 weeks"` |
#
# <details><summary>Which one could you call on a Sunday?</summary>
#
# **B.** It names who answers, what for, and at what price. In A nobody does.
#
# </details>

# %% [markdown] id=tradeoff-example
# | example | *from the ticket case* |
# |---|---|
# | worked example | `Tradeoff("wrongly routed tickets -4 points for +$300 a month: the larger model, instead of keyword rules")` |
# | **A** or **B**? | **A** “There are trade-offs in cost, quality, speed and languages.”<br>**B** “Four points fewer errors for three hundred dollars: we take the larger model, and turn down the keyword rules.” |
#
# <details><summary>Which one decides something?</summary>
#
# **B.** One metric, one price, one decision, and the alternative that was turned down. A is a table of contents.
#
# </details>

# %% [markdown] id=tradeoff-audit
# **And one number, where it hurts.** [[audit.impact-score]]
#
# Write it as `Audit("impact-score", 99)`, in ms. While you work it out: what is a millisecond-dollar, and which way
# should a good score go?

# %% [markdown] id=sizing-example
# | example | *from the ticket case* |
# |---|---|
# | a guess | `SizingPass("400 tickets a day, all in five hours, 2 s each -> 2 machines")` |
# | the next pass | `SizingPass("80 tickets an hour keep one machine 4 % busy -> 1 machine, observed 4 %")` |
# | **A** or **B**? | **A** “Ten machines, to be safe.”<br>**B** “Arrivals in a second × seconds each = machines busy at once; then room for the waves.” |
#
# <details><summary>Which one can be corrected?</summary>
#
# **B.** Every factor can be looked up or measured, so the next pass is better than this one. A can only be believed.
#
# </details>

# %% [markdown] id=rollout-example
# The source begins with {{STB.canary_users}} of users for {{STB.canary_weeks}}, and retrains when scores drift by more
# than {{STB.drift}} within a week. Be no bolder than that. One of your three alarms should watch the latency, and ring
# *before* the promise is broken.
#
# | example | *from the ticket case* |
# |---|---|
# | rollout | `Rollout("MVP 6 weeks; 10 % of tickets for 1 week, if wrongly routed tickets < 15 %; 100 % of tickets for 4 weeks, if wrongly routed tickets < 15 %")` |
# | a risk | `Risk("wrongly routed tickets > 18 % over 2 days -> fall back to keyword rules, Operations")` |
# | what is repeated | `Cadence("retrain every 4 weeks, ML Engineering")` |
# | **A** or **B**? | **A** “We monitor quality closely and retrain when needed.”<br>**B** “Above `18 %` for `2 days`, Operations falls back to the rules.” |
#
# <details><summary>Which one works while you are on holiday?</summary>
#
# **B.** A number, a line, a time, an action, a name. A needs you to be there and to notice.
#
# </details>

# %% [markdown] id=rollout-audit
# **And one number, where it hurts.** [[audit.weeks-left]] Write it as `Audit("weeks-left", 7)`, in weeks.

# %% [markdown] id=pushbacks-example
# | example | *ticket case: “A large customer brings their whole archive next week.”* |
# |---|---|
# | worked example | `Pushback("archive: 5,200 ms, defended, because nobody waits for an archive, so it costs $0 more")` |
# | **A** or **B**? | **A** “It scales automatically.”<br>**B** “The slowest ticket in a hundred takes `5.2 s` then. I let it: nobody waits for an archive. If they did, a second machine for `$400`.” |
#
# <details><summary>Which one answers?</summary>
#
# **B.** It read the number, took a stance and named the price of the other one. `survives`, `changes` and `defended`
# are all good stances; having none is not.
#
# </details>

# %% [markdown] id=close-example
# | example | *from the ticket case* |
# |---|---|
# | goal | `Wrongly routed tickets fall from 22 % to 11 % of tickets within 4 months.` |
# | design | `One router behind the inbox, with the larger model, because it halves the errors for $300 a month.` |
# | plan | `Rules in week 3, the router in week 6, every ticket in week 8, the goal by day 90.` |
# | question | `Which teams' tickets were labelled by the people who also route them?` |
# | **A** or **B**? | **A** “So the ticket goes to the first box, and then to the second …”<br>**B** “Wrongly routed tickets halve in four months.” |
#
# <details><summary>Which one do they repeat to each other afterwards?</summary>
#
# **B.** They have seen the boxes. What they carry out of the room is the number.
#
# </details>

# Worked examples for every case, from another one: support tickets, with figures made up for them.

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
#
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
# **B.** One division turned a volume into a picture of the system. Try it with what you uncovered: how many [[unit.requests]]
# arrive in a second of the busiest hour?
#
# </details>

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
# | plan | `Rules in week 3, the router in week 6, every ticket in week 8, the goal by month 4.` |
# | question | `Which teams' tickets were labelled by the people who also route them?` |
# | **A** or **B**? | **A** “So the ticket goes to the first box, and then to the second …”<br>**B** “Wrongly routed tickets halve in four months.” |
#
# <details><summary>Which one do they repeat to each other afterwards?</summary>
#
# **B.** They have seen the boxes. What they carry out of the room is the number.
#
# </details>

# %% [markdown] id=frame-goal
# [[goal.line]]

# %% [markdown] id=time-plan-example
# | example | *from the ticket case* |
# |---|---|
# | worked example | `TimePlan("questions 5, frame 5, design 12, money 8, learning from mistakes 7, roll-out 5, close 3")` |
# | **A** or **B**? | **A** Design for as long as it takes, then the rest.<br>**B** Twelve minutes of design, and the part where most people fail before the last five. |
#
# <details><summary>Which one survives an interruption?</summary>
#
# **B.** When a question costs you four minutes, you know which four they are. In A the end is cut off, whatever stood there.
#
# </details>

# %% [markdown] id=data-plan-example
# | example | *from the ticket case* |
# |---|---|
# | worked example | `DataPlan("closed tickets: 3,000 labelled by two agents, label error 6 %, agreement 88 %, refresh every 2 weeks, Data Science")` |
# | **A** or **B**? | **A** “We have years of tickets to train on.”<br>**B** “Three thousand, labelled twice; the two agents disagree on one in eight.” |
#
# <details><summary>Which one tells you how good a model can get?</summary>
#
# **B.** Where two people disagree, no model can be right for both. A has many tickets and not one label.
#
# </details>

# %% [markdown] id=table-example
# | example | *from the ticket case* |
# |---|---|
# | worked example | `Table("1 machines: 2,400 ms, $400 a month; 2 machines: 1,500 ms, $800 a month; 3 machines: 1,350 ms, $1,200 a month")` |
# | **A** or **B**? | **A** “More machines make it faster.”<br>**B** “The second one saves `900 ms`, the third `150 ms`, and each costs the same.” |
#
# <details><summary>Which one tells you when to stop?</summary>
#
# **B.** Three rows show where the next step is no longer worth its price. A would buy for ever.
#
# </details>

# %% [markdown] id=phases-example
# | example | *from the ticket case* |
# |---|---|
# | a phase | `Phase("day 0 for 60 days: 800 tickets a day, a second machine, 2 machines")` |
# | the next one | `Phase("day 60 for 80 days: 3,000 tickets a day, machines added by the hour of the day, 5 machines")` |
# | **A** or **B**? | **A** “Then we scale out further.”<br>**B** “From day `60`: machines added by the hour of the day, five of them, `3,000` a day.” |
#
# <details><summary>Which one can be late?</summary>
#
# **B.** It has a day, a number and a technique, so somebody can notice. A is always on time.
#
# </details>

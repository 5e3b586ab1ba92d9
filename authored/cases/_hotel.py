# Worked examples for cases that are themselves about tickets: a chain of hotels, with figures made up for it.

# %% [markdown] id=ask-example
# | example | *another case: “Guests cancel all the time, do something with AI.”* |
# |---|---|
# | worked example | “Of a hundred bookings, how many are cancelled, and how many days before the night?” uncovers that most go on the last two days. A warning a month ahead would help nobody. |
# | **A** or **B**? | **A** “May we use deep learning?”<br>**B** “What does an empty room cost us, and what a guest we had to send away?” |
#
# <details><summary>Which is the better question?</summary>
#
# **B.** Its answer tells you which mistake is the dear one, and that decides where the line is drawn. A is a choice you
# will make yourself; asked now, it spends a turn and uncovers nothing.
#
# </details>

# %% [markdown] id=assume-example
# ### What you did not ask
# You assume it, **in writing**, with a reason; the pushbacks will test it.
#
# | example | *from the hotel case* |
# |---|---|
# | an assumption | `Assumption("tenancy: every hotel has its own price rules, because managers set them by hand today")` |
# | **A** or **B**? | **A** `"volume: peaks in summer"`<br>**B** `"volume: 900 bookings a day in July, because each of 60 hotels sells some fifteen"` |
#
# <details><summary>Which can be tested?</summary>
#
# **B.** It has a number that somebody can contradict. A can never be wrong, so it says nothing.
#
# </details>

# %% [markdown] id=frame-example
# | example | *from the hotel case* |
# |---|---|
# | hypothesis | `Hypothesis("for hotel managers, decide how many rooms are sold twice: empty rooms from 14 % of nights to 9 % of nights")` |
# | what moves | `Metric("empty rooms -5 points within 5 months, baseline 14 % of nights", kind="primary")` |
# | what may not get worse | `Metric("guests sent away < 0.4 % of bookings weekly", kind="guardrail")` |
# | how long it takes | `Metric("p95 quote time from booking received to price shown < 700 ms over 1 week", kind="guardrail")` |
# | **A** or **B**? | **A** `"For travellers, an intelligent platform makes booking delightful"`<br>**B** `"for hotel managers, decide how many rooms are sold twice: empty rooms from 14 % of nights to 9 % of nights"` |
#
# <details><summary>Which one can a design fail?</summary>
#
# **B.** A person, a decision, a number from and to. A names no number: every design passes, so none can be chosen.
#
# </details>

# %% [markdown] id=rank-example
# ### What comes first, and what stays out
# The number you want to move stands first; below it what gives way when the two collide.
#
# | example | *from the hotel case* |
# |---|---|
# | a ranking | `Constraint("1. guests sent away: below 0.4 % of bookings")` above `Constraint("2. empty rooms: at most 9 %")` |
# | left out | `Scope("group bookings (sold by hand, with contracts of their own)")` |
# | **A** or **B**? | **A** “Full rooms and happy guests.”<br>**B** “Nobody is sent away; if a room stays empty for it, so be it.” |
#
# <details><summary>Which one can settle an argument?</summary>
#
# **B.** When two of them collide, it says which gives way. A says that nobody has thought about it yet.
#
# </details>

# %% [markdown] id=predict-example
# | example | *from the hotel case* |
# |---|---|
# | worked example | `Prediction("450 ms, $1,900 a month, pricing, 0 hours")` |
# | **A** or **B**? | **A** “It depends on the season.”<br>**B** “Nine hundred bookings a day are one every minute and a half: nothing will be busy, and the bill is mostly fixed.” |
#
# <details><summary>Which is a guess worth making?</summary>
#
# **B.** One division turned a volume into a picture of the system. Try it with what you uncovered: how many arrive in a
# second of the busiest hour?
#
# </details>

# %% [markdown] id=estimate-example
# | example | *from the hotel case* |
# |---|---|
# | worked example | `ComponentNote("pricing: Data Science, because empty rooms, $1,100 a month, 5 weeks")` |
# | how the $1,100 came about | `two machines at about $0.40 an hour are $580; half a day of care a month is the rest` |
# | hand-over | `Handoff("calendar -> pricing: free rooms by night, agreed by Platform Engineering and Data Science")` |
# | **A** or **B**? | **A** `"pricing: everyone, because important"`<br>**B** `"pricing: Data Science, because empty rooms, $1,100 a month, 5 weeks"` |
#
# <details><summary>Which one could you call on a Sunday?</summary>
#
# **B.** It names who answers, what for, and at what price. In A nobody does.
#
# </details>

# %% [markdown] id=tradeoff-example
# | example | *from the hotel case* |
# |---|---|
# | worked example | `Tradeoff("empty rooms -2 points for +$650 a month: a forecast for each hotel, instead of one for all")` |
# | **A** or **B**? | **A** “There are trade-offs between cost, accuracy and speed.”<br>**B** “Two points fewer empty rooms for six hundred and fifty dollars: a forecast for each hotel, and not one for all.” |
#
# <details><summary>Which one decides something?</summary>
#
# **B.** One metric, one price, one decision, and the alternative that was turned down. A is a table of contents.
#
# </details>

# %% [markdown] id=sizing-example
# | example | *from the hotel case* |
# |---|---|
# | a guess | `SizingPass("every hotel asks for prices at midnight, all at once -> 5 machines")` |
# | the next pass | `SizingPass("sixty hotels in ten minutes keep one machine 22 % busy -> 2 machines, observed 22 %")` |
# | **A** or **B**? | **A** “A cluster, so that we are prepared.”<br>**B** “Arrivals in a second × seconds each = machines busy at once; then room for the waves.” |
#
# <details><summary>Which one can be corrected?</summary>
#
# **B.** Every factor can be looked up or measured, so the next pass is better than this one. A can only be believed.
#
# </details>

# %% [markdown] id=rollout-example
# | example | *from the hotel case* |
# |---|---|
# | rollout | `Rollout("MVP 7 weeks; 10 % of hotels for 3 weeks, if guests sent away < 0.4 %; 100 % of hotels for 6 weeks, if guests sent away < 0.4 %")` |
# | a risk | `Risk("guests sent away > 0.6 % over 3 days -> sell no room twice, Operations")` |
# | what is repeated | `Cadence("compare forecast and nights every 1 week, Data Science")` |
# | **A** or **B**? | **A** “We watch the forecast closely and improve it.”<br>**B** “Above `0.6 %` for `3 days`, Operations stops selling rooms twice.” |
#
# <details><summary>Which one works while you are on holiday?</summary>
#
# **B.** A number, a line, a time, an action, a name. A needs you to be there and to notice.
#
# </details>

# %% [markdown] id=pushbacks-example
# | example | *hotel case: “A fair comes to town, and every room is asked for at once.”* |
# |---|---|
# | worked example | `Pushback("fair: 620 ms, survives, because the price is still shown before anybody looks away")` |
# | **A** or **B**? | **A** “The cloud scales.”<br>**B** “The slowest in a hundred waits `620 ms` then, and the limit is `700 ms`: it survives. A third machine would be `$290`.” |
#
# <details><summary>Which one answers?</summary>
#
# **B.** It read the number, took a stance and named the price of the other one. `survives`, `changes` and `defended`
# are all good stances; having none is not.
#
# </details>

# %% [markdown] id=close-example
# | example | *from the hotel case* |
# |---|---|
# | goal | `Empty rooms fall from 14 % to 9 % of nights within 5 months.` |
# | design | `One forecast for each hotel behind the calendar, because it saves two points more for $650 a month.` |
# | plan | `First version in week 7, a tenth of the hotels for 3 weeks, all of them by week 10, the goal by day 150.` |
# | question | `Which hotels already sell rooms twice by hand, and what do they look at when they do?` |
# | **A** or **B**? | **A** “So the booking goes to the first box, and then to the second …”<br>**B** “Empty rooms fall by five points in five months.” |
#
# <details><summary>Which one do they repeat to each other afterwards?</summary>
#
# **B.** They have seen the boxes. What they carry out of the room is the number.
#
# </details>

# %% [markdown] id=time-plan-example
# | example | *from the hotel case* |
# |---|---|
# | worked example | `TimePlan("questions 4, frame 6, design 11, money 9, learning from mistakes 8, roll-out 4, close 3")` |
# | **A** or **B**? | **A** Design for as long as it takes, then the rest.<br>**B** Eleven minutes of design, and the part where most people fail before the last four. |
#
# <details><summary>Which one survives an interruption?</summary>
#
# **B.** When a question costs you four minutes, you know which four they are. In A the end is cut off, whatever stood there.
#
# </details>

# %% [markdown] id=data-plan-example
# | example | *from the hotel case* |
# |---|---|
# | worked example | `DataPlan("last year's bookings: 20,000 labelled by the cash desk, label error 3 %, agreement 95 %, refresh every 4 weeks, Data Science")` |
# | **A** or **B**? | **A** “The booking system knows everything.”<br>**B** “Twenty thousand bookings; in three of a hundred the desk forgot to note a cancellation.” |
#
# <details><summary>Which one tells you how good a model can get?</summary>
#
# **B.** Somebody has looked. A has many rows and has not asked one of them whether it is true.
#
# </details>

# %% [markdown] id=table-example
# | example | *from the hotel case* |
# |---|---|
# | worked example | `Table("1 machines: 900 ms, $290 a month; 2 machines: 520 ms, $580 a month; 3 machines: 480 ms, $870 a month")` |
# | **A** or **B**? | **A** “More machines make it faster.”<br>**B** “The second one saves `380 ms`, the third `40 ms`, and each costs the same.” |
#
# <details><summary>Which one tells you when to stop?</summary>
#
# **B.** Three rows show where the next step is no longer worth its price. A would buy for ever.
#
# </details>

# %% [markdown] id=phases-example
# | example | *from the hotel case* |
# |---|---|
# | a phase | `Phase("day 0 for 70 days: 900 bookings a day, one forecast a night, 1 machines")` |
# | the next one | `Phase("day 70 for 80 days: 4,000 bookings a day, forecasts by the hour on machines that come and go, 3 machines")` |
# | **A** or **B**? | **A** “Then we scale out further.”<br>**B** “From day `70`: forecasts by the hour, on three machines that come and go, `4,000` a day.” |
#
# <details><summary>Which one can be late?</summary>
#
# **B.** It has a day, a number and a technique, so somebody can notice. A is always on time.
#
# </details>

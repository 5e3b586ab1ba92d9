# A small table: units, latency, price.

# %% [markdown] id=table-intro
# ## [[n.table]] · What each step buys[[clock.table]]
#
# One number is a guess, three are a curve. Read off the board what the latency is with one, two and three units (change
# the knob and let it rest), and write each row with its price a month.

# %% part table-example

# %% audits table

# %% id=answer-table answer=table,audits
table = Table("")   # units: latency, $… a month; units: latency, $… a month; …
[[audits.table]]
work.check(table=table[[audits.check.table]])

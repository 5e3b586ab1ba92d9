# One of several cases in a notebook: its title and its own workbook.

# %% [markdown] id=case-title
# ---
#
# # [[case.title]]
#
# [[sitting.line]]
#
# [[plan.table]]

# %% id=setup hidden locked
work = casebook.open_workbook("[[case.id]]", seed=seed, answer_path=answers.get("[[case.id]]"), suffix="[[name.suffix]]")
work.welcome()

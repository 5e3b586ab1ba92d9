# Opens the workbook. The parameters cell is what a headless run overrides.

# %% id=parameters hidden locked tags=parameters
scenario = "[[case.scenario]]"   # which day the board shows first
seed = 0              # same seed, same numbers
answer_path = None    # a file with a finished answer fills in what you leave blank

# %% id=setup hidden locked only=walkthrough
import casebook
from casebook.answer import (
[[records.list]]
)

work = casebook.open_workbook("[[case.id]]", scenario=scenario, seed=seed, answer_path=answer_path)
case = work.case
work.welcome()

# %% id=setup hidden locked only=assignment
import casebook
from casebook.answer import (
[[records.list]]
)
from casebook.course import check_cell

work = casebook.open_workbook("[[case.id]]", scenario=scenario, seed=seed, answer_path=answer_path, quiet=True[[variants.code]])
case = work.case
work.welcome()

# Once for a notebook with several cases. The parameters cell is what a headless run overrides.

# %% id=parameters hidden locked tags=parameters
seed = 0       # same seed, same numbers
answers = {}   # case: a file with a finished answer, which fills in what you leave blank

# %% id=setup hidden locked
import casebook
from casebook.answer import (
[[records.all]]
)

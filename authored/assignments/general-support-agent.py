# The whole text: authored/sections/assignment.py. Delete this file and the case is no assignment.

# %% include assignment

# The whole text: authored/sections/prompt.py.
# case: general-evaluation

# %% include prompt

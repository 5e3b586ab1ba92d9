# The whole text: authored/sections/prompt.py.
# case: general-notifications

# %% include prompt

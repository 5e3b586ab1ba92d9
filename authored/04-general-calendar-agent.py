# The whole text: authored/sections/prompt.py.
# case: general-calendar-agent

# %% include prompt

# The whole text: authored/sections/prompt.py.
# case: general-support-agent

# %% include prompt

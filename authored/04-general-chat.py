# The whole text: authored/sections/prompt.py.
# case: general-chat

# %% include prompt

# The whole text: authored/sections/prompt.py.
# case: general-video

# %% include prompt

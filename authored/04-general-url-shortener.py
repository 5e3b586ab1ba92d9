# The whole text: authored/sections/prompt.py.
# case: general-url-shortener

# %% include prompt

# notebook: notebooks/00-start.ipynb
# mode: walkthrough

# %% [markdown] id=title
# # Start here

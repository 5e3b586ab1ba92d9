# A place to stop: half of a long session is behind the learner.

# %% [markdown] id=stop-here only=walkthrough
# ---
#
# ### You can stop here
# You have asked, framed, guessed and designed: that is the first half of the interview, and a good evening's work. Save
# with **Ctrl+S**. What follows is the half that decides most interviews: who owns it, what it costs, and what you say
# when somebody pushes.
#
# ---

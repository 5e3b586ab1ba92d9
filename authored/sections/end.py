# The score, under the case's own rubric and under everybody's; the frameworks; the card.

# %% [markdown] id=score-intro only=walkthrough
# ## Your scorecard
#
# This is the **public** score: the same checks a grader uses, with the values everybody may see. Red lines say what is
# missing and how to mend it. Mend one, run the notebook again from there, and the card shows both attempts side by side.

# %% id=scorecard hidden locked only=walkthrough
work.scorecard()

# %% [markdown] id=card-intro only=walkthrough
# ## Ninety seconds
#
# Everything you wrote, in the order you would say it. Read it aloud once with a clock.

# %% id=card hidden locked only=walkthrough
work.speaking_card()

# %% [markdown] id=elsewhere-intro only=walkthrough
# ## In other companies
#
# The same answer, read by the rubrics of all five articles. What one of them praises another one does not ask for: a
# finding is earned, lost, or not asked here. Below it, the article's frameworks, filled with your own words.

# %% id=elsewhere hidden locked only=walkthrough
work.side_by_side()
work.frameworks()

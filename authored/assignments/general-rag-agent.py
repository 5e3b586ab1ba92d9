# notebook: source/general-rag-agent/general-rag-agent.ipynb
# mode: assignment
# case: general-rag-agent
# rubric: general
# The whole text: authored/sections/assignment.py. Delete this file and the case is no assignment.

# %% include assignment

# What only this case says.

# %% [markdown] id=frame-goal
# The interviewer nods at your questions and adds one thing: *“At home a quick preview brought {{MJ.retention}} more who
# come back, in points. I want the same over there, within a quarter, and {{MJ.traffic_fall}} less traffic between the
# regions while you are at it.”* Nobody has measured it over there; {{MJ.retention_base}} who come back today are ours, and
# so is the base of the traffic. When you write it down, begin with what is right about the objection.

# %% [markdown] id=rollout-goal
# The article names no rollout, only a first try of {{MJ.edge_weeks}}. Begin with few far creators and a gate that differs
# between places: whether all of them draw with the same model. One of your three alarms should watch the preview **over
# there**, not on average, and ring *before* the promise is broken.

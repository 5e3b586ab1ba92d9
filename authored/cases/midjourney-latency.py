# What only this case says.

# %% [markdown] id=frame-goal
# The interviewer nods at your questions and adds one thing: *“{{MJ.latency_now}} today. Below {{MJ.latency_goal}}, and
# {{MJ.lift}} more creators active on a day: that is the story I want to tell in a quarter.”* The article does not say of
# which percentile, and calls the creators daily users elsewhere; that it is nineteen pictures in twenty, and relative to
# {{MJ.active_creators}}, is ours.

# %% [markdown] id=rollout-goal
# The article names no rollout. Begin with few creators and a gate that speed could break: whether they still like what
# they get. One of your three alarms should watch the wait and ring *before* the promise is broken; one should watch the
# liking, and its action should put steps back.

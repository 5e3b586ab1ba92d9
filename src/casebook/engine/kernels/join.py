"""Branches of one request come together: it goes on when the last of them is there."""

from __future__ import annotations

from typing import Any

from casebook.engine.backend import kernel


@kernel(3, 4, 5)
def join_last(times: Any, ids: Any, branches: int, there: Any, out_times: Any, out_ids: Any) -> int:
    """Keep of the merged branches (``times`` rising) each request's visit number ``branches``; returns how many.

    ``there[id]`` counts the branches that have come, zero at first. What is kept is in time order, as it came.
    """
    count = 0
    for k in range(len(times)):
        id = ids[k]
        there[id] += 1
        if there[id] == branches:
            out_times[count] = times[k]
            out_ids[count] = id
            count += 1
    return count

"""One request per instance, no queue: a warm instance if one idles, else a cold start; at the limit, refusal."""

from __future__ import annotations

import heapq
from typing import Any

from casebook.engine.backend import kernel


@kernel(7, 8, 9, 10, 11, 12, 13)
def serverless(arrive: Any, ids: Any, unit: Any, scale: float, cold: float, keep: float, limit: int, kept: Any,
               kept_ids: Any, start: Any, leave: Any, refused: Any, refused_ids: Any, idle: Any) -> int:
    """Each visit takes the instance that fell idle last, if that was at most ``keep`` ms ago; else a new one,
    whose start takes ``cold`` ms. With ``limit`` instances at work (0: no limit) the next visit is refused.

    Fills ``kept`` (arrival times), ``kept_ids``, ``start`` (after the cold start) and ``leave`` of the visits
    taken in, and ``refused`` and ``refused_ids``; ``idle`` is scratch, one place a visit. Returns how many
    were taken in. Instances fall idle in time order, so the idle ones are a stack with the latest on top.
    """
    taken = 0
    turned_away = 0
    top = 0
    working = [0.0]
    working.pop()
    for k in range(len(arrive)):
        t = arrive[k]
        while len(working) > 0 and working[0] <= t:
            idle[top] = heapq.heappop(working)
            top += 1
        if limit > 0 and len(working) >= limit:
            refused[turned_away] = t
            refused_ids[turned_away] = ids[k]
            turned_away += 1
            continue
        begin = t + cold
        if top > 0 and t - idle[top - 1] <= keep:
            top -= 1
            begin = t
        else:
            top = 0  # the latest has gone cold, and so have all those below it
        end = begin + unit[ids[k]] * scale
        kept[taken] = t
        kept_ids[taken] = ids[k]
        start[taken] = begin
        leave[taken] = end
        taken += 1
        heapq.heappush(working, end)
    return taken

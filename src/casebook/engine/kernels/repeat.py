"""Requests that come back to the same station a drawn number of times, after a pause (an agent's passes)."""

from __future__ import annotations

import heapq
from typing import Any

from casebook.engine.backend import kernel


@kernel(8, 9, 10, 11, 12, 13)
def fifo_again(arrive: Any, ids: Any, unit: Any, stride: int, scale: float, servers: int, passes: Any, pause: Any,
               visit: Any, visit_ids: Any, start: Any, leave: Any, sorted_leave: Any, sorted_ids: Any) -> int:
    """First come, first served; request i visits ``passes[i]`` times, the next ``pause`` ms after it left.

    Pass j (0, 1, …) of request i takes ``unit[j × stride + i] × scale`` and is followed by the pause
    ``pause[j × stride + i]``. A queue in order tells each visit on arrival when it will leave, so the next pass is
    known then and waits in a heap for its time; of two that come at one instant the new request goes first.
    Fills ``visit`` (arrival of every pass), ``visit_ids``, ``start`` and ``leave`` in arrival order, and
    ``sorted_leave`` and ``sorted_ids`` of the last passes in departure order. Returns the number of visits.
    """
    n = len(arrive)
    visits = 0
    done = 0
    fresh = 0
    later = [(0.0, 0, 0, 0)]
    later.pop()
    serving = [(0.0, -1, -1)] * servers
    while fresh < n or len(later) > 0:
        if fresh < n and (len(later) == 0 or arrive[fresh] <= later[0][0]):
            t = arrive[fresh]
            me = ids[fresh]
            number = 0
            fresh += 1
        else:
            t, _, number, me = heapq.heappop(later)
        free, _, name = serving[0]
        if name >= 0:
            sorted_leave[done] = free
            sorted_ids[done] = name
            done += 1
        begin = free if free > t else t
        end = begin + unit[number * stride + me] * scale
        visit[visits] = t
        visit_ids[visits] = me
        start[visits] = begin
        leave[visits] = end
        if number + 1 < passes[me]:
            heapq.heappush(later, (end + pause[number * stride + me], visits, number + 1, int(me)))
            name = -1
        else:
            name = int(me)
        heapq.heapreplace(serving, (end, visits, name))
        visits += 1
    while len(serving) > 0:
        free, _, name = heapq.heappop(serving)
        if name >= 0:
            sorted_leave[done] = free
            sorted_ids[done] = name
            done += 1
    return visits

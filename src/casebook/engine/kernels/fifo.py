"""First come, first served with c alike servers: each visit takes the server that falls free first.

Arrivals come in time order; the popped server times are the departures in time order, so nothing is sorted.
"""

from __future__ import annotations

import heapq
import math
from typing import Any

from casebook.engine.backend import kernel


@kernel(4, 5)
def fifo_one(arrive: Any, ids: Any, unit: Any, scale: float, start: Any, leave: Any) -> None:
    """One server: a visit starts when it arrives or when the one before it leaves (Lindley's recursion).

    ``arrive`` rising, ms; ``unit[ids[k]] × scale`` is the service time of visit k; fills ``start`` and
    ``leave`` in arrival order, which is departure order as well.
    """
    free = 0.0
    for k in range(len(arrive)):
        t = arrive[k]
        if free > t:
            t = free
        start[k] = t
        free = t + unit[ids[k]] * scale
        leave[k] = free


@kernel(5, 6, 7, 8)
def fifo_few(arrive: Any, ids: Any, unit: Any, scale: float, servers: int, start: Any, leave: Any,
             sorted_leave: Any, sorted_ids: Any) -> None:
    """Two to four servers: the same as ``fifo_many``, with the row of servers in four registers.

    Free times a ≤ b ≤ c ≤ d; servers that are not there fall free at infinity. Every step is a selection
    rather than a jump, because a jump that depends on random numbers costs more than all the rest.
    """
    out = 0
    a = 0.0
    b = 0.0
    c = 0.0 if servers > 2 else math.inf
    d = 0.0 if servers > 3 else math.inf
    of_a = -1
    of_b = -1
    of_c = -1
    of_d = -1
    for k in range(len(arrive)):
        sorted_leave[out] = a
        sorted_ids[out] = of_a
        out += 1 if of_a >= 0 else 0
        t = arrive[k]
        t = a if a > t else t
        start[k] = t
        me = ids[k]
        end = t + unit[me] * scale
        leave[k] = end
        before = b <= end
        a = b if before else end
        of_a = of_b if before else me
        end = end if before else b
        me = me if before else of_b
        before = c <= end
        b = c if before else end
        of_b = of_c if before else me
        end = end if before else c
        me = me if before else of_c
        before = d <= end
        c = d if before else end
        of_c = of_d if before else me
        d = end if before else d
        of_d = me if before else of_d
    for _ in range(4):
        if of_a >= 0:
            sorted_leave[out] = a
            sorted_ids[out] = of_a
            out += 1
        a, b, c = b, c, d
        of_a, of_b, of_c, of_d = of_b, of_c, of_d, -1


@kernel(6, 7, 8, 9, 10, 11)
def fifo_many(arrive: Any, ids: Any, unit: Any, scale: float, servers: int, by_heap: int, start: Any,
              leave: Any, sorted_leave: Any, sorted_ids: Any, free: Any, who: Any) -> None:
    """``servers`` servers: fills ``start`` and ``leave`` in arrival order, and ``sorted_leave`` and
    ``sorted_ids`` in departure order.

    ``free`` and ``who`` are scratch of length ``servers``: when each server falls free, rising, and whose
    visit it finishes then. With ``by_heap`` they are kept in a binary heap instead: better for many servers
    and for plain Python. Visits that leave at the same instant do so in the order in which they came.
    """
    n = len(arrive)
    out = 0
    if by_heap == 1:
        heap = [(0.0, -1)] * servers
        for k in range(n):
            first, whose = heap[0]
            if whose >= 0:
                sorted_leave[out] = first
                sorted_ids[out] = ids[whose]
                out += 1
            t = arrive[k]
            if first > t:
                t = first
            start[k] = t
            end = t + unit[ids[k]] * scale
            leave[k] = end
            heapq.heapreplace(heap, (end, k))
        while len(heap) > 0:
            first, whose = heapq.heappop(heap)
            if whose >= 0:
                sorted_leave[out] = first
                sorted_ids[out] = ids[whose]
                out += 1
        return
    for j in range(servers):
        free[j] = 0.0
        who[j] = -1
    for k in range(n):
        first = free[0]
        if who[0] >= 0:
            sorted_leave[out] = first
            sorted_ids[out] = who[0]
            out += 1
        t = arrive[k]
        if first > t:
            t = first
        start[k] = t
        end = t + unit[ids[k]] * scale
        leave[k] = end
        me = ids[k]
        if servers <= 8:  # walk the whole row: cheaper than a jump that cannot be foreseen
            for j in range(1, servers):
                other = free[j]
                whose = who[j]
                before = other <= end
                free[j - 1] = other if before else end
                who[j - 1] = whose if before else me
                end = end if before else other
                me = me if before else whose
            free[servers - 1] = end
            who[servers - 1] = me
            continue
        j = 0
        while j + 1 < servers and free[j + 1] <= end:
            free[j] = free[j + 1]
            who[j] = who[j + 1]
            j += 1
        free[j] = end
        who[j] = me
    for j in range(servers):
        if who[j] >= 0:
            sorted_leave[out] = free[j]
            sorted_ids[out] = who[j]
            out += 1

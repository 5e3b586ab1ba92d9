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


@kernel(5, 6, 7, 8, 9, 10)
def fifo_few(arrive: Any, ids: Any, unit: Any, scale: float, servers: int, start: Any, leave: Any,
             sorted_leave: Any, sorted_ids: Any, of_server: Any, visit_of: Any) -> None:
    """Two to four servers: the same as ``fifo_many``, without a jump that depends on a random number.

    The free times a ≤ b ≤ c ≤ d are kept sorted by min and max alone; servers that are not there fall free at
    infinity. Whose departure ``a`` is, is read off ``of_server`` (free time by server, scratch of length 4) and
    ``visit_of`` (its visit, likewise); where two leave at one instant, the one that came first is taken.
    """
    out = 0
    a = 0.0
    b = 0.0
    c = 0.0 if servers > 2 else math.inf
    d = 0.0 if servers > 3 else math.inf
    of_server[0] = a
    of_server[1] = b
    of_server[2] = c
    of_server[3] = d
    for j in range(4):
        visit_of[j] = -1
    n = len(arrive)
    for k in range(n):
        second = int(of_server[1] == a)
        third = int(of_server[2] == a)
        fourth = int(of_server[3] == a)
        server = second + 2 * third + 3 * fourth
        if int(of_server[0] == a) + second + third + fourth != 1:
            server = -1
            for j in range(4):
                if of_server[j] == a and (server < 0 or visit_of[j] < visit_of[server]):
                    server = j
        visit = visit_of[server]
        sorted_leave[out] = a
        sorted_ids[out] = ids[visit]
        out += 1 if visit >= 0 else 0
        t = max(arrive[k], a)
        start[k] = t
        end = t + unit[ids[k]] * scale
        leave[k] = end
        of_server[server] = end
        visit_of[server] = k
        a = min(b, end)
        end = max(b, end)
        b = min(c, end)
        end = max(c, end)
        c = min(d, end)
        d = max(d, end)
    while out < n:  # those still in service, by time and then in the order in which they came
        server = -1
        for j in range(4):
            if visit_of[j] >= 0 and (server < 0 or of_server[j] < of_server[server] or (
                    of_server[j] == of_server[server] and visit_of[j] < visit_of[server])):
                server = j
        sorted_leave[out] = of_server[server]
        sorted_ids[out] = ids[visit_of[server]]
        visit_of[server] = -1
        out += 1


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

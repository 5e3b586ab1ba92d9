"""Priorities without interruption: a server that falls free takes the most urgent visit that waits."""

from __future__ import annotations

from typing import Any

from casebook.engine.backend import kernel


@kernel(7, 8, 9, 10, 11, 12, 13, 14, 15)
def by_priority(arrive: Any, ids: Any, rank: Any, levels: int, unit: Any, scale: float, servers: int, start: Any,
                leave: Any, sorted_leave: Any, sorted_ids: Any, behind: Any, head: Any, tail: Any, free: Any,
                who: Any) -> None:
    """``rank[ids[k]]`` from 0 (most urgent) to ``levels`` − 1; first come, first served within a rank.

    Nobody in service is interrupted. Fills ``start`` and ``leave`` in arrival order, ``sorted_leave`` and
    ``sorted_ids`` in departure order. Each rank's line is a chain: ``head`` and ``tail`` by rank, ``behind``
    by visit. A server that falls free at the instant of an arrival is given to those who waited before it.
    """
    n = len(arrive)
    out = 0
    waiting = 0
    for j in range(servers):
        free[j] = 0.0
        who[j] = -1
    for j in range(levels):
        head[j] = -1
        tail[j] = -1
    k = 0
    while k < n or waiting > 0:
        if waiting > 0 and (k >= n or free[0] <= arrive[k]):
            line = 0
            while head[line] < 0:
                line += 1
            me = head[line]
            head[line] = behind[me]
            waiting -= 1
            begin = free[0]
        elif free[0] <= arrive[k]:
            me = k
            begin = arrive[k]
            k += 1
        else:
            line = rank[ids[k]]
            behind[k] = -1
            if head[line] < 0:
                head[line] = k
            else:
                behind[tail[line]] = k
            tail[line] = k
            waiting += 1
            k += 1
            continue
        if who[0] >= 0:
            sorted_leave[out] = free[0]
            sorted_ids[out] = who[0]
            out += 1
        end = begin + unit[ids[me]] * scale
        start[me] = begin
        leave[me] = end
        j = 0
        while j + 1 < servers and free[j + 1] <= end:
            free[j] = free[j + 1]
            who[j] = who[j + 1]
            j += 1
        free[j] = end
        who[j] = ids[me]
    for j in range(servers):
        if who[j] >= 0:
            sorted_leave[out] = free[j]
            sorted_ids[out] = who[j]
            out += 1

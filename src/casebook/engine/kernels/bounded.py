"""First come, first served with limits: who finds the room full, or would wait too long, is refused at once."""

from __future__ import annotations

from typing import Any

from casebook.engine.backend import kernel


@kernel(7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
def fifo_bounded(arrive: Any, ids: Any, unit: Any, scale: float, servers: int, room: int, longest: float, kept: Any,
                 kept_ids: Any, start: Any, leave: Any, sorted_leave: Any, sorted_ids: Any, refused: Any,
                 refused_ids: Any, free: Any, who: Any) -> int:
    """``servers`` servers and ``room`` places to wait; a visit that must wait and finds no place is refused, and so
    is one that would wait more than ``longest`` ms.

    Fills ``kept`` (arrival times), ``kept_ids``, ``start`` and ``leave`` of the visits taken in, in arrival
    order, ``sorted_leave`` and ``sorted_ids`` in departure order, and ``refused`` and ``refused_ids``.
    Whoever starts at the very instant of an arrival has left his place. Returns how many were taken in.
    """
    taken = 0
    begun = 0  # visits whose service has started by now: starts never fall, so one finger is enough
    turned_away = 0
    out = 0
    for j in range(servers):
        free[j] = 0.0
        who[j] = -1
    for k in range(len(arrive)):
        t = arrive[k]
        while begun < taken and start[begun] <= t:
            begun += 1
        if free[0] > t and (taken - begun >= room or free[0] - t > longest):
            refused[turned_away] = t
            refused_ids[turned_away] = ids[k]
            turned_away += 1
            continue
        if who[0] >= 0:
            sorted_leave[out] = free[0]
            sorted_ids[out] = who[0]
            out += 1
        begin = free[0] if free[0] > t else t
        end = begin + unit[ids[k]] * scale
        kept[taken] = t
        kept_ids[taken] = ids[k]
        start[taken] = begin
        leave[taken] = end
        taken += 1
        j = 0
        while j + 1 < servers and free[j + 1] <= end:
            free[j] = free[j + 1]
            who[j] = who[j + 1]
            j += 1
        free[j] = end
        who[j] = ids[k]
    for j in range(servers):
        if who[j] >= 0:
            sorted_leave[out] = free[j]
            sorted_ids[out] = who[j]
            out += 1
    return taken

"""First come, first served while servers come and go by a rule that looks at the station every so often."""

from __future__ import annotations

import heapq
import math
from typing import Any

from casebook.engine.backend import kernel


@kernel(12, 13, 14, 15)
def autoscaled(arrive: Any, ids: Any, unit: Any, scale: float, by_queue: int, target: float, every: float, cold: float,
               least: int, most: int, cooldown: float, first: int, start: Any, leave: Any, sorted_leave: Any,
               sorted_ids: Any) -> Any:
    """An event calendar of four kinds; at one instant they come in this order: a visit ends, a server is ready,
    the rule looks, a visit arrives.

    The rule looks every ``every`` ms and wants ceil(x / ``target``) servers, between ``least`` and ``most``: x is
    the mean number of busy servers since it last looked, or with ``by_queue`` the number of visits that are there.
    Too few: servers told to go stay, then new ones start, ready ``cold`` ms later. Too many, and nothing changed
    for ``cooldown`` ms: those still starting are given up (the latest first), then idle ones go, then busy ones are
    told to go when their visit ends. Fills ``start`` and ``leave`` in arrival order, ``sorted_leave`` and
    ``sorted_ids`` in departure order. Returns three lists: from when on how many servers were ready, and how many
    with those that were starting.
    """
    n = len(arrive)
    k = 0
    begun = 0
    out = 0
    ready = first
    going = 0
    due = [0.0]
    due.pop()
    serving = [(0.0, 0)]
    serving.pop()
    looks = 1
    tick = every
    last = 0.0
    worked = 0.0
    changed = -math.inf
    log_at = [0.0]
    log_ready = [first]
    log_paid = [first]
    while out < n:
        ends = serving[0][0] if len(serving) > 0 else math.inf
        comes = due[0] if len(due) > 0 else math.inf
        now = min(ends, comes, tick)
        if k < n and arrive[k] < now:
            now = arrive[k]
        worked += len(serving) * (now - last)
        last = now
        before_ready = ready
        before_paid = ready + len(due)
        if ends == now:
            end, who = heapq.heappop(serving)
            sorted_leave[out] = end
            sorted_ids[out] = ids[who]
            out += 1
            if going > 0:
                going -= 1
                ready -= 1
        elif comes == now:
            due.pop(0)
            ready += 1
        elif tick == now:
            there = k - begun + len(serving)
            wanted = math.ceil((there if by_queue == 1 else worked / every) / target - 1e-9)
            wanted = int(max(least, min(most, wanted)))
            have = ready - going + len(due)
            if wanted > have:
                stay = min(going, wanted - have)
                going -= stay
                for _ in range(wanted - have - stay):
                    due.append(now + cold)
                changed = now
            elif wanted < have and now - changed >= cooldown:
                surplus = have - wanted
                while surplus > 0 and len(due) > 0:
                    due.pop()
                    surplus -= 1
                idle = min(surplus, ready - len(serving))
                ready -= idle
                going += surplus - idle
                changed = now
            worked = 0.0
            looks += 1
            tick = looks * every
        else:
            k += 1
        if ready != before_ready or ready + len(due) != before_paid:
            log_at.append(now)
            log_ready.append(ready)
            log_paid.append(ready + len(due))
        while begun < k and len(serving) < ready:
            finish = now + unit[ids[begun]] * scale
            start[begun] = now
            leave[begun] = finish
            heapq.heappush(serving, (finish, begun))
            begun += 1
    return log_at, log_ready, log_paid

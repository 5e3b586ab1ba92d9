"""Clients that lose patience: a visit not answered in time is sent again, while its work goes on in vain."""

from __future__ import annotations

from typing import Any

from casebook.engine.backend import kernel


@kernel(9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
def fifo_retry(arrive: Any, ids: Any, unit: Any, stride: int, scale: float, servers: int, timeout: float,
               backoff: float, tries: int, visit: Any, visit_ids: Any, start: Any, leave: Any,
               sorted_leave: Any, sorted_ids: Any, gave_up: Any, gave_up_ids: Any, again: Any, again_ids: Any,
               head: Any, tail: Any, free: Any, who: Any, counts: Any) -> None:
    """First come, first served; who is not answered ``timeout`` ms after a try sends the next ``backoff`` ms later.

    Try j (0, 1, … below ``tries``) of request i takes ``unit[j × stride + i] × scale``. The server does not
    know that nobody waits any more and does the work in vain; the last try's failure gives up. As a queue
    in order tells each visit on arrival when it will leave, the next try is known then, and tries of one
    number come in time order: ``again[j]`` is a plain row, with ``head`` and ``tail``.
    Fills ``visit`` (arrival of every try), ``visit_ids``, ``start`` and ``leave`` in arrival order,
    ``sorted_leave`` and ``sorted_ids`` of those answered in time, in departure order, ``gave_up`` and
    ``gave_up_ids``, and ``counts`` = (visits, answered in time, given up).
    """
    visits = 0
    answered = 0
    lost = 0
    fresh = 0
    n = len(arrive)
    for j in range(servers):
        free[j] = 0.0
        who[j] = -1
    for j in range(tries):
        head[j] = 0
        tail[j] = 0
    while True:
        # the next to come: a new request, or the earliest of the rows of repeats (a new one goes first)
        number = -1
        if fresh < n:
            number = 0
            t = arrive[fresh]
        for j in range(1, tries):
            if head[j] < tail[j] and (number < 0 or again[j][head[j]] < t):
                number = j
                t = again[j][head[j]]
        if number < 0:
            break
        if number == 0:
            me = ids[fresh]
            fresh += 1
        else:
            me = again_ids[number][head[number]]
            head[number] += 1
        if who[0] >= 0:
            sorted_leave[answered] = free[0]
            sorted_ids[answered] = who[0]
            answered += 1
        begin = free[0] if free[0] > t else t
        end = begin + unit[number * stride + me] * scale
        visit[visits] = t
        visit_ids[visits] = me
        start[visits] = begin
        leave[visits] = end
        visits += 1
        late = t + timeout
        name = me
        if end > late:
            name = -1  # nobody waits for this answer
            if number + 1 < tries:
                again[number + 1][tail[number + 1]] = late + backoff
                again_ids[number + 1][tail[number + 1]] = me
                tail[number + 1] += 1
            else:
                gave_up[lost] = late
                gave_up_ids[lost] = me
                lost += 1
        j = 0
        while j + 1 < servers and free[j + 1] <= end:
            free[j] = free[j + 1]
            who[j] = who[j + 1]
            j += 1
        free[j] = end
        who[j] = name
    for j in range(servers):
        if who[j] >= 0:
            sorted_leave[answered] = free[j]
            sorted_ids[answered] = who[j]
            answered += 1
    counts[0] = visits
    counts[1] = answered
    counts[2] = lost

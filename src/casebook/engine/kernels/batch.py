"""Dynamic batching: a server takes several waiting visits at once, after waiting for more a little while."""

from __future__ import annotations

from typing import Any

from casebook.engine.backend import kernel


@kernel(7, 8, 9, 10, 11, 12, 13, 14, 15)
def dynamic_batch(arrive: Any, ids: Any, fixed: float, per_item: float, max_batch: int, max_wait: float,
                  servers: int, start: Any, leave: Any, sorted_leave: Any, sorted_ids: Any, batch_start: Any,
                  batch_leave: Any, free: Any, first_of: Any, size_of: Any) -> int:
    """A batch starts at max(server free, min(first + ``max_wait``, arrival number ``max_batch``)).

    It takes every visit that is there at that instant, up to ``max_batch``, and n visits take
    ``fixed + per_item × n`` ms. Fills ``start`` and ``leave`` in arrival order, ``sorted_leave`` and
    ``sorted_ids`` in departure order, and one ``batch_start`` and ``batch_leave`` a batch; ``free``,
    ``first_of`` and ``size_of`` are scratch of length ``servers``. Returns the number of batches.
    """
    n = len(arrive)
    for j in range(servers):
        free[j] = 0.0
        size_of[j] = 0
        first_of[j] = 0
    out = 0
    batches = 0
    i = 0
    while i < n:
        for k in range(first_of[0], first_of[0] + size_of[0]):
            sorted_leave[out] = free[0]
            sorted_ids[out] = ids[k]
            out += 1
        begin = arrive[i] + max_wait
        last = i + max_batch - 1
        if last < n and arrive[last] < begin:
            begin = arrive[last]
        if free[0] > begin:
            begin = free[0]
        size = 1
        while size < max_batch and i + size < n and arrive[i + size] <= begin:
            size += 1
        end = begin + (fixed + per_item * size)
        for k in range(i, i + size):
            start[k] = begin
            leave[k] = end
        batch_start[batches] = begin
        batch_leave[batches] = end
        batches += 1
        j = 0
        while j + 1 < servers and free[j + 1] <= end:
            free[j] = free[j + 1]
            first_of[j] = first_of[j + 1]
            size_of[j] = size_of[j + 1]
            j += 1
        free[j] = end
        first_of[j] = i
        size_of[j] = size
        i += size
    for j in range(servers):
        for k in range(first_of[j], first_of[j] + size_of[j]):
            sorted_leave[out] = free[j]
            sorted_ids[out] = ids[k]
            out += 1
    return batches

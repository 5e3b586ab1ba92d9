"""Splitting, merging and measuring streams of visits; all linear in the number of visits."""

from __future__ import annotations

from typing import Any

from casebook.engine.backend import kernel


@kernel(5, 6)
def pick(times: Any, ids: Any, draws: Any, low: float, high: float, out_times: Any, out_ids: Any) -> int:
    """Keep the visits whose request drew a number in [low, high), in order; returns how many."""
    count = 0
    for k in range(len(times)):
        id = ids[k]
        u = draws[id]
        out_times[count] = times[k]  # written in any case and kept or overwritten: no jump on a random number
        out_ids[count] = id
        count += 1 if low <= u < high else 0
    return count


@kernel(4, 5)
def merge(times_a: Any, ids_a: Any, times_b: Any, ids_b: Any, out_times: Any, out_ids: Any) -> None:
    """Merge two streams in time order; at the same instant the earlier request goes first."""
    i = 0
    j = 0
    na = len(times_a)
    nb = len(times_b)
    for k in range(na + nb):
        take_a = j >= nb
        if not take_a and i < na:
            take_a = times_a[i] < times_b[j] or (times_a[i] == times_b[j] and ids_a[i] <= ids_b[j])
        if take_a:
            out_times[k] = times_a[i]
            out_ids[k] = ids_a[i]
            i += 1
        else:
            out_times[k] = times_b[j]
            out_ids[k] = ids_b[j]
            j += 1


@kernel(3, 4)
def in_order(times: Any, ids: Any, most: int, out_times: Any, out_ids: Any) -> int:
    """Put visits in the order of ``times``, those of one instant in the order in which they came: returns 1.

    Each is moved past those that leave later: little work where few overtake one another, as behind a delay. More
    than ``most`` moves in all are not made: returns 0, and the outputs hold nothing.
    """
    moves = 0
    for k in range(len(times)):
        t = times[k]
        j = k
        while j > 0 and out_times[j - 1] > t:
            out_times[j] = out_times[j - 1]
            out_ids[j] = out_ids[j - 1]
            j -= 1
        moves += k - j
        if moves > most:
            return 0
        out_times[j] = t
        out_ids[j] = ids[k]
    return 1


@kernel(3)
def finish(times: Any, ids: Any, arrived: Any, sojourn: Any) -> None:
    """Write down for each request that leaves the system how long it was in it."""
    for k in range(len(times)):
        sojourn[ids[k]] = times[k] - arrived[ids[k]]


@kernel()
def overlap(begin: Any, end: Any, low: float, high: float) -> float:
    """Sum of the parts of the intervals [begin, end] that lie in [low, high]."""
    total = 0.0
    for k in range(len(begin)):
        b = begin[k]
        e = end[k]
        if b < low:
            b = low
        if e > high:
            e = high
        if e > b:
            total += e - b
    return total

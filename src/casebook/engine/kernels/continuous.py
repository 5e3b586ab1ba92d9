"""Continuous batching: requests join and leave between the steps of a server that works on all of them at once."""

from __future__ import annotations

from typing import Any

from casebook.engine.backend import kernel

_WIDE = 2147483648  # a key is steps × 2³¹ + visit: ordered by steps, then by who came first


def _push(heap: Any, low: int, size: Any, server: int, key: int) -> None:
    # a binary heap in heap[low:]; size[server] is how many keys it holds
    at = size[server]
    size[server] = at + 1
    while at > 0:
        above = (at - 1) // 2
        if heap[low + above] <= key:
            break
        heap[low + at] = heap[low + above]
        at = above
    heap[low + at] = key


def _pop(heap: Any, low: int, size: Any, server: int) -> Any:
    first = heap[low]
    left = size[server] - 1
    size[server] = left
    key = heap[low + left]
    at = 0
    while 2 * at + 1 < left:
        below = 2 * at + 1
        if below + 1 < left and heap[low + below + 1] < heap[low + below]:
            below += 1
        if heap[low + below] >= key:
            break
        heap[low + at] = heap[low + below]
        at = below
    heap[low + at] = key
    return first


@kernel(8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, helpers=(_push, _pop))
def continuous_batch(arrive: Any, ids: Any, tokens: Any, prefill: Any, fixed: float, per_item: float, slots: int,
                     servers: int, start: Any, first: Any, leave: Any, sorted_leave: Any, sorted_ids: Any,
                     busy_from: Any, busy_until: Any, heap: Any, size: Any, counted: Any, anchor: Any,
                     anchor_count: Any, step: Any, spell: Any) -> int:
    """A step of n requests takes ``fixed + per_item × n`` ms, and ``prefill`` ms more for each that joins in it.

    Visit k stays for ``tokens[ids[k]]`` steps, one token each, and joins at the first step boundary, in order
    of arrival, at which a server has one of its ``slots`` free. Between two changes of who is in, all steps
    are alike: with the first of them beginning at ``anchor``, the j-th ends at anchor + j × step, so whole
    runs of steps are one jump. Fills ``start`` (boundary at which a visit joined), ``first`` (end of its
    first step) and ``leave`` in arrival order, ``sorted_leave`` and ``sorted_ids`` in departure order, and
    the times during which a server had work. ``heap`` (servers × slots) holds who leaves at which step,
    ``size`` how many are in, ``counted`` the steps done; they and the rest are scratch, one place a server.
    Of two servers at one instant the first acts first. Returns the number of busy times.
    """
    n = len(arrive)
    head = 0
    out = 0
    spells = 0
    for j in range(servers):
        size[j] = 0
        counted[j] = 0
        anchor[j] = 0.0
        anchor_count[j] = 0
        step[j] = 0.0
        spell[j] = 0
    while out < n:
        # the boundary that comes first: one at which somebody leaves, or one at which the next in line can join
        best = -1
        at = 0.0
        count = 0
        for j in range(servers):
            if size[j] > 0:
                mine = heap[j * slots] // _WIDE
                when = anchor[j] + (mine - anchor_count[j]) * step[j]
                if head < n and size[j] < slots and arrive[head] < when:
                    t = arrive[head]
                    steps = int((t - anchor[j]) / step[j])
                    if steps < counted[j] + 1 - anchor_count[j]:
                        steps = counted[j] + 1 - anchor_count[j]
                    while anchor[j] + steps * step[j] < t:
                        steps += 1
                    while steps > counted[j] + 1 - anchor_count[j] and anchor[j] + (steps - 1) * step[j] >= t:
                        steps -= 1
                    if anchor_count[j] + steps < mine:
                        mine = anchor_count[j] + steps
                        when = anchor[j] + steps * step[j]
            elif head < n:
                mine = counted[j]
                when = arrive[head]
            else:
                continue
            if best < 0 or when < at:
                best = j
                at = when
                count = mine
        low = best * slots
        if size[best] == 0:
            busy_from[spells] = at
            spell[best] = spells
            spells += 1
        while size[best] > 0 and heap[low] // _WIDE == count:
            k = _pop(heap, low, size, best) % _WIDE
            leave[k] = at
            sorted_leave[out] = at
            sorted_ids[out] = ids[k]
            out += 1
        more = 0.0
        oldest = head
        while head < n and size[best] < slots and arrive[head] <= at:
            start[head] = at
            more += prefill[ids[head]]
            _push(heap, low, size, best, (count + int(tokens[ids[head]])) * _WIDE + head)
            head += 1
        counted[best] = count
        if size[best] == 0:
            busy_until[spell[best]] = at
            continue
        step[best] = fixed + per_item * size[best]
        if head > oldest:  # a step with newcomers is timed by itself
            at += step[best] + more
            count += 1
            for k in range(oldest, head):
                first[k] = at
        anchor[best] = at
        anchor_count[best] = count
    return spells

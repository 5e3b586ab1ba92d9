"""Slow plain references, each written from the definition of what its kernel computes, not from the kernel."""

from __future__ import annotations

import heapq
import math

HOUR = 3_600_000.0


def fifo(arrive, service, servers):
    """Start and leave times: minute by minute there is only 'who is being served' and 'who waits'."""
    start, leave = [], []
    for k, (t, s) in enumerate(zip(arrive, service, strict=True)):
        # the earliest instant not before t (nor before the one ahead starts) at which fewer than c are served
        candidates = sorted({max(t, start[-1] if start else t), *[x for x in leave if x > t]})
        for instant in candidates:
            if instant >= (start[-1] if start else t) and sum(
                    b <= instant < e for b, e in zip(start, leave, strict=True)) < servers:
                break
        start.append(instant)
        leave.append(instant + s)
        assert len(start) == k + 1
    return start, leave


def batches(arrive, fixed, per_item, most, patience, servers):
    """Start and leave of each visit, and the list of batches (start, leave, members)."""
    start, leave, made = {}, {}, []
    waiting = list(range(len(arrive)))
    while waiting:
        head = waiting[0]
        in_hand = sorted((e for _, e, _ in made), reverse=True)
        free = in_hand[servers - 1] if len(in_hand) >= servers else 0.0
        full = arrive[waiting[most - 1]] if len(waiting) >= most else math.inf
        begin = max(free, min(arrive[head] + patience, full))
        members = [k for k in waiting[:most] if arrive[k] <= begin]
        end = begin + (fixed + per_item * len(members))
        made.append((begin, end, members))
        for k in members:
            start[k], leave[k] = begin, end
        waiting = waiting[len(members):]
    order = range(len(arrive))
    return [start[k] for k in order], [leave[k] for k in order], made


def is_open(t, hours):
    """Whether the clock time t (ms since Monday 00:00) is staffed."""
    day, rest = divmod(t, 24 * HOUR)
    return day % 7 < hours.days_per_week and hours.open_hour * HOUR <= rest < (
        hours.open_hour + hours.hours_per_day) * HOUR


def work_until(t, minutes, hours):
    """Clock time (whole minutes) at which ``minutes`` staffed minutes from minute t have passed."""
    while minutes > 0:
        if is_open(t * 60_000.0, hours):
            minutes -= 1
        t += 1
    return t


def arrivals_by_rate(unit, edges, rates):
    """Times at which the area under a piecewise constant rate reaches each unit: by walking the area."""
    out = []
    for target in unit:
        area, j = 0.0, 0
        while area + rates[j] * (edges[j + 1] - edges[j]) < target:
            area += rates[j] * (edges[j + 1] - edges[j])
            j += 1
        out.append(edges[j] + (target - area) / rates[j])
    return out


def bounded(arrive, service, servers, room):
    """Start and leave of each visit, None for one refused: at its arrival it counts who waits and who is served."""
    start, leave = [], []
    for t, s in zip(arrive, service, strict=True):
        taken = [(b, e) for b, e in zip(start, leave, strict=True) if b is not None]
        waiting = sum(b > t for b, _ in taken)
        serving = sum(b <= t < e for b, e in taken)
        if serving == servers and waiting >= room:
            start.append(None)
            leave.append(None)
            continue
        inner_start, _ = fifo([*[a for a, b in zip(arrive, start, strict=False) if b is not None], t],
                              [*[e - b for b, e in taken], s], servers)
        start.append(inner_start[-1])
        leave.append(inner_start[-1] + s)
    return start, leave


def short_waits(arrive, service, servers, longest):
    """Start and leave of each visit, None for one who would wait more than ``longest``: each newcomer tries what
    would become of him behind those who stayed."""
    start, leave = [], []
    for t, s in zip(arrive, service, strict=True):
        stayed = [k for k, b in enumerate(start) if b is not None]
        tried, _ = fifo([*[arrive[k] for k in stayed], t], [*[service[k] for k in stayed], s], servers)
        stays = tried[-1] - t <= longest
        start.append(tried[-1] if stays else None)
        leave.append(tried[-1] + s if stays else None)
    return start, leave


def impatient(arrive, service_of, servers, timeout, backoff, tries):
    """Tries in the order of arrival as (arrival, request, start, leave, answered in time); from an event list."""
    coming = [(t, 0, i) for i, t in enumerate(arrive)]
    heapq.heapify(coming)
    arrived, services, seen = [], [], []
    while coming:
        t, number, i = heapq.heappop(coming)
        arrived.append(t)
        services.append(service_of(number, i))
        start, leave = fifo(arrived, services, servers)
        answered = leave[-1] - t <= timeout
        seen.append((t, i, start[-1], leave[-1], answered))
        if not answered and number + 1 < tries:
            heapq.heappush(coming, (t + timeout + backoff, number + 1, i))
    return seen


def ranked(arrive, service, rank, servers):
    """Start and leave times by an event list: whenever a server is free, the most urgent who is there starts."""
    n = len(arrive)
    start, leave = [None] * n, [None] * n
    instants = sorted(arrive)
    while None in start:
        now = instants.pop(0)
        while True:
            busy = sum(b is not None and b <= now < e for b, e in zip(start, leave, strict=True))
            there = [k for k in range(n) if arrive[k] <= now and start[k] is None]
            if busy == servers or not there:
                break
            k = min(there, key=lambda k: (rank[k], k))
            start[k], leave[k] = now, now + service[k]
            instants.append(leave[k])
            instants.sort()
    return start, leave


def token_steps(arrive, tokens, prefill, fixed, per_item, slots, servers):
    """Start, first token and leave of each visit, and who left in which order: one step at a time.

    The j-th of a run of alike steps ends at the run's beginning + j × step, so that roundings are the engine's.
    """
    start, first, leave, order = {}, {}, {}, []
    waiting = list(range(len(arrive)))
    left = [{} for _ in range(servers)]  # by server: visit → tokens that it still has to write
    end, base, alike = [math.inf] * servers, [0.0] * servers, [0] * servers
    while len(leave) < len(arrive):
        if waiting:  # an idle server can begin when the next in line is there
            end = [e if inside else arrive[waiting[0]] for e, inside in zip(end, left, strict=True)]
        now = min(end)
        mine = end.index(now)
        inside, changed = left[mine], False
        for k in sorted(inside):
            inside[k] -= 1
            first.setdefault(k, now)
            if inside[k] == 0:
                del inside[k]
                leave[k], changed = now, True
                order.append(k)
        reading, joined = 0.0, False
        while waiting and arrive[waiting[0]] <= now and len(inside) < slots:
            k = waiting.pop(0)
            start[k], inside[k], joined = now, tokens[k], True
            reading += prefill[k]
        step = fixed + per_item * len(inside)
        if not inside:
            end[mine] = math.inf
        elif joined:
            end[mine] = base[mine] = now + (step + reading)
            alike[mine] = 0
        else:
            if changed:
                base[mine], alike[mine] = now, 0
            alike[mine] += 1
            end[mine] = base[mine] + alike[mine] * step
    every = range(len(arrive))
    return [start[k] for k in every], [first[k] for k in every], [leave[k] for k in every], order


def instances(arrive, service, cold, keep, limit):
    """Start and leave of each visit (None: refused), from a list of instances and what each did last."""
    pool, start, leave = [], [], []
    for t, s in zip(arrive, service, strict=True):
        if limit and sum(end > t for end in pool) >= limit:
            start.append(None)
            leave.append(None)
            continue
        warm = [end for end in pool if end <= t <= end + keep]
        begin = t + (0.0 if warm else cold)
        if warm:
            pool.remove(max(warm))
        pool.append(begin + s)
        start.append(begin)
        leave.append(begin + s)
    return start, leave

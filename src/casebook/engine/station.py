"""One station: runs the visits that come to it and keeps what is needed to report on them."""

from __future__ import annotations

import math

import numpy as np

from casebook.engine.autoscale import run_autoscaled
from casebook.engine.backend import backend
from casebook.engine.buffers import empty
from casebook.engine.component import Component
from casebook.engine.continuous import run_continuous
from casebook.engine.inversion import Floats
from casebook.engine.kernels.batch import dynamic_batch
from casebook.engine.kernels.bounded import fifo_bounded
from casebook.engine.kernels.fifo import fifo_few, fifo_many, fifo_one
from casebook.engine.kernels.flow import in_order
from casebook.engine.kernels.priority import by_priority
from casebook.engine.kernels.retry import fifo_retry
from casebook.engine.kernels.serverless import serverless
from casebook.engine.outage import through_outages
from casebook.engine.repeat import Again, run_again
from casebook.engine.services import ContinuousBatch, Delay, DynamicBatch, Retry, Serverless
from casebook.engine.visits import Ids, Visits

_MOST_BY_SHIFTING = 64  # beyond this many servers a heap is faster than a sorted row
_MOST_MOVES = 64  # beyond so many a visit, those who overtake one another behind a delay are sorted from scratch


def run_station(component: Component, arrive: Floats, ids: Ids, unit: Floats, rank: Ids | None = None, *,
                seed: int = 0, again: Again | None = None) -> Visits:
    """Run the visits ``arrive`` (rising, ms) of requests ``ids`` through ``component``.

    ``unit[ids[k]]`` is the service time of visit k in units of its mean (unused by batching), ``rank[ids[k]]``
    its place in the order of urgency (used where a station serves by priority), ``seed`` draws the station's
    breakdowns and ``again`` says how often its visitors come back.
    """
    if component.outages is not None:
        return through_outages(component.outages, component.id, seed, arrive, ids,
                               lambda opened, kept: _run_up(component, opened, kept, unit, rank))
    if component.repeat is not None and again is not None:
        return run_again(again, float(component.service.mean_ms), component.servers, arrive, ids, unit)
    return _run_up(component, arrive, ids, unit, rank)


def _run_up(component: Component, arrive: Floats, ids: Ids, unit: Floats, rank: Ids | None) -> Visits:
    if component.order == "priority" and rank is not None and rank.max(initial=0) > 0:
        return _run_ranked(component, arrive, ids, unit, rank)
    if component.calendar is None:
        return _run(component, arrive, ids, unit)
    hours = component.calendar
    opened = hours.open_ms(arrive)
    inside = _run(component, opened, ids, unit)
    opening = hours.clock_ms(opened, closing=False)
    opening = np.where(opening - arrive < 1e-3, arrive, opening)  # under a microsecond: it was open
    at_once = inside.start == opened
    start = np.where(at_once, opening, hours.clock_ms(inside.start, closing=False))
    closing = bool(component.service.mean_ms > 0.0)
    return Visits(ids, arrive, start, np.maximum(start, hours.clock_ms(inside.leave, closing=closing)),
                  np.maximum.accumulate(hours.clock_ms(inside.sorted_leave, closing=closing)),
                  inside.sorted_ids, inside.busy_from, inside.busy_until)


def _run(component: Component, arrive: Floats, ids: Ids, unit: Floats) -> Visits:
    service, n = component.service, len(arrive)
    if isinstance(service, DynamicBatch):
        return _run_batches(component, service, arrive, ids)
    if isinstance(service, ContinuousBatch):
        return run_continuous(component, service, arrive, ids, unit)
    mean_ms = float(service.mean_ms)
    if isinstance(service, Delay):
        leave = arrive + unit[ids] * mean_ms
        in_time, their_ids = empty(n), empty(n, np.int32)
        if backend() != "python" and in_order(leave, ids, _MOST_MOVES * n, in_time, their_ids):
            return Visits(ids, arrive, arrive, leave, in_time, their_ids, arrive[:0], arrive[:0])
        order = np.argsort(leave, kind="stable")
        return Visits(ids, arrive, arrive, leave, leave[order], ids[order], arrive[:0], arrive[:0])
    if isinstance(service, Serverless):
        return _run_instances(service, arrive, ids, unit)
    if component.queue_limit is not None or component.wait_limit_ms is not None:
        return _run_bounded(component, mean_ms, arrive, ids, unit)
    if component.retry is not None:
        return _run_impatient(component, component.retry, mean_ms, arrive, ids, unit)
    if component.scaling is not None:
        return run_autoscaled(component.id, component.scaling, component.servers, mean_ms, arrive, ids, unit)
    start, leave = empty(n), empty(n)
    servers = min(component.servers, max(n, 1))
    if servers == 1:
        fifo_one(arrive, ids, unit, mean_ms, start, leave)
        return Visits(ids, arrive, start, leave, leave, ids, start, leave)
    sorted_leave, sorted_ids = empty(n), empty(n, np.int32)
    plain = backend() == "python"
    if servers <= 4 and not plain:
        fifo_few(arrive, ids, unit, mean_ms, servers, start, leave, sorted_leave, sorted_ids, np.empty(4),
                 np.empty(4, np.int32))
        return Visits(ids, arrive, start, leave, sorted_leave, sorted_ids, start, leave)
    by_heap = 1 if plain or servers > _MOST_BY_SHIFTING else 0
    fifo_many(arrive, ids, unit, mean_ms, servers, by_heap, start, leave, sorted_leave,
              sorted_ids, np.empty(servers), np.empty(servers, np.int32))
    return Visits(ids, arrive, start, leave, sorted_leave, sorted_ids, start, leave)


def _run_batches(component: Component, service: DynamicBatch, arrive: Floats, ids: Ids) -> Visits:
    n = len(arrive)
    servers = min(component.servers, max(n, 1))
    start, leave, sorted_leave, begins, ends = (empty(n) for _ in range(5))
    sorted_ids = empty(n, np.int32)
    batches = dynamic_batch(
        arrive, ids, float(service.fixed_ms), float(service.per_item_ms), int(service.max_batch),
        float(service.max_wait_ms), servers, start, leave, sorted_leave, sorted_ids, begins, ends,
        np.empty(servers), np.empty(servers, np.int64), np.empty(servers, np.int64))
    return Visits(ids, arrive, start, leave, sorted_leave, sorted_ids,
                  begins[:batches].copy(), ends[:batches].copy())


def _run_bounded(component: Component, mean_ms: float, arrive: Floats, ids: Ids, unit: Floats) -> Visits:
    n = len(arrive)
    room = n if component.queue_limit is None else component.queue_limit
    longest = math.inf if component.wait_limit_ms is None else float(component.wait_limit_ms)
    servers = min(component.servers, max(n, 1))
    kept, start, leave, sorted_leave, refused = (empty(n) for _ in range(5))
    kept_ids, sorted_ids, refused_ids = (empty(n, np.int32) for _ in range(3))
    taken = fifo_bounded(arrive, ids, unit, mean_ms, servers, room, longest, kept, kept_ids, start, leave, sorted_leave,
                         sorted_ids, refused, refused_ids, np.empty(servers), np.empty(servers, np.int32))
    start, leave = start[:taken], leave[:taken]
    return Visits(kept_ids[:taken], kept[:taken], start, leave, sorted_leave[:taken], sorted_ids[:taken], start,
                  leave, refused[: n - taken], refused_ids[: n - taken])


def _run_impatient(component: Component, patience: Retry, mean_ms: float, arrive: Floats, ids: Ids,
                   unit: Floats) -> Visits:
    n, tries = len(arrive), int(patience.tries)
    most = n * tries
    visit, start, leave = (empty(most) for _ in range(3))
    visit_ids = empty(most, np.int32)
    sorted_leave, gave_up = empty(n), empty(n)
    sorted_ids, gave_up_ids = empty(n, np.int32), empty(n, np.int32)
    counts = np.zeros(3, np.int64)
    servers = min(component.servers, max(most, 1))
    fifo_retry(arrive, ids, unit, len(unit) // tries, mean_ms, servers, float(patience.timeout_ms),
               float(patience.backoff_ms), tries, visit, visit_ids, start, leave, sorted_leave, sorted_ids, gave_up,
               gave_up_ids, np.empty((tries, n)), np.empty((tries, n), np.int32), np.empty(tries, np.int64),
               np.empty(tries, np.int64), np.empty(servers), np.empty(servers, np.int32), counts)
    visits, answered, lost = (int(c) for c in counts)
    # copies, because a run is kept and most of the room for everybody's last try is never used
    start, leave = start[:visits].copy(), leave[:visits].copy()
    return Visits(visit_ids[:visits].copy(), visit[:visits].copy(), start, leave, sorted_leave[:answered],
                  sorted_ids[:answered], start, leave, gave_up_ids=gave_up_ids[:lost].copy())


def _run_ranked(component: Component, arrive: Floats, ids: Ids, unit: Floats, rank: Ids) -> Visits:
    n, levels = len(arrive), int(rank.max()) + 1
    servers = min(component.servers, max(n, 1))
    start, leave, sorted_leave = (empty(n) for _ in range(3))
    sorted_ids = empty(n, np.int32)
    by_priority(arrive, ids, rank, levels, unit, float(component.service.mean_ms), servers, start, leave, sorted_leave,
                sorted_ids, empty(n, np.int64), np.empty(levels, np.int64), np.empty(levels, np.int64),
                np.empty(servers), np.empty(servers, np.int32))
    return Visits(ids, arrive, start, leave, sorted_leave, sorted_ids, start, leave)


def _run_instances(service: Serverless, arrive: Floats, ids: Ids, unit: Floats) -> Visits:
    n = len(arrive)
    kept, start, leave, refused = (empty(n) for _ in range(4))
    kept_ids, refused_ids = empty(n, np.int32), empty(n, np.int32)
    taken = serverless(arrive, ids, unit, float(service.mean_ms), float(service.cold_ms), service.keep_alive_s * 1000.0,
                       int(service.max_instances or 0), kept, kept_ids, start, leave, refused, refused_ids, empty(n))
    kept_ids, leave = kept_ids[:taken], leave[:taken]
    order = np.argsort(leave, kind="stable")
    return Visits(kept_ids, kept[:taken], start[:taken], leave, leave[order], kept_ids[order], arrive[:0], arrive[:0],
                  refused[: n - taken], refused_ids[: n - taken])

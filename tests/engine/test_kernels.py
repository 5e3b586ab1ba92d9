"""Each kernel against its slow reference, and numba against plain Python bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.engine import Component, Delay, DynamicBatch, Exponential, Retry, Serverless, StaffedHours, workload
from casebook.engine.backend import backend, using
from casebook.engine.kernels.flow import finish, in_order, merge, overlap, pick
from casebook.engine.quantile import order_statistics
from casebook.engine.staffed import HOUR_MS
from casebook.engine.station import run_station
from tests.engine import reference

times = st.lists(st.floats(0.0, 50.0), min_size=1, max_size=40)
BACKENDS = ["numba", "python"] if backend() == "numba" else ["python"]


@pytest.fixture(params=BACKENDS)
def engine(request):
    with using(request.param):
        yield request.param


def cumulated(gaps):
    return np.cumsum(np.array(gaps))


def run(component, arrive, service):
    return run_station(component, arrive, np.arange(len(arrive), dtype=np.int32), np.array(service))


@pytest.mark.parametrize("servers", [1, 2, 3, 4, 6, 9, 70])
def test_fifo_is_what_its_definition_says(engine, servers):
    random = np.random.default_rng(servers)
    for size in (1, 2, 60):
        arrive = np.cumsum(random.exponential(1.0, size))
        service = random.exponential(0.9 * min(servers, 7), size)
        visits = run(Component("a", servers, Exponential(1.0)), arrive, service)
        start, leave = reference.fifo(arrive.tolist(), service.tolist(), servers)
        assert visits.start.tolist() == start
        assert visits.leave.tolist() == leave
        assert visits.sorted_leave.tolist() == sorted(leave)
        assert visits.sorted_ids.tolist() == sorted(range(size), key=lambda k: leave[k])


@pytest.mark.parametrize("scatter", [0.0, 0.5, 3.0, 400.0])
def test_a_delay_lets_them_out_in_order_of_time_and_of_coming(engine, scatter):
    random = np.random.default_rng(int(scatter))
    arrive = np.repeat(np.arange(60.0), 5)
    ids = random.permutation(300).astype(np.int32)
    times_ms = np.round(scatter * random.random(300))
    visits = run_station(Component("a", 1, Delay(Exponential(1.0))), arrive, ids, times_ms)
    expected = sorted(range(300), key=lambda k: (visits.leave[k], k))
    assert visits.sorted_ids.tolist() == ids[expected].tolist()
    assert visits.sorted_leave.tolist() == sorted(visits.leave.tolist())


def test_putting_in_order_stops_when_it_takes_too_many_moves(engine):
    times, ids = np.array([4.0, 3.0, 3.0, 1.0]), np.array([7, 5, 6, 9], np.int32)
    out, named = np.empty(4), np.empty(4, np.int32)
    assert in_order(times, ids, 5, out, named) == 1
    assert (out.tolist(), named.tolist()) == ([1.0, 3.0, 3.0, 4.0], [9, 5, 6, 7])
    assert in_order(times, ids, 4, out, named) == 0


@pytest.mark.parametrize("servers", [2, 3, 4, 6, 9, 70])
def test_who_leaves_at_one_instant_leaves_in_the_order_of_coming(engine, servers):
    arrive = np.repeat(np.arange(30.0), 4)
    ids = np.arange(119, -1, -1, dtype=np.int32)  # the station's order is not that of the requests' numbers
    visits = run_station(Component("a", servers, Exponential(1.0)), arrive, ids, np.repeat([2.0, 1.0], 60))
    expected = sorted(range(120), key=lambda k: (visits.leave[k], k))
    assert visits.sorted_ids.tolist() == ids[expected].tolist()
    assert visits.sorted_leave.tolist() == sorted(visits.leave.tolist())


@pytest.mark.parametrize("servers", [1, 2, 5])
@pytest.mark.parametrize("patience", [0.0, 0.7, 30.0])
@pytest.mark.parametrize("most", [1, 3, 8])
def test_batching_is_what_its_definition_says(engine, servers, patience, most):
    random = np.random.default_rng(servers)
    for pace in (0.2, 1.0, 5.0):
        arrive = np.cumsum(random.exponential(pace, 60))
        visits = run(Component("a", servers, DynamicBatch(2.0, 0.3, most, patience)), arrive, [])
        start, leave, made = reference.batches(arrive.tolist(), 2.0, 0.3, most, patience, servers)
        assert visits.start.tolist() == start
        assert visits.leave.tolist() == leave
        assert visits.busy_from.tolist() == [b for b, _, _ in made]
        assert visits.busy_until.tolist() == [e for _, e, _ in made]
        assert visits.sorted_leave.tolist() == sorted(leave)
        assert [leave[k] for k in visits.sorted_ids] == sorted(leave)


@pytest.mark.parametrize("servers", [1, 2, 5])
@pytest.mark.parametrize("room", [0, 1, 4])
def test_a_full_queue_refuses_as_its_definition_says(engine, servers, room):
    random = np.random.default_rng(room)
    arrive = np.cumsum(random.exponential(1.0, 60))
    service = random.exponential(1.5 * servers, 60)
    visits = run(Component("a", servers, Exponential(1.0), queue_limit=room), arrive, service)
    start, leave = reference.bounded(arrive.tolist(), service.tolist(), servers, room)
    taken = [k for k in range(60) if start[k] is not None]
    assert visits.ids.tolist() == taken
    assert visits.start.tolist() == pytest.approx([start[k] for k in taken])
    assert visits.leave.tolist() == pytest.approx([leave[k] for k in taken])
    assert visits.refused_ids.tolist() == [k for k in range(60) if start[k] is None]
    assert visits.refused.tolist() == [arrive[k] for k in range(60) if start[k] is None]
    assert 0 < len(taken) < 60
    assert visits.sorted_leave.tolist() == sorted(visits.leave.tolist())


@pytest.mark.parametrize("servers", [1, 2, 5])
def test_a_wait_too_long_is_refused_as_its_definition_says(engine, servers):
    random = np.random.default_rng(servers)
    arrive = np.cumsum(random.exponential(1.0, 80))
    service = random.exponential(1.5 * servers, 80)
    visits = run(Component("a", servers, Exponential(1.0), wait_limit_ms=1.2), arrive, service)
    start, leave = reference.short_waits(arrive.tolist(), service.tolist(), servers, 1.2)
    taken = [k for k in range(80) if start[k] is not None]
    assert visits.ids.tolist() == taken
    assert visits.start.tolist() == [start[k] for k in taken]
    assert visits.leave.tolist() == [leave[k] for k in taken]
    assert visits.refused_ids.tolist() == [k for k in range(80) if start[k] is None]
    assert visits.sorted_leave.tolist() == sorted(visits.leave.tolist())
    assert 0 < len(taken) < 80
    assert 0.0 < (visits.start - visits.arrive).max() <= 1.2


@pytest.mark.parametrize("servers", [1, 3])
@pytest.mark.parametrize(("timeout", "backoff", "tries"), [(2.0, 0.0, 3), (1.5, 1.0, 2), (4.0, 0.3, 1), (0.8, 0.1, 6)])
def test_lost_patience_is_what_its_definition_says(engine, servers, timeout, backoff, tries):
    random = np.random.default_rng(tries)
    arrive = np.cumsum(random.exponential(1.0, 40))
    unit = random.exponential(0.5 * servers, 40 * tries)
    component = Component("a", servers, Exponential(1.0), retry=Retry(timeout, tries, backoff))
    visits = run(component, arrive, unit)
    seen = reference.impatient(arrive.tolist(), lambda j, i: unit[j * 40 + i], servers, timeout, backoff, tries)
    assert visits.arrive.tolist() == [t for t, *_ in seen]
    assert visits.ids.tolist() == [i for _, i, *_ in seen]
    assert visits.start.tolist() == [start for *_, start, _, _ in seen]
    assert visits.leave.tolist() == [leave for *_, leave, _ in seen]
    answered = sorted((leave, i) for _, i, _, leave, ok in seen if ok)
    assert list(zip(visits.sorted_leave.tolist(), visits.sorted_ids.tolist(), strict=True)) == answered
    assert sorted(visits.gave_up_ids.tolist()) == sorted(set(range(40)) - {i for _, i in answered})
    assert len(answered) > 0
    assert len(seen) > 40 or tries == 1


@pytest.mark.parametrize("servers", [1, 2, 6])
@pytest.mark.parametrize("levels", [1, 2, 4])
def test_urgency_is_what_its_definition_says(engine, servers, levels):
    random = np.random.default_rng(levels)
    arrive = np.cumsum(random.exponential(1.0, 60))
    service = random.exponential(1.1 * servers, 60)
    rank = random.integers(0, levels, 60).astype(np.int32)
    visits = run_station(Component("a", servers, Exponential(1.0), order="priority"), arrive,
                         np.arange(60, dtype=np.int32), service, rank)
    start, leave = reference.ranked(arrive.tolist(), service.tolist(), rank.tolist(), servers)
    assert visits.start.tolist() == start
    assert visits.leave.tolist() == leave
    assert visits.sorted_leave.tolist() == sorted(leave)
    assert visits.sorted_ids.tolist() == sorted(range(60), key=lambda k: leave[k])


@pytest.mark.parametrize("keep_s", [0.0, 0.0008, 0.003, 9.0])
@pytest.mark.parametrize("limit", [None, 1, 3])
def test_instances_are_what_their_definition_says(engine, keep_s, limit):
    random = np.random.default_rng(3)
    arrive = np.cumsum(random.exponential(1.0, 80))
    service = random.exponential(1.5, 80)
    visits = run(Component("a", 1, Serverless(Exponential(1.0), 2.5, keep_s, limit)), arrive, service)
    start, leave = reference.instances(arrive.tolist(), service.tolist(), 2.5, keep_s * 1000.0, limit)
    taken = [k for k in range(80) if start[k] is not None]
    assert visits.ids.tolist() == taken
    assert visits.start.tolist() == [start[k] for k in taken]
    assert visits.leave.tolist() == [leave[k] for k in taken]
    assert visits.refused_ids.tolist() == [k for k in range(80) if start[k] is None]
    assert (len(taken) < 80) == (limit is not None)
    assert visits.sorted_leave.tolist() == sorted(visits.leave.tolist())


@pytest.mark.parametrize("hours", [StaffedHours(), StaffedHours(14, 10, 6), StaffedHours(0, 24, 7),
                                   StaffedHours(22, 2, 1)])
def test_staffed_time_is_counted_minute_by_minute(engine, hours):
    minutes = 15 * 24 * 60
    opened = np.cumsum([0.0] + [60_000.0 * reference.is_open(m * 60_000.0, hours) for m in range(minutes)])
    clock = np.arange(minutes + 1) * 60_000.0
    assert np.abs(hours.open_ms(clock) - opened).max() < 1e-5
    assert hours.open_share == pytest.approx(opened[7 * 24 * 60] / (7 * 24 * 3_600_000))
    inside = np.unique(opened)[1:-1]
    ends = hours.clock_ms(inside, closing=True)
    begins = hours.clock_ms(inside, closing=False)
    assert np.abs(hours.open_ms(ends) - inside).max() < 1e-5
    assert np.abs(hours.open_ms(begins) - inside).max() < 1e-5
    assert ends.tolist() == [clock[np.searchsorted(opened, x - 1e-6)] for x in inside]
    assert begins.tolist() == [clock[np.searchsorted(opened, x + 1e-6) - 1] for x in inside]


def test_one_reviewer_minute_by_minute(engine):
    hours = StaffedHours(9, 8, 5)
    random = np.random.default_rng(5)
    arrive = np.sort(random.integers(0, 14 * 24 * 60, 60)) * 60_000.0
    work = random.integers(1, 200, 60)
    visits = run(Component("a", 1, Exponential(60_000.0), hours), arrive, work.astype(float))
    free = 0
    for k in range(60):
        begin = max(free, int(arrive[k]) // 60_000)
        free = reference.work_until(begin, int(work[k]), hours)
        assert visits.leave[k] == pytest.approx(free * 60_000.0, abs=1e-3)
        while not reference.is_open(begin * 60_000.0, hours):
            begin += 1
        assert visits.start[k] == pytest.approx(begin * 60_000.0, abs=1e-3)


def test_open_at_once_is_no_wait(engine):
    hours = StaffedHours(9, 8, 5)
    arrive = np.array([9.0, 16.999, 17.0, 24 * 4 + 20.0]) * HOUR_MS + np.array([0.1, 0.7, 0.0, 0.0])
    visits = run(Component("a", 4, Exponential(1.0), hours), arrive, [1.0] * 4)
    assert (visits.start - arrive)[:2].tolist() == [0.0, 0.0]
    assert (visits.start - arrive)[2:] / HOUR_MS == pytest.approx([16.0, 61.0])


@given(times, times)
@settings(max_examples=60, deadline=None)
def test_merging_is_sorting(a, b):
    a, b = sorted(a), sorted(b)
    ids_a, ids_b = range(0, 2 * len(a), 2), range(1, 2 * len(b), 2)
    expected = sorted([*zip(a, ids_a, strict=True), *zip(b, ids_b, strict=True)])
    for name in BACKENDS:
        with using(name):
            out = np.empty(len(a) + len(b)), np.empty(len(a) + len(b), np.int32)
            merge(np.array(a), np.array(ids_a, np.int32), np.array(b), np.array(ids_b, np.int32), *out)
            assert list(zip(out[0].tolist(), out[1].tolist(), strict=True)) == expected


def test_picking_finishing_and_overlapping(engine):
    random = np.random.default_rng(1)
    t, ids, draws = np.sort(random.random(200)), random.permutation(200).astype(np.int32), random.random(200)
    out = np.empty(200), np.empty(200, np.int32)
    kept = pick(t, ids, draws, 0.2, 0.7, *out)
    chosen = [k for k in range(200) if 0.2 <= draws[ids[k]] < 0.7]
    assert out[0][:kept].tolist() == t[chosen].tolist()
    assert out[1][:kept].tolist() == ids[chosen].tolist()
    sojourn, arrived = np.full(200, np.nan), random.random(200) - 1.0
    finish(t[:150], ids[:150], arrived, sojourn)
    assert sojourn[ids[:150]].tolist() == (t[:150] - arrived[ids[:150]]).tolist()
    assert np.isnan(sojourn[ids[150:]]).all()
    begin, end = t[:100], t[:100] + random.random(100)
    inside = sum(max(0.0, min(e, 0.8) - max(b, 0.3)) for b, e in zip(begin, end, strict=True))
    assert overlap(begin, end, 0.3, 0.8) == pytest.approx(inside)


def test_stretching_follows_the_area_under_the_rate(engine):
    random = np.random.default_rng(2)
    edges = np.concatenate(([0.0], np.cumsum(random.exponential(5.0, 30))))
    rates = random.uniform(0.5, 4.0, 30)
    heights = np.concatenate(([0.0], np.cumsum(np.diff(edges) * rates)))
    unit = np.sort(random.uniform(0.0, heights[-1], 80))
    out = np.empty(80)
    workload._stretch(unit, edges, heights, out)
    assert out == pytest.approx(reference.arrivals_by_rate(unit, edges, rates))


def test_places_of_a_sorted_row():
    values = np.random.default_rng(3).lognormal(3.0, 1.0, 9_000)
    ranks = [0, 17, 4_500, 8_910, 8_999]
    assert order_statistics(values, ranks) == np.sort(values)[ranks].tolist()

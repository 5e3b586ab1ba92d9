"""Fan-outs, times down, servers that come and go, passes, classes: what they do, from their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from casebook.engine import (
    Architecture,
    Autoscale,
    Breakdowns,
    Bursty,
    Component,
    Delay,
    Deterministic,
    DynamicBatch,
    Exponential,
    Link,
    Outages,
    Poisson,
    Repeat,
    RequestClass,
    Retry,
    Route,
    Workload,
    buffers,
    formulas,
    graded,
    simulate,
)
from casebook.engine.backend import backend, using
from casebook.engine.kernels.classes import pick_by_class
from casebook.engine.kernels.join import join_last
from casebook.engine.kernels.outage import to_clock, to_up
from casebook.engine.repeat import Again
from casebook.engine.station import run_station
from tests.engine import reference

LOAD = Workload(Poisson(200.0))
BACKENDS = ["numba", "python"] if backend() == "numba" else ["python"]


@pytest.fixture(params=BACKENDS)
def engine(request):
    with using(request.param):
        yield request.param


def alone(*args, **more):
    return Architecture([Component("a", *args, **more)])


def test_the_last_branch_decides(engine):
    random = np.random.default_rng(4)
    times = np.sort(random.random(90))
    ids = np.repeat(np.arange(30), 3).astype(np.int32)
    random.shuffle(ids)
    out = np.empty(90), np.empty(90, np.int32)
    kept = join_last(times, ids, 3, np.zeros(30, np.int32), *out)
    last = sorted((max(times[ids == i]), i) for i in range(30))
    assert list(zip(out[0][:kept].tolist(), out[1][:kept].tolist(), strict=True)) == last
    assert join_last(times[:60], ids[:60], 3, np.zeros(30, np.int32), *out) == sum(
        (ids[:60] == i).sum() == 3 for i in range(30))


def test_a_class_goes_by_its_own_shares(engine):
    random = np.random.default_rng(1)
    t, ids, draws = np.sort(random.random(200)), random.permutation(200).astype(np.int32), random.random(200)
    kind = random.integers(0, 2, 200).astype(np.int32)
    out = np.empty(200), np.empty(200, np.int32)
    kept = pick_by_class(t, ids, draws, kind, np.array([0.2, 0.0]), np.array([0.7, 0.1]), *out)
    chosen = [k for k in range(200) if (0.2 <= draws[ids[k]] < 0.7 if kind[ids[k]] == 0 else draws[ids[k]] < 0.1)]
    assert out[0][:kept].tolist() == t[chosen].tolist()
    assert out[1][:kept].tolist() == ids[chosen].tolist()


def test_time_up_is_counted_tick_by_tick(engine):
    down = [(0, 3), (7, 8), (8, 12), (30, 31)]
    ticks = 60
    up = [not any(b <= k < e for b, e in down) for k in range(ticks)]
    clock = np.arange(ticks + 1.0)
    begins, ends = (np.array(side, float) for side in zip(*down, strict=True))
    out, back = np.empty(ticks + 1), np.empty(ticks + 1)
    to_up(clock, begins, ends, out)
    assert out.tolist() == [sum(up[:k]) for k in range(ticks + 1)]
    for closing in (0, 1):
        to_clock(out, begins, ends, closing, back)
        end = min if closing else max
        expected = [end(j for j in range(ticks + 1) if out[j] == out[k]) for k in range(ticks + 1)]
        assert back.tolist() == [float(x) for x in expected]


@pytest.mark.parametrize("mode", ["wait", "refuse"])
def test_a_broken_server_minute_by_minute(engine, mode):
    """Whole minutes: at each it asks whether the station is up, who is there, and who works."""
    random = np.random.default_rng(3)
    arrive = np.sort(random.integers(0, 400, 70)).astype(float)
    work = random.integers(1, 9, 70)
    windows = ((20.0, 31.0), (60.0, 61.0), (100.0, 140.0), (390.0, 420.0))
    down = Outages(tuple((b / 1000, e / 1000) for b, e in windows), mode)
    component = Component("a", 2, Exponential(1.0), outages=down)
    visits = run_station(component, arrive, np.arange(70, dtype=np.int32), work.astype(float))
    left, inside, start, leave, refused = dict(enumerate(work.tolist())), [], {}, {}, []
    for now in range(2_000):
        inside = [k for k in inside if left[k] > 0]
        up = not any(b <= now < e for b, e in windows)
        for k in np.flatnonzero(arrive == now).tolist():
            if not up and mode == "refuse":
                refused.append(k)
            else:
                inside.append(k)
        if up:
            for k in inside[:2]:
                start.setdefault(k, float(now))
                left[k] -= 1
                if left[k] == 0:
                    leave[k] = now + 1.0
    assert visits.refused_ids.tolist() == refused
    assert bool(refused) == (mode == "refuse")
    assert visits.ids.tolist() == sorted(leave)
    assert visits.start == pytest.approx([start[k] for k in sorted(start)])
    assert visits.leave == pytest.approx([leave[k] for k in sorted(leave)])
    assert visits.sorted_leave == pytest.approx(sorted(leave.values()))


def test_passes_are_what_their_definition_says(engine):
    random = np.random.default_rng(6)
    arrive = np.cumsum(random.exponential(2.0, 40))
    passes = random.integers(1, 5, 40).astype(np.int32)
    unit, pause = random.exponential(1.0, 160), random.exponential(3.0, 160)
    component = Component("a", 2, Exponential(1.0), repeat=Repeat(0.5, 4))
    visits = run_station(component, arrive, np.arange(40, dtype=np.int32), unit, again=Again(passes, pause))
    coming, seen, times = [(t, 0, i) for i, t in enumerate(arrive.tolist())], [], []
    while coming:
        coming.sort()
        t, nth, i = coming.pop(0)
        times.append(t)
        seen.append((nth, i))
        _, leave = reference.fifo(times, [unit[j * 40 + k] for j, k in seen], 2)
        if nth + 1 < passes[i]:
            coming.append((leave[-1] + pause[nth * 40 + i], nth + 1, i))
    assert visits.arrive.tolist() == times
    assert visits.ids.tolist() == [i for _, i in seen]
    assert visits.leave.tolist() == leave
    last = sorted((x, i) for x, (nth, i) in zip(leave, seen, strict=True) if nth + 1 == passes[i])
    assert list(zip(visits.sorted_leave.tolist(), visits.sorted_ids.tolist(), strict=True)) == last


def test_passes_follow_their_share_and_are_noted():
    run = simulate(alone(4, Exponential(4.0), repeat=Repeat(0.6, 5, Exponential(20.0))), LOAD, 20_000, 1)
    visits = np.bincount(run.station("a").request_ids)
    mean = 1 + 0.6 + 0.36 + 0.216 + 0.1296
    assert Repeat(0.6, 5).mean_visits == pytest.approx(mean)
    assert visits.mean() == pytest.approx(mean, rel=0.02)
    assert visits.max() == 5
    assert run.loads["a"].demand == pytest.approx(run.utilisation["a"], rel=0.03)
    assert run.station("a").wasted_share == 0.0
    (note,) = run.notes
    assert "'a'" in note and "20 ms" in note and "tail" in note
    assert simulate(alone(4, Exponential(4.0), repeat=Repeat(1.0, 3)), LOAD, 100).notes == ()


def test_once_is_a_plain_queue_and_servers_that_never_change_too():
    plain = simulate(alone(4, Exponential(16.0)), LOAD, 5_000, 1).sojourn_ms.tobytes()
    assert simulate(alone(4, Exponential(16.0), repeat=Repeat(0.9, 1)), LOAD, 5_000, 1).sojourn_ms.tobytes() == plain
    pinned = Autoscale(0.6, 4, 4, every_s=1.0)
    assert simulate(alone(4, Exponential(16.0), scaling=pinned), LOAD, 5_000, 1).sojourn_ms.tobytes() == plain
    never = Outages(((9e6, 9e7),))
    assert simulate(alone(4, Exponential(16.0), outages=never), LOAD, 5_000, 1).sojourn_ms.tobytes() == plain


def test_servers_follow_the_load_and_its_rule():
    rule = Autoscale(0.6, 12, 2, every_s=2.0, cold_s=7.0, cooldown_s=20.0)
    run = simulate(alone(2, Exponential(25.0), scaling=rule), Workload(Bursty(150.0, 6.0, 0.2, 60.0)), 60_000, 1)
    station = run.station("a")
    at, ready, paid = station.servers_over_time
    assert (np.diff(at) >= 0).all()
    assert ready.min() >= 1 and ready.max() <= 12
    assert paid.max() <= 12 + 12  # those who were told to go and their successors
    assert (paid >= ready).all()
    # servers are ordered at the rule's looks and ready a cold start later, and only then
    assert np.isin(at[1:][np.diff(paid) > 0], np.arange(1, at[-1] / 2_000 + 2) * 2_000.0).all()
    rises = at[1:][np.diff(ready) > 0]
    assert len(rises) > 5
    assert np.allclose((rises - 7_000.0) % 2_000.0, 0.0)
    assert station.mean_servers < station.mean_servers_paid
    low, high = run.arrived_ms[run.warmup_requests], run.arrived_ms[-1]
    by_hand = sum(n * (min(b, high) - max(a, low)) for a, b, n in zip(at, [*at[1:], np.inf], ready, strict=True)
                  if min(b, high) > max(a, low)) / (high - low)
    assert station.mean_servers == pytest.approx(by_hand)
    assert 0.3 < run.utilisation["a"] <= 1.0
    assert run.stable
    at_once = Autoscale(0.6, 12, 2, every_s=2.0, cold_s=0.0, cooldown_s=20.0)
    warm = simulate(alone(2, Exponential(25.0), scaling=at_once), run.workload, 60_000, 1)
    assert warm.quantile_ms(0.95) < run.quantile_ms(0.95)


def test_a_fan_out_takes_as_long_as_its_longest_branch():
    parts = [Component("in", 1, Delay(Deterministic(1.0))), Component("x", 1, Delay(Exponential(10.0))),
             Component("y", 1, Delay(Exponential(15.0))), Component("out", 1, Delay(Deterministic(2.0)), joins="in")]
    links = [Link("in", "x", kind="fanout"), Link("in", "y", kind="fanout"), Link("x", "out"), Link("y", "out")]
    run = simulate(Architecture(parts, links), LOAD, 2_000, 1)
    x, y = (run.station(id).sojourn_ms for id in "xy")
    assert run.sojourn_ms == pytest.approx(3.0 + np.maximum(x, y), abs=1e-6)
    assert run.station("out").requests == 2_000
    assert [run.loads[id].arrivals_per_s for id in ("x", "y", "out")] == pytest.approx([200.0] * 3)
    with pytest.raises(ValueError, match="fan-out"):
        formulas.network(run.arch, run.workload)


def test_a_lost_branch_loses_the_request():
    parts = [Component("in"), Component("x", 1, Exponential(6.0), queue_limit=0), Component("y", 1, Exponential(3.0)),
             Component("out", joins="in")]
    links = [Link("in", "x", kind="fanout"), Link("in", "y", kind="fanout"), Link("x", "out"), Link("y", "out")]
    run = simulate(Architecture(parts, links), LOAD, 20_000, 1)
    assert np.isnan(run.sojourn_ms).sum() == run.station("x").refused
    assert run.refused_share == pytest.approx(run.lost_share) == pytest.approx(1.2 / 2.2, rel=0.02)
    assert run.station("out").requests == 20_000 - run.station("x").refused
    assert run.loads["out"].arrivals_per_s == pytest.approx(200.0 * (1 - run.refused_share), rel=0.02)


def test_time_down_shows_in_availability_and_load():
    arch = alone(3, Exponential(10.0), outages=Breakdowns(3.0, 0.5))
    run = simulate(arch, LOAD, 200_000, 2)
    station = run.station("a")
    assert station.availability == pytest.approx(6 / 7, rel=0.02)
    assert run.availability == pytest.approx(formulas.path_availability(arch), rel=0.02)
    assert run.lost_share == 0.0
    assert station.component.capacity_per_s == pytest.approx(300.0 * 6 / 7)
    assert run.utilisation["a"] == pytest.approx(200.0 / 300.0 * 7 / 6, rel=0.03)
    assert run.loads["a"].demand == pytest.approx(run.utilisation["a"], rel=0.03)
    assert not simulate(alone(3, Exponential(10.0), outages=Breakdowns(1.0, 1.0)), LOAD, 2_000, 1).stable


def test_a_region_goes_down_as_a_whole():
    parts = [Component(x, 2, Exponential(2.0), outages=Breakdowns(2.0, 0.5, region="eu")) for x in "ab"]
    run = simulate(Architecture(parts, [Link("a", "b")]), LOAD, 20_000, 3)
    assert run.station("a").availability == run.station("b").availability < 1.0
    apart = [Component(x, 2, Exponential(2.0), outages=Breakdowns(2.0, 0.5)) for x in "ab"]
    run = simulate(Architecture(apart, [Link("a", "b")]), LOAD, 20_000, 3)
    assert run.station("a").availability != run.station("b").availability


def test_batches_stand_still_while_their_server_is_down():
    whole = simulate(alone(1, DynamicBatch(3.0, 0.4, 32, 5.0)), LOAD, 2_000, 1)
    down = simulate(alone(1, DynamicBatch(3.0, 0.4, 32, 5.0), outages=Outages(((2.0, 4.0),))), LOAD, 2_000, 1)
    before = whole.station("a").leave_ms < 2_000.0
    assert (whole.station("a").leave_ms[before] == down.station("a").leave_ms[before]).all()
    starts = down.station("a").start_ms
    assert not ((starts >= 2_000.0) & (starts < 4_000.0)).any()
    leaves = down.station("a").leave_ms
    assert not ((leaves > 2_000.0) & (leaves < 4_000.0)).any()


def test_classes_go_their_own_ways():
    classes = (RequestClass("chat", 0.7), RequestClass("report", 0.3, size=3.0, size_at=("big",),
                                                       routes=(Route("in", "big", 0.9),)))
    arch = Architecture([Component("in", 4, Exponential(4.0)), Component("big", 4, Exponential(8.0)),
                         Component("small", 2, Exponential(4.0))], [Link("in", "big", 0.1), Link("in", "small", 0.8)])
    run = simulate(arch, Workload(Poisson(200.0), classes), 100_000, 1)
    big = run.class_of[run.station("big").request_ids]
    assert (big == 0).sum() == pytest.approx(100_000 * 0.7 * 0.1, rel=0.03)
    assert (big == 1).sum() == pytest.approx(100_000 * 0.3 * 0.9, rel=0.02)
    assert (run.class_of[run.station("small").request_ids] == 0).all()
    rates = run.loads["big"].arrivals_per_s
    assert rates == pytest.approx(200 * (0.07 + 0.27))
    assert run.loads["big"].demand == pytest.approx(200 * (0.07 + 0.27 * 3) * 8 / 4000)
    assert run.utilisation["big"] == pytest.approx(run.loads["big"].demand, rel=0.04)
    assert run.station("big").offered == pytest.approx(200 * (0.07 + 0.27 * 3) * 8 / 1000)
    work = run.station("big").work_ms
    assert work[big == 1].mean() == pytest.approx(3 * work[big == 0].mean(), rel=0.05)


def test_sizes_that_batches_cannot_see_are_noted():
    both = (RequestClass("a", 0.5, size=2.0), RequestClass("b", 0.5))
    run = simulate(alone(1, DynamicBatch(3.0, 0.4, 32)), Workload(Poisson(100.0), both), 500)
    assert "'a'" in run.notes[0] and "batch" in run.notes[0]


def test_figures_of_a_run_are_those_of_its_arrays():
    arch = Architecture([Component("in", 2, Exponential(6.0), queue_limit=3),
                         Component("api", 3, Exponential(9.0), retry=Retry(30.0, 2))], [Link("in", "api")])
    run = simulate(arch, Workload(Bursty(200.0, 4.0, 0.2, 2.0)), 60_000, 4)
    tail = run.sojourn_ms[run.warmup_requests:]
    lost = np.isnan(tail)
    assert run.refused_share > 0.02 and run.timed_out_share > 0.02
    assert run.refused_share + run.timed_out_share == pytest.approx(run.lost_share) == pytest.approx(lost.mean())
    assert run.refused_share == pytest.approx(run.station("in").refused_share)
    slow = [x for x in tail.tolist() if not x <= 40.0]
    assert run.above_share(40.0) == pytest.approx(len(slow) / len(tail))
    came = run.arrived_ms[run.warmup_requests:]
    seconds = (came[-1] - came[0]) / 1000.0
    assert run.goodput_within_per_s(40.0) == pytest.approx((len(tail) - len(slow)) / seconds, rel=1e-3)
    assert run.goodput_per_s == pytest.approx((~lost).sum() / seconds, rel=1e-3)
    periods, t = [], came[0]
    while t + 500.0 <= came[-1]:
        inside = tail[(came >= t) & (came < t + 500.0)]
        if len(inside):
            periods.append(sum(not x <= 40.0 for x in inside.tolist()) > 0.05 * len(inside) + 1e-9)
        t += 500.0
    assert 0.05 < np.mean(periods) < 0.95
    assert run.time_above_share(40.0, 0.95, 0.5) == pytest.approx(np.mean(periods), abs=2 / len(periods))
    assert np.isnan(run.time_above_share(40.0, 0.95, 1e6))
    # Little: those who are answered are inside for as long as they take
    answered = ~np.isnan(run.sojourn_ms)
    assert run.mean_inside == pytest.approx(run.goodput_per_s * run.mean_ms / 1000.0, rel=0.03)
    assert answered.sum() < 60_000
    spent, vain = 0.0, 0.0
    for id in ("in", "api"):
        station = run.station(id)
        for k in np.flatnonzero(station.measured).tolist():
            work = station.leave_ms[k] - station.start_ms[k]
            spent += work
            late = id == "api" and station.sojourn_ms[k] > 30.0
            vain += work if late or np.isnan(run.sojourn_ms[station.request_ids[k]]) else 0.0
    assert run.wasted_work_share == pytest.approx(vain / spent)
    assert 0.05 < run.wasted_work_share < 0.95


def test_a_calm_run_wastes_nothing():
    run = simulate(alone(4, Exponential(10.0)), LOAD, 5_000, 1)
    assert run.wasted_work_share == run.lost_share == run.refused_share == run.timed_out_share == 0.0
    assert run.availability == run.station("a").availability == 1.0
    assert run.above_share(run.quantile_ms(0.99)) == pytest.approx(0.01, abs=3e-4)
    assert run.mean_inside == pytest.approx(200.0 * run.mean_ms / 1000.0, rel=0.02)
    assert run.station("a").mean_servers == run.station("a").mean_servers_paid == 4.0
    assert simulate(alone(1, DynamicBatch(3.0, 0.4, 32, 5.0)), LOAD, 5_000, 1).station("a").work_ms.sum() > 0.0


def test_copies_that_nobody_awaits_are_no_loss():
    parts = [Component("in", 1, Exponential(2.0)), Component("log", 1, Exponential(9.0), queue_limit=0,
                                                             outages=Breakdowns(1.0, 1.0, "refuse"))]
    run = simulate(Architecture(parts, [Link("in", "log", 1.0, "async")]), LOAD, 5_000, 1)
    assert run.station("log").refused > 1_000
    assert run.refused_share == run.lost_share == 0.0
    assert run.availability == 1.0


def test_parts_in_series_and_parallel():
    assert formulas.in_series([0.99, 0.98]) == pytest.approx(0.9702)
    assert formulas.in_parallel([0.99, 0.98]) == pytest.approx(0.9998)
    assert formulas.k_of_n(2, 3, 0.9) == pytest.approx(3 * 0.81 * 0.1 + 0.729)
    assert formulas.k_of_n(1, 2, 0.9) == pytest.approx(formulas.in_parallel([0.9, 0.9]))
    assert formulas.from_times(99.0, 1.0) == pytest.approx(0.99)
    assert formulas.down_minutes_a_month(0.999) == pytest.approx(43.8)
    near = Component("near", outages=Breakdowns(9.0, 1.0, "refuse"))
    far = Component("far", outages=Breakdowns(8.0, 2.0, "refuse"))
    spare = Architecture([near, far], [Link("near", "far", kind="overflow")])
    assert formulas.path_availability(spare) == pytest.approx(formulas.in_parallel([0.9, 0.8]))
    chain = Architecture([near, far], [Link("near", "far")])
    assert formulas.path_availability(chain) == pytest.approx(formulas.in_series([0.9, 0.8]))
    both = Architecture([Component("in"), near, far, Component("out", joins="in")],
                        [Link("in", "near", kind="fanout"), Link("in", "far", kind="fanout"), Link("near", "out"),
                         Link("far", "out")])
    assert formulas.path_availability(both) == pytest.approx(0.72)
    assert formulas.path_availability(alone()) == 1.0


def test_graded_runs_average_what_their_runs_say():
    arch = Architecture([Component("in", 2, Exponential(8.0), queue_limit=4, outages=Breakdowns(2.0, 0.2, "refuse")),
                         Component("api", 3, Exponential(9.0), retry=Retry(30.0, 2))], [Link("in", "api")])
    one, two = graded(arch, LOAD, 2_000, threads=1), graded(arch, LOAD, 2_000, threads=2)
    runs = [simulate(arch, LOAD, 2_000, sample.seed) for sample in one.runs]
    for name in ("refused_share", "timed_out_share", "lost_share", "availability", "wasted_work_share"):
        assert getattr(one, name) == getattr(two, name)
        assert getattr(one, name) == pytest.approx(np.mean([getattr(run, name) for run in runs]), rel=1e-3)
    for name in ("above_share", "goodput_within_per_s", "quantile_ms"):
        at = 0.95 if name == "quantile_ms" else 40.0
        assert getattr(one, name)(at) == getattr(two, name)(at)
        assert getattr(one, name)(at) == pytest.approx(np.mean([getattr(run, name)(at) for run in runs]), rel=1e-3)
    assert one.quantile_ms(0.99) == two.quantile_ms(0.99) == pytest.approx(
        np.mean([run.quantile_ms(0.99) for run in runs]), rel=1e-3)
    assert one.utilisation == two.utilisation
    assert {one.bottleneck, one.second_bottleneck} == {"in", "api"}
    assert 0.0 < one.lost_share < 1.0


def test_warm_memory_changes_nothing_and_nobody_is_overwritten():
    arch = Architecture([Component("in", 2, Exponential(8.0)), Component("out", 6, Exponential(9.0))],
                        [Link("in", "out", 0.7)])
    fresh = simulate(arch, LOAD, 3_000, 1)
    sojourns, leaves = fresh.sojourn_ms.tobytes(), fresh.station("out").leave_ms.tobytes()
    held = []
    for seed in range(2, 14):  # runs come and go; of some a view or a run is kept
        run = simulate(arch, LOAD, 3_000, seed)
        held.append((run.measured_ms[5:50], run.measured_ms[5:50].copy()) if seed % 3 else (
            run.station("out").leave_ms, run.station("out").leave_ms.copy()))
        again = simulate(arch, LOAD, 3_000, 1)
        assert again.sojourn_ms.tobytes() == sojourns
        assert again.station("out").leave_ms.tobytes() == leaves
    assert fresh.sojourn_ms.tobytes() == sojourns
    assert all((view == copy).all() for view, copy in held)
    samples = graded(arch, LOAD, 2_000, threads=2).runs
    for sample in samples:
        assert (sample.measured_ms == simulate(arch, LOAD, 2_000, sample.seed).measured_ms).all()


def test_a_block_is_handed_out_again_when_it_is_free_and_not_before():
    with buffers.warm(10**6):
        buffers.empty(1_000)
    with buffers.warm(10**6):
        first = buffers.empty(1_000)
        block = first.base
    assert block is not None
    view = first[3:7]
    del first
    with buffers.warm(10**6):
        assert buffers.empty(1_000).base is not block
    del view
    with buffers.warm(10**6):
        other = buffers.empty(1_000)
    assert buffers.empty(10).base is None
    del other
    assert len(buffers._kept) <= buffers._MOST_KEPT

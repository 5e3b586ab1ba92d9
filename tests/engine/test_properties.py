"""What must hold for any network and any random numbers, searched by hypothesis."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.engine import (
    Architecture,
    Bursty,
    Component,
    ContinuousBatch,
    Delay,
    Deterministic,
    DynamicBatch,
    Exponential,
    Link,
    Lognormal,
    LognormalSize,
    Poisson,
    Serverless,
    Sized,
    StaffedHours,
    Trace,
    Workload,
    simulate,
)
from casebook.engine.backend import backend, using
from casebook.engine.quantile import order_statistics, rank_of
from casebook.engine.station import run_station

ms = st.floats(0.5, 60.0)
timed = st.one_of(st.builds(Exponential, ms), st.builds(Deterministic, ms),
                  st.builds(Lognormal, ms, st.floats(0.1, 3.0)))
services = st.one_of(timed, st.builds(Delay, timed), st.builds(Sized, timed),
                     st.builds(ContinuousBatch, ms, st.floats(0.0, 2.0), st.integers(1, 12),
                               st.builds(LognormalSize, st.floats(1.0, 40.0), st.floats(0.0, 2.0)), ms,
                               st.floats(0.0, 0.2)),
                     st.builds(Serverless, timed, ms, st.floats(0.0, 1.0)),
                     st.builds(DynamicBatch, ms, st.floats(0.0, 5.0), st.integers(1, 20), st.floats(0.0, 30.0)))
timed_kinds = (Exponential, Deterministic, Lognormal)
arrivals = st.one_of(st.builds(Poisson, st.floats(5.0, 400.0)),
                     st.builds(Bursty, st.floats(5.0, 400.0), st.floats(1.0, 20.0), st.floats(0.02, 0.9),
                               st.floats(0.05, 5.0)),
                     st.builds(lambda gaps, sizes: Trace(np.cumsum([0.1, *gaps]), sizes[: len(gaps) + 1]),
                               st.lists(st.floats(0.0, 0.3), min_size=1, max_size=40).filter(lambda x: sum(x) > 0.01),
                               st.lists(st.floats(0.1, 9.0), min_size=41, max_size=41)))


@st.composite
def architectures(draw):
    """Any forward network of up to five stations, with splits, merges and asynchronous copies."""
    names = draw(st.permutations(["ann", "bob", "cat", "dan", "eve"]))[: draw(st.integers(1, 5))]
    hours = st.one_of(st.none(), st.none(), st.just(StaffedHours(0.0, 23.0, 7)))
    parts = [Component(n, draw(st.sampled_from([1, 1, 2, 3, 4, 9, 70])), draw(services),
                       None) for n in names]
    if not isinstance(parts[-1].service, Serverless | ContinuousBatch):
        parts[-1] = Component(names[-1], parts[-1].servers, parts[-1].service, draw(hours))
    full = draw(st.integers(0, len(names) - 1))
    if full < len(names) - 1 and isinstance(parts[full].service, (Exponential, Deterministic, Lognormal)):
        parts[full] = Component(names[full], parts[full].servers, parts[full].service,
                                queue_limit=draw(st.sampled_from([None, 0, 1, 5])),
                                wait_limit_ms=draw(st.sampled_from([None, None, 0.0, 7.0])))
    links = []
    for k, name in enumerate(names[1:], 1):
        source = names[draw(st.integers(0, k - 1))]
        links.append(Link(source, name, draw(st.floats(0.0, 1.0)) / 5,
                          draw(st.sampled_from(["request", "request", "async"]))))
    if len(names) > 2:
        extra = Link(names[0], names[-1], draw(st.floats(0.0, 0.2)), draw(st.sampled_from(["request", "async"])))
        if all((x.src, x.dst, x.kind) != (extra.src, extra.dst, extra.kind) for x in links):
            links.append(extra)
    if parts[full].limited and isinstance(parts[full].service, timed_kinds) and draw(st.booleans()):
        links.append(Link(names[full], names[-1], kind="overflow"))
    return Architecture(parts, links)


@given(architectures(), arrivals, st.integers(0, 10**6))
@settings(max_examples=120, deadline=None)
def test_nothing_is_lost_and_time_runs_forward(arch, arriving, seed):
    run = simulate(arch, Workload(arriving), 300, seed)
    assert run.sojourn_ms.shape == (300,)
    served = ~np.isnan(run.sojourn_ms)
    refused = [int(i) % 300 for c in arch.components if not arch.out(c.id, "overflow")
               for i in run.station(c.id)._visits.refused_ids]
    assert set(np.flatnonzero(~served).tolist()) <= set(refused)
    if all(link.kind != "async" for link in arch.links):
        assert sorted(refused) == np.flatnonzero(~served).tolist()
    assert (run.sojourn_ms[served] >= 0).all()
    passed = np.zeros(300)
    for part in arch.components:
        station = run.station(part.id)
        assert (np.diff(station.arrive_ms) >= 0).all()
        assert (station.start_ms >= station.arrive_ms).all()
        assert (station.leave_ms >= station.start_ms).all()
        assert 0.0 <= station.utilisation <= 1.0 + 1e-9
        # what came in came out, once each
        visits = station._visits
        assert sorted(visits.sorted_ids.tolist()) == sorted(visits.ids.tolist())
        assert np.allclose(np.sort(visits.leave), visits.sorted_leave, rtol=0, atol=1e-3)
        assert (np.diff(visits.sorted_leave) >= 0).all()
        mine = visits.ids < 300
        np.add.at(passed, visits.ids[mine], station.sojourn_ms[mine])
        if not isinstance(part.service, Delay | DynamicBatch | Serverless | ContinuousBatch) and part.calendar is None:
            # never more in service than there are servers
            begins, ends = np.sort(visits.start), np.sort(visits.leave)
            at_once = np.arange(1, len(begins) + 1) - np.searchsorted(ends, begins, side="right")
            assert at_once.max(initial=0) <= part.servers
            # never a free server while somebody waits: all are taken when a visit comes that must wait or is
            # refused, and a late start is the instant at which another visit ends
            late = visits.start > visits.arrive
            came = np.concatenate((visits.arrive[late], visits.refused))
            taken = np.searchsorted(begins, came, side="right") - np.searchsorted(ends, came, side="right")
            assert (taken == part.servers).all()
            assert np.isin(visits.start[late], visits.leave).all()
    if all(link.kind == "request" for link in arch.links):
        # a request's time in the system is the sum of its times at the stations: none is lost between
        assert run.sojourn_ms[served] == pytest.approx(passed[served], abs=1e-6)


@pytest.mark.skipif(backend() == "python", reason="numba is not there")
@given(architectures(), arrivals, st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_numba_and_python_agree_bit_for_bit(arch, arriving, seed):
    from casebook.engine import clear_streams

    seen = []
    for name in ("numba", "python"):
        clear_streams()
        with using(name):
            run = simulate(arch, Workload(arriving), 300, seed)
            seen.append([run.sojourn_ms.tobytes(), *(run.station(c.id).leave_ms.tobytes() for c in arch.components),
                         run.utilisation, run.mean_queue, run.bottleneck])
    assert seen[0] == seen[1]


@given(architectures(), arrivals, st.integers(0, 10**6), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_listing_changes_nothing(arch, arriving, seed, random):
    parts, links = list(arch.components), list(arch.links)
    random.shuffle(parts)
    random.shuffle(links)
    one = simulate(arch, Workload(arriving), 200, seed)
    other = simulate(Architecture(parts, links), Workload(arriving), 200, seed)
    assert one.sojourn_ms.tobytes() == other.sojourn_ms.tobytes()
    assert one.utilisation == other.utilisation
    assert one.bottleneck == other.bottleneck


@given(st.lists(st.floats(0.0, 3.0), min_size=1, max_size=80), st.integers(1, 70), st.data())
@settings(max_examples=150, deadline=None)
def test_one_more_server_never_hurts_anybody(gaps, servers, data):
    arrive = np.cumsum(gaps)
    unit = np.array(data.draw(st.lists(st.floats(0.0, 9.0), min_size=len(gaps), max_size=len(gaps))))
    ids = np.arange(len(gaps), dtype=np.int32)
    few = run_station(Component("a", servers, Exponential(1.0)), arrive, ids, unit)
    more = run_station(Component("a", servers + 1, Exponential(1.0)), arrive, ids, unit)
    assert (more.leave <= few.leave).all()
    assert (more.start <= few.start).all()


@given(st.floats(5.0, 200.0), st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_a_batch_of_one_is_a_plain_queue(rate, seed):
    plain = Architecture([Component("a", 3, Deterministic(11.0))])
    batch = Architecture([Component("a", 3, DynamicBatch(8.0, 3.0, 1, 40.0))])
    one = simulate(plain, Workload(Poisson(rate)), 300, seed).sojourn_ms
    assert simulate(batch, Workload(Poisson(rate)), 300, seed).sojourn_ms == pytest.approx(one, abs=1e-9)


def test_staff_who_never_go_home_are_servers():
    always = Architecture([Component("a", 3, Exponential(30_000.0), StaffedHours(0, 24, 7))])
    plain = Architecture([Component("a", 3, Exponential(30_000.0))])
    load = Workload(Poisson(0.08))
    one, other = simulate(always, load, 5_000, 1), simulate(plain, load, 5_000, 1)
    assert one.sojourn_ms == pytest.approx(other.sojourn_ms, abs=1e-4)
    assert one.utilisation["a"] == pytest.approx(other.utilisation["a"])


@settings(deadline=None, max_examples=80)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["lognormal", "narrow", "ties", "one value", "zeros", "infinite", "negative", "tiny"]),
    st.lists(st.floats(0.001, 0.999), min_size=1, max_size=9),
)
def test_order_statistics_are_those_of_a_sorted_row(seed: int, shape: str, quantiles: list[float]) -> None:
    rng = np.random.default_rng(seed)
    values = {
        "lognormal": lambda: rng.lognormal(3.0, 2.0, 6_000),
        "narrow": lambda: 20.0 + 1e-6 * rng.random(6_000),
        "ties": lambda: rng.integers(1, 9, 6_000).astype(float),
        "one value": lambda: np.full(5_000, 3.5),
        "zeros": lambda: np.where(rng.random(6_000) < 0.4, 0.0, rng.exponential(1.0, 6_000)),
        "infinite": lambda: np.where(rng.random(6_000) < 0.1, np.inf, rng.exponential(1.0, 6_000)),
        "negative": lambda: rng.normal(0.0, 1.0, 6_000),
        "tiny": lambda: rng.exponential(5e-320, 6_000),
    }[shape]()
    ranks = [rank_of(len(values), q) for q in quantiles]
    ordered = np.sort(values)
    assert order_statistics(values, ranks) == [ordered[rank] for rank in ranks]
    assert order_statistics(values[::2], [0, 2_400]) == [np.sort(values[::2])[0], np.sort(values[::2])[2_400]]

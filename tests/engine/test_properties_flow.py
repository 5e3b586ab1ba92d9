"""What must hold for any network with fan-outs, times down, servers that come and go, passes and classes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.engine import (
    Architecture,
    Autoscale,
    Breakdowns,
    Bursty,
    Component,
    Delay,
    Deterministic,
    Exponential,
    Link,
    Lognormal,
    Outages,
    Poisson,
    Repeat,
    RequestClass,
    Route,
    Workload,
    clear_streams,
    simulate,
)
from casebook.engine.backend import backend, using
from casebook.engine.kernels.flow import overlap
from casebook.engine.outage import up_ms
from casebook.engine.repeat import Again
from casebook.engine.station import run_station

N = 250
ms = st.floats(0.5, 60.0)
timed = st.one_of(st.builds(Exponential, ms), st.builds(Deterministic, ms),
                  st.builds(Lognormal, ms, st.floats(0.1, 3.0)))
modes = st.sampled_from(["wait", "refuse"])
seconds = st.floats(0.02, 3.0)
downs = st.one_of(st.builds(Breakdowns, seconds, seconds, modes, st.sampled_from(["", "eu"])),
                  st.builds(lambda a, b, mode: Outages(((a, a + b),), mode), seconds, seconds, modes))


@st.composite
def stations(draw, id, **more):
    servers = draw(st.sampled_from([1, 2, 3, 9]))
    what = draw(st.sampled_from(["plain", "repeat", "scaling", "outages", "outages with a limit", "urgent", "delay"]))
    if what == "delay":
        return Component(id, 1, Delay(draw(timed)), **more)
    if what == "repeat":
        more["repeat"] = Repeat(draw(st.floats(0.0, 1.0)), draw(st.integers(1, 4)), draw(timed))
    if what == "scaling":
        more["scaling"] = Autoscale(draw(st.floats(0.2, 1.0)), 12, 1, draw(st.sampled_from(["utilisation", "queue"])),
                                    draw(seconds), draw(st.sampled_from([0.0, 0.3])), draw(st.sampled_from([0.0, 1.0])))
    if what.startswith("outages") or what == "urgent":
        more["outages"] = draw(downs)
    if what == "outages with a limit":
        more["queue_limit"] = draw(st.integers(0, 5))
    if what == "urgent":
        more["order"] = "priority"
    return Component(id, servers, draw(timed), **more)


@st.composite
def systems(draw):
    """in → fork → two or three branches (one of them with a split inside) → join → out, with two classes."""
    branches = [f"b{k}" for k in range(draw(st.integers(2, 3)))]
    parts = [draw(stations("in")), draw(stations("join", joins="in")), draw(stations("out")), draw(stations("side"))]
    parts += [draw(stations(b)) for b in branches]
    links = [Link("in", b, kind="fanout") for b in branches]
    links += [Link(b, "join") for b in branches[1:]] + [Link("b0", "side", 0.4), Link("b0", "join", 0.6),
                                                        Link("side", "join"), Link("join", "out", 0.7)]
    for part in parts:
        if part.refuses and part.id == "b1":
            links.append(Link("b1", "side", kind="overflow"))
    if draw(st.booleans()):
        links.append(Link("join", "side2", 0.5, "async"))
        parts.append(Component("side2", 1, Exponential(3.0)))
    classes = (RequestClass("a", 0.6, 1, draw(st.floats(0.2, 4.0))),
               RequestClass("b", 0.4, 0, routes=(Route("join", "out", draw(st.floats(0.0, 1.0))),)))
    arrivals = draw(st.one_of(st.builds(Poisson, st.floats(20.0, 300.0)),
                              st.builds(Bursty, st.floats(20.0, 300.0), st.just(5.0), st.just(0.2), st.just(0.5))))
    return Architecture(parts, links), Workload(arrivals, draw(st.sampled_from([(), classes])))


@given(systems(), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_and_time_runs_forward(system, seed):
    arch, workload = system
    run = simulate(arch, workload, N, seed, warmup_requests=0)
    came_through = ~np.isnan(run.sojourn_ms)
    assert (run.sojourn_ms[came_through] >= 0.0).all()
    lost = sum(run.station(c.id).refused for c in arch.components if not arch.out(c.id, "overflow"))
    assert came_through.all() == (run.lost_share == 0.0)
    if lost == 0:
        assert came_through.all()
    assert run.lost_share == pytest.approx(run.refused_share + run.timed_out_share)
    joined = np.unique(run.station("join").request_ids).size
    fanned = len(run.station("in")._visits.sorted_ids)
    assert joined + run.station("join").refused <= fanned
    if lost == 0:
        assert joined == fanned == N
    for part in arch.components:
        station, visits = run.station(part.id), run.station(part.id)._visits
        assert (np.diff(station.arrive_ms) >= 0).all()
        assert (station.start_ms >= station.arrive_ms).all()
        assert (station.leave_ms >= station.start_ms).all()
        assert (np.diff(visits.sorted_leave) >= 0).all()
        assert sorted(visits.sorted_ids.tolist()) == sorted(set(visits.ids.tolist()))
        assert 0.0 <= station.utilisation <= 1.0 + 1e-9
        assert 0.0 <= station.availability <= 1.0
        if part.repeat is not None:
            assert np.bincount(visits.ids).max(initial=0) <= part.repeat.at_most
        if len(visits.down_from):
            # nobody starts or leaves while the station is down, and the work done is what was drawn
            for times in (station.start_ms, np.nextafter(station.leave_ms, 0.0)):
                nth = np.searchsorted(visits.down_from, times, side="right")
                until = np.concatenate(([-1.0], visits.down_until))[nth]
                assert (times >= until - 1e-6).all()
            worked = up_ms(np.sort(station.leave_ms), (visits.down_from, visits.down_until))
            begun = up_ms(np.sort(station.start_ms), (visits.down_from, visits.down_until))
            assert worked.sum() - begun.sum() == pytest.approx(float((visits.busy_until - visits.busy_from).sum()),
                                                               rel=1e-9, abs=1e-4)
        if part.scaling is not None:
            # never more at work than are there, and all who work are counted once
            at, ready, paid = station.servers_over_time
            assert ready.min() >= 0 and ready.max() <= 2 * part.scaling.most and (paid >= ready).all()
            looks = np.concatenate((station.start_ms, at))
            busy = (np.searchsorted(np.sort(station.start_ms), looks, side="right")
                    - np.searchsorted(visits.sorted_leave, looks, side="right"))
            assert (busy <= ready[np.searchsorted(at, looks, side="right") - 1]).all()
            assert overlap(station.start_ms, station.leave_ms, 0.0, 1e12) == pytest.approx(station.work_ms.sum())


@pytest.mark.skipif(backend() == "python", reason="numba is not there")
@given(systems(), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_numba_and_python_agree_bit_for_bit(system, seed):
    seen = []
    for name in ("numba", "python"):
        clear_streams()
        with using(name):
            run = simulate(*system, N, seed)
            seen.append([run.sojourn_ms.tobytes(), run.lost_share, run.availability, run.utilisation, run.mean_queue,
                         run.mean_inside, run.wasted_work_share,
                         *(run.station(c.id).leave_ms.tobytes() for c in system[0].components),
                         *(run.station(c.id).mean_servers_paid for c in system[0].components)])
    assert repr(seen[0]) == repr(seen[1])


@given(systems(), st.integers(0, 10**6), st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_listing_changes_nothing(system, seed, random):
    arch, workload = system
    parts, links, classes = list(arch.components), list(arch.links), list(workload.classes)
    for listed in (parts, links, classes):
        random.shuffle(listed)
    one = simulate(arch, workload, N, seed)
    other = simulate(Architecture(parts, links), Workload(workload.arrivals, tuple(classes)), N, seed)
    assert one.sojourn_ms.tobytes() == other.sojourn_ms.tobytes()
    assert one.utilisation == other.utilisation
    assert {id: load.demand for id, load in one.loads.items()} == pytest.approx(
        {id: load.demand for id, load in other.loads.items()})


@given(st.lists(st.floats(0.0, 3.0), min_size=1, max_size=60), st.integers(1, 6), downs, st.data())
@settings(max_examples=60, deadline=None)
def test_one_more_server_never_hurts_where_all_stop_together(gaps, servers, down, data):
    arrive = np.cumsum(gaps) * 100.0
    unit = np.array(data.draw(st.lists(st.floats(0.0, 900.0), min_size=len(gaps), max_size=len(gaps))))
    ids = np.arange(len(gaps), dtype=np.int32)
    few, more = (run_station(Component("a", n, Exponential(1.0), outages=down), arrive, ids, unit)
                 for n in (servers, servers + 1))
    assert (more.leave <= few.leave + 1e-6).all()
    assert (more.start <= few.start + 1e-6).all()
    assert few.refused_ids.tolist() == more.refused_ids.tolist()


@given(st.lists(st.floats(0.0, 3.0), min_size=1, max_size=40), st.integers(1, 4), st.data())
@settings(max_examples=40, deadline=None)
def test_passes_without_rest_are_one_long_visit_for_a_lonely_request(gaps, most, data):
    """Far apart, nobody meets anybody: each pass is its own, one after the other."""
    arrive = np.cumsum(gaps) + 1e6 * np.arange(len(gaps))
    unit = np.array(data.draw(st.lists(st.floats(0.0, 9.0), min_size=len(gaps) * most, max_size=len(gaps) * most)))
    passes = np.array(data.draw(st.lists(st.integers(1, most), min_size=len(gaps), max_size=len(gaps))), np.int32)
    ids = np.arange(len(gaps), dtype=np.int32)
    visits = run_station(Component("a", 1, Exponential(1.0), repeat=Repeat(0.5, most)), arrive, ids, unit,
                         again=Again(passes, np.full(len(unit), 2.0)))
    drawn = unit.reshape(most, len(gaps))
    for i in range(len(gaps)):
        expected = arrive[i] + drawn[: passes[i], i].sum() + 2.0 * (passes[i] - 1)
        assert visits.sorted_leave[visits.sorted_ids == i] == pytest.approx([expected])


def test_an_interrupted_run_leaves_nothing_behind(monkeypatch):
    """Ctrl-C at any station: the next run gives what it would have given."""
    from casebook.engine import network

    breaks = Breakdowns(1.0, 0.2)
    arch = Architecture([Component("in"), *(Component(b, 2, Exponential(5.0), outages=breaks) for b in "xy"),
                         Component("out", 1, Exponential(2.0), joins="in", repeat=Repeat(0.5, 3))],
                        [Link("in", "x", kind="fanout"), Link("in", "y", kind="fanout"), Link("x", "out"),
                         Link("y", "out")])
    load = Workload(Poisson(100.0))
    clear_streams()
    before = simulate(arch, load, 500, 4).sojourn_ms.tobytes()
    right = network.run_station
    for stop_at in range(4):
        count = iter(range(10))

        def interrupted(*args, count=count, stop_at=stop_at, **more):
            if next(count) == stop_at:
                raise KeyboardInterrupt
            return right(*args, **more)

        clear_streams()
        with monkeypatch.context() as patch:
            patch.setattr(network, "run_station", interrupted)
            with pytest.raises(KeyboardInterrupt):
                simulate(arch, load, 500, 4)
        assert simulate(arch, load, 500, 4).sojourn_ms.tobytes() == before

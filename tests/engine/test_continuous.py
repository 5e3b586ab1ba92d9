"""Continuous batching: against its definition step by step, what must hold always, and what a run reports."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.engine import (
    Architecture,
    BySize,
    Component,
    ContinuousBatch,
    Deterministic,
    EngineError,
    Exponential,
    FixedSize,
    Link,
    LognormalSize,
    Poisson,
    RecordedSize,
    RequestClass,
    Trace,
    Workload,
    simulate,
)
from casebook.engine.backend import backend, using
from casebook.engine.station import run_station
from tests.engine import reference

BACKENDS = ["numba", "python"] if backend() == "numba" else ["python"]


@pytest.fixture(params=BACKENDS)
def engine(request):
    with using(request.param):
        yield request.param


def run(service, servers, arrive, tokens, prompts):
    drawn = np.concatenate((tokens, prompts)).astype(float)
    return run_station(Component("llm", servers, service), np.asarray(arrive, float),
                       np.arange(len(arrive), dtype=np.int32), drawn)


@pytest.mark.parametrize("servers", [1, 2, 5])
@pytest.mark.parametrize("slots", [1, 3, 50])
@pytest.mark.parametrize("prefill", [0.0, 0.4])
def test_it_is_what_its_definition_says(engine, servers, slots, prefill):
    random = np.random.default_rng(10 * servers + slots)
    service = ContinuousBatch(1.0, 0.25, slots, 4.0, 3.0, prefill)
    for pace in (0.3, 2.0, 15.0):
        arrive = np.cumsum(random.exponential(pace, 80))
        tokens, prompts = random.integers(1, 12, 80), random.integers(1, 9, 80)
        visits = run(service, servers, arrive, tokens, prompts)
        start, first, leave, order = reference.token_steps(
            arrive.tolist(), tokens.tolist(), (prompts * prefill).tolist(), 1.0, 0.25, slots, servers)
        assert visits.start.tolist() == start
        assert visits.first_token.tolist() == first
        assert visits.leave.tolist() == leave
        assert visits.sorted_leave.tolist() == sorted(leave)
        assert visits.sorted_ids.tolist() == order


def test_by_hand(engine):
    # one slot more than needed; a step of n takes 10 + n ms, a prompt token 2 ms
    visits = run(ContinuousBatch(10.0, 1.0, 3, 3, 5, 2.0), 1, [0.0, 5.0], [3, 2], [5, 1])
    # 0: first step 11 + 10 = 21; the second joins there: 12 + 2, both leave one step of 12 later
    assert visits.start.tolist() == [0.0, 21.0]
    assert visits.first_token.tolist() == [21.0, 35.0]
    assert visits.leave.tolist() == [47.0, 47.0]
    assert visits.busy_from.tolist() == [0.0]
    assert visits.busy_until.tolist() == [47.0]
    alone = run(ContinuousBatch(10.0, 1.0, 1, 3, 5, 2.0), 1, [0.0, 5.0, 200.0], [3, 2, 1], [5, 1, 1])
    assert alone.start.tolist() == [0.0, 43.0, 200.0]
    assert alone.leave.tolist() == [43.0, 67.0, 213.0]
    assert alone.busy_from.tolist() == [0.0, 200.0]


services = st.builds(
    ContinuousBatch, st.floats(0.1, 20.0), st.floats(0.0, 2.0), st.integers(1, 40),
    st.one_of(st.integers(1, 300), st.builds(LognormalSize, st.floats(1.0, 300.0), st.floats(0.0, 3.0)),
              st.builds(FixedSize, st.floats(1.0, 300.0)), st.builds(BySize, st.floats(1.0, 300.0))),
    st.builds(LognormalSize, st.floats(1.0, 900.0), st.floats(0.0, 2.0)), st.floats(0.0, 0.3))
workloads = st.builds(
    Workload, st.builds(Poisson, st.floats(0.5, 80.0)),
    sizes=st.one_of(st.none(), st.builds(LognormalSize, st.floats(1.0, 9.0), st.floats(0.0, 2.0)),
                    st.builds(RecordedSize, st.lists(st.floats(0.1, 50.0), min_size=1, max_size=9))))


@given(services, st.integers(1, 4), workloads, st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_nothing_is_lost_and_no_step_is_skipped(service, servers, workload, seed):
    arch = Architecture([Component("in", 2, Exponential(5.0)), Component("llm", servers, service)], [Link("in", "llm")])
    station = simulate(arch, workload, 250, seed).station("llm")
    visits = station._visits
    assert (np.diff(visits.start) >= 0).all()  # in order of arrival
    assert (visits.start >= visits.arrive).all()
    assert (visits.first_token > visits.start).all()
    assert (visits.leave >= visits.first_token).all()
    assert sorted(visits.sorted_ids.tolist()) == sorted(visits.ids.tolist())
    assert visits.sorted_leave.tolist() == sorted(visits.leave.tolist())
    # never more inside than there are slots, and all of them taken while somebody waits at a boundary
    begins, ends = np.sort(visits.start), visits.sorted_leave
    at_once = np.arange(1, len(begins) + 1) - np.searchsorted(ends, begins, side="right")
    assert at_once.max() <= servers * service.slots
    # each token takes at least a step of one request and at most a full one, prompts apart
    least, most = service.step_ms(1), service.step_ms(service.slots)
    inside = visits.leave - visits.start
    assert (inside >= visits.tokens * least * (1 - 1e-9)).all()
    if service.prefill_ms_per_token == 0.0:
        assert (inside <= visits.tokens * most * (1 + 1e-9)).all()
    # work conserved: the server is busy for its steps and prompts and no longer
    busy = (visits.busy_until - visits.busy_from).sum()
    assert busy <= (visits.leave - visits.start).sum() * (1 + 1e-9)
    covered = np.zeros(len(visits.start), bool)
    for low, high in zip(visits.busy_from, visits.busy_until, strict=True):
        covered |= (visits.start >= low) & (visits.leave <= high)
    assert covered.all()


@given(st.floats(0.05, 3.0), st.integers(1, 30), st.integers(1, 4), st.floats(0.0, 0.3), workloads,
       st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_work_is_conserved(per_item, slots, servers, prefill, workload, seed):
    """Where steps take time for each request alone, servers are busy for the tokens and prompts, whatever the order."""
    service = ContinuousBatch(0.0, per_item, slots, LognormalSize(30.0, 1.0), BySize(50.0), prefill)
    visits = simulate(Architecture([Component("llm", servers, service)]), workload, 200, seed).station("llm")._visits
    relative = workload.relative_sizes(200, seed)
    prompts = [max(1, int(50.0 * one + 0.5)) for one in (np.ones(200) if relative is None else relative)]
    work = per_item * int(visits.tokens.sum()) + prefill * sum(prompts)
    assert (visits.busy_until - visits.busy_from).sum() == pytest.approx(work, rel=1e-9)


@given(services, workloads, st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_a_slot_more_lets_nobody_in_later(service, workload, seed):
    """Where a step takes the same time however full it is, a slot more hurts nobody."""
    flat = replace(service, per_item_ms=0.0, prefill_ms_per_token=0.0, fixed_ms=service.fixed_ms + 1.0)
    few, more = (simulate(Architecture([Component("llm", 1, one)]), workload, 200, seed).station("llm")._visits
                 for one in (flat, replace(flat, slots=flat.slots + 1)))
    assert (more.start <= few.start + flat.fixed_ms + 1e-6).all()


@pytest.mark.skipif(backend() == "python", reason="numba is not there")
@given(services, st.integers(1, 4), workloads, st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_numba_and_python_agree_bit_for_bit(service, servers, workload, seed):
    from casebook.engine import clear_streams

    arch = Architecture([Component("llm", servers, service)])
    seen = []
    for name in BACKENDS:
        clear_streams()
        with using(name):
            station = simulate(arch, workload, 300, seed).station("llm")
            visits = station._visits
            seen.append([visits.start.tobytes(), visits.first_token.tobytes(), visits.leave.tobytes(),
                         visits.sorted_ids.tobytes(), visits.tokens.tobytes(), station.utilisation,
                         station.mean_in_service])
    assert seen[0] == seen[1]


def test_an_alone_request_takes_its_steps_and_its_prompt():
    arch = Architecture([Component("llm", 1, ContinuousBatch(8.0, 0.5, 64, 100, 400, 0.1))])
    run_ = simulate(arch, Workload(Poisson(0.01)), 400, 3, warmup_requests=0)
    station = run_.station("llm")
    assert station.first_token_quantile_ms(0.5) == pytest.approx(8.5 + 40.0)
    assert station.token_quantile_ms(0.5) == pytest.approx(8.5)
    assert run_.quantile_ms(0.5) == pytest.approx(40.0 + 850.0)
    assert set(station.tokens.tolist()) == {100}


def test_it_serves_what_its_capacity_says():
    service = ContinuousBatch(8.0, 0.25, 32, LognormalSize(60, 0.8), LognormalSize(300, 1.0), 0.02)
    part = Component("llm", 2, service)
    station = simulate(Architecture([part]), Workload(Poisson(3 * part.capacity_per_s)), 30_000, 1).station("llm")
    half = len(station.leave_ms) // 2
    done = np.sort(station.leave_ms)[: 2 * half]
    per_s = 1000.0 * half / (done[-1] - done[half])
    assert per_s == pytest.approx(part.capacity_per_s, rel=0.02)
    assert station.mean_in_service == pytest.approx(64, rel=0.02)


def test_a_batch_that_fills_up_shares_its_steps():
    """More together: every token slower, and the whole faster than one after the other."""
    tight = Architecture([Component("llm", 1, ContinuousBatch(10.0, 0.2, 1, 50))])
    wide = Architecture([Component("llm", 1, ContinuousBatch(10.0, 0.2, 64, 50))])
    load = Workload(Poisson(1.8))
    one, many = (simulate(a, load, 20_000, 5).station("llm") for a in (tight, wide))
    assert one.token_quantile_ms(0.9) == pytest.approx(10.2)
    assert many.token_quantile_ms(0.9) > 10.2
    assert many.sojourn_quantile_ms(0.99) < one.sojourn_quantile_ms(0.99) / 3


def test_tokens_follow_sizes_classes_and_traces():
    arch = Architecture([Component("llm", 1, ContinuousBatch(1.0, 0.1, 8, BySize(100)))])
    trace = Trace([0.0, 10.0, 20.0, 30.0], [50, 100, 150, 100])
    assert simulate(arch, Workload(trace), 6, 0).station("llm").tokens.tolist() == [50, 100, 150, 100, 50, 100]
    alike = simulate(arch, Workload(Poisson(1.0)), 6, 0).station("llm")
    assert alike.tokens.tolist() == [100] * 6
    classes = (RequestClass("chat", 0.5), RequestClass("report", 0.5, size=3.0))
    run_ = simulate(arch, Workload(Poisson(1.0), classes), 50, 0)
    assert [300 if k else 100 for k in run_.class_of] == run_.station("llm").tokens.tolist()


def test_two_lanes_meet_at_one_station():
    """Requests and copies share the slots; each has tokens of its own."""
    arch = Architecture([Component("in", 1, Deterministic(0.0)), Component("llm", 1, ContinuousBatch(
        2.0, 0.1, 16, LognormalSize(30, 1.0)))], [Link("in", "llm"), Link("in", "llm", 1.0, "async")])
    station = simulate(arch, Workload(Poisson(3.0)), 400, 0).station("llm")
    assert station.requests == 800
    assert (np.bincount(station.request_ids) == 2).all()
    tokens = station.tokens[np.argsort(station._visits.ids)]
    assert (tokens[:400] != tokens[400:]).mean() > 0.8


def test_a_station_without_tokens_says_so():
    station = simulate(Architecture([Component("a", 1, Exponential(3.0))]), Workload(Poisson(1.0)), 10, 0).station("a")
    with pytest.raises(EngineError, match=r"'a'.*Exponential.*sojourn_ms"):
        _ = station.first_token_ms

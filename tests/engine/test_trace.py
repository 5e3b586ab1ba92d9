"""Recorded traces, sizes of requests, and growth by months: what each promises."""

from __future__ import annotations

import math

import numpy as np
import pytest

from casebook.engine import (
    Architecture,
    Bursty,
    Component,
    Deterministic,
    EngineError,
    Exponential,
    FixedSize,
    Growth,
    Link,
    LognormalSize,
    Poisson,
    RecordedSize,
    Sized,
    Trace,
    Workload,
    formulas,
    simulate,
)


def write(folder, text):
    path = folder / "trace.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_with_its_sizes(tmp_path):
    path = write(tmp_path, "id,arrival_s,tokens\nx,10,100\ny,10.5,300\nz,13,200\n")
    trace = Trace.from_csv(path, size="tokens")
    assert trace == Trace((10.0, 10.5, 13.0), (100.0, 300.0, 200.0))
    assert trace.times_ms(3, 7).tolist() == [0.0, 500.0, 3000.0]
    assert trace.mean_rate_per_s == pytest.approx(2 / 3)
    assert trace.mean_size == 200.0
    assert Trace.from_csv(path).sizes == ()
    assert Trace.from_csv(path, time="arrival_s", speed=2.0).times_ms(3, 0).tolist() == [0.0, 250.0, 1500.0]
    assert repr(trace) == "Trace(3 requests in 3 s, with sizes, speed=1)"


@pytest.mark.parametrize(("text", "place", "value", "remedy"), [
    ("", "columns of trace.csv", "[]", "time='…'"),
    ("when,size\n1,2\n", "columns of trace.csv", "when", "no column 'arrival_s'"),
    ("arrival_s,size\n", "trace.csv", "no rows", "empty"),
    ("arrival_s,size\n1,2\n", "times_s", "1 requests", "two different"),
    ("arrival_s,size\n1,2\n3,4\n2,4\n", "trace.csv, request 3, arrival_s", "2.0", "sort"),
    ("arrival_s,size\n1,2\n-3,4\n", "line 3, arrival_s", "-3", "0 or more"),
    ("arrival_s,size\n1,2\nnan,4\n", "line 3, arrival_s", "nan", "finite"),
    ("arrival_s,size\n1,2\nsoon,4\n", "line 3, arrival_s", "soon", "a number"),
    ("arrival_s,size\n1,2\n2,\n", "line 3, size", "''", "missing"),
    ("arrival_s,size\n1,2\n2\n", "line 3, size", "''", "missing"),
    ("arrival_s,size\n1,2\n2,inf\n", "line 3, size", "inf", "finite"),
    ("arrival_s,size\n1,2\n2,0\n", "size of request 2", "0.0", "above 0"),
])
def test_a_file_that_makes_no_sense_is_refused_by_line(tmp_path, text, place, value, remedy):
    with pytest.raises(EngineError) as caught:
        Trace.from_csv(write(tmp_path, text), size="size")
    assert place in caught.value.place
    assert value in repr(caught.value.value)
    assert remedy in caught.value.remedy


def test_more_requests_than_recorded_play_it_again():
    trace = Trace([3.0, 4.0, 4.0, 9.0], [1.0, 2.0, 3.0, 6.0])
    once = [0.0, 1.0, 1.0, 6.0]  # seconds after the first; a mean gap of 2 s before the next lap
    lap = 8.0
    assert (trace.times_ms(10, 0) / 1000.0).tolist() == [*once, *(t + lap for t in once), *(t + 2 * lap for t in once)][
        :10]
    assert (trace.times_ms(10, 0) == trace.times_ms(10, 5)).all()
    assert trace.sizes_of(6).tolist() == [1.0, 2.0, 3.0, 6.0, 1.0, 2.0]
    long = trace.times_ms(4001, 0)
    assert 4000 / (long[-1] - long[0]) * 1000.0 == pytest.approx(trace.mean_rate_per_s)


def test_a_trace_of_a_process_gives_the_run_of_that_process():
    arch = Architecture([Component("a", 3, Exponential(12.0))])
    arrivals = Bursty(200.0, 5.0, 0.1, 1.0)
    recorded = arrivals.times_ms(5_000, 2)
    one = simulate(arch, Workload(arrivals), 5_000, 2).sojourn_ms
    other = simulate(arch, Workload(Trace(recorded / 1000.0)), 5_000, 2).sojourn_ms
    assert other == pytest.approx(one, abs=1e-6)


@pytest.mark.parametrize("sizes", [FixedSize(30.0), LognormalSize(30.0, 1.5), RecordedSize([10.0, 20.0, 60.0])])
def test_sizes_have_the_mean_they_say(sizes):
    drawn = sizes.draw(3, ("a",), 200_000)
    assert drawn.mean() == pytest.approx(30.0, rel=0.02)
    assert sizes.mean == pytest.approx(30.0)
    relative = Workload(Poisson(1.0), sizes=sizes).relative_sizes(200_000, 3)
    assert relative.mean() == pytest.approx(1.0, rel=0.02)
    if isinstance(sizes, RecordedSize):
        assert {one: (drawn == one).mean() for one in (10.0, 20.0, 60.0)} == pytest.approx(
            {10.0: 1 / 3, 20.0: 1 / 3, 60.0: 1 / 3}, abs=0.01)
    if isinstance(sizes, LognormalSize):
        assert drawn.std() / drawn.mean() == pytest.approx(1.5, rel=0.05)


def test_sized_work_is_a_queue_of_that_spread():
    """Fixed work a unit and lognormal sizes are M/G/1 with the sizes' spread; without sizes, M/D/1."""
    arch = Architecture([Component("a", 1, Sized(Deterministic(10.0)))])
    load = Workload(Poisson(80.0), sizes=LognormalSize(7.0, 1.0))
    waits = [simulate(arch, load, 100_000, seed).station("a").mean_wait_ms for seed in range(12)]
    assert np.mean(waits) == pytest.approx(formulas.mean_wait_mg1_ms(80.0, 10.0, 1.0), rel=0.06)
    alike = simulate(arch, Workload(Poisson(80.0)), 50_000, 1)
    plain = simulate(Architecture([Component("a", 1, Deterministic(10.0))]), Workload(Poisson(80.0)), 50_000, 1)
    assert (alike.sojourn_ms == plain.sojourn_ms).all()


def test_a_large_request_is_large_everywhere():
    arch = Architecture([Component("a", 50, Sized(Deterministic(5.0))), Component("b", 50, Sized(Deterministic(20.0)))],
                        [Link("a", "b")])
    run = simulate(arch, Workload(Poisson(10.0), sizes=LognormalSize(100.0, 0.5)), 2_000, 4)
    one, other = run.station("a"), run.station("b")
    assert other.sojourn_ms == pytest.approx(4.0 * one.sojourn_ms[np.argsort(one.leave_ms, kind="stable")], rel=1e-6)


def test_growth_raises_the_rate_and_nothing_else():
    load = Workload(Bursty(100.0, 4.0, 0.1, 2.0), sizes=FixedSize(3.0))
    growth = Growth(load, 1.2)
    assert growth.month(0) == load
    assert growth.month(6).arrivals == Bursty(100.0 * math.prod([1.2] * 6), 4.0, 0.1, 2.0)
    assert growth.month(6).sizes == load.sizes
    assert growth.factor(24) == pytest.approx(1.2**24)
    assert Growth(load, 1.2, most_factor=5.0).factor(24) == 5.0
    stages = Growth(Workload(Poisson(10.0)), steps=(1.0, 4.0, 10.0))
    assert [stages.month(k).arrivals.rate_per_s for k in range(5)] == [10.0, 40.0, 100.0, 100.0, 100.0]
    trace = Workload(Trace([0.0, 1.0, 2.0]))
    assert Growth(trace, 2.0).month(3).arrivals.mean_rate_per_s == pytest.approx(8.0)


def test_growth_finds_the_month_in_which_a_design_breaks():
    arch = Architecture([Component("a", 4, Exponential(20.0))])  # serves 200 a second
    growth = Growth(Workload(Poisson(100.0)), 1.1)
    breaks = growth.first_month(lambda load: not simulate(arch, load, 2_000).stable)
    assert breaks == 8  # 1.1^7 = 1.95, 1.1^8 = 2.14
    assert growth.first_month(lambda load: not simulate(arch, load, 2_000).stable, months=7) is None

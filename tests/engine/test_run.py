"""What a Run reports: summaries that agree with its arrays, bands that hold, honest words when unstable."""

from __future__ import annotations

import math

import numpy as np
import pytest

from casebook.engine import (
    Architecture,
    Bursty,
    Component,
    Delay,
    Deterministic,
    DynamicBatch,
    Exponential,
    Link,
    Lognormal,
    Poisson,
    RequestClass,
    Retry,
    StaffedHours,
    Workload,
    formulas,
    graded,
    simulate,
)
from casebook.engine.quantile import Ordered, four_digits, quantile, quantile_band

CHAIN = Architecture(
    [Component("gateway", 4, Exponential(16.0)), Component("gpu", 2, Exponential(9.0)),
     Component("net", 1, Delay(Deterministic(30.0)))],
    [Link("gateway", "net"), Link("net", "gpu", 0.9)])
LOAD = Workload(Poisson(200.0))


def test_summaries_are_those_of_the_arrays():
    run = simulate(CHAIN, LOAD, 30_000, 2, warmup_requests=3_000)
    measured = run.sojourn_ms[3_000:]
    assert run.measured_ms.tolist() == measured.tolist()
    assert run.mean_ms == pytest.approx(measured.mean())
    assert run.quantile_ms(0.99) == np.sort(measured)[int(np.ceil(0.99 * 27_000)) - 1]
    gpu = run.station("gpu")
    assert gpu.requests == pytest.approx(27_000, rel=0.01)
    assert gpu.mean_wait_ms == pytest.approx(gpu.wait_ms[gpu.request_ids >= 3_000].mean())
    assert gpu.offered == pytest.approx(200 * 0.9 * 0.009)
    assert run.station("net").offered == pytest.approx(6.0)
    assert run.utilisation["gpu"] == pytest.approx(0.81, abs=0.02)
    assert run.utilisation["net"] == 0.0
    # Little's law: waiting = rate × wait
    assert run.mean_queue["gpu"] == pytest.approx(180.0 * gpu.mean_wait_ms / 1000.0, rel=0.03)
    assert run.bottleneck == "gpu"
    assert run.second_bottleneck == "gateway"
    assert run.stable
    assert run.growth_per_hour == 0.0


def test_the_same_arguments_give_the_same_run():
    one, other = simulate(CHAIN, LOAD, 5_000, 7), simulate(CHAIN, LOAD, 5_000, 7)
    assert one.sojourn_ms.tobytes() == other.sojourn_ms.tobytes()
    assert simulate(CHAIN, LOAD, 5_000, 8).sojourn_ms.tobytes() != one.sojourn_ms.tobytes()
    # a quick run is the beginning of the long one
    assert simulate(CHAIN, LOAD, 500, 7).sojourn_ms.tolist()[:100] == one.sojourn_ms.tolist()[:100]


def test_an_unstable_system_is_called_unstable_and_grows_as_said():
    arch = Architecture([Component("in", 1, Exponential(4.0)), Component("gpu", 2, Exponential(12.5))],
                        [Link("in", "gpu")])
    run = simulate(arch, LOAD, 100_000, 1)
    assert not run.stable
    assert run.bottleneck == "gpu"
    assert run.growth_per_hour == pytest.approx(40.0 * 3600)
    gpu = run.station("gpu")
    end = gpu.arrive_ms[-1]
    left_behind = (gpu.leave_ms > end).sum()
    assert left_behind / (end / 3.6e6) == pytest.approx(run.growth_per_hour, rel=0.05)
    assert graded(arch, LOAD, 2_000).verdict(0.99, 1e12) == "missed"


def test_an_unstable_system_reports_at_most_full_use():
    run = simulate(Architecture([Component("a", 2, Exponential(25.0))]), LOAD, 5_000, 1)
    assert run.loads["a"].demand == pytest.approx(2.5)
    assert run.utilisation["a"] == pytest.approx(1.0, abs=1e-9)


def test_a_choked_station_shields_those_behind_it():
    arch = Architecture([Component("in", 1, Exponential(10.0)), Component("out", 1, Exponential(9.0))],
                        [Link("in", "out")])
    run = simulate(arch, LOAD, 2_000, 1)
    assert run.loads["out"].arrivals_per_s == pytest.approx(100.0)
    assert run.loads["out"].demand == pytest.approx(0.9)
    assert run.growth_per_hour == pytest.approx(100.0 * 3600)


def test_capacity_of_batches_and_of_people():
    assert Component("gpu", 2, DynamicBatch(3.0, 0.4, 32)).capacity_per_s == pytest.approx(2 * 32 / 0.0158)
    people = Component("review", 6, Exponential(60_000.0), StaffedHours(9, 8, 5))
    assert people.capacity_per_s == pytest.approx(0.1 * 40 / 168)
    run = simulate(Architecture([people]), Workload(Poisson(0.9 * people.capacity_per_s)), 200_000, 3)
    assert run.utilisation["review"] == pytest.approx(0.9, abs=0.02)
    assert run.arrived_ms[-1] > 3 * 7 * 24 * 3.6e6
    review = run.station("review")
    assert review.wait_quantile_ms(0.95) / 3.6e6 > 40.0  # over a weekend
    # nobody works at night: no start outside the staffed hours
    hour = review.start_ms / 3.6e6
    assert ((hour % 24 >= 9 - 1e-6) & (hour % 24 <= 17 + 1e-6) & (hour // 24 % 7 < 5)).all()


def test_batches_are_counted_and_kept_busy():
    arch = Architecture([Component("gpu", 1, DynamicBatch(3.0, 0.4, 32, 5.0))])
    run = simulate(arch, Workload(Poisson(1000.0)), 20_000, 1)
    gpu = run.station("gpu")
    assert gpu.batches < 5_000
    busy = (gpu.batches * 3.0 + 20_000 * 0.4) / gpu.arrive_ms[-1]
    assert gpu.utilisation == pytest.approx(busy, rel=0.02)
    assert run.loads["gpu"].demand == pytest.approx(1000 * 15.8 / 32 / 1000)


def test_bursts_keep_the_mean_rate_and_lengthen_the_tail():
    bursty = Bursty(200.0, 8.0, 0.1, 1.0)
    assert 0.9 * bursty.calm_rate_per_s + 0.1 * bursty.burst_rate_per_s == pytest.approx(200.0)
    assert bursty.burst_rate_per_s == pytest.approx(8.0 * bursty.calm_rate_per_s)
    t = np.concatenate([bursty.times_ms(200_000, s)[-1:] for s in range(8)])
    assert 200_000 / t.mean() * 1000 == pytest.approx(200.0, rel=0.05)
    arch = Architecture([Component("a", 4, Exponential(12.0))])
    calm = simulate(arch, LOAD, 50_000, 1).quantile_ms(0.99)
    assert simulate(arch, Workload(bursty), 50_000, 1).quantile_ms(0.99) > 3 * calm


def test_counts_of_bursts_scatter_as_theory_says():
    """Index of dispersion of an MMPP at long times: 1 + 2 σ² / (λ (r₁ + r₂)) with the state's rate variance σ²."""
    b = Bursty(100.0, 5.0, 0.25, 0.4)
    calm, burst = b.calm_rate_per_s, b.burst_rate_per_s
    variance = 0.25 * 0.75 * (burst - calm) ** 2
    switching = 1 / 0.4 + 1 / (0.4 * 3)
    window_s = 20.0
    theory = 1 + 2 * variance / (100 * switching) * (1 - 1 / (switching * window_s))
    counts = np.concatenate([np.histogram(b.times_ms(400_000, s), np.arange(0, 3_800_000, 20_000.0))[0]
                             for s in range(6)])
    assert counts.var() / counts.mean() == pytest.approx(theory, rel=0.12)


def test_the_band_holds_as_often_as_it_says():
    """p99 of M/M/1 is known: of 120 runs at 0.7 utilisation the 95 % band holds it in nearly 95 %."""
    arch = Architecture([Component("a", 1, Exponential(7.0))])
    truth = np.log(100) * 7.0 / 0.3
    held = 0
    for seed in range(120):
        low, high = simulate(arch, Workload(Poisson(100.0)), 50_000, seed).quantile_band_ms(0.99)
        held += low <= truth <= high
    assert 106 <= held <= 120
    assert formulas.sojourn_tail_mmc(100, 7, 1, truth) == pytest.approx(0.01)


def test_quantiles_and_bands_of_plain_numbers():
    values = np.arange(1.0, 101.0)
    assert quantile(values, 0.99) == 99.0
    assert quantile(values, 0.5) == 50.0
    assert quantile(values[:1], 0.99) == 1.0
    assert np.isnan(quantile(values[:0], 0.5))
    assert np.isnan(quantile_band(values, 0.99)[0])  # one value beyond p99: nothing can be said
    low, high = quantile_band(np.random.default_rng(0).random(20_000), 0.9)
    assert low < 0.9 < high
    assert high - low < 0.03
    # values that keep company with their like carry less information than as many independent ones
    slow = np.repeat(np.random.default_rng(0).random(200), 100)
    assert np.diff(quantile_band(slow, 0.9))[0] > 4 * (high - low)


def _band_by_definition(values: np.ndarray, q: float) -> tuple[float, float]:
    """The band as its docstring has it: every part and the whole sorted anew."""

    def order_statistic(some: np.ndarray) -> float:
        return float(np.sort(some)[min(len(some), max(1, math.ceil(q * len(some) - 1e-9))) - 1])

    n, middle = len(values), order_statistic(values)
    parts = min(16, int(n * min(q, 1.0 - q) / 10.0))
    if parts < 3:
        return math.nan, math.nan
    size = n // parts
    away = [order_statistic(values[k * size : (k + 1) * size]) - middle for k in range(parts)]
    t = {3: 4.3027, 4: 3.1824, 9: 2.3060, 15: 2.1448, 16: 2.1314}[parts]
    half = t * math.sqrt(math.fsum(one * one for one in away) / (parts - 1)) / math.sqrt(parts)
    ranks = 1.96 * math.sqrt(n * q * (1.0 - q))
    low, high = (np.sort(values)[min(n - 1, max(0, rank))]
                 for rank in (math.floor(q * n - ranks), math.ceil(q * n + ranks)))
    return max(min(middle - half, float(low)), float(values.min())), max(middle + half, float(high))


@pytest.mark.parametrize("count", [0, 1, 15, 300, 4_000, 9_500, 20_001])
def test_one_sort_gives_the_quantiles_and_bands_of_many(count: int):
    values = np.random.default_rng(count).lognormal(size=count)
    ordered = Ordered(values)
    assert ordered.values.tobytes() == np.sort(values).tobytes()
    for q in (0.5, 0.9, 0.99):
        assert ordered.quantile(q) == quantile(values, q) or (count == 0 and math.isnan(ordered.quantile(q)))
        expected = _band_by_definition(values, q) if count else (math.nan, math.nan)
        assert np.array_equal(ordered.band(q), expected, equal_nan=True)


def test_a_run_gives_the_same_quantile_whatever_was_asked_before():
    arch = Architecture([Component("a", 1, Exponential(8.0))])
    alone, after = (simulate(arch, Workload(Poisson(100.0)), 20_000, 5) for _ in range(2))
    first = alone.quantile_ms(0.99)
    band = after.quantile_band_ms(0.5)
    assert after.quantile_ms(0.99) == first == quantile(after.measured_ms, 0.99)
    assert alone.quantile_band_ms(0.5) == band


def test_graded_mode_is_fixed_rounded_and_fair():
    arch = Architecture([Component("a", 2, Lognormal(14.0, 1.0))])
    load = Workload(Poisson(100.0))
    one, other = graded(arch, load, 5_000, threads=1), graded(arch, load, 5_000, threads=2)
    value = one.quantile_ms(0.99)
    assert value == other.quantile_ms(0.99) == four_digits(value)
    low, high = one.quantile_band_ms(0.99)
    assert low < value < high
    assert len(one.runs) == 16
    assert one.verdict(0.99, value * 1.02) == "met"
    assert one.verdict(0.99, value * 0.98) == "missed"
    assert one.verdict(0.99, value * 1.011) == one.verdict(0.99, value * 0.989) == "too close to call"
    assert one.bottleneck == "a"
    assert one.stable
    assert one.growth_per_hour == 0.0
    assert one.utilisation["a"] == pytest.approx(0.7, abs=0.03)


def test_asynchronous_copies_load_but_do_not_delay():
    parts = [Component("in", 1, Exponential(2.0)), Component("log", 1, Exponential(4.9))]
    run = simulate(Architecture(parts, [Link("in", "log", 0.5, "async")]), LOAD, 20_000, 1)
    alone = simulate(Architecture(parts[:1]), LOAD, 20_000, 1)
    assert (run.sojourn_ms == alone.sojourn_ms).all()
    assert run.station("log").requests == pytest.approx(10_000, rel=0.05)
    assert run.utilisation["log"] == pytest.approx(0.49, abs=0.03)


def test_a_link_turned_down_to_nothing_leaves_its_station_idle():
    parts = [Component("a"), Component("b", 1, Exponential(5.0))]
    run = simulate(Architecture(parts, [Link("a", "b", 0.0)]), LOAD, 500)
    assert run.station("b").requests == 0
    assert run.utilisation["b"] == 0.0
    assert np.isnan(run.station("b").mean_wait_ms)
    assert run.bottleneck == "a"


def test_shares_that_miss_one_by_a_rounding_error_lose_nobody():
    parts = [Component("a"), *(Component(x, 1, Deterministic(1.0)) for x in "bcd")]
    run = simulate(Architecture(parts, [Link("a", "b", 0.1), Link("a", "c", 0.2), Link("a", "d", 0.7)]), LOAD, 5_000)
    assert sum(run.station(x).requests for x in "bcd") == 5_000


def test_a_limited_queue_refuses_and_stays_stable():
    arch = Architecture([Component("a", 2, Exponential(20.0), queue_limit=5)])
    run = simulate(arch, LOAD, 40_000, 1)
    assert run.stable
    assert run.growth_per_hour == 0.0
    assert run.station("a").refused == np.isnan(run.sojourn_ms).sum()
    assert run.lost_share == pytest.approx(run.station("a").refused_share)
    assert run.lost_share == pytest.approx(0.5, abs=0.01)  # two servers of 50 a second, 200 a second come
    assert run.goodput_per_s == pytest.approx(200 * (1 - run.lost_share), rel=0.02)
    assert run.goodput_per_s == pytest.approx(100.0, rel=0.02)
    assert run.station("a").requests + run.station("a").refused == 40_000
    assert len(run.measured_ms) == pytest.approx(38_000 * (1 - run.lost_share))
    assert run.quantile_ms(0.99) < 200.0
    assert run.loads["a"].demand == pytest.approx(run.utilisation["a"], abs=0.01)


def test_overflow_loads_the_other_route_with_what_was_refused():
    own = Component("own", 2, Exponential(10.0), queue_limit=0)
    arch = Architecture([own, Component("rented", 3, Exponential(10.0))], [Link("own", "rented", kind="overflow")])
    run = simulate(arch, LOAD, 200_000, 1)
    assert not np.isnan(run.sojourn_ms).any()
    assert run.station("own").refused == run.station("rented").requests
    blocked = formulas.erlang_b(2, 2.0)
    assert run.station("own").refused_share == pytest.approx(blocked, rel=0.02)
    assert run.loads["rented"].demand == pytest.approx(2.0 * blocked / 3, rel=0.03)


def storm(utilisation, seed, n=60_000):
    """Four servers of 10 ms, a timeout of 2.5 service times, three tries."""
    arch = Architecture([Component("api", 4, Exponential(10.0), retry=Retry(25.0, 3))])
    return simulate(arch, Workload(Poisson(400.0 * utilisation)), n, seed)


def test_a_retry_storm_breaks_out_between_a_third_and_two_fifths():
    for seed in range(5):
        calm, broken = storm(0.31, seed), storm(0.38, seed)
        assert calm.stable
        assert calm.lost_share < 0.02
        assert not broken.stable
        assert broken.bottleneck == "api"
        assert broken.growth_per_hour > 0
        assert broken.lost_share > 0.5
        assert broken.station("api").wasted_share > 0.5
        assert broken.loads["api"].tries > 2.5
        assert broken.goodput_per_s < calm.goodput_per_s


def test_patience_without_end_is_a_plain_queue():
    patient = Architecture([Component("api", 4, Exponential(16.0), retry=Retry(1e9, 3))])
    plain = Architecture([Component("api", 4, Exponential(16.0))])
    assert (simulate(patient, LOAD, 5_000, 1).sojourn_ms == simulate(plain, LOAD, 5_000, 1).sojourn_ms).all()


def test_tries_add_up():
    arch = Architecture([Component("api", 2, Exponential(2.5), retry=Retry(9.0, 4, 5.0)), Component("log")],
                        [Link("api", "log")])
    run = simulate(arch, LOAD, 20_000, 1)
    api = run.station("api")
    tries = np.bincount(api.request_ids, minlength=20_000)
    assert tries.min() == 1
    assert tries.max() == 4
    lost = np.isnan(run.sojourn_ms)
    assert (tries[lost] == 4).all()
    assert lost.sum() == api.gave_up > 0
    assert run.station("log").requests == 20_000 - api.gave_up
    # an answer after j failures took j timeouts and pauses, and less than one timeout more
    spent = run.sojourn_ms[~lost] - (tries[~lost] - 1) * 14.0
    assert spent.min() >= 0.0
    assert spent.max() <= 9.0 + 1e-6
    assert api.wasted_share == pytest.approx(1 - (~lost).sum() / api.requests)
    assert run.loads["api"].demand == pytest.approx(run.utilisation["api"], abs=0.05)


def test_priority_moves_the_wait_and_keeps_the_work():
    classes = (RequestClass("free", 0.8, 5), RequestClass("paid", 0.2, 1))
    parts = [Component("gpu", 2, Exponential(9.0), order=order) for order in ("arrival", "priority")]
    plain, ranked = (simulate(Architecture([p]), Workload(Poisson(200.0), classes), 50_000, 1) for p in parts)
    assert ranked.class_quantile_ms("paid", 0.99) < 0.5 * plain.class_quantile_ms("paid", 0.99)
    assert ranked.class_quantile_ms("free", 0.99) > plain.class_quantile_ms("free", 0.99)
    assert ranked.mean_ms == pytest.approx(plain.mean_ms, rel=0.02)
    assert (ranked.class_of == plain.class_of).all()
    assert (ranked.class_of == 1).mean() == pytest.approx(0.2, abs=0.01)
    # without classes to tell apart it is a plain queue, bit for bit
    same = simulate(Architecture([parts[1]]), LOAD, 5_000, 1).sojourn_ms
    assert (same == simulate(Architecture([parts[0]]), LOAD, 5_000, 1).sojourn_ms).all()

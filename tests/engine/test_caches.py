"""Hit shares of caches: the formulas beside caches that are played through, and beside a run."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
import pytest

from casebook.engine import (
    Architecture,
    Component,
    Delay,
    Deterministic,
    EngineError,
    Exponential,
    Link,
    Poisson,
    Workload,
    simulate,
)
from casebook.engine import formulas as f


def asked_for(popularity, count, seed=5):
    return np.random.default_rng(seed).choice(len(popularity), count, p=popularity).tolist()


def played_lru(asked, capacity, warm):
    held, hits = OrderedDict(), 0
    for nth, item in enumerate(asked):
        if item in held:
            held.move_to_end(item)
            hits += nth >= warm
        else:
            held[item] = True
            if len(held) > capacity:
                held.popitem(last=False)
    return hits / (len(asked) - warm)


@pytest.mark.parametrize("exponent", [0.0, 0.7, 1.1])
@pytest.mark.parametrize("capacity", [30, 300, 1500])
def test_an_lru_cache_played_through(exponent, capacity):
    popularity = f.zipf(3_000, exponent)
    asked = asked_for(popularity, 120_000)
    assert f.hit_share_lru(popularity, capacity) == pytest.approx(played_lru(asked, capacity, 40_000), abs=0.008)


@pytest.mark.parametrize("renewed", [False, True])
@pytest.mark.parametrize("ttl_s", [0.5, 20.0, 400.0])
def test_a_ttl_cache_played_through(renewed, ttl_s):
    popularity, rate = f.zipf(1_000, 0.9), 50.0
    asked = asked_for(popularity, 150_000)
    times = np.cumsum(np.random.default_rng(6).exponential(1.0 / rate, len(asked))).tolist()
    until, hits, counted = {}, 0, 0
    for t, item in zip(times, asked, strict=True):
        hit = until.get(item, -1.0) > t
        if not hit or renewed:
            until[item] = t + ttl_s
        if t > 1_000.0:
            hits, counted = hits + hit, counted + 1
    assert f.hit_share_ttl(popularity, rate, ttl_s, renewed=renewed) == pytest.approx(hits / counted, abs=0.008)


def test_the_ends_are_exact():
    popularity = f.zipf(500, 0.8)
    assert popularity.sum() == pytest.approx(1.0)
    assert popularity[0] / popularity[9] == pytest.approx(10**0.8)
    assert (f.hit_share_lru(popularity, 0), f.hit_share_lru(popularity, 500)) == (0.0, 1.0)
    assert f.hit_share_lru(f.zipf(2_000, 0.0), 500) == pytest.approx(0.25)  # all alike: the share that fits
    assert f.hit_share_ttl(popularity, 10.0, 0.0) == 0.0
    assert f.hit_share_ttl([1.0], 2.0, 3.0) == pytest.approx(6.0 / 7.0)
    shares = [f.hit_share_lru(popularity, n) for n in range(0, 501, 50)]
    assert shares == sorted(shares)
    assert f.hit_share_lru(popularity * 7.0, 50) == pytest.approx(f.hit_share_lru(popularity, 50))


def test_a_cache_in_a_run_is_a_route():
    """What misses goes on to the database: its load is the rate times the share that misses."""
    hit = f.hit_share_lru(f.zipf(10_000, 0.9), 1_000)
    arch = Architecture([Component("cache", 1, Delay(Deterministic(1.0))), Component("database", 4, Exponential(25.0))],
                        [Link("cache", "database", share=1.0 - hit)])
    run = simulate(arch, Workload(Poisson(300.0)), 50_000, 1)
    assert run.station("database").requests / 50_000 == pytest.approx(1.0 - hit, abs=0.01)
    assert run.loads["database"].arrivals_per_s == pytest.approx(300.0 * (1.0 - hit))
    assert run.stable
    without = Architecture([Component("cache", 1, Delay(Deterministic(1.0))), Component("database", 4, Exponential(
        25.0))], [Link("cache", "database")])
    assert not simulate(without, Workload(Poisson(300.0)), 2_000, 1).stable


@pytest.mark.parametrize(("act", "place", "remedy"), [
    (lambda: f.zipf(0, 1.0), "items", "1 or more"),
    (lambda: f.zipf(10, -1.0), "exponent", "0 or more"),
    (lambda: f.hit_share_lru([], 3), "popularity", "zipf"),
    (lambda: f.hit_share_lru([0.5, -0.1], 3), "popularity", "0 or more"),
    (lambda: f.hit_share_lru([0.5, float("nan")], 3), "popularity", "0 or more"),
    (lambda: f.hit_share_lru([0.5], -3), "capacity", "0 or more"),
    (lambda: f.hit_share_ttl([0.5], 0.0, 1.0), "rate_per_s", "above 0"),
    (lambda: f.hit_share_ttl([0.5], 1.0, -1.0), "ttl_s", "0 or more"),
])
def test_refused_with_place_and_remedy(act, place, remedy):
    with pytest.raises(EngineError) as caught:
        act()
    assert place in caught.value.place
    assert remedy in caught.value.remedy

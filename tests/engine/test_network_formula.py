"""Whitt's network: exact where it must be, near a run where it may not be, and honest about what is lost."""

from __future__ import annotations

import math

import numpy as np
import pytest

from casebook.engine import (
    Architecture,
    Component,
    Delay,
    Deterministic,
    Exponential,
    Link,
    Lognormal,
    Poisson,
    Serverless,
    Workload,
    simulate,
)
from casebook.engine import formulas as f


def alone(servers, service, **kwargs):
    return Architecture([Component("a", servers, service, **kwargs)])


def test_network_is_exact_for_mmc_and_jackson():
    for servers, rate in ((1, 60.0), (4, 340.0), (50, 4_700.0)):
        said = f.network(alone(servers, Exponential(10)), Workload(Poisson(rate)))
        for q in (0.5, 0.9, 0.99):
            assert said.quantile_ms(q) == pytest.approx(f.sojourn_quantile_mmc_ms(rate, 10, servers, q), rel=3e-3)
    arch = Architecture([Component("a", 2, Exponential(12)), Component("b", 1, Exponential(14)),
                         Component("c", 2, Exponential(30)), Component("d", 1, Exponential(9))],
                        [Link("a", "b", 0.5), Link("a", "c", 0.3), Link("b", "d"), Link("c", "d", 0.6)])
    said, w = f.network(arch, Workload(Poisson(100))), f.mean_wait_mmc_ms
    assert said.mean_ms == pytest.approx(12 + w(100, 12, 2) + 0.5 * (14 + w(50, 14, 1)) + 0.3 * (30 + w(30, 30, 2))
                                         + 0.68 * (9 + w(68, 9, 1)), rel=2e-3)
    assert said.stations["d"].arrivals_per_s == pytest.approx(68)


def test_variability_travels_as_whitt_says():
    tandem = Architecture([Component("a", 1, Deterministic(8)), Component("b", 1, Deterministic(8))], [Link("a", "b")])
    said = f.network(tandem, Workload(Poisson(100)))
    leaving = 1 + 0.8**2 * (0.2 - 1)  # a steady server at 0.8 evens the flow out; c² of service counts as 0.2 at least
    assert said.stations["b"].cv2_arrivals == pytest.approx(leaving)
    plain = f.mean_wait_allen_cunneen_ms(100, 8, 1, math.sqrt(leaving), 0)
    smoother = math.exp(-2 * 0.2 * (1 - leaving) ** 2 / (3 * 0.8 * leaving))  # Krämer & Langenbach-Belz
    assert said.stations["b"].mean_wait_ms == pytest.approx(plain * smoother)
    run = simulate(tandem, Workload(Poisson(100)), 50_000, 1)
    assert run.station("b").mean_wait_ms < 1e-6 < said.stations["b"].mean_wait_ms  # known to be too high here

    fork = Architecture([Component("a", 4, Deterministic(32)), Component("b", 1, Exponential(1)),
                         Component("c", 1, Exponential(1)), Component("d", 1, Exponential(6))],
                        [Link("a", "b", 0.5), Link("a", "c", 0.5), Link("b", "d"), Link("c", "d")])
    said = f.network(fork, Workload(Poisson(100)))
    after = 1 + 0.8**2 * (0.2 - 1) / 2  # four servers: √4 in the last term
    half = 0.5 * after + 0.5
    assert said.stations["b"].cv2_arrivals == pytest.approx(half)
    each = 1 + (1 - 0.05**2) * (half - 1)
    weight = 1 / (1 + 4 * (1 - 0.6) ** 2 * (2 - 1))  # two equal streams into a server at 0.6
    assert said.stations["d"].cv2_arrivals == pytest.approx(weight * each + 1 - weight)


def test_network_counts_copies_delays_and_refusals():
    arch = Architecture([Component("a", 2, Exponential(10), queue_limit=4), Component("log", 1, Deterministic(3)),
                         Component("net", 1, Delay(Lognormal(50, 0.4))), Component("spare", 1, Exponential(20))],
                        [Link("a", "log", 0.5, "async"), Link("a", "net"), Link("a", "spare", kind="overflow")])
    said = f.network(arch, Workload(Poisson(160)))
    lost = f.mmck(160, 10, 2, 4).lost_share
    assert said.stations["spare"].arrivals_per_s == pytest.approx(160 * lost)
    assert said.stations["log"].arrivals_per_s == pytest.approx(80 * (1 - lost))
    assert said.lost_share == pytest.approx(0.0, abs=1e-9)  # the overflow route takes them
    assert said.mean_ms == pytest.approx(
        (1 - lost) * (10 + f.mmck(160, 10, 2, 4).mean_wait_ms + 50)
        + lost * said.stations["spare"].mean_sojourn_ms, rel=2e-3)
    far = Architecture([Component("a", 2, Exponential(10), queue_limit=4),
                        Component("spare", 1, Delay(Deterministic(9e3)))], [Link("a", "spare", kind="overflow")])
    said = f.network(far, Workload(Poisson(160)))  # whoever is turned away takes nine seconds, and only they
    assert said.quantile_ms(1 - 0.9 * lost) == pytest.approx(9e3, rel=1e-3) and said.quantile_ms(1 - 1.1 * lost) < 1e3
    bounded = alone(2, Exponential(10), queue_limit=4)
    said, run = f.network(bounded, Workload(Poisson(210))), simulate(bounded, Workload(Poisson(210)), 60_000, 3)
    assert said.quantile_ms(0.99) == pytest.approx(run.quantile_ms(0.99), rel=0.05)
    assert said.lost_share == pytest.approx(run.station("a").refused_share, rel=0.06)


def test_network_is_near_a_run_for_poisson_and_plain_servers():
    arch = Architecture(
        [Component("gateway", 4, Exponential(16)), Component("cache", 1, Exponential(4)),
         Component("retrieval", 8, Exponential(53.33)), Component("gpu", 4, Lognormal(26.67, 1))],
        [Link("gateway", "cache"), Link("cache", "retrieval", 0.6), Link("retrieval", "gpu")])
    said, run = f.network(arch, Workload(Poisson(200))), simulate(arch, Workload(Poisson(200)), 100_000, 2)
    for q in (0.5, 0.9, 0.99):
        assert said.quantile_ms(q) == pytest.approx(run.quantile_ms(q), rel=0.09)
    for servers, service, rate in ((1, Deterministic(10), 80), (4, Deterministic(10), 320),
                                   (4, Lognormal(10, 0.5), 340)):
        arch = alone(servers, service)
        run = simulate(arch, Workload(Poisson(rate)), 100_000, 2)
        assert f.network(arch, Workload(Poisson(rate))).p99_ms == pytest.approx(run.quantile_ms(0.99), rel=0.12)


def test_instances_that_refuse_follow_erlang_b_whatever_the_service():
    arch = alone(1, Serverless(Lognormal(40, 0.5), 0, 60, 8))
    said, run = f.network(arch, Workload(Poisson(150))), simulate(arch, Workload(Poisson(150)), 100_000, 1)
    assert said.lost_share == pytest.approx(f.erlang_b(8, 6.0))
    assert np.isnan(run.sojourn_ms).mean() == pytest.approx(said.lost_share, rel=0.05)

"""Closed forms against published answers, against each other and against runs; explain() names and proves a cause."""

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
    EngineError,
    Exponential,
    Link,
    Lognormal,
    Poisson,
    Retry,
    Serverless,
    StaffedHours,
    Workload,
    simulate,
)
from casebook.engine import formulas as f

# Rows of the catalogue's validation_queueing, as published (time in the row's own unit: seconds here)
PUBLISHED = [
    ("bronson-24.6", (300, 182.5, 3), {"Lq": 0.352, "L": 1.996, "Wq": 0.001175, "W": 0.006654, "P0": 0.17754}),
    ("bronson-23.3", (24, 30, 1), {"L": 4, "W": 0.166667, "P0": 0.2}),
    ("bronson-23.14", (30, 40, 1), {"Lq": 2.25, "Wq": 4.5 / 60, "P0": 0.25}),
    ("bronson-23.16", (1, 4 / 3, 1), {"Lq": 2.25, "Wq": 2.25, "W": 3}),
    ("mm1-49-55", (49, 55, 1), {"rho": 0.8909, "Lq": 7.2758, "Wq": 0.1485, "P0": 0.1091}),
    ("mm1-8-12", (8, 12, 1), {"Wq": 10 / 60, "W": 15 / 60, "Lq": 1.3333, "L": 2}),
    ("rstudio-mm1", (1, 1 / 0.9, 1), {"L": 9, "W": 9, "Wq": 8.1, "Lq": 8.1}),
    ("render-14.3", (20, 30, 2), {"P0": 0.5, "L": 0.75}),
    ("wolfram-packets", (150, 100, 2), {"Pw": 0.642857}),
    ("wolfram-callcentre, c = 6", (30, 12, 6), {"Pw": 0.0474}),
    ("wolfram-callcentre, c = 5", (30, 12, 5), {"Pw": 0.1304}),
    ("r-queueing-mmc", (5, 10, 2), {"Wq": 0.0066667, "Lq": 0.033333, "L": 0.533333}),
    ("erlc-6-10", (6, 1, 10), {"Pw": 0.1013}),
]


@pytest.mark.parametrize(("name", "row", "answers"), PUBLISHED, ids=[row[0] for row in PUBLISHED])
def test_mmc_as_published(name, row, answers):
    rate, mu, servers = row
    queue = f.mmc(rate, 1000.0 / mu, servers)
    ours = {"P0": queue.idle_share, "Pw": queue.waits_share, "Lq": queue.mean_queue, "L": queue.mean_inside,
            "Wq": queue.mean_wait_ms / 1000, "W": queue.mean_sojourn_ms / 1000, "rho": queue.utilisation}
    for what, published in answers.items():
        assert ours[what] == pytest.approx(published, rel=1.5e-3), f"{name}: {what}"


def test_the_known_misprint_is_a_misprint():
    """bronson-23.16 prints P0 = 0.178 for M/M/1 at three quarters load; that figure is 24.6's."""
    assert f.mmc(1, 750.0, 1).idle_share == pytest.approx(0.25)
    assert f.mmc(300, 1000 / 182.5, 3).idle_share == pytest.approx(0.178, abs=5e-4)


def test_erlang_b_and_its_inverses_as_published():
    for erlangs, servers, percent in ((8, 10, 12.1661), (10, 12, 11.9739), (12.5, 15, 10.0489), (15, 18, 8.6169),
                                      (18, 22, 6.5451)):
        assert 100 * f.erlang_b(servers, erlangs) == pytest.approx(percent, abs=6e-5)
        assert f.erlang_b_load(servers, percent / 100) == pytest.approx(erlangs, rel=1e-5)
    assert 8 * (1 - f.erlang_b(10, 8)) == pytest.approx(7.0267, abs=5e-5)  # carried
    assert f.erlang_b_load(15, 0.01) == pytest.approx(8.108, abs=5e-4)
    assert f.erlang_b(15, 12.0) == pytest.approx(0.0857292, abs=5e-8)  # r-queueing-mmcc


def test_sizing_gives_the_fewest_servers():
    assert f.erlang_c_servers(2.5, 0.1) == 6  # wolfram-callcentre: nine in ten do not wait
    for load in (0.3, 5.0, 47.5, 800.0):
        c = f.erlang_b_servers(load, 0.02)
        assert f.erlang_b(c, load) <= 0.02 < f.erlang_b(c - 1, load)
        c = f.erlang_c_servers(load, 0.2)
        assert f.erlang_c(c, load) <= 0.2
        assert c - 1 <= load or f.erlang_c(c - 1, load) > 0.2


def test_mmck_as_published_and_at_its_edges():
    queue = f.mmck(8, 250, 5, 7)  # r-queueing-mmck: M/M/5/12
    assert (queue.mean_queue, queue.mean_inside) == pytest.approx((0.0394634, 2.0393461), rel=2e-6)
    assert queue.lost_share == pytest.approx(5.869125e-05, rel=1e-6)
    assert f.mmck(12, 1000, 15, 0).lost_share == pytest.approx(f.erlang_b(15, 12))
    endless, without = f.mmck(75, 40, 4, 2_000), f.mmc(75, 40, 4)
    assert endless.mean_wait_ms == pytest.approx(without.mean_wait_ms)
    assert endless.waits_share == pytest.approx(without.waits_share)
    small = f.mmck(200, 10, 1, 1)  # by hand: states 1 : 2 : 4, of those admitted two in three find the server busy
    assert (small.idle_share, small.lost_share, small.waits_share) == pytest.approx((1 / 7, 4 / 7, 2 / 3))
    assert small.mean_wait_ms == pytest.approx(10 * 2 / 3)
    over = f.mmck(1_000_000, 10, 2, 3)  # a hopeless load still has a steady state: it serves what it can
    assert over.utilisation == pytest.approx(1.0) and over.lost_share == pytest.approx(1 - 200 / 1_000_000)


def test_erlang_a_between_its_neighbours():
    patient, without = f.erlang_a(75, 40, 4, 1e9), f.mmc(75, 40, 4)
    assert patient.mean_wait_ms == pytest.approx(without.mean_wait_ms, rel=1e-3)
    assert patient.lost_share < 1e-4
    assert f.erlang_a(75, 40, 4, 1e-4).lost_share == pytest.approx(f.erlang_b(4, 3.0), rel=1e-3)
    # as patient as service is long: everybody leaves at the same rate, so the number inside is Poisson
    alike = f.erlang_a(500, 10, 3, 10)
    assert alike.mean_inside == pytest.approx(5.0)
    assert alike.idle_share == pytest.approx(math.exp(-5.0))


def test_erlang_a_against_the_generator_solved_as_a_linear_system():
    rate, mu, theta, c, top = 0.9, 0.25, 0.1, 3, 120
    up = np.full(top, rate)
    down = np.array([min(n, c) * mu + max(0, n - c) * theta for n in range(1, top + 1)])
    q = np.diag(up, 1) + np.diag(down, -1)
    q -= np.diag(q.sum(axis=1))
    p = np.linalg.lstsq(np.vstack([q.T, np.ones(top + 1)]), np.append(np.zeros(top + 1), 1.0), rcond=None)[0]
    queue = float(sum((n - c) * p[n] for n in range(c, top + 1)))
    ours = f.erlang_a(rate, 1000 / mu, c, 1000 / theta)
    assert ours.mean_queue == pytest.approx(queue, rel=1e-8)
    assert ours.lost_share == pytest.approx(theta * queue / rate, rel=1e-8)


def test_pollaczek_khinchine_and_what_brackets_it():
    for cv2, published in ((0, 2.0), (1, 4.0), (4, 10.0)):  # mg1-pk, service 1 s
        assert f.mean_wait_mg1_ms(0.8, 1000, math.sqrt(cv2)) == pytest.approx(1000 * published)
        assert f.mean_wait_allen_cunneen_ms(0.8, 1000, 1, 1, math.sqrt(cv2)) == pytest.approx(1000 * published)
        assert f.wait_bound_kingman_ms(0.8, 1000, 1, math.sqrt(cv2)) > 1000 * published


def test_priorities_shift_the_wait_and_keep_its_sum():
    classes = [f.PriorityClass(20, 10, 0.5), f.PriorityClass(30, 5, 2.0), f.PriorityClass(10, 30, 1.0)]
    waits = f.mean_waits_priority_ms(classes)
    assert waits[0] < waits[1] < waits[2]
    loads = [one.rate_per_s * one.mean_ms / 1000 for one in classes]
    rho = sum(loads)
    first = sum(load * one.mean_ms * (1 + one.cv**2) / 2 for load, one in zip(loads, classes, strict=True))
    weighted = sum(load * wait for load, wait in zip(loads, waits, strict=True))
    assert weighted == pytest.approx(rho * first / (1 - rho))  # Kleinrock's conservation law
    assert f.mean_waits_priority_ms([f.PriorityClass(80, 10, 0.3)])[0] == pytest.approx(f.mean_wait_mg1_ms(80, 10, 0.3))
    alike = f.mean_waits_priority_ms([f.PriorityClass(100, 10), f.PriorityClass(150, 10)], servers=3)
    assert (100 * alike[0] + 150 * alike[1]) / 250 == pytest.approx(f.mean_wait_mmc_ms(250, 10, 3))


def test_tails_and_quantiles_are_each_others_inverse():
    for servers, q in ((1, 0.99), (4, 0.95), (8, 0.5)):
        rate = 75.0 * servers
        t = f.sojourn_quantile_mmc_ms(rate, 10, servers, q)
        assert f.sojourn_tail_mmc(rate, 10, servers, t) == pytest.approx(1 - q)
        t = f.wait_quantile_mmc_ms(rate, 10, servers, q)
        assert t == 0.0 or f.wait_tail_mmc(rate, 10, servers, t) == pytest.approx(1 - q)
    assert f.wait_quantile_mmc_ms(10, 10, 8, 0.5) == 0.0


def test_little_by_arithmetic_and_by_counting():
    assert f.little(rate_per_s=50, sojourn_ms=200) == 10
    assert f.little(inside=10, sojourn_ms=200) == 50
    assert f.little(inside=10, rate_per_s=50) == 200
    run = simulate(Architecture([Component("a", 3, Lognormal(10, 1.5))]), Workload(Bursty(200, 3, 0.2, 0.5)), 60_000, 1)
    counted, by_law = f.counted_inside(run, "a")
    assert counted == pytest.approx(by_law, rel=0.02)


def test_variability_of_bursts_is_what_a_stream_of_them_has():
    for bursts in (Bursty(100, 8, 0.1, 0.05), Bursty(100, 20, 0.05, 0.02)):
        values = [float(np.var(gaps) / np.mean(gaps) ** 2)
                  for seed in range(4) for gaps in [np.diff(bursts.times_ms(100_000, seed))]]
        assert f.cv2_arrivals(bursts) == pytest.approx(np.mean(values), rel=0.05)
    assert f.cv2_arrivals(Poisson(5)) == f.cv2_arrivals(Bursty(5, 1, 0.5, 1)) == 1.0


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


def why(arch, workload, requests=40_000, q=0.99):
    return f.explain(simulate(arch, workload, requests, 5), q)


def test_where_run_and_formula_agree_nothing_is_blamed():
    told = why(alone(4, Exponential(10)), Workload(Poisson(280)))
    assert told.agrees and told.cause is None and told.causes == () and "they agree" in str(told)
    ran, said = told.mean_waits_ms["a"]
    assert ran == pytest.approx(said, rel=0.1)


@pytest.mark.parametrize(("arch", "workload", "name", "where"), [
    (alone(4, Exponential(10)), Workload(Bursty(250, 4, 0.2, 2.0)), "bursts", "the arrivals"),
    (alone(1, DynamicBatch(3, 0.4, 32, 5)), Workload(Poisson(1_000)), "batching", "'a'"),
    (alone(4, Exponential(10), retry=Retry(25.0, 3)), Workload(Poisson(170)), "retries", "'a'"),
    (alone(1, Serverless(Lognormal(40, 0.5), 800, 60)), Workload(Poisson(0.05)), "cold starts", "'a'"),
    (alone(1, Lognormal(10, 2)), Workload(Poisson(60)), "now and then a very long service", "'a'"),
    (alone(3, Lognormal(60_000, 0.5), calendar=StaffedHours(9, 8, 7)), Workload(Poisson(0.012)), "working hours",
     "'a'"),
], ids=["bursts", "batching", "retries", "cold starts", "long tail", "hours"])
def test_the_cause_is_named_and_proven_by_taking_it_away(arch, workload, name, where):
    told = why(arch, workload, 400_000)
    assert not told.agrees
    assert told.cause is not None and (told.cause.name, told.cause.where) == (name, where)
    assert abs(told.cause.gap) < 0.2 and told.cause.lost_share == 0.0
    assert name in str(told) and "Without it the run gives" in str(told)


def test_a_retry_storm_is_seen_although_those_answered_were_answered_fast():
    told = why(alone(4, Exponential(10), retry=Retry(25.0, 3)), Workload(Poisson(170)))
    assert told.lost_share[0] > 0.5 and told.lost_share[1] == pytest.approx(0.0, abs=1e-9)
    assert math.isinf(told.gap) and "unanswered" in str(told)
    calm = why(alone(4, Exponential(10), retry=Retry(25.0, 3)), Workload(Poisson(80)))
    assert calm.agrees


def test_two_causes_are_taken_away_together_where_one_does_not_suffice():
    arch = Architecture([Component("in", 4, Exponential(2)), Component("gpu", 1, DynamicBatch(3, 0.4, 32, 5))],
                        [Link("in", "gpu")])
    told = why(arch, Workload(Bursty(700, 4, 0.2, 0.5)))
    assert told.cause is not None and told.cause.name == "bursts and batching together"
    assert told.cause.where == "the arrivals and 'gpu'"
    assert {one.name for one in told.causes} == {"bursts", "batching", "bursts and batching together"}


def test_what_is_there_but_hardly_matters_is_tried_and_not_blamed():
    arch = Architecture([Component("busy", 4, Exponential(10)), Component("idle", 8, Lognormal(2, 1.3))],
                        [Link("busy", "idle")])
    told = why(arch, Workload(Bursty(250, 4, 0.2, 2.0)))
    assert {(one.name, one.proven) for one in told.causes} == {
        ("bursts", True), ("now and then a very long service", False)}
    assert told.cause is not None and told.cause.name == "bursts"


def test_what_cannot_be_taken_away_is_said():
    arch = Architecture([Component("a", 2, Exponential(10), queue_limit=5), Component("b", 1, Exponential(20))],
                        [Link("a", "b", kind="overflow")])
    told = why(arch, Workload(Poisson(210)))
    assert told.cause is None and told.stuck == ("a full queue that refuses at 'a'",)
    assert "cannot be taken away" in str(told)


def test_an_overloaded_run_has_no_formula():
    told = why(alone(1, Exponential(10)), Workload(Poisson(120)), 5_000)
    assert math.isinf(told.formula_ms) and told.cause is None and "no steady state" in str(told)


@pytest.mark.parametrize(("call", "words"), [
    (lambda: f.erlang_c(4, 4.0), "cannot keep up"),
    (lambda: f.erlang_b_load(4, 1.0), "blocked.*part of 1"),
    (lambda: f.erlang_b_servers(4.0, 0.0), "blocked.*above 0"),
    (lambda: f.mmck(10, 10, 0, 3), "servers.*1 or more"),
    (lambda: f.mmck(10, 10, 1, -1), "queue_limit.*0 or more"),
    (lambda: f.mmck(0, 10, 1, 1), "rate_per_s.*above 0"),
    (lambda: f.erlang_a(10, 10, 1, 0), "patience_ms.*above 0"),
    (lambda: f.mean_waits_priority_ms([]), "at least one"),
    (lambda: f.mean_waits_priority_ms([f.PriorityClass(1, 10), f.PriorityClass(1, 20)], 2), "one common mean"),
    (lambda: f.mean_waits_priority_ms([f.PriorityClass(60, 10), f.PriorityClass(60, 10)]), "cannot keep up"),
    (lambda: f.little(inside=1), "Give two of"),
    (lambda: f.network(alone(1, Exponential(10)), Workload(Poisson(100))), "component 'a'.*more than it can serve"),
])
def test_what_has_no_answer_is_refused_in_words(call, words):
    with pytest.raises(EngineError, match=words):
        call()


def test_a_wait_limit_lies_between_erlang_b_and_c():
    none = f.mmc_wait_limit(400.0, 10.0, 5, 0.0)
    assert none.lost_share == pytest.approx(f.erlang_b(5, 4.0), rel=1e-12)
    assert none.mean_wait_ms == 0.0
    ample = f.mmc_wait_limit(400.0, 10.0, 5, 5_000.0)
    assert ample.lost_share == pytest.approx(0.0, abs=1e-12)
    assert ample.waits_share == pytest.approx(f.erlang_c(5, 4.0), rel=1e-9)
    assert ample.mean_wait_ms == pytest.approx(f.mean_wait_mmc_ms(400.0, 10.0, 5), rel=1e-9)
    assert ample.utilisation == pytest.approx(0.8)
    # one server at utilisation r: lost = (1 − r) r e / (1 − r² e), e = e^(−(1 − r) × limit)
    r, e = 0.8, math.exp(-0.2 * 3.0)
    assert f.mmc_wait_limit(80.0, 10.0, 1, 30.0).lost_share == pytest.approx((1 - r) * r * e / (1 - r * r * e))
    full = f.mmc_wait_limit(100.0, 10.0, 1, 30.0)  # no drift at all, beside its neighbours
    near = f.mmc_wait_limit(100.5, 10.0, 1, 30.0), f.mmc_wait_limit(99.5, 10.0, 1, 30.0)
    assert full.lost_share == pytest.approx((near[0].lost_share + near[1].lost_share) / 2, rel=1e-4)
    assert full.mean_wait_ms == pytest.approx((near[0].mean_wait_ms + near[1].mean_wait_ms) / 2, rel=1e-4)

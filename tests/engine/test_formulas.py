"""Closed forms against published answers, against each other and against runs."""

from __future__ import annotations

import inspect
import math
import re
from pathlib import Path

import numpy as np
import pytest

from casebook.engine import (
    Architecture,
    Bursty,
    Component,
    EngineError,
    Exponential,
    Lognormal,
    Poisson,
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
    (lambda: f.network(Architecture([Component("a", 1, Exponential(10))]), Workload(Poisson(100))),
     "component 'a'.*more than it can serve"),
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


def test_every_formula_is_named_in_the_docs_with_its_source():
    page = (Path(__file__).parents[2] / "docs" / "engine.md").read_text(encoding="utf-8")
    rows = page.split("## Formulas beside it")[1].split("\n## ")[0]
    said = set(re.findall(r"`(\w+)`", "\n".join(line for line in rows.splitlines() if line.startswith("|"))))
    functions = {name for name in f.__all__ if inspect.isfunction(getattr(f, name))}
    assert functions <= said, "name these in docs/engine.md, Formulas beside it"
    assert all(hasattr(f, name) for name in said)

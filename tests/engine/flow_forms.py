"""Rows of the proof for what flows: passes, fan-outs, times down, classes of requests; ``Row`` comes from outside."""

from __future__ import annotations

import numpy as np

from casebook.engine import (
    Architecture,
    Autoscale,
    Breakdowns,
    Component,
    Delay,
    Deterministic,
    Exponential,
    Link,
    Poisson,
    Repeat,
    RequestClass,
    Route,
    Workload,
    simulate,
)
from casebook.engine import formulas as f


def mean_of(arch, workload):
    return lambda n, seed: simulate(arch, workload, n, seed, warmup_share=0.1).mean_ms


def flow_rows(Row):
    """Every row; a fan-out of two exponential stations, one server that breaks down, and a queue that is fed its own
    visitors again have exact answers."""
    at = Workload(Poisson(80.0))
    passes = Architecture([Component("a", 1, Exponential(5.0), repeat=Repeat(0.5, 50))])
    yield Row("M/M/1 whose visitors come back with probability ½, utilisation 0.8: mean of all passes, ms", 50.0,
              mean_of(passes, at), "Jackson")
    none = Delay(Deterministic(0.0))
    two = Architecture([Component("in", 1, none), Component("x", 1, Exponential(10.0)),
                        Component("y", 1, Exponential(10.0)), Component("out", 1, none, joins="in")],
                       [Link("in", "x", kind="fanout"), Link("in", "y", kind="fanout"), Link("x", "out"),
                        Link("y", "out")])
    yield Row("fan-out to two M/M/1, utilisation 0.8, waits for both: mean sojourn, ms", (12.0 - 0.8) / 8.0 * 50.0,
              mean_of(two, at), "Flatto–Hahn, Nelson–Tantawi")
    free = Architecture([Component("in", 1, none),
                         *(Component(x, 1, Delay(Exponential(12.0))) for x in "pqr"),
                         Component("out", 1, none, joins="in")],
                        [*(Link("in", x, kind="fanout") for x in "pqr"), *(Link(x, "out") for x in "pqr")])
    yield Row("the longest of three exponential delays of 12 ms: mean, ms", 12.0 * (1 + 1 / 2 + 1 / 3),
              mean_of(free, at), "harmonic numbers")
    yield from down_rows(Row)
    hyper = Workload(Poisson(80.0), (RequestClass("short", 0.75, size=0.5), RequestClass("long", 0.25, size=3.0)))
    mean = 8.0 * (0.75 * 0.5 + 0.25 * 3.0)
    square = 2.0 * 64.0 * (0.75 * 0.25 + 0.25 * 9.0)
    rho = 0.08 * mean
    yield Row("M/G/1, classes of half and three times the size, utilisation 0.72: mean sojourn, ms",
              mean + 0.08 * square / (2.0 * (1.0 - rho)),
              mean_of(Architecture([Component("a", 1, Exponential(8.0))]), hyper), "Pollaczek–Khinchine")
    ways = (RequestClass("chat", 0.6), RequestClass("report", 0.4, routes=(Route("in", "big"),)))
    split = Architecture([Component("in", 1, Exponential(5.0)), Component("small", 1, Exponential(15.0)),
                          Component("big", 1, Exponential(20.0))], [Link("in", "small"), Link("in", "big", 0.0)])
    yield Row("classes that go their own ways, Jackson: mean sojourn, ms",
              1000.0 / 120.0 + 0.6 / (1 / 15 - 0.048) + 0.4 / (1 / 20 - 0.032), mean_of(split, Workload(
                  Poisson(80.0), ways)), "Jackson")

    def servers(n, seed):
        rule = Autoscale(0.5, 200, 1, every_s=5.0, cold_s=0.0, cooldown_s=0.0)
        arch = Architecture([Component("a", 80, Exponential(500.0), scaling=rule)])
        run = simulate(arch, at, n, seed, warmup_share=0.1)
        return run.station("a").utilisation * run.station("a").mean_servers

    yield Row("servers that come and go: mean busy", 40.0, servers, "Little")


def down_rows(Row):
    """M/M/1 that breaks down at rate φ whether it works or not and is mended at rate γ, work resumed: mean number
    inside λ[(γ + φ)² + μφ] / ((γ + φ)(μγ − λ(γ + φ))) (White & Christie 1958)."""
    rate, serve, fail, mend = 60.0, 100.0, 2.0, 18.0
    inside = rate * ((mend + fail) ** 2 + serve * fail) / ((mend + fail) * (serve * mend - rate * (mend + fail)))
    arch = Architecture([Component("a", 1, Exponential(10.0), outages=Breakdowns(1 / fail, 1 / mend))])
    yield Row("M/M/1 that is down a tenth of the time, work resumed: mean sojourn, ms", 1000.0 * inside / rate,
              mean_of(arch, Workload(Poisson(rate))), "White–Christie")
    often = Workload(Poisson(50.0))

    def refuses(n, seed):
        away = Component("a", 3, Exponential(10.0), outages=Breakdowns(0.9, 0.1, "refuse"))
        return simulate(Architecture([away]), often, n, seed).refused_share

    yield Row("down a tenth of the time, those who come are refused: share refused", 1.0 - f.from_times(0.9, 0.1),
              refuses, "renewal reward")

    def share_up(n, seed):
        part = Component("a", 3, Exponential(10.0), outages=Breakdowns(3.0, 0.5))
        return simulate(Architecture([part]), often, n, seed).station("a").availability

    yield Row("up 3 s, down 0.5 s: share of the time up", 6 / 7, share_up, "renewal reward")
    near = Component("near", 3, Exponential(1.0), outages=Breakdowns(1.6, 0.4, "refuse", "eu"))
    pair = Architecture([near, Component("far", 3, Exponential(1.0), outages=Breakdowns(2.1, 0.9, "refuse", "us")),
                         Component("db", 3, Exponential(1.0), outages=Breakdowns(1.6, 0.4, "wait", "eu")),
                         Component("log", 3, Exponential(1.0), outages=Breakdowns(0.9, 0.1))],
                        [Link("near", "far", kind="overflow"), Link("near", "db", 0.5), Link("near", "log", 0.5),
                         Link("far", "log")])
    # near up (0.8): half to its own region's db, half past log; near down: far (0.7), then log (0.9)
    theory = 0.8 * (0.5 + 0.5 * 0.9) + 0.2 * 0.7 * 0.9
    assert np.isclose(theory, f.path_availability(pair))
    yield Row("two regions, series and parallel: share of requests that no time down harms", theory,
              lambda n, seed: simulate(pair, often, n, seed).availability, "availability from parts")

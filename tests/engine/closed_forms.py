"""The rows of the proof against theory: what is simulated, what the formula or the textbook says.

A row simulates with one seed and returns one number; a test holds theory inside the 95 % interval of many.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from casebook.engine import (
    Architecture,
    Bursty,
    Component,
    ContinuousBatch,
    Delay,
    Deterministic,
    Exponential,
    Link,
    Lognormal,
    LognormalSize,
    Poisson,
    RequestClass,
    Retry,
    Serverless,
    Workload,
    simulate,
)
from casebook.engine import formulas as f
from tests.engine.flow_forms import flow_rows

SEEDS = 16
FIRST_SEED = int(os.environ.get("CASEBOOK_FRESH_SEEDS", "0")) * 1_000  # set it to another number for fresh seeds
T975 = {15: 2.1314, 63: 1.9983}  # Student, by degrees of freedom


@dataclass(frozen=True)
class Row:
    name: str
    theory: float
    measure: Callable[[int, int], float]  # (requests, seed) -> estimate
    source: str
    requests: int = 200_000

    def interval(self, seeds=SEEDS, first=FIRST_SEED):
        values = [self.measure(self.requests, first + s) for s in range(seeds)]
        mean = math.fsum(values) / seeds
        half = T975[seeds - 1] * float(np.std(values, ddof=1)) / math.sqrt(seeds)
        return mean - half, mean + half

    def judged(self):
        """(low, high, inside) of the 95 % interval. One honest row in twenty falls outside its first one: such
        a row is tried again, once, over four times as many fresh seeds."""
        low, high = self.interval()
        if not low <= self.theory <= high:
            low, high = self.interval(4 * SEEDS, FIRST_SEED + 500)
        return low, high, low <= self.theory <= high


def one(servers, service, rate, requests, seed):
    arch = Architecture([Component("a", servers, service)])
    return simulate(arch, Workload(Poisson(rate)), requests, seed, warmup_share=0.1).station("a")


def waits(servers, service, rate):
    return lambda n, seed: one(servers, service, rate, n, seed).mean_wait_ms


def share_waiting(servers, service, rate):
    def measure(n, seed):
        station = one(servers, service, rate, n, seed)
        return float((station.wait_ms[station.measured] > 0).mean())
    return measure


def share_above(servers, service, rate, t_ms):
    def measure(n, seed):
        station = one(servers, service, rate, n, seed)
        return float((station.sojourn_ms[station.measured] > t_ms).mean())
    return measure


def queue(servers, service, rate):
    return lambda n, seed: one(servers, service, rate, n, seed).mean_queue


def idle(servers, service, rate):
    """Share of time in which no server works, from the gaps between busy periods."""
    def measure(n, seed):
        station = one(servers, service, rate, n, seed)
        a, done = station.arrive_ms, np.maximum.accumulate(station.leave_ms)
        return float(np.maximum(a[1:] - done[:-1], 0.0).sum() / (a[-1] - a[0]))
    return measure


def p99_of(servers, service, rate):
    """t with a sojourn tail of 1 %, by bisection on the formula."""
    low, high = 0.0, 1e7
    for _ in range(200):
        middle = (low + high) / 2
        if f.sojourn_tail_mmc(rate, service.mean_ms, servers, middle) > 0.01:
            low = middle
        else:
            high = middle
    return low


def mmc_rows():
    for c in (1, 2, 4, 8, 50):
        service, rate = Exponential(10.0), 80.0 * c
        erlangs = 0.8 * c
        yield Row(f"M/M/{c}, utilisation 0.8: mean wait, ms", f.mean_wait_mmc_ms(rate, 10.0, c),
                  waits(c, service, rate), "Erlang C")
        yield Row(f"M/M/{c}, utilisation 0.8: share that waits", f.erlang_c(c, erlangs),
                  share_waiting(c, service, rate), "Erlang C")
        t = p99_of(c, service, rate)
        yield Row(f"M/M/{c}, utilisation 0.8: share above the p99 of {t:.1f} ms", 0.01,
                  share_above(c, service, rate, t), "M/M/c sojourn tail")


def mg1_rows():
    for rho in (0.5, 0.8):
        rate = rho * 100.0
        yield Row(f"M/D/1, utilisation {rho}: mean wait, ms", f.mean_wait_mg1_ms(rate, 10.0, 0.0),
                  waits(1, Deterministic(10.0), rate), "Pollaczek–Khinchine")
    # catalogue row mg1-pk: service 1, utilisation 0.8, squared cv 0, 1, 4
    for cv2, published in ((0, 2.0), (1, 4.0), (4, 10.0)):
        service = Deterministic(1000.0) if cv2 == 0 else Lognormal(1000.0, math.sqrt(cv2))
        yield Row(f"mg1-pk, squared cv {cv2}: mean wait, s", published,
                  lambda n, seed, service=service: one(1, service, 0.8, n, seed).mean_wait_ms / 1000.0,
                  "catalogue; Pollaczek–Khinchine")


def network_rows():
    def tandem(n, seed):
        arch = Architecture([Component("a", 1, Exponential(8.0)), Component("b", 3, Exponential(20.0))],
                            [Link("a", "b")])
        return simulate(arch, Workload(Poisson(100.0)), n, seed, warmup_share=0.1).mean_ms

    yield Row("tandem M/M/1 → M/M/3: mean sojourn, ms",
              8.0 + f.mean_wait_mmc_ms(100.0, 8.0, 1) + 20.0 + f.mean_wait_mmc_ms(100.0, 20.0, 3),
              tandem, "Burke, Jackson")

    def split(n, seed):
        arch = Architecture(
            [Component("a", 2, Exponential(12.0)), Component("b", 1, Exponential(14.0)),
             Component("c", 2, Exponential(30.0)), Component("d", 1, Exponential(9.0))],
            [Link("a", "b", 0.5), Link("a", "c", 0.3), Link("b", "d"), Link("c", "d", 0.6)])
        return simulate(arch, Workload(Poisson(100.0)), n, seed, warmup_share=0.1).mean_ms

    w = f.mean_wait_mmc_ms
    yield Row("Jackson network, split and merged: mean sojourn, ms",
              12 + w(100, 12, 2) + 0.5 * (14 + w(50, 14, 1)) + 0.3 * (30 + w(30, 30, 2))
              + 0.68 * (9 + w(68, 9, 1)), split, "Jackson")

    def infinite(n, seed):
        arch = Architecture([Component("a", 1, Delay(Lognormal(40.0, 1.0)))])
        run = simulate(arch, Workload(Poisson(100.0)), n, seed, warmup_share=0.1)
        t = run.station("a").arrive_ms[-1] * np.linspace(0.2, 0.9, 4_000)
        inside = np.searchsorted(run.station("a").arrive_ms, t) - np.searchsorted(
            np.sort(run.station("a").leave_ms), t)
        return float(np.var(inside))

    yield Row("M/G/∞: variance of the number inside", 4.0, infinite, "Poisson of mean λs")


def burst_queue():
    """Mean wait of MMPP/M/1, solved as a quasi-birth-death process (Neuts): R by iteration."""
    b = Bursty(60.0, 4.0, 0.2, 0.5)
    mu = 100.0
    to_calm, to_burst = 1 / 0.5, 1 / (0.5 * 0.8 / 0.2)
    rates = np.diag([b.calm_rate_per_s, b.burst_rate_per_s])
    q = np.array([[-to_burst, to_burst], [to_calm, -to_calm]])
    a0, a1, a2 = rates, q - rates - mu * np.eye(2), mu * np.eye(2)
    r = np.zeros((2, 2))
    for _ in range(20_000):
        r = -(a0 + r @ r @ a2) @ np.linalg.inv(a1)
    boundary = (q - rates + r @ a2).T
    system = np.vstack([boundary, np.linalg.inv(np.eye(2) - r).sum(axis=1)])
    p0 = np.linalg.lstsq(system, np.array([0.0, 0.0, 1.0]), rcond=None)[0]
    inverse = np.linalg.inv(np.eye(2) - r)
    inside = float((p0 @ r @ inverse @ inverse).sum())
    wait_ms = (inside / 60.0 - 1 / mu) * 1000.0

    def measure(n, seed):
        arch = Architecture([Component("a", 1, Exponential(10.0))])
        return simulate(arch, Workload(b), n, seed, warmup_share=0.1).station("a").mean_wait_ms

    yield Row("MMPP/M/1, bursts of 4× in 20 % of the time: mean wait, ms", wait_ms, measure,
              "quasi-birth-death, matrix-geometric")


def published_rows():
    """Rows of the catalogue's validation_queueing that a FIFO station can answer; time unit as published."""
    def unit(servers, lam, mu, what, theory, name):
        service, rate = Exponential(1000.0 / mu), lam
        measures = {"Wq": lambda n, s: one(servers, service, rate, n, s).mean_wait_ms / 1000.0,
                    "Lq": queue(servers, service, rate), "P0": idle(servers, service, rate),
                    "W": lambda n, s: (lambda st: float(st.sojourn_ms[st.measured].mean()) / 1000.0)(
                        one(servers, service, rate, n, s)),
                    "Pw": share_waiting(servers, service, rate)}
        return Row(f"{name}, M/M/{servers}: {what}", theory, measures[what], "catalogue")

    yield unit(10, 6.0, 1.0, "Pw", 0.101299, "erlc-6-10")
    yield unit(3, 300.0, 182.5, "Wq", 0.00117475, "bronson-24.6")
    yield unit(3, 300.0, 182.5, "Lq", 0.35243, "bronson-24.6")
    yield unit(3, 300.0, 182.5, "P0", 0.177537, "bronson-24.6")
    yield unit(1, 24.0, 30.0, "W", 1 / 6, "bronson-23.3")
    yield unit(1, 30.0, 40.0, "Lq", 2.25, "bronson-23.14")
    yield unit(1, 1.0, 4 / 3, "P0", 0.25, "bronson-23.16 (published 0.178 is a misprint)")
    yield unit(1, 1.0, 4 / 3, "W", 3.0, "bronson-23.16")
    yield unit(1, 49.0, 55.0, "Lq", 7.27576, "mm1-49-55")
    yield unit(1, 8.0, 12.0, "Wq", 10 / 60, "mm1-8-12")
    yield unit(1, 1.0, 1 / 0.9, "Wq", 8.1, "rstudio-mm1")
    yield unit(2, 20.0, 30.0, "P0", 0.5, "render-14.3")
    yield unit(2, 150.0, 100.0, "Pw", 0.642857, "wolfram-packets")
    yield unit(5, 30.0, 12.0, "Pw", 0.1304, "wolfram-callcentre")
    yield unit(6, 30.0, 12.0, "Pw", 0.0474, "wolfram-callcentre")
    yield unit(2, 5.0, 10.0, "Lq", 0.0333333, "r-queueing-mmc")


def refused(servers, service, rate, room):
    def measure(n, seed):
        arch = Architecture([Component("a", servers, service, queue_limit=room)])
        return simulate(arch, Workload(Poisson(rate)), n, seed, warmup_share=0.1).lost_share
    return measure


def gave_up(servers, service, rate, timeout_ms):
    def measure(n, seed):
        arch = Architecture([Component("a", servers, service, retry=Retry(timeout_ms, 1))])
        return simulate(arch, Workload(Poisson(rate)), n, seed, warmup_share=0.1).lost_share
    return measure


def patience_rows():
    """One try and no repeat: who gives up is the tail of M/M/c beyond the timeout."""
    for c, t in ((1, 60.0), (4, 40.0)):
        yield Row(f"M/M/{c}, utilisation 0.8, one try of {t:.0f} ms: share that gives up",
                  f.sojourn_tail_mmc(80.0 * c, 10.0, c, t), gave_up(c, Exponential(10.0), 80.0 * c, t),
                  "M/M/c sojourn tail")


def priority_rows():
    """Cobham: wait of class i = W₀ / ((1 − σ before i)(1 − σ up to i)), W₀ the wait for a server to fall free."""
    classes = (RequestClass("first", 0.25, 0), RequestClass("second", 0.25, 1), RequestClass("third", 0.5, 2))

    def wait_of(index, servers, service, rate):
        def measure(n, seed):
            arch = Architecture([Component("a", servers, service, order="priority")])
            run = simulate(arch, Workload(Poisson(rate), classes), n, seed, warmup_share=0.1)
            station = run.station("a")
            mine = station.measured & (run.class_of[station.request_ids] == index)
            return float(station.wait_ms[mine].mean())
        return measure

    for servers, service, rate, kind in ((1, Exponential(8.0), 100.0, "M/M/1"), (4, Exponential(32.0), 100.0, "M/M/4"),
                                         (1, Lognormal(8.0, 0.5), 100.0, "M/G/1, cv 0.5")):
        if servers == 1:
            first_wait = rate / 1000.0 * service.mean_ms**2 * (1.0 + service.cv2) / 2.0
        else:
            first_wait = f.erlang_c(servers, rate * service.mean_ms / 1000.0) * service.mean_ms / servers
        before = 0.0
        for index, one_class in enumerate(classes):
            upto = before + 0.8 * one_class.share
            yield Row(f"{kind}, three priorities, utilisation 0.8: mean wait of the {one_class.name}, ms",
                      first_wait / ((1.0 - before) * (1.0 - upto)), wait_of(index, servers, service, rate), "Cobham")
            before = upto


def serverless_rows():
    """At a limit nobody waits: Erlang B. Where work takes no time one instance is enough, and it is cold when the
    last request is longer ago than instances are kept: e^(−λ × keep)."""
    def lost(n, seed):
        arch = Architecture([Component("a", 1, Serverless(Lognormal(10.0, 1.0), 0.0, 1.0, 10))])
        return simulate(arch, Workload(Poisson(800.0)), n, seed, warmup_share=0.1).lost_share

    yield Row("serverless, 8 erlangs, limit 10: share refused", 0.121661, lost, "Erlang B")

    def cold(n, seed):
        arch = Architecture([Component("a", 1, Serverless(Deterministic(0.0), 0.001, 4.0))])
        station = simulate(arch, Workload(Poisson(0.5)), n, seed, warmup_share=0.1).station("a")
        return float((station.wait_ms > 0).mean())

    yield Row("serverless, a short request every 2 s, kept 4 s: share of cold starts", math.exp(-2.0), cold,
              "no arrival for 4 s")


def token_rows():
    """One slot is M/G/1. With steps that take time for each request and none for themselves, every request gets an
    equal share of the server at every instant as tokens become fine: processor sharing, whose mean sojourn S/(1 − ρ)
    does not depend on the distribution of the work."""
    alone = ContinuousBatch(0.01, 0.0, 1, LognormalSize(1000.0, 1.0))
    yield Row("continuous batching, one slot, cv 1, utilisation 0.8: mean wait, ms",
              f.mean_wait_mg1_ms(80.0, 10.0, 1.0), waits(1, alone, 80.0), "Pollaczek–Khinchine")
    for kind, tokens in (("fixed work", 4000), ("lognormal work, cv 1.5", LognormalSize(4000.0, 1.5))):
        shared = ContinuousBatch(0.0, 0.0025, 2000, tokens)
        yield Row(f"processor sharing, {kind}: mean sojourn, ms", 50.0,
                  lambda n, seed, shared=shared: float(np.mean(measured_sojourn(shared, n, seed))),
                  "processor sharing, insensitive")


def wait_limit_rows():
    """Who would wait too long goes at once: M/M/1 and M/M/c with a limit on the wait."""
    for servers, rate, limit in ((1, 120.0, 30.0), (4, 360.0, 5.0)):
        theory = f.mmc_wait_limit(rate, 10.0, servers, limit)
        part = Component("a", servers, Exponential(10.0), wait_limit_ms=limit)

        def lost(n, seed, part=part, rate=rate):
            return simulate(Architecture([part]), Workload(Poisson(rate)), n, seed, warmup_share=0.1).lost_share

        def wait(n, seed, part=part, rate=rate):
            return simulate(Architecture([part]), Workload(Poisson(rate)), n, seed,
                            warmup_share=0.1).station("a").mean_wait_ms

        name = f"M/M/{servers}, utilisation {rate / servers / 100:g}, who would wait {limit:.0f} ms goes"
        yield Row(f"{name}: share refused", theory.lost_share, lost, "Barrer")
        yield Row(f"{name}: mean wait of the others, ms", theory.mean_wait_ms, wait, "Barrer")


def measured_sojourn(service, requests, seed):
    station = one(1, service, 80.0, requests, seed)
    return station.sojourn_ms[station.measured]


def loss_rows():
    """Erlang B and M/M/c/K: the catalogue's rows, and that loss does not depend on the service distribution."""
    for name, erlangs, servers, published in (
            ("erlb-15-1pct", 8.108, 15, 0.01), ("erlb-8-10", 8.0, 10, 0.121661), ("erlb-10-12", 10.0, 12, 0.119739),
            ("erlb-12.5-15", 12.5, 15, 0.100489), ("erlb-15-18", 15.0, 18, 0.086169),
            ("erlb-18-22", 18.0, 22, 0.065451)):
        yield Row(f"{name}, M/M/{servers}/{servers}: share refused", published,
                  refused(servers, Exponential(1000.0), erlangs, 0), "catalogue; Erlang B")
    yield Row("r-queueing-mmcc, M/M/15/15: share refused", 0.0857292, refused(15, Exponential(4000.0), 3.0, 0),
              "catalogue; Erlang B")
    yield Row("M/D/10/10, 8 erlangs: share refused", 0.121661, refused(10, Deterministic(1000.0), 8.0, 0),
              "Erlang B, insensitive")
    yield Row("M/lognormal/10/10, cv 2, 8 erlangs: share refused", 0.121661,
              refused(10, Lognormal(1000.0, 2.0), 8.0, 0), "Erlang B, insensitive")

    def waiting(n, seed):
        arch = Architecture([Component("a", 5, Exponential(250.0), queue_limit=7)])
        return simulate(arch, Workload(Poisson(8.0)), n, seed, warmup_share=0.1).mean_queue["a"]

    yield Row("r-queueing-mmck, M/M/5/12: mean number waiting", 0.0394634, waiting, "catalogue; M/M/c/K")
    # M/M/1/K, utilisation 1.2, K = 5: (1 − ρ) ρ^K / (1 − ρ^(K+1))
    yield Row("M/M/1/5, utilisation 1.2: share refused", 0.2 * 1.2**5 / (1.2**6 - 1.0),
              refused(1, Exponential(10.0), 120.0, 4), "M/M/1/K")


ROWS = (*mmc_rows(), *mg1_rows(), *network_rows(), *burst_queue(), *priority_rows(), *serverless_rows(),
        *token_rows(), *wait_limit_rows(), *loss_rows(), *patience_rows(), *flow_rows(Row), *published_rows())

"""M/M/c: Poisson arrivals, c alike exponential servers, one queue without end. Rates a second, times in ms."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from casebook.engine.formulas.erlang import erlang_c
from casebook.engine.quantile import check_quantile


@dataclass(frozen=True, slots=True)
class Queue:
    """What textbooks print for a queue in steady state: P0, P(wait), Lq, L, Wq, W and utilisation."""

    idle_share: float
    waits_share: float
    mean_queue: float
    mean_inside: float
    mean_wait_ms: float
    mean_sojourn_ms: float
    utilisation: float


def mmc(rate_per_s: float, mean_ms: float, servers: int) -> Queue:
    """Every steady-state figure of M/M/c (Gross & Harris, ch. 2); EngineError where it has none."""
    erlangs = rate_per_s * mean_ms / 1000.0
    waits, wait = erlang_c(servers, erlangs), mean_wait_mmc_ms(rate_per_s, mean_ms, servers)
    # P(all busy) of the loss system scaled back to the empty state, without a factorial: P0 = 1 / Σ
    term, total = 1.0, 1.0
    for n in range(1, servers):
        term *= erlangs / n
        total += term
    total += term * erlangs / servers / (1.0 - erlangs / servers)
    queue = rate_per_s * wait / 1000.0
    return Queue(1.0 / total, waits, queue, queue + erlangs, wait, wait + mean_ms, erlangs / servers)


def mean_wait_mmc_ms(rate_per_s: float, mean_ms: float, servers: int) -> float:
    """Mean wait of M/M/c: C(c, a) × s / (c − a)."""
    erlangs = rate_per_s * mean_ms / 1000.0
    return erlang_c(servers, erlangs) * mean_ms / (servers - erlangs)


def wait_tail_mmc(rate_per_s: float, mean_ms: float, servers: int, t_ms: float) -> float:
    """Share of M/M/c waits above ``t_ms``: C(c, a) e^(−(cμ − λ)t)."""
    erlangs = rate_per_s * mean_ms / 1000.0
    return erlang_c(servers, erlangs) * math.exp(-(servers - erlangs) * t_ms / mean_ms)


def wait_quantile_mmc_ms(rate_per_s: float, mean_ms: float, servers: int, q: float) -> float:
    """The q-quantile of the wait: 0 where a share q or more never waits."""
    erlangs = rate_per_s * mean_ms / 1000.0
    waits = erlang_c(servers, erlangs)
    beyond = 1.0 - check_quantile(q)
    return math.log(waits / beyond) * mean_ms / (servers - erlangs) if waits > beyond else 0.0


def sojourn_tail_mmc(rate_per_s: float, mean_ms: float, servers: int, t_ms: float) -> float:
    """Share of M/M/c sojourn times above ``t_ms``: the wait is 0 or exponential of rate cμ − λ, then service
    follows; for one server it is e^(−(μ−λ)t)."""
    erlangs = rate_per_s * mean_ms / 1000.0
    waits, t, gap = erlang_c(servers, erlangs), t_ms / mean_ms, servers - 1.0 - erlangs
    if abs(gap) < 1e-9:
        return math.exp(-t) * (1.0 + waits * t)
    return math.exp(-t) + waits * (math.exp(-t) - math.exp(-t * (1.0 + gap))) / gap


def sojourn_quantile_mmc_ms(rate_per_s: float, mean_ms: float, servers: int, q: float) -> float:
    """The q-quantile of the sojourn time, by bisection on the tail."""
    beyond = 1.0 - check_quantile(q)
    return falling_root(lambda t: sojourn_tail_mmc(rate_per_s, mean_ms, servers, t) - beyond, mean_ms)


def falling_root(f: Callable[[float], float], start: float) -> float:
    """Where the falling function ``f`` of t ≥ 0 passes 0."""
    low, high = 0.0, start
    while f(high) > 0.0:
        low, high = high, 2.0 * high
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if f(middle) > 0.0 else (low, middle)
    return (low + high) / 2.0


"""Queueing formulas that stand beside a run to explain and check it; they never grade.

Rates are a second, times in ms. Each needs a steady state: an offered load below the number of servers.
"""

from __future__ import annotations

import math

from casebook.engine.errors import EngineError, number, whole


def erlang_b(servers: int, erlangs: float) -> float:
    """Share of Poisson arrivals that find all ``servers`` busy and are lost (Erlang 1917), by the stable
    recursion B(0) = 1, B(c) = aB(c−1) / (c + aB(c−1)). Holds for any service distribution."""
    whole("erlang_b", "servers", servers, at_least=0)
    number("erlang_b", "erlangs", erlangs, at_least=0.0)
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = erlangs * blocked / (c + erlangs * blocked)
    return blocked


def erlang_c(servers: int, erlangs: float) -> float:
    """Share of Poisson arrivals that must wait for one of ``servers`` exponential servers (Erlang C)."""
    whole("erlang_c", "servers", servers, at_least=1)
    _below(servers, erlangs)
    blocked = erlang_b(servers, erlangs)
    return blocked / (1.0 - erlangs / servers * (1.0 - blocked))


def _below(servers: int, erlangs: float) -> None:
    number("formula", "erlangs", erlangs, at_least=0.0)
    if erlangs >= servers:
        raise EngineError("formula, offered load in erlangs", erlangs,
                          f"{servers} servers cannot keep up with it: add servers, or lower the rate.")


def mean_wait_mmc_ms(rate_per_s: float, mean_ms: float, servers: int) -> float:
    """Mean wait of M/M/c: C(c, a) × s / (c − a)."""
    erlangs = rate_per_s * mean_ms / 1000.0
    return erlang_c(servers, erlangs) * mean_ms / (servers - erlangs)


def sojourn_tail_mmc(rate_per_s: float, mean_ms: float, servers: int, t_ms: float) -> float:
    """Share of M/M/c sojourn times above ``t_ms``: the wait is 0 or exponential of rate cμ − λ, then service
    follows; for one server it is e^(−(μ−λ)t)."""
    erlangs = rate_per_s * mean_ms / 1000.0
    waits, t, gap = erlang_c(servers, erlangs), t_ms / mean_ms, servers - 1.0 - erlangs
    if abs(gap) < 1e-9:
        return math.exp(-t) * (1.0 + waits * t)
    return math.exp(-t) + waits * (math.exp(-t) - math.exp(-t * (1.0 + gap))) / gap


def mean_wait_mg1_ms(rate_per_s: float, mean_ms: float, cv: float) -> float:
    """Mean wait of M/G/1 (Pollaczek–Khinchine): ρ s (1 + cv²) / (2 (1 − ρ)); M/D/1 is cv = 0."""
    rho = rate_per_s * mean_ms / 1000.0
    _below(1, rho)
    return rho * mean_ms * (1.0 + cv * cv) / (2.0 * (1.0 - rho))


def mean_wait_allen_cunneen_ms(rate_per_s: float, mean_ms: float, servers: int, cv_arrivals: float,
                               cv_service: float) -> float:
    """Approximate mean wait of G/G/c: that of M/M/c × (cv²ₐ + cv²ₛ) / 2 (Allen & Cunneen). Exact for M/M/c
    and M/G/1; far too low under bursts, which are more than a coefficient of variation."""
    return mean_wait_mmc_ms(rate_per_s, mean_ms, servers) * (cv_arrivals**2 + cv_service**2) / 2.0

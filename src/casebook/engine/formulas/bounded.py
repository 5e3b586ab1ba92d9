"""Queues that lose some: M/M/c/K turns arrivals away at the door, Erlang A loses those who lose patience.

Both are birth–death chains, summed state by state. They have a steady state at any load.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from casebook.engine.errors import number, whole


@dataclass(frozen=True, slots=True)
class LossyQueue:
    """Steady state of a queue that loses the share ``lost_share`` of its arrivals.

    ``mean_wait_ms`` is over those who are served in M/M/c/K, and over everybody, those who leave included,
    in Erlang A; ``waits_share`` is over everybody who comes in.
    """

    idle_share: float
    waits_share: float
    lost_share: float
    mean_queue: float
    mean_inside: float
    mean_wait_ms: float
    utilisation: float


def mmck(rate_per_s: float, mean_ms: float, servers: int, queue_limit: int) -> LossyQueue:
    """M/M/c/K with K = servers + ``queue_limit`` (Gross & Harris, 2.5): p(n+1) = p(n) λ / (min(n+1, c) μ)."""
    whole("mmck", "queue_limit", queue_limit, at_least=0, at_most=10_000_000)
    p = _states(rate_per_s, mean_ms, servers, queue_limit)
    lost = p[-1]
    queue = math.fsum((n - servers) * p[n] for n in range(servers + 1, len(p)))
    served_per_s = rate_per_s * (1.0 - lost)
    waiting = math.fsum(p[servers:-1]) / (1.0 - lost) if lost < 1.0 else 0.0
    busy = served_per_s * mean_ms / 1000.0
    return LossyQueue(p[0], waiting, lost, queue, queue + busy, 1000.0 * queue / served_per_s, busy / servers)


def places_in_queue(rate_per_s: float, mean_ms: float, servers: int, queue_limit: int) -> list[float]:
    """Shares of those admitted to M/M/c/K who find j = 1, 2, … departures between them and a server; the rest
    are served at once. The wait of the j-th is Erlang: j exponential times of rate cμ."""
    p = _states(rate_per_s, mean_ms, servers, queue_limit)
    return [one / (1.0 - p[-1]) for one in p[servers:-1]]


def _states(rate_per_s: float, mean_ms: float, servers: int, queue_limit: int) -> list[float]:
    erlangs = _erlangs(rate_per_s, mean_ms, servers)
    steps, here, top = [0.0], 0.0, 0.0
    for n in range(1, servers + queue_limit + 1):
        step = math.log(erlangs / min(n, servers))
        steps.append(step)
        here, top = here + step, max(top, here + step)
        if n > servers and step < 0.0 and here < top - 45.0:
            break  # a long queue that is never full: the states beyond hold less than 1e-19
    return _normed(steps)


def erlang_a(rate_per_s: float, mean_ms: float, servers: int, patience_ms: float) -> LossyQueue:
    """M/M/c+M (Palm 1957, Garnett, Mandelbaum & Reiman 2002): who waits leaves at rate 1 / ``patience_ms``.
    Above c, p(n+1) = p(n) λ / (cμ + (n + 1 − c)θ); summed until what is left is below 1e-15."""
    number("erlang_a", "patience_ms", patience_ms, above=0.0)
    erlangs = _erlangs(rate_per_s, mean_ms, servers)
    leaving = mean_ms / patience_ms  # θ in units of μ
    steps, total, here, top = [0.0], 0.0, 0.0, 0.0
    n = 0
    while n < servers or here > top - 40.0 or erlangs > servers + (n - servers) * leaving:
        n += 1
        step = math.log(erlangs / (n if n <= servers else servers + (n - servers) * leaving))
        steps.append(step)
        total += step
        here, top = total, max(top, total)
    p = _normed(steps)
    queue = math.fsum((n - servers) * p[n] for n in range(servers + 1, len(p)))
    lost = queue * leaving / erlangs
    busy = math.fsum(min(n, servers) * p[n] for n in range(len(p)))
    return LossyQueue(p[0], math.fsum(p[servers:]), lost, queue, queue + busy, 1000.0 * queue / rate_per_s,
                      busy / servers)


def mmc_wait_limit(rate_per_s: float, mean_ms: float, servers: int, wait_limit_ms: float) -> LossyQueue:
    """M/M/c whose arrivals leave at once when they would wait more than ``wait_limit_ms`` (Barrer 1957; by level
    crossing): while all servers are busy, the time v until one falls free has density λ p(c−1) e^(−(cμ − λ)v)
    up to the limit, and above it, where nobody comes in, it falls like e^(−cμ v)."""
    erlangs = _erlangs(rate_per_s, mean_ms, servers)
    limit = number("mmc_wait_limit", "wait_limit_ms", wait_limit_ms, at_least=0.0) / mean_ms  # times in units of 1/μ
    before = [1.0]  # p(n) over p(c − 1), downwards: no power or factorial overflows
    for n in range(servers - 1, 0, -1):
        before.append(before[-1] * n / erlangs)
    drift = servers - erlangs
    x = drift * limit
    if abs(x) < 1e-3:  # the first terms of the series: the formulas below would divide nothing by nothing
        area, moment = limit * (1.0 - x / 2.0), limit * limit * (0.5 - x / 3.0)
    else:
        area, moment = (1.0 - math.exp(-x)) / drift, (1.0 - math.exp(-x) * (1.0 + x)) / (drift * drift)
    over = erlangs * math.exp(-x) / servers
    below, waits = math.fsum(before), erlangs * area
    total = below + waits + over
    lost, taken = over / total, (below + waits) / total
    wait_ms = mean_ms * erlangs * moment / (below + waits)
    queue, busy = rate_per_s * taken * wait_ms / 1000.0, erlangs * taken
    return LossyQueue(before[-1] / total, waits / (below + waits), lost, queue, queue + busy, wait_ms, busy / servers)


def _erlangs(rate_per_s: float, mean_ms: float, servers: int) -> float:
    whole("formula", "servers", servers, at_least=1, at_most=10_000_000)
    rate = number("formula", "rate_per_s", rate_per_s, above=0.0)
    return rate * number("formula", "mean_ms", mean_ms, above=0.0) / 1000.0


def _normed(steps: list[float]) -> list[float]:
    """Probabilities from the logs of the ratios of neighbours (logs, so that no load overflows)."""
    logs, here = [], 0.0
    for step in steps:
        here += step
        logs.append(here)
    top = max(logs)
    weights = [math.exp(value - top) for value in logs]
    total = math.fsum(weights)
    return [weight / total for weight in weights]

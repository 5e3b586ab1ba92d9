"""Beyond the exponential: Pollaczek–Khinchine, Allen–Cunneen, Kingman's bound, Cobham's priorities, Little's law."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from casebook.engine.errors import EngineError, number, whole
from casebook.engine.formulas.erlang import erlang_c, steady
from casebook.engine.formulas.mmc import mean_wait_mmc_ms
from casebook.engine.workload import Arrivals, Bursty


def mean_wait_mg1_ms(rate_per_s: float, mean_ms: float, cv: float) -> float:
    """Mean wait of M/G/1 (Pollaczek–Khinchine): ρ s (1 + cv²) / (2 (1 − ρ)); M/D/1 is cv = 0."""
    rho = rate_per_s * mean_ms / 1000.0
    steady(1, rho)
    return rho * mean_ms * (1.0 + cv * cv) / (2.0 * (1.0 - rho))


def mean_wait_allen_cunneen_ms(rate_per_s: float, mean_ms: float, servers: int, cv_arrivals: float,
                               cv_service: float) -> float:
    """Approximate mean wait of G/G/c: that of M/M/c × (cv²ₐ + cv²ₛ) / 2 (Allen & Cunneen). Exact for M/M/c
    and M/G/1; far too low under bursts, which are more than a coefficient of variation."""
    return mean_wait_mmc_ms(rate_per_s, mean_ms, servers) * (cv_arrivals**2 + cv_service**2) / 2.0


def wait_bound_kingman_ms(rate_per_s: float, mean_ms: float, cv_arrivals: float, cv_service: float) -> float:
    """Upper bound of the mean wait of GI/G/1 (Kingman 1962): λ (σ²ₐ + σ²ₛ) / (2 (1 − ρ)), renewal arrivals."""
    rho = rate_per_s * mean_ms / 1000.0
    steady(1, rho)
    between_ms = 1000.0 / number("Kingman", "rate_per_s", rate_per_s, above=0.0)
    return ((cv_arrivals * between_ms) ** 2 + (cv_service * mean_ms) ** 2) / between_ms / (2.0 * (1.0 - rho))


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """Poisson arrivals of one priority; ``cv`` is that of their service times."""

    rate_per_s: float
    mean_ms: float
    cv: float = 1.0


def mean_waits_priority_ms(classes: Sequence[PriorityClass], servers: int = 1) -> tuple[float, ...]:
    """Mean wait of each class, the first served first, service never broken off (Cobham 1954):
    Wₖ = W₀ / ((1 − σₖ₋₁)(1 − σₖ)), σₖ the utilisation by classes up to k.

    One server: any service times, W₀ = Σ λᵢ E[Sᵢ²] / 2. Several: exponential of one common mean, W₀ = C(c, a)
    s / c; EngineError for anything else, for which no closed form is known, and where a class has no steady
    state.
    """
    if not classes:
        raise EngineError("priorities, classes", [], "Give at least one PriorityClass.")
    whole("priorities", "servers", servers, at_least=1)
    erlangs = [one.rate_per_s * one.mean_ms / 1000.0 for one in classes]
    steady(servers, math.fsum(erlangs))
    if servers == 1:
        first = math.fsum(load * one.mean_ms * (1.0 + one.cv**2) / 2.0
                          for load, one in zip(erlangs, classes, strict=True))
    elif any(one.cv != 1.0 or one.mean_ms != classes[0].mean_ms for one in classes):
        raise EngineError("priorities, classes", servers, "With several servers the formula holds for exponential "
                          "service of one common mean only: give all classes the same mean_ms and cv=1, or simulate.")
    else:
        first = erlang_c(servers, math.fsum(erlangs)) * classes[0].mean_ms / servers
    waits, below = [], 0.0
    for load in erlangs:
        upto = below + load / servers
        waits.append(first / ((1.0 - below) * (1.0 - upto)))
        below = upto
    return tuple(waits)


def little(*, inside: float | None = None, rate_per_s: float | None = None, sojourn_ms: float | None = None) -> float:
    """Little's law, L = λW: give two of the three and get the third. Holds for any stable system, whatever
    its arrivals, service or order; EngineError unless exactly one is left out."""
    if [inside, rate_per_s, sojourn_ms].count(None) != 1:
        raise EngineError("little", [inside, rate_per_s, sojourn_ms], "Give two of inside, rate_per_s, sojourn_ms.")
    if inside is None:
        assert rate_per_s is not None and sojourn_ms is not None
        return rate_per_s * sojourn_ms / 1000.0
    if rate_per_s is None:
        assert sojourn_ms is not None
        return inside / number("little", "sojourn_ms", sojourn_ms, above=0.0) * 1000.0
    return inside / number("little", "rate_per_s", rate_per_s, above=0.0) * 1000.0


def cv2_arrivals(arrivals: Arrivals) -> float:
    """Squared coefficient of variation of the times between arrivals.

    Poisson 1. Two-state MMPP with rates r₁, r₂ left at rates a, b: 1 + 2ab(r₁ − r₂)² / ((a + b)² (r₁r₂ + r₁b +
    r₂a)) (Fischer & Meier-Hellstern 1993). It sees one gap at a time and so misses what makes bursts hurt:
    that short gaps follow one another. Any other process counts as 1.
    """
    if not isinstance(arrivals, Bursty):
        return 1.0
    burst, calm = arrivals.burst_rate_per_s, arrivals.calm_rate_per_s
    ends = 1.0 / arrivals.mean_burst_s
    begins = ends * arrivals.burst_share / (1.0 - arrivals.burst_share)
    both = (ends + begins) ** 2 * (burst * calm + burst * begins + calm * ends)
    return 1.0 + 2.0 * ends * begins * (burst - calm) ** 2 / both

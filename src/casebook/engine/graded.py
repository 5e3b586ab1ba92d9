"""Graded mode: the numbers that a verdict rests on, from fixed seeds, rounded, with a fair word for a tie."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import Literal

from casebook.engine.architecture import Architecture
from casebook.engine.inversion import Floats
from casebook.engine.load import Load, by_demand, growth_per_hour, is_stable, loads
from casebook.engine.network import simulate
from casebook.engine.quantile import four_digits, quantile
from casebook.engine.workload import Workload

GRADED_SEEDS = tuple(range(1_000, 1_016))
GRADED_REQUESTS = 100_000
TOO_CLOSE = 0.012  # relative: the noise that 16 × 100,000 requests leave in a p99

Verdict = Literal["met", "missed", "too close to call"]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What is kept of one seed's run: its sojourn times after the warm-up (ms) and its utilisation.

    The rest is let go at once, so that the next run finds the memory warm: fresh pages cost more than queues.
    """

    seed: int
    measured_ms: Floats
    utilisation: dict[str, float]

    def quantile_ms(self, q: float) -> float:
        """The q-quantile of the sojourn time in ms."""
        return quantile(self.measured_ms, q)


@dataclass(frozen=True, slots=True, eq=False)
class GradedRun:
    """Sixteen runs with fixed seeds, taken together."""

    runs: tuple[Sample, ...]
    loads: dict[str, Load]

    def quantile_ms(self, q: float) -> float:
        """Mean of the runs' q-quantiles in ms, rounded to four significant digits."""
        return four_digits(math.fsum(run.quantile_ms(q) for run in self.runs) / len(self.runs))

    def quantile_band_ms(self, q: float) -> tuple[float, float]:
        """95 % band of that mean (Student's t over the independent runs)."""
        values = [run.quantile_ms(q) for run in self.runs]
        mean = math.fsum(values) / len(values)
        variance = math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1)
        half = 2.1314 * math.sqrt(variance / len(values))
        return four_digits(mean - half), four_digits(mean + half)

    @property
    def stable(self) -> bool:
        """Whether every station can keep up in the long run."""
        return is_stable(self.loads)

    @property
    def growth_per_hour(self) -> float:
        """Requests by which the queues grow each hour; 0 when stable."""
        return growth_per_hour(self.loads)

    @property
    def bottleneck(self) -> str:
        """The station that asks for the largest share of its capacity."""
        return by_demand(self.loads)[0]

    @property
    def utilisation(self) -> dict[str, float]:
        """Busy share of each station's servers, averaged over the runs, four significant digits."""
        each = [run.utilisation for run in self.runs]
        return {id: four_digits(math.fsum(u[id] for u in each) / len(each)) for id in each[0]}

    def verdict(self, q: float, limit_ms: float) -> Verdict:
        """Compare the q-quantile with ``limit_ms``: within 1.2 % it is too close to call, and counts as met.

        A system that cannot keep up has missed every limit.
        """
        if not self.stable:
            return "missed"
        value = self.quantile_ms(q)
        if abs(value - limit_ms) <= TOO_CLOSE * limit_ms:
            return "too close to call"
        return "met" if value < limit_ms else "missed"


def graded(arch: Architecture, workload: Workload, requests: int = GRADED_REQUESTS, *,
           threads: int | None = None) -> GradedRun:
    """Run the 16 fixed seeds × ``requests`` arrivals; the result does not depend on ``threads``."""
    workers = threads or min(4, os.cpu_count() or 1)

    def one(seed: int) -> Sample:
        run = simulate(arch, workload, requests, seed)
        return Sample(seed, run.measured_ms, run.utilisation)

    if workers == 1:
        runs = tuple(one(seed) for seed in GRADED_SEEDS)
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(workers) as pool:
            runs = tuple(pool.map(one, GRADED_SEEDS))
    return GradedRun(runs, loads(arch, workload))

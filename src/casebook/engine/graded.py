"""Graded mode: the numbers that a verdict rests on, from fixed seeds, rounded, with a fair word for a tie."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from casebook.engine.architecture import Architecture
from casebook.engine.errors import number
from casebook.engine.inversion import Floats
from casebook.engine.load import Load, by_demand, growth_per_hour, is_stable, loads
from casebook.engine.network import simulate
from casebook.engine.quantile import four_digits, quantile
from casebook.engine.run import Run
from casebook.engine.workload import Workload

GRADED_SEEDS = tuple(range(1_000, 1_016))
GRADED_REQUESTS = 100_000
THREADS = "CASEBOOK_THREADS"  # of the environment: how many threads a graded run takes, if not its own choice
TOO_CLOSE = 0.012  # relative: the noise that 16 × 100,000 requests leave in a p99

Verdict = Literal["met", "missed", "too close to call"]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What is kept of one seed's run: the sojourn times after the warm-up of those who were answered (ms), and its
    figures, each as ``Run`` defines it.

    The rest is let go at once, so that the next run finds the memory warm: fresh pages cost more than queues.
    """

    seed: int
    measured_ms: Floats
    utilisation: dict[str, float]
    p99_ms: float
    requests: int
    offered_per_s: float
    refused_share: float
    timed_out_share: float
    availability: float
    wasted_work_share: float

    @classmethod
    def of(cls, run: Run) -> Sample:
        """Copy what is to stay of ``run``."""
        return cls(run.seed, run.measured_ms.copy(), run.utilisation, run.quantile_ms(0.99),
                   run.requests - run.warmup_requests, run.offered_per_s, run.refused_share, run.timed_out_share,
                   run.availability, run.wasted_work_share)

    def quantile_ms(self, q: float) -> float:
        """The q-quantile of the sojourn time in ms."""
        return self.p99_ms if q == 0.99 else quantile(self.measured_ms, q)

    def above_share(self, limit_ms: float) -> float:
        """Share of the requests that took longer than ``limit_ms`` or were never answered."""
        return 1.0 - int((self.measured_ms <= limit_ms).sum()) / self.requests


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

    @property
    def second_bottleneck(self) -> str | None:
        """The next one after the bottleneck, if there is another."""
        ranked = by_demand(self.loads)
        return ranked[1] if len(ranked) > 1 else None

    def _mean(self, values: Iterable[float]) -> float:
        return four_digits(math.fsum(values) / len(self.runs))

    @property
    def refused_share(self) -> float:
        """Share of the requests that a station turned away; this and the next five are means over the runs, with
        four significant digits."""
        return self._mean(run.refused_share for run in self.runs)

    @property
    def timed_out_share(self) -> float:
        """Share of the requests whose last try was not answered in time."""
        return self._mean(run.timed_out_share for run in self.runs)

    @property
    def lost_share(self) -> float:
        """Share of the requests that were never answered: refused or timed out."""
        return self._mean(run.refused_share + run.timed_out_share for run in self.runs)

    @property
    def availability(self) -> float:
        """Share of the requests that came to no station while it was down."""
        return self._mean(run.availability for run in self.runs)

    @property
    def wasted_work_share(self) -> float:
        """Share of all server time that went into answers nobody waited for, or into requests lost in the end."""
        return self._mean(run.wasted_work_share for run in self.runs)

    def above_share(self, limit_ms: float) -> float:
        """Share of the requests that took longer than ``limit_ms`` or were never answered."""
        limit = number("graded run", "limit_ms", limit_ms, above=0.0)
        return self._mean(run.above_share(limit) for run in self.runs)

    def goodput_within_per_s(self, limit_ms: float) -> float:
        """Requests answered within ``limit_ms`` a second."""
        limit = number("graded run", "limit_ms", limit_ms, above=0.0)
        return self._mean(run.offered_per_s * (1.0 - run.above_share(limit)) for run in self.runs)

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


def _threads() -> int:
    """As many as the environment says, else one for each core, four at most."""
    said = os.environ.get(THREADS, "")
    return int(said) if said.isdecimal() and int(said) > 0 else min(4, os.cpu_count() or 1)


def graded(arch: Architecture, workload: Workload, requests: int = GRADED_REQUESTS, *,
           threads: int | None = None) -> GradedRun:
    """Run the 16 fixed seeds × ``requests`` arrivals; the result does not depend on ``threads``."""
    workers = threads or _threads()

    def one(seed: int) -> Sample:
        return Sample.of(simulate(arch, workload, requests, seed))

    if workers == 1:
        runs = tuple(one(seed) for seed in GRADED_SEEDS)
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(workers) as pool:
            runs = tuple(pool.map(one, GRADED_SEEDS))
    return GradedRun(runs, loads(arch, workload))

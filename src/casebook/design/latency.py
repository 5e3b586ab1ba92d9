"""What is kept of a graded run: quantiles with their bands, shares lost, and the load of every station.

A graded run holds sixteen whole sample paths (some 200 MB); verdicts need a table of a few hundred bytes.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from casebook.engine import VERSION
from casebook.engine import graded as graded_run
from casebook.engine.notes import notes
from casebook.engine.quantile import four_digits, order_statistics, rank_of

if TYPE_CHECKING:
    from casebook.engine import Architecture, GradedRun, Workload
    from casebook.engine.inversion import Floats

QUANTILES = (0.5, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
_T975_15 = 2.1314  # Student's t, 97.5 % point, 15 degrees of freedom: 16 independent runs

Row = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class GradedLatency:
    """Quantiles in ms (four significant digits) of a graded run; another one than the usual is run for when asked.

    The shares are means over the sixteen runs, each as ``engine.Run`` defines it.
    """

    stable: bool
    growth_per_hour: float
    bottleneck: str
    second_bottleneck: str | None
    utilisation: dict[str, float]
    refused_share: float
    timed_out_share: float
    lost_share: float
    wasted_work_share: float
    availability: float
    notes: tuple[str, ...]
    _again: Callable[[], GradedRun]
    _rows: dict[float, Row] = field(default_factory=dict)

    @classmethod
    def of(cls, run: GradedRun, again: Callable[[], GradedRun], notes: tuple[str, ...] = ()) -> GradedLatency:
        """The table of ``run``; ``again`` makes the same run once more, ``notes`` say what it does not compute."""
        rows = table(run, QUANTILES) if run.stable else {}
        return cls(run.stable, run.growth_per_hour, run.bottleneck, run.second_bottleneck, run.utilisation,
                   run.refused_share, run.timed_out_share, run.lost_share, run.wasted_work_share, run.availability,
                   notes, again, rows)

    def quantile_ms(self, q: float) -> float:
        """Mean of the runs' q-quantiles in ms; nan where there is no steady state."""
        return self._row(q)[0]

    def quantile_band_ms(self, q: float) -> tuple[float, float]:
        """95 % band of that mean."""
        return self._row(q)[1:]

    def _row(self, q: float) -> Row:
        if not self.stable:
            return math.nan, math.nan, math.nan
        if q not in self._rows:
            self._rows.update(table(self._again(), (q,)))
        return self._rows[q]


_MOST_RUNS = 1024
_runs: OrderedDict[tuple[str, Architecture, Workload], GradedLatency] = OrderedDict()
_lock = Lock()


def graded_latency(architecture: Architecture, workload: Workload) -> GradedLatency:
    """The graded run of a system under a load, kept by what is simulated and not by who chose it.

    Designs that differ only in what no request waits for (prices, people, a cut-off that moves nobody) share it: in a
    cohort most runs have been made for somebody before.
    """
    key = (VERSION, architecture, workload)
    with _lock:
        if key in _runs:
            _runs.move_to_end(key)
            return _runs[key]

    def again() -> GradedRun:
        return graded_run(architecture, workload)

    made = GradedLatency.of(again(), again, notes(architecture, workload))
    with _lock:
        _runs[key] = made
        while len(_runs) > _MOST_RUNS:
            _runs.popitem(last=False)
    return made


def forget_runs() -> None:
    """Empty the memory of graded runs (benchmarks and tests)."""
    with _lock:
        _runs.clear()


def _order_statistics(values: Floats, quantiles: tuple[float, ...]) -> list[float]:
    """What ``engine.quantile`` finds, for all ``quantiles`` at once; nan where nobody was answered."""
    if not len(values):
        return [math.nan] * len(quantiles)
    return order_statistics(values, [rank_of(len(values), q) for q in quantiles])


def table(run: GradedRun, quantiles: tuple[float, ...]) -> dict[float, Row]:
    """Quantile → mean over the runs, low and high of its 95 % band (Student's t), as ``GradedRun`` gives them."""
    found = [_order_statistics(one.measured_ms, quantiles) for one in run.runs]
    rows = {}
    for nth, q in enumerate(quantiles):
        values = [of_one[nth] for of_one in found]
        mean = math.fsum(values) / len(values)
        spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
        half = _T975_15 * spread / math.sqrt(len(values))
        rows[q] = (four_digits(mean), four_digits(mean - half), four_digits(mean + half))
    return rows

"""The front of what can be had: designs that nothing beats in cost, tail latency and quality at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from casebook.design import Conditions, Design
from casebook.design.sketch import demand_of, path_of, sketch
from casebook.engine import simulate
from casebook.search.workers import Threads, Workers

if TYPE_CHECKING:
    from casebook.engine import Architecture, Workload
    from casebook.facts import CaseData
    from casebook.facts.case import Target


@dataclass(frozen=True, slots=True)
class Point:
    """One design: USD a month, tail latency in ms (inf where it cannot keep up), and the quality figure."""

    design: Design
    cost_usd_month: float
    tail_ms: float
    quality: float

    @property
    def stable(self) -> bool:
        return math.isfinite(self.tail_ms)


@dataclass(frozen=True)
class Front:
    """All points in the order of the designs given; ``best`` are the positions that nothing beats, by cost.

    ``quantile`` is that of the tail, ``metric`` the figure on the third axis (``higher`` is better or not).
    ``learner`` is the position of the learner's design, if it was given.
    """

    points: tuple[Point, ...]
    best: tuple[int, ...]
    quantile: float
    metric: str
    higher: bool
    learner: int | None = None

    @property
    def beating_learner(self) -> tuple[int, ...]:
        """Points on the front that beat the learner's design: no worse in anything and better in something."""
        if self.learner is None:
            return ()
        own = _row(self.points[self.learner], self.higher)
        return tuple(
            i for i in self.best
            if all(a <= b for a, b in zip(_row(self.points[i], self.higher), own, strict=True))
            and _row(self.points[i], self.higher) != own
        )


def _row(point: Point, higher: bool) -> tuple[float, float, float]:
    return point.cost_usd_month, point.tail_ms, -point.quality if higher else point.quality


def pareto(rows: Sequence[Sequence[float]]) -> tuple[int, ...]:
    """Positions of the rows that no other row dominates (smaller is better everywhere); equal rows all stay.

    A row dominates another if it is nowhere larger and somewhere smaller. Kung's idea: in lexicographic order only
    rows that came before can dominate, and it is enough to compare with those kept so far.
    """
    if not rows:
        return ()
    values = np.asarray(rows, dtype=np.float64)
    order = np.lexsort(values.T[::-1])
    kept: list[int] = []
    front = np.empty((0, values.shape[1]))
    for position in order:
        row = values[position]
        if front.size and bool(np.any(np.all(front <= row, axis=1) & np.any(front < row, axis=1))):
            continue
        kept.append(int(position))
        front = values[kept]
    return tuple(kept)


def latency_target(data: CaseData) -> Target | None:
    """The case's first target on a latency, whose quantile the front shows."""
    return next((target for target in data.targets if target.metric == "latency_ms"), None)


def quality_target(data: CaseData) -> Target | None:
    """The quality figure of the front: the first that should be high, else the first that should be low."""
    found = [target for target in data.targets if target.metric.startswith("quality.")]
    return next((target for target in found if target.direction == "min"), found[0] if found else None)


@dataclass(frozen=True)
class Look:
    """A question to a worker: the tail of this request path under these arrivals. One run of ``requests``."""

    arch: Architecture
    workload: Workload
    quantile: float
    requests: int
    seed: int


def look(question: Look) -> float:
    """The quantile in ms by one exact run; inf, and no run at all, where the path cannot keep up."""
    if any(share >= 1.0 for share in demand_of(question.arch, question.workload).values()):
        return math.inf
    run = simulate(question.arch, question.workload, question.requests, question.seed)
    return float(run.quantile_ms(question.quantile)) if run.stable else math.inf


def front(
    designs: Sequence[Design],
    conditions: Conditions,
    *,
    learner: Design | None = None,
    requests: int = 100_000,
    seed: int = 0,
    workers: Workers | None = None,
    tick: Callable[[int, int], None] = lambda done, of: None,
) -> Front:
    """Look at every design and find the front; the learner's design is added at the end where it is not among them.

    ``tick`` hears how many request paths were run just now, and of how many.

    All designs meet the same arrivals and draws (common random numbers), so their order is steadier than their
    figures. The figures are of one run each: a graded run gives the word.
    """
    everything = list(designs)
    if learner is not None and learner not in everything:
        everything.append(learner)
    if not everything:
        return Front((), (), 0.99, "", True)
    data = everything[0].data
    tail, good = latency_target(data), quality_target(data)
    quantile = float(tail.quantile or 0.99) if tail is not None else 0.99
    metric, higher = (good.metric, good.direction == "min") if good is not None else ("", True)
    hands = workers or Threads()
    sketched = [sketch(design, conditions) for design in everything]
    asked = [Look(*path_of(design, conditions), quantile, requests, seed) for design in everything]
    # Designs that differ in people, cut-off or storage alone share a path, and the path is run once.
    questions = list(dict.fromkeys(asked))
    tails: dict[Look, float] = {}
    try:
        for start in range(0, len(questions), 64):  # in parts, so that progress shows and a stop is heard
            part = questions[start : start + 64]
            tails.update(zip(part, hands.ask(look, part), strict=True))
            tick(len(part), len(questions))
    finally:
        if workers is None:
            hands.close()
    points = [
        Point(design, made.cost_usd_month, tails[question], float(made.figure(metric)) if metric else 0.0)
        for design, made, question in zip(everything, sketched, asked, strict=True)
    ]
    steady = [i for i, point in enumerate(points) if point.stable]
    best = [steady[i] for i in pareto([_row(points[i], higher) for i in steady])]
    where = everything.index(learner) if learner is not None else None
    return Front(tuple(points), tuple(best), quantile, metric, higher, where)

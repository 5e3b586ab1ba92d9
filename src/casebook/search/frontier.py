"""The front of what can be had: designs that nothing beats in cost, tail latency and quality at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from casebook.design import Conditions, Design
from casebook.design.sketch import demand_of, path_of, sketch, unqueued
from casebook.engine import Delay, Deterministic, DynamicBatch, Exponential, Lognormal, simulate
from casebook.search.workers import Threads, Workers

if TYPE_CHECKING:
    from casebook.engine import Architecture, Workload
    from casebook.facts import CaseData
    from casebook.facts.case import Target

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """One design: USD a month, tail latency in ms (inf where it cannot keep up), and the quality figure.

    ``at_least``: the design was beaten without a run; its tail is that of its path with nobody waiting, a bound.
    """

    design: Design
    cost_usd_month: float
    tail_ms: float
    quality: float
    at_least: bool = False

    @property
    def stable(self) -> bool:
        return math.isfinite(self.tail_ms)


@dataclass(frozen=True)
class Front:
    """All points in the order of the designs given; ``best`` are the positions that nothing beats, by cost.

    ``quantile`` is that of the tail, ``metric`` the figure on the third axis (``higher`` is better or not).
    ``learner`` is the position of the learner's design, if it was given; ``runs`` how many paths were simulated.
    """

    points: tuple[Point, ...]
    best: tuple[int, ...]
    quantile: float
    metric: str
    higher: bool
    learner: int | None = None
    runs: int = 0

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
    if _drowns(question):
        return math.inf
    run = simulate(question.arch, question.workload, question.requests, question.seed)
    return float(run.quantile_ms(question.quantile)) if run.stable else math.inf


def _drowns(question: Look) -> bool:
    return any(share >= 1.0 for share in demand_of(question.arch, question.workload).values())


def front(
    designs: Sequence[Design],
    conditions: Conditions,
    *,
    learner: Design | None = None,
    requests: int = 100_000,
    seed: int = 0,
    workers: Workers | None = None,
    every_tail: bool = False,
    tick: Callable[[int, int], None] = lambda done, of: None,
) -> Front:
    """Look at every design and find the front; the learner's design is added at the end where it is not among them.

    Bill and quality need no run, and no tail is below that of the same path with nobody waiting, draw for draw. So a
    design is run only while nothing that was run is as cheap, as good and as quick as that bound; ``every_tail`` runs
    the beaten too. The front is the same either way. ``tick`` hears how many paths were run or ruled out just now, and
    of how many.

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
    sketched = [sketch(design, conditions) for design in everything]
    known = [(made.cost_usd_month, float(made.figure(metric)) if metric else 0.0) for made in sketched]
    asked = [Look(*path_of(design, conditions), quantile, requests, seed) for design in everything]
    always = set(range(len(everything))) if every_tail else set[int]()
    if learner is not None:
        always.add(everything.index(learner))
    rows = [(usd, -quality if higher else quality) for usd, quality in known]
    hands = workers or Threads()
    try:
        tails, bounds, runs = _tails(asked, rows, always, hands, tick)
    finally:
        if workers is None:
            hands.close()
    points = [
        Point(design, usd, tails.get(question, bounds.get(question, math.inf)), quality, question not in tails)
        for design, (usd, quality), question in zip(everything, known, asked, strict=True)
    ]
    known_run = [i for i, point in enumerate(points) if point.stable and not point.at_least]
    best = [known_run[i] for i in pareto([_row(points[i], higher) for i in known_run])]
    where = everything.index(learner) if learner is not None else None
    return Front(tuple(points), tuple(best), quantile, metric, higher, where, runs)


PART = 16  # paths asked for together: progress shows and a stop is heard; fixed, so that the answer is the same


def _tails(
    asked: Sequence[Look], rows: Sequence[tuple[float, float]], always: set[int], hands: Workers,
    tick: Callable[[int, int], None],
) -> tuple[dict[Look, float], dict[Look, float], int]:
    """Tails of the paths that had to be run, bounds of the others, and how many runs that took.

    ``rows``: bill and quality of each, small is good.
    """
    questions = list(dict.fromkeys(asked))
    # Designs that differ in people, cut-off or storage alone share a path, and the path is run once; those that
    # differ in machines and batches share the path without queues.
    tails = {question: math.inf for question in questions if _drowns(question)}
    still = {question: replace(question, arch=unqueued(question.arch, question.workload))
             for question in questions if question not in tails and _bounded(question.arch)}
    calm = list(dict.fromkeys(still.values()))
    floor_of = dict(zip(calm, hands.ask(look, calm), strict=True)) if len(calm) < len(still) else {}
    bounds = {question: floor_of.get(still[question], 0.0) if question in still else 0.0 for question in questions}
    runs = len(floor_of)
    order = sorted(range(len(asked)), key=lambda i: (i not in always, *rows[i], i))
    seen: list[tuple[float, float, float]] = []
    for start in range(0, len(order), PART):
        part = order[start : start + PART]
        known = np.asarray(seen, dtype=np.float64).reshape(-1, 3)
        open_ = [i for i in part if i in always or not _beaten((*rows[i], bounds[asked[i]]), known)]
        new = [question for question in dict.fromkeys(asked[i] for i in open_) if question not in tails]
        tails.update(zip(new, hands.ask(look, new), strict=True))
        runs += len(new)
        seen += [(*rows[i], tails[asked[i]]) for i in open_ if math.isfinite(tails[asked[i]])]
        tick(len(part), len(order))
    return tails, bounds, runs


def _beaten(row: tuple[float, float, float], seen: Floats) -> bool:
    """Whether one that was run is nowhere worse than ``row`` at its best, and somewhere better."""
    return bool(np.any(np.all(seen <= row, axis=1) & np.any(seen < row, axis=1)))


_PLAIN = (Deterministic, Exponential, Lognormal, Delay, DynamicBatch)
_PLAIN_FIELDS = ("id", "servers", "service", "calendar", "order")  # what makes a visit wait and loses nobody


def _bounded(arch: Architecture) -> bool:
    """Whether the path without queues bounds the tail: not where those who wait too long drop out of the quantile.

    Only what is known to lose nobody counts as plain, so a model that is added later is run and never guessed.
    """
    plain = all(
        isinstance(one.service, _PLAIN)
        and all(getattr(one, item.name) == item.default for item in fields(one) if item.name not in _PLAIN_FIELDS)
        for one in arch.components
    )
    return plain and all(link.kind in ("request", "async") for link in arch.links)

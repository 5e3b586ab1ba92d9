"""The ground that a search stands on: every combination by arithmetic, the bounds, and what is left to look at."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casebook.design import Design, Evaluation
from casebook.design.design import knobs_of
from casebook.design.sketch import known_figure, path_of
from casebook.design.verdict import TOO_CLOSE
from casebook.engine.graded import GRADED_REQUESTS, GRADED_SEEDS
from casebook.search.bounds import Bound, bound, conflicts, within
from casebook.search.frontier import latency_target
from casebook.search.questions import still_tail_ms
from casebook.search.space import thinned
from casebook.search.task import Task


@dataclass(frozen=True)
class Ground:
    """What arithmetic tells of a palette.

    ``left``: (a lower bound of the bill in USD a month, the design with the fewest machines and people) for all that
    meet the targets known by arithmetic; ``bounds`` and ``blockers`` as in ``Found``.
    """

    bounds: tuple[Bound, ...]
    blockers: tuple[tuple[str, int], ...]
    left: tuple[tuple[float, Evaluation], ...]
    sketched: int
    runs: int
    whole: bool = True

    @property
    def possible(self) -> bool:
        """False where a bound alone shows that no design will do; never so where only a part was looked at."""
        return not self.whole or all(one.possible for one in self.bounds)


ENOUGH = 500  # combinations of options that are looked at in any case


def look_over(task: Task, most: int, tails: bool = True) -> Ground:
    """Every combination of options and priced knobs by arithmetic; tells of progress every 64 combinations.

    A palette with more than ``most`` of them is looked at in about so many places, spread evenly; ``whole`` is then
    False and the bounds are only the best that was seen. ``tails``: run the paths without queues for a bound too.
    """
    outer, inner = _steps(task, most)
    space, limits = task.space, task.limits
    known = [target for target in task.data.targets if task.knowable(target.metric)]
    figures: dict[str, list[float]] = {target.id: [] for target in known}
    rows: list[tuple[bool, ...]] = []
    left: list[tuple[float, Evaluation]] = []
    paths: dict[tuple[Any, ...], Design] = {}
    combinations = list(space.choices(outer))
    for done, choices in enumerate(combinations):
        if done % 64 == 0:
            task.tell("bills and quality", done, len(combinations))
        roles, knobs_here = space.roles(choices), knobs_of(task.data, choices)
        least = {name: float(min(space.only[name])) if name in space.only else float(knob.min)
                 for name, knob in knobs_here.items()}
        priced = [name for name, role in roles.items() if role == "priced"]
        plain = {
            name: least[name] if role in ("count", "people", "hours") else space.trials(name, choices)[0]
            for name, role in roles.items() if role != "priced"
        }
        grids = [space.values(name, choices) for name in priced]
        if task.too_long(choices):  # one sketch still tells the bounds; its knobs cannot shorten the weeks
            grids = [(float(knobs_here[name].default),) for name in priced]
        for values in itertools.islice(itertools.product(*grids), 0, None, inner):
            made = task.sketch(choices, plain | dict(zip(priced, values, strict=True)))
            met = []
            quality = made.quality
            for target in known:
                if target.metric.startswith("quality."):
                    value = quality[target.metric.removeprefix("quality.")]
                else:
                    value = known_figure(made, target.metric)
                figures[target.id].append(value)
                met.append(within(value, limits[target.id], target.direction))
            rows.append(tuple(met))
            if all(met):
                left.append((made.cost_usd_month + task.people_missing_usd(made), made))
        paths.setdefault(tuple(choices[slot] for slot in made.request_path), made.design)
    whole = outer == inner == 1
    seen = "every combination on the grid" if whole else f"{len(rows):,} places of the palette, not all of it"
    how = "the bill with the fewest machines and people" if whole else seen
    bounds = tuple(
        bound(target, limits[target.id], figures[target.id],
              how if target.metric.startswith("cost") else seen)
        for target in known
    )
    tail, runs = _tail_bounds(task, list(paths.values())) if tails else ((), 0)
    blockers = () if left or not whole else conflicts(rows, [target.id for target in known])
    return Ground(bounds + tail, blockers, tuple(left), len(rows), runs, whole)


def _steps(task: Task, most: int) -> tuple[int, int]:
    """Every how manieth combination of options, and of the values of their priced knobs, is looked at."""
    space = task.space
    first = task.case.reference.choices
    priced = [name for name, role in space.roles(first).items() if role == "priced"]
    combinations = math.prod(map(len, space.offered))
    values = math.prod(len(space.values(name, first)) for name in priced)
    if combinations * values <= most:
        return 1, 1
    kept = min(combinations, max(ENOUGH, most // values))
    return thinned(combinations // kept), thinned(values // max(1, most // kept))


def _tail_bounds(task: Task, designs: Sequence[Design]) -> tuple[tuple[Bound, ...], int]:
    """The quickest path of the palette with nobody waiting, by a graded run of that path alone; and the runs taken."""
    target = latency_target(task.data)
    if target is None or not designs:
        return (), 0
    q = float(target.quantile or 0.99)
    task.tell("paths without queues", 0, len(designs))
    quick = task.hands.ask(still_tail_ms, [(design, task.conditions, q, 20_000, (0,)) for design in designs])
    first = min(range(len(designs)), key=lambda i: (quick[i], i))
    exact = still_tail_ms((designs[first], task.conditions, q, GRADED_REQUESTS, GRADED_SEEDS))
    limit = task.limits[target.id]
    # One short run is within a few per cent, so only a clear excess of the quickest rules out all the others.
    possible = exact <= limit * (1.0 + TOO_CLOSE) or quick[first] <= limit * 1.1
    slots = path_of(designs[first], task.conditions)[0].order
    how = "quickest path, nobody waiting: " + ", ".join(designs[first].choices[slot] for slot in slots)
    made = Bound(target.id, target.title, exact, limit, target.unit, target.direction, possible, how)
    return (made,), len(designs) + len(GRADED_SEEDS)

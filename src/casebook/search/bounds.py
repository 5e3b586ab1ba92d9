"""What no design of a palette can do better, from arithmetic and from paths without queues; and who excludes whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casebook.facts.case import Target


@dataclass(frozen=True, slots=True)
class Bound:
    """One target beside the best that the palette can do for it alone.

    ``best`` is in ``unit``; ``possible`` says whether it lies within the limit; ``how`` says what the bound rests on.
    """

    target: str
    title: str
    best: float
    limit: float
    unit: str
    direction: str
    possible: bool
    how: str


def within(value: float, limit: float, direction: str) -> bool:
    """Whether a figure known by arithmetic is inside its limit, as ``verdict.status_of`` decides it."""
    if not math.isfinite(value):
        return False
    return value <= limit * (1 + 1e-12) if direction == "max" else value >= limit * (1 - 1e-12)


def bound(target: Target, limit: float, values: Sequence[float], how: str) -> Bound:
    """The bound of a target from its figure in every sketch."""
    known = [value for value in values if not math.isnan(value)]
    pick = min if target.direction == "max" else max
    best = pick(known) if known else math.nan
    return Bound(
        target.id, target.title, best, limit, target.unit, target.direction, within(best, limit, target.direction), how
    )


def conflicts(rows: Sequence[tuple[bool, ...]], names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Targets without which something would be left: (target, how many sketches meet all the others), most first.

    ``rows`` holds, for every sketch, which targets it meets. Empty where dropping one target alone helps nobody.
    """
    freed = []
    for i, name in enumerate(names):
        left = sum(1 for row in rows if all(row[:i]) and all(row[i + 1 :]))
        if left:
            freed.append((name, left))
    return tuple(sorted(freed, key=lambda pair: (-pair[1], pair[0])))

"""A figure beside its target: met, missed, too close to call, or not to be had because the system is unstable."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Status = Literal["met", "missed", "too close to call", "not stable", "quick"]

# One graded quantile moves by about this much from seed to seed (docs/engine.md), so less is no difference.
TOO_CLOSE = 0.012


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target under one evaluation.

    ``value`` and ``limit`` are in ``unit``; ``margin`` > 0 is room to spare, as a share of the limit.
    ``status`` is ``quick`` where a simulated figure does not come from the graded mode: no word is given then.
    """

    target: str
    title: str
    value: float
    limit: float
    unit: str
    direction: Literal["max", "min"]
    status: Status
    kind: str

    @property
    def ok(self) -> bool:
        """Too close to call counts as met."""
        return self.status in ("met", "too close to call")

    @property
    def margin(self) -> float:
        if not math.isfinite(self.value):
            return -math.inf
        if self.limit == 0:  # nothing to take a share of: kept or broken
            return 1.0 if (self.value <= 0 if self.direction == "max" else self.value >= 0) else -1.0
        room = (self.limit - self.value) / abs(self.limit)
        return room if self.direction == "max" else -room


def status_of(value: float, limit: float, direction: str, *, simulated: bool, graded: bool, stable: bool) -> Status:
    """The word for a figure. Only simulated figures can be too close to call, and only when met would be unsure."""
    if simulated and not stable:
        return "not stable"
    if simulated and not graded:
        return "quick"
    if not math.isfinite(value):
        return "missed"
    if simulated and abs(value - limit) <= TOO_CLOSE * abs(limit):
        return "too close to call"
    met = value <= limit * (1 + 1e-12) if direction == "max" else value >= limit * (1 - 1e-12)
    return "met" if met else "missed"

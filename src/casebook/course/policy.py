"""What the instructor has decided about time: when an assignment is due, for whom later, what lateness costs.

`policy_file` reads it from autograde/policy.yaml; `late` applies it to a gradebook.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Share:
    """``amount`` points, or that many per cent of something in points."""

    amount: float
    percent: bool = False

    def points(self, whole: float) -> float:
        """In points, where ``whole`` is what a per cent is taken of."""
        return whole * self.amount / 100.0 if self.percent else self.amount


@dataclass(frozen=True, slots=True)
class Step:
    """Whoever is more than ``after_s`` seconds late loses ``take``."""

    after_s: float
    take: Share


@dataclass(frozen=True, slots=True)
class Penalty:
    """What lateness costs: so much a started day, or a table of steps; with a maximum and a floor.

    ``of_earned`` takes per cents of the points earned instead of the points possible. ``keep_points`` is the
    score no penalty goes below: who has less loses nothing, who has more keeps that much.
    """

    per_day: Share | None = None
    steps: tuple[Step, ...] = ()
    maximum: Share | None = None
    keep_points: float = 0.0
    of_earned: bool = False

    def points(self, late_s: float, score: float, possible: float) -> float:
        """Points taken off a ``score`` that came ``late_s`` seconds after it was due: 0 to ``score``.

        A day is 24 hours and counts once it has begun.
        """
        if late_s <= 0 or not math.isfinite(late_s) or not math.isfinite(score):
            return 0.0
        whole = score if self.of_earned else possible
        taken = 0.0
        if self.per_day is not None:
            taken = self.per_day.points(whole) * math.ceil(late_s / DAY_S)
        for step in self.steps:
            if late_s > step.after_s:
                taken = step.take.points(whole)
        if self.maximum is not None:
            taken = min(taken, self.maximum.points(whole))
        return max(0.0, min(taken, score - self.keep_points, score))


@dataclass(frozen=True, slots=True)
class Extension:
    """A later date for one student, and why (the reason stays with the instructor)."""

    student: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One assignment's: ``due`` (aware), its zone, ``grace_s`` seconds that cost nothing, penalty, extensions."""

    assignment: str
    due: datetime
    zone: ZoneInfo
    grace_s: float = 0.0
    penalty: Penalty = Penalty()
    extensions: Mapping[str, Extension] = field(default_factory=dict)

    def due_for(self, student: str) -> datetime:
        """When it is due for this student, extension included."""
        given = self.extensions.get(student)
        return given.until if given else self.due

    def points_off(self, late_s: float, score: float, possible: float) -> float:
        """The penalty in points; who is within the grace loses nothing, who is past it counts from the due date."""
        return 0.0 if late_s <= self.grace_s else self.penalty.points(late_s, score, possible)


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules by assignment; an assignment without one has no penalty of ours."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    rules: Mapping[str, Rule] = field(default_factory=dict)

    def rule(self, assignment: str) -> Rule | None:
        return self.rules.get(assignment)


def lasted(seconds: float) -> str:
    """A span as people say it: its two largest units, rounded down (``1 day 3 h``, ``40 s``)."""
    left, said = int(seconds), []
    for unit, size in (("day", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            said.append(f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}")
        if len(said) == 2:
            break
    return " ".join(said) or "less than a second"


def shown(moment: datetime, zone: ZoneInfo) -> str:
    """A moment on the course's own clock, to the minute, with the zone's name."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"

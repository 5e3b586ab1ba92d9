"""What became of one submission: a status with its reason, the judged cells, caps and repairs.

The same record travels from the judge process to the gradebook, the feedback, the table and the export.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

STATUSES = ("graded", "partial", "refused", "timeout", "crashed", "needs-manual")
SCORED = ("graded", "partial")


@dataclass(frozen=True, slots=True)
class Note:
    """One finding as feedback shows it; ``earned`` and ``possible`` are points of the cell, before caps."""

    id: str
    label: str
    passed: bool
    earned: float
    possible: float
    evidence: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class CellGrade:
    """One test cell: ``points`` after caps (0 to ``possible``), what they were before, and the findings."""

    cell_id: str
    points: float
    before_caps: float
    possible: float
    notes: tuple[Note, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class CapNote:
    """A cap that applied: ``limit`` points at most in the machine part, and why."""

    id: str
    limit: float
    cause: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one submission. ``score`` is None whenever no honest number can be given."""

    status: str
    reason: str = ""
    repairs: tuple[str, ...] = ()
    how: str = "read"
    must_run: tuple[str, ...] = ()
    cells: tuple[CellGrade, ...] = ()
    score_before_caps: float | None = None
    caps: tuple[CapNote, ...] = ()
    possible: float | None = None
    key: str = ""
    answer: str = ""  # what was judged, as JSON: feedback draws it and the cohort report compares it

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status {self.status!r} is not one of {', '.join(STATUSES)}")

    @property
    def scored(self) -> bool:
        return self.status in SCORED

    @property
    def score(self) -> float | None:
        """The machine part after caps, in points; None when the submission was not scored."""
        return math.fsum(cell.points for cell in self.cells) if self.scored else None

    def cell(self, cell_id: str) -> CellGrade | None:
        return next((cell for cell in self.cells if cell.cell_id == cell_id), None)

    def with_key(self, key: str) -> Outcome:
        return replace(self, key=key)

    def to_json(self) -> str:
        """Stable JSON: sorted keys, no clock, no machine details."""
        return json.dumps(asdict(self), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Outcome:
        """Back from `to_json`; raises ValueError when the text is something else."""
        try:
            data = json.loads(text)
            cells = tuple(
                CellGrade(**{**cell, "notes": tuple(Note(**note) for note in cell["notes"])}) for cell in data["cells"]
            )
            caps = tuple(CapNote(**cap) for cap in data["caps"])
            plain = {name: tuple(data[name]) for name in ("repairs", "must_run")}
            return cls(**{**data, **plain, "cells": cells, "caps": caps})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not the record of a graded submission ({error})") from error


def finite(value: Any, low: float, high: float) -> float:
    """``value`` as a float between ``low`` and ``high``; NaN, infinities and non-numbers become ``low``."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return low
    if math.isnan(number):
        return low
    return min(max(number, low), high)


def from_report(report: Any, points: Mapping[str, float]) -> tuple[tuple[CellGrade, ...], tuple[CapNote, ...], float]:
    """The judged cells, caps and score before caps of a `casebook.checks` report.

    ``points`` is what each test cell of the release is worth; scores are clamped to it, whatever came in.
    When a cap applies every cell is multiplied by one factor, so that the cells' sum is the capped score.
    """
    before = dict.fromkeys(points, 0.0)
    notes: dict[str, tuple[Note, ...]] = {}
    titles: dict[str, str] = {}
    for cell_id, cell in report.cells.items():
        if cell_id in points:
            before[cell_id] = finite(cell.points_before_caps, 0.0, points[cell_id])
            notes[cell_id] = tuple(_note(finding) for finding in cell.findings)
            titles[cell_id] = str(cell.title)
    total, possible = math.fsum(before.values()), math.fsum(points.values())
    caps = tuple(_cap(cap, possible) for cap in report.caps)
    factor = min([total, *(cap.limit for cap in caps)]) / total if total > 0 else 1.0
    cells = tuple(
        CellGrade(name, before[name] * factor, before[name], points[name], notes.get(name, ()), titles.get(name, name))
        for name in points
    )
    return cells, caps, total


def _note(finding: Any) -> Note:
    possible = finite(finding.possible, 0.0, 1e6)
    return Note(
        id=str(finding.id),
        label=str(finding.title),
        passed=bool(finding.passed),
        earned=finite(finding.earned, 0.0, possible),
        possible=possible,
        evidence=str(finding.evidence),
        message=str(finding.message),
        fix=str(finding.fix),
    )


def _cap(cap: Any, possible: float) -> CapNote:
    limit = possible * finite(cap.percent, 0.0, 100.0) / 100.0
    ours = f" ({cap.label})" if cap.label else ""
    return CapNote(str(cap.id), limit, f"{cap.cause}{ours}")

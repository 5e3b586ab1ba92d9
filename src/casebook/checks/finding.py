"""What a check says: passed or not, how much of its points, the field that decided it, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.answer import Answer
    from casebook.checks.side import SideBySide


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check's own result before a rubric weighs it. ``share`` runs from 0 (nothing) to 1 (all of it)."""

    share: float
    evidence: str
    message: str
    fix: str = ""

    @property
    def passed(self) -> bool:
        return self.share >= 1.0 - 1e-9


@dataclass(frozen=True, slots=True)
class Finding:
    """One check under one rubric. ``evidence`` quotes the answer's own field; ``label`` is ``ours`` where we set it.

    ``answered`` is False where the answer holds nothing the check could look at.
    """

    id: str
    title: str
    passed: bool
    earned: float
    possible: float
    evidence: str
    message: str
    fix: str
    label: str = ""
    answered: bool = True
    cell: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Cap:
    """A deal breaker that applied: the score may not exceed ``percent`` of what was possible."""

    id: str
    percent: float
    cause: str
    label: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A verdict that an article attaches to one of its checks, e.g. "strongly recommended"."""

    id: str
    title: str
    verdict: str
    check: str


@dataclass(frozen=True, slots=True)
class CellScore:
    """Points of one test cell after caps, with the findings it owns."""

    cell_id: str
    title: str
    points: float
    possible: float
    points_before_caps: float
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of an answer under one rubric. ``score`` is after caps; ``cells`` add up to it."""

    case_id: str
    rubric: str
    rubric_title: str
    findings: tuple[Finding, ...]
    caps: tuple[Cap, ...]
    score_before_caps: float
    score: float
    possible: float
    cells: Mapping[str, CellScore]
    public: bool = True
    levels: tuple[Level, ...] = ()
    label: str = ""

    @property
    def percent(self) -> float:
        return 100.0 * self.score / self.possible if self.possible else 0.0

    @property
    def missing(self) -> tuple[Finding, ...]:
        """Findings that cost points, the dearest first."""
        lost = [finding for finding in self.findings if not finding.passed]
        return tuple(sorted(lost, key=lambda finding: (finding.earned - finding.possible, finding.id)))

    @staticmethod
    def side_by_side(answer: Answer) -> SideBySide:
        """The same answer under every rubric."""
        from casebook.checks.side import side_by_side

        return side_by_side(answer)

    @property
    def answered(self) -> bool:
        return any(finding.answered for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, in a stable order."""
        return {
            "case": self.case_id,
            "rubric": self.rubric,
            "public": self.public,
            "score": round(self.score, 4),
            "score_before_caps": round(self.score_before_caps, 4),
            "possible": self.possible,
            "percent": round(self.percent, 2),
            "label": self.label,
            "caps": [asdict(cap) for cap in self.caps],
            "levels": [asdict(level) for level in self.levels],
            "cells": {
                name: {"points": round(cell.points, 4), "possible": cell.possible} for name, cell in self.cells.items()
            },
            "findings": [finding.to_dict() for finding in self.findings],
        }

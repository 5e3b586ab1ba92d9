"""Rubrics as data (``seeds/rubrics.yaml``): which check earns how many points, in which cell, and what caps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from casebook.facts import SeedError, near_miss, read_seed

_FILE = "rubrics.yaml"


@dataclass(frozen=True, slots=True)
class CapRule:
    """The cap applies where any check in ``when_lost`` earns less than ``below`` of its points."""

    id: str
    percent: float
    when_lost: tuple[str, ...]
    below: float
    cause: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A test cell: its id, its title and the points of each check it owns."""

    id: str
    title: str
    checks: Mapping[str, float]

    @property
    def points(self) -> float:
        return sum(self.checks.values())


@dataclass(frozen=True, slots=True)
class Rubric:
    """One article's rubric for one case."""

    id: str
    title: str
    article: str
    as_told: str
    label: str
    case_id: str
    scenario: str
    cells: tuple[Cell, ...]
    caps: tuple[CapRule, ...]
    not_asked: Mapping[str, str]
    hand_graded: Mapping[str, float]

    @property
    def points(self) -> float:
        return sum(cell.points for cell in self.cells)


def rubric_ids() -> tuple[str, ...]:
    """Names of the rubrics there are."""
    return tuple(_book()["rubrics"])


@cache
def load_rubric(rubric_id: str, case_id: str) -> Rubric:
    """The rubric ``rubric_id`` for a case; ``SeedError`` names what there is instead."""
    rubrics = _book()["rubrics"]
    if rubric_id not in rubrics:
        raise SeedError(_FILE, "rubrics", f"there is no rubric {rubric_id!r}", near_miss(rubric_id, rubrics))
    data = rubrics[rubric_id]
    if case_id not in data["cases"]:
        raise SeedError(
            _FILE,
            f"rubrics.{rubric_id}.cases",
            f"the rubric {rubric_id!r} does not cover {case_id!r}",
            near_miss(case_id, data["cases"]),
        )
    of_case = data["cases"][case_id]
    cells = tuple(
        Cell(
            name,
            cell["title"],
            {check: _points(rubric_id, name, check, value) for check, value in cell["checks"].items()},
        )
        for name, cell in of_case["cells"].items()
    )
    _unique(rubric_id, cells)
    caps = tuple(
        CapRule(
            cap["id"],
            float(cap["percent"]),
            tuple(cap["when_lost"]),
            float(cap["below"]),
            cap["cause"],
            cap.get("label", ""),
        )
        for cap in data.get("caps", ())
    )
    return Rubric(
        rubric_id,
        data["title"],
        data["article"],
        data["as_told"],
        data.get("label", ""),
        case_id,
        of_case.get("scenario", ""),
        cells,
        caps,
        dict(of_case.get("not_asked", {})),
        {name: float(points) for name, points in of_case.get("hand_graded", {}).items()},
    )


@cache
def vocabulary(case_id: str, what: str) -> Mapping[str, tuple[str, ...]]:
    """Words by which a text is recognised to be about something: id → phrases."""
    found = _book().get("vocabulary", {}).get(case_id, {}).get(what, {})
    return {name: tuple(phrases) for name, phrases in found.items()}


def case_rule(case_id: str, name: str, otherwise: Any = None) -> Any:
    """A limit a check of this case uses, e.g. the weeks of the drift window (``rules`` of the rubrics file)."""
    return _book().get("rules", {}).get(case_id, {}).get(name, otherwise)


def _book() -> Mapping[str, Any]:
    return read_seed(_FILE)


def _points(rubric: str, cell: str, check: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        raise SeedError(_FILE, f"rubrics.{rubric}.{cell}.{check}", f"{value!r} points", "Give a number above 0.")
    return float(value)


def _unique(rubric: str, cells: tuple[Cell, ...]) -> None:
    seen: dict[str, str] = {}
    for cell in cells:
        for check in cell.checks:
            if check in seen:
                raise SeedError(
                    _FILE,
                    f"rubrics.{rubric}.{cell.id}.{check}",
                    f"the check already belongs to the cell {seen[check]!r}",
                    "Keep it in one cell.",
                )
            seen[check] = cell.id

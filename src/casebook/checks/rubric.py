"""Rubrics (``seeds/rubrics.yaml``) laid over a case: which check earns how many points, in which cell, what caps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from casebook.checks.casefile import entries, file_of, not_asked, own_rubric, rule
from casebook.facts import SeedError, load_case_data, near_miss, read_seed

if TYPE_CHECKING:
    from casebook.facts.case import CaseData
    from casebook.facts.rubric import LevelData, RubricBook, RubricData

_FILE = "rubrics.yaml"
# Parts that few cases ask for: a universal check about one is asked only where the case's own checks need it too.
OPTIONAL = frozenset({"phases", "data_plan", "time_plan", "table", "cadences"})


@dataclass(frozen=True, slots=True)
class CapRule:
    """The cap applies where any check in ``when_lost`` earns less than ``below`` of its points; with ``and_lost`` only
    if those together also earn less than ``and_below`` of theirs.
    """

    id: str
    percent: float
    when_lost: tuple[str, ...]
    below: float
    cause: str
    label: str
    verdict: str = ""
    and_lost: tuple[str, ...] = ()
    and_below: float = 0.0


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
    """One article's rubric for one case.

    ``own`` is True where the case is written for it; else only the table's checks that the case asks are in
    ``cells``, and ``not_asked`` says why the others are not. ``weight`` is what the whole rubric would ask.
    """

    id: str
    title: str
    article: str
    as_told: str
    label: str
    note: str
    case_id: str
    scenario: str
    cells: tuple[Cell, ...]
    caps: tuple[CapRule, ...]
    levels: tuple[LevelData, ...]
    dimensions: Mapping[str, str]
    not_asked: Mapping[str, str]
    hand_graded: Mapping[str, float]
    own: bool
    weight: float

    @property
    def points(self) -> float:
        return sum(cell.points for cell in self.cells)


def rubric_ids() -> tuple[str, ...]:
    """Names of the rubrics there are."""
    return tuple(rubric.id for rubric in book().rubrics)


def rubric_data(rubric_id: str) -> RubricData:
    """The rubric as its file has it; ``SeedError`` names what there is instead."""
    found = next((rubric for rubric in book().rubrics if rubric.id == rubric_id), None)
    if found is None:
        raise SeedError(_FILE, "rubrics", f"there is no rubric {rubric_id!r}", near_miss(rubric_id, rubric_ids()))
    return found


@cache
def load_rubric(rubric_id: str, case_id: str) -> Rubric:
    """The rubric laid over a case ('' takes the case's own); ``SeedError`` names file, key and remedy."""
    from casebook.design.conditions import Conditions

    data = load_case_data(case_id)
    rules = rubric_data(rubric_id or own_rubric(data))
    own = rules.id == own_rubric(data)
    scenario = Conditions.of(data, str(rule(data, "scenario", ""))).scenario
    found = asked(data)
    column = {row.check: float(row.points[rules.id]) for row in book().table.rows if rules.id in row.points}
    missing: dict[str, str] = {}
    points: dict[str, float] = {}
    if own:
        points, missing = dict(found.points), dict(found.absent)
    else:
        for check_id, worth in column.items():
            why = absent(check_id, data) or ("" if set(needs(check_id, data)) <= found.parts else _NO_PART)
            if why:
                missing[check_id] = why
            else:
                points[check_id] = worth
    cells = tuple(
        Cell(cell.id, cell.title, {check: worth for check, worth in points.items() if found.cell_of(check) == cell.id})
        for cell in book().cells
    )
    caps = tuple(
        CapRule(
            cap.id,
            float(cap.percent),
            _named(cap.when_lost, data),
            float(cap.below),
            cap.cause,
            cap.label,
            cap.verdict,
            _named(cap.and_lost, data),
            float(cap.and_below or 0.0),
        )
        for cap in rules.caps
    )
    return Rubric(
        rules.id,
        rules.title,
        rules.article,
        rules.as_told,
        rules.label,
        rules.note,
        case_id,
        scenario,
        tuple(cell for cell in cells if cell.checks),
        caps,
        rules.levels,
        {check: part.title for part in rules.dimensions for check in part.checks},
        missing,
        {name: float(worth) for name, worth in book().hand_graded.points.items()},
        own,
        sum(points.values()) if own else sum(column.values()),
    )


def _named(names: tuple[str, ...], data: CaseData) -> tuple[str, ...]:
    """Ids of checks, in order; ``kind:x`` is every check of the case of that kind."""
    kinds = {name.removeprefix("kind:") for name in names if name.startswith("kind:")}
    named = [name for name in names if not name.startswith("kind:")]
    return (*named, *(entry.id for entry in entries(data) if entry.kind in kinds))


_NO_PART = "This case does not ask for the part of the answer that it looks at."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a case asks under its own rubric: points, cells, the parts of the answer, and what it leaves out, why."""

    points: Mapping[str, float]
    cells: Mapping[str, str]
    parts: frozenset[str]
    absent: Mapping[str, str]

    def cell_of(self, check_id: str) -> str:
        return self.cells.get(check_id) or next(row.cell for row in book().table.rows if row.check == check_id)


def asked(data: CaseData) -> Asked:
    """The checks of a case under its own rubric: the table's column, then the case's own."""
    table = {row.check: row for row in book().table.rows}
    own = {entry.id: entry for entry in entries(data)}
    _unique(data)
    rubric = rubric_data(own_rubric(data)).id
    special = {part for name, entry in own.items() if entry.kind or name in table for part in needs(name, data)}
    points: dict[str, float] = {}
    out: dict[str, str] = {}
    for check_id, row in table.items():
        if rubric not in row.points or check_id in own:
            continue
        why = absent(check_id, data)
        if not why and set(needs(check_id, data)) & OPTIONAL - special:
            why = book().not_asked.get(check_id, _NO_PART)
        if why:
            out[check_id] = why
        else:
            points[check_id] = float(row.points[rubric])
    cells: dict[str, str] = {}
    known = [cell.id for cell in book().cells]
    for check_id, entry in own.items():
        points[check_id] = float(entry.points)
        cell = entry.cell or (table[check_id].cell if check_id in table else "")
        if cell not in known:
            raise SeedError(
                file_of(data), f"checks.{check_id}.cell", f"there is no cell {cell!r}", near_miss(cell, known)
            )
        if entry.points <= 0:
            raise SeedError(
                file_of(data), f"checks.{check_id}.points", f"{float(entry.points):g} points", "Give more than 0."
            )
        cells[check_id] = cell
    for check_id, why in {**book().not_asked, **not_asked(data)}.items():
        if check_id not in points:
            out.setdefault(check_id, why)
    parts = frozenset(part for check_id in points for part in needs(check_id, data))
    return Asked(points, cells, parts, out)


def needs(check_id: str, data: CaseData) -> tuple[str, ...]:
    """Parts of the answer that a check looks at, in this case."""
    from casebook.checks.registry import check_for

    return check_for(check_id, data).needs


def absent(check_id: str, data: CaseData) -> str:
    """Why a universal check is not asked in this case; '' where it can be."""
    from casebook.checks.registry import check_for

    told = not_asked(data).get(check_id, "")
    if told:
        return told
    found = check_for(check_id, data)
    return found.absent(data) if found.absent else ""


@cache
def book() -> RubricBook:
    """The rubrics file, checked: its shape, the sums of the dimensions, and that each check exists."""
    from casebook.checks.registry import all_checks
    from casebook.facts.base import build
    from casebook.facts.provenance import require_provenance
    from casebook.facts.rubric import RubricBook

    data = read_seed(_FILE)
    require_provenance(data, _FILE)
    made = build(RubricBook, data, _FILE)
    for row in made.table.rows:
        if row.check not in all_checks():
            raise SeedError(
                _FILE, f"table.{row.check}", f"there is no check {row.check!r}", near_miss(row.check, all_checks())
            )
    return made


def forget() -> None:
    """Read the file again (tests that spoil it)."""
    book.cache_clear()
    load_rubric.cache_clear()


def _unique(data: CaseData) -> None:
    seen: set[str] = set()
    for entry in entries(data):
        if entry.id in seen:
            raise SeedError(file_of(data), f"checks.{entry.id}", "the check appears twice", "Keep one of them.")
        seen.add(entry.id)

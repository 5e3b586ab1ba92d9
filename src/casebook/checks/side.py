"""The same answer judged under every rubric: each finding earned, lost, or not asked here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from casebook.checks.casefile import own_rubric
from casebook.checks.finding import Finding, Report
from casebook.checks.grading import grade
from casebook.checks.rubric import Rubric, load_rubric, rubric_ids
from casebook.facts import load_case_data

if TYPE_CHECKING:
    from casebook.answer import Answer

ENOUGH = 0.5
State = Literal["earned", "lost", "not asked here"]
EARNED: State = "earned"
LOST: State = "lost"
NOT_ASKED: State = "not asked here"


@dataclass(frozen=True, slots=True)
class Column:
    """One rubric over the answer. ``asked_share`` is how much of the rubric's weight this case asks at all.

    ``percent`` is over what was asked, deal breakers applied; None where less than half was asked.
    """

    rubric: str
    title: str
    as_told: str
    note: str
    label: str
    own: bool
    report: Report
    asked_share: float
    not_asked: Mapping[str, str]
    dimensions: tuple[DimensionScore, ...]

    @property
    def percent(self) -> float | None:
        return self.report.percent if self.asked_share >= ENOUGH - 1e-9 else None

    def finding(self, check_id: str) -> Finding | None:
        return next((finding for finding in self.report.findings if finding.id == check_id), None)

    def state(self, check_id: str) -> State:
        finding = self.finding(check_id)
        return NOT_ASKED if finding is None else EARNED if finding.passed else LOST


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """What an article weighs: points earned before deal breakers, of those that were asked."""

    title: str
    points: float
    possible: float


@dataclass(frozen=True, slots=True)
class Row:
    """One check across the rubrics: its state in each, in the order of the columns."""

    check: str
    title: str
    states: tuple[State, ...]
    points: tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The columns in the order of the rubrics file, and one row for each check that any of them asks."""

    case_id: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, in a stable order."""
        return {
            "case": self.case_id,
            "rubrics": [
                {
                    "rubric": column.rubric,
                    "title": column.title,
                    "own": column.own,
                    "label": column.label,
                    "note": column.note,
                    "percent": None if column.percent is None else round(column.percent, 2),
                    "score": round(column.report.score, 4),
                    "asked": column.report.possible,
                    "asked_share": round(column.asked_share, 4),
                    "caps": [asdict(cap) for cap in column.report.caps],
                    "levels": [asdict(level) for level in column.report.levels],
                    "dimensions": [asdict(part) for part in column.dimensions],
                    "not_asked": dict(column.not_asked),
                }
                for column in self.columns
            ],
            "findings": [
                {
                    "id": row.check,
                    "title": row.title,
                    **{column.rubric: state for column, state in zip(self.columns, row.states, strict=True)},
                }
                for row in self.rows
            ],
        }


def side_by_side(answer: Answer) -> SideBySide:
    """The answer under all rubrics. The case's own checks count under its own rubric alone."""
    own = own_rubric(load_case_data(answer.case_id))
    columns = tuple(_column(answer, rubric_id, rubric_id == own) for rubric_id in rubric_ids())
    titles: dict[str, str] = {}
    for column in sorted(columns, key=lambda item: not item.own):
        for finding in column.report.findings:
            titles.setdefault(finding.id, finding.title)
    rows = tuple(
        Row(
            check,
            title,
            tuple(column.state(check) for column in columns),
            tuple((f.earned, f.possible) if (f := column.finding(check)) else None for column in columns),
        )
        for check, title in titles.items()
    )
    return SideBySide(answer.case_id, columns, rows)


def _column(answer: Answer, rubric_id: str, own: bool) -> Column:
    rules = load_rubric(rubric_id, answer.case_id)
    report = grade(answer, rubric_id)
    share = 1.0 if own else rules.points / rules.weight if rules.weight else 0.0
    return Column(
        rubric_id,
        rules.title,
        rules.as_told,
        rules.note,
        rules.label,
        own,
        report,
        share,
        rules.not_asked,
        _dimensions(rules, report),
    )


def _dimensions(rules: Rubric, report: Report) -> tuple[DimensionScore, ...]:
    made: dict[str, tuple[float, float]] = {}
    for finding in report.findings:
        title = rules.dimensions.get(finding.id)
        if title is not None:
            points, possible = made.get(title, (0.0, 0.0))
            made[title] = points + finding.earned, possible + finding.possible
    order = dict.fromkeys(rules.dimensions.values())
    return tuple(DimensionScore(title, *made[title]) for title in order if title in made)

"""Rubrics as data: one table of check × rubric × points, deal breakers, dimensions and levels of each article."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field, model_validator

from casebook.facts.base import Amount, Record, Share, Sourceful
from casebook.facts.errors import near_miss

KIND = "kind:"


class CapData(Sourceful):
    """A deal breaker: where a check of ``when_lost`` earns less than ``below`` of its points, ``percent`` is the most.

    It applies only where the check is asked; ``kind:goal`` stands for a case's checks of that kind. With ``and_lost``
    those must also earn, together, less than ``and_below`` of their points. ``verdict`` is what the article calls it.
    """

    id: str
    percent: Amount
    when_lost: tuple[str, ...]
    below: Share
    and_lost: tuple[str, ...] = ()
    and_below: Share | None = None
    cause: str
    verdict: str = ""

    @model_validator(mode="after")
    def _both(self) -> CapData:
        if bool(self.and_lost) != (self.and_below is not None):
            raise ValueError("and_lost and and_below belong together. Give both, or neither")
        return self


class DimensionData(Sourceful):
    """What an article weighs: its points are those of its checks together."""

    id: str
    title: str
    points: Amount
    checks: tuple[str, ...]


class StepData(Record):
    """The verdict where the check earned at least ``share`` of its points."""

    share: Share
    verdict: str


class LevelData(Sourceful):
    """A verdict that the article attaches to one check; ``steps`` go from the best down."""

    id: str
    title: str
    check: str
    steps: tuple[StepData, ...]


class RubricData(Sourceful):
    """One article's rubric. Points of the checks stand in the table."""

    id: str
    article: str
    title: str
    as_told: str
    caps: tuple[CapData, ...] = ()
    dimensions: tuple[DimensionData, ...] = ()
    levels: tuple[LevelData, ...] = ()


class CellData(Record):
    """A test cell of the assignments."""

    id: str
    title: str


class TableRow(Record):
    """A check's cell, and its points in each rubric that asks for it."""

    check: str
    cell: str
    points: dict[str, Amount]


class PointsTable(Sourceful):
    """The one table: who asks what, for how much."""

    rows: tuple[TableRow, ...]


class RubricBook(Record):
    """``seeds/rubrics.yaml``. ``not_asked`` says why a check may be absent from a case; ``hand_graded`` are points
    of the prose cells that people read.
    """

    rubrics: tuple[RubricData, ...]
    cells: tuple[CellData, ...]
    table: PointsTable
    not_asked: dict[str, str] = Field(default_factory=dict)
    hand_graded: HandGraded

    @model_validator(mode="after")
    def _fits(self) -> RubricBook:
        rubrics, cells = [rubric.id for rubric in self.rubrics], [cell.id for cell in self.cells]
        for what, names in (("rubric", rubrics), ("cell", cells), ("check", [row.check for row in self.table.rows])):
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(f"the {what} {name!r} appears twice. Keep one")
        for row in self.table.rows:
            _known("cell", row.cell, cells, f"table row {row.check}")
            for rubric, points in row.points.items():
                _known("rubric", rubric, rubrics, f"table row {row.check}")
                if points <= 0:
                    raise ValueError(f"table row {row.check} gives {float(points):g} points. Leave the rubric out")
        for data in self.rubrics:
            self._adds_up(data)
        return self

    def _adds_up(self, data: RubricData) -> None:
        asked = {row.check: float(row.points[data.id]) for row in self.table.rows if data.id in row.points}
        for cap in data.caps:
            for check in (*cap.when_lost, *cap.and_lost):
                if not check.startswith(KIND):
                    _known("check", check, asked, f"rubric {data.id!r}, cap {cap.id!r}")
        for level in data.levels:
            _known("check", level.check, asked, f"rubric {data.id!r}, level {level.id!r}")
        placed: list[str] = []
        for part in data.dimensions:
            for check in part.checks:
                _known("check", check, asked, f"rubric {data.id!r}, dimension {part.id!r}")
            total = sum(asked[check] for check in part.checks)
            if abs(total - part.points) > 1e-9:
                raise ValueError(
                    f"rubric {data.id!r}, dimension {part.id!r}: its checks add up to {total:g}, not "
                    f"{float(part.points):g} points. Change a row of the table"
                )
            placed += part.checks
        if data.dimensions and sorted(placed) != sorted(asked):
            left = sorted(set(asked) - set(placed)) or sorted({name for name in placed if placed.count(name) > 1})
            raise ValueError(f"rubric {data.id!r}: {', '.join(left)} must belong to exactly one dimension. Place it")


class HandGraded(Sourceful):
    """Points by hand, by the grade id of the cell."""

    points: dict[str, Amount]


def _known(what: str, name: str, known: Iterable[str], where: str) -> None:
    names = list(known)
    if name not in names:
        raise ValueError(f"{where} names the unknown {what} {name!r}. {near_miss(name, names)}")


RubricBook.model_rebuild()

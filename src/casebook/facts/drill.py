"""Short exercises as data: a number with its unit, a choice and the reason that decides it, a flaw in a drawing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from casebook.facts.audit import Choice, room_around
from casebook.facts.base import Amount, Number, Provenance, Record, Share

DrillKind = Literal["number", "choice", "justify", "flaw"]


class Reason(Record):
    """One reason for a choice. All reasons on offer are true; ``decides`` marks the one that settles it."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    text: str = Field(min_length=8)
    why: str = Field(min_length=8)
    decides: bool = False


class DrawnBox(Record):
    """A box of a drawn design: its id, what stands on it, its owner ('' draws it as nobody's)."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    says: str = ""
    owner: str = ""


class Drawing(Record):
    """Boxes and arrows (``from -> to``, with the kind of arrow after a colon where it is not a request)."""

    boxes: tuple[DrawnBox, ...] = Field(min_length=2)
    arrows: tuple[str, ...] = Field(min_length=1)

    @property
    def edges(self) -> tuple[tuple[str, str, str], ...]:
        """(source, target, kind) of every arrow."""
        made = []
        for arrow in self.arrows:
            way, _, kind = arrow.partition(":")
            src, _, dst = way.partition("->")
            made.append((src.strip(), dst.strip(), kind.strip() or "request"))
        return tuple(made)

    @model_validator(mode="after")
    def _arrows_meet_boxes(self) -> Drawing:
        ids = {box.id for box in self.boxes}
        if len(ids) < len(self.boxes):
            raise ValueError("two boxes of the drawing have the same id. Rename one")
        for src, dst, kind in self.edges:
            for end in (src, dst):
                if end not in ids:
                    raise ValueError(f"an arrow ends at {end!r}, which is no box. Write 'from -> to' with ids of boxes")
            if kind not in ("request", "async", "data", "feedback"):
                raise ValueError(f"{kind!r} is no kind of arrow. Write request, async, data or feedback")
        return self


class Drill(Record):
    """One exercise of a few minutes. ``rows`` are the facts it practises; ``next`` the exercise that goes on from it.

    number: ``value`` is recomputed by ``derive`` on loading, ``tolerance`` a share of it, ``within`` in its unit.
    choice: exactly one of ``choices`` is right. justify: a choice and, of ``reasons`` that are all true, the one
    that decides. flaw: a ``drawing`` and choices that point at it. Every choice says what breaks with it (``why``).
    """

    id: str = Field(pattern=r"^[A-Z]+[0-9]*(-[0-9]+)?\.[a-z0-9-]+$")
    rows: tuple[str, ...] = Field(min_length=1)
    title: str = Field(min_length=4)
    asks: DrillKind
    ask: str = Field(min_length=20)
    choices: tuple[Choice, ...] = ()
    reasons: tuple[Reason, ...] = ()
    drawing: Drawing | None = None
    value: Number | None = None
    unit: str = ""
    percent: Literal["", "relative", "points", "share"] = ""
    tolerance: Share | None = None
    within: Amount | None = None
    derive: str = ""
    explains: str = Field(min_length=20)
    next: str = ""
    provenance: Provenance

    @model_validator(mode="after")
    def _one_kind(self) -> Drill:
        if self.asks == "number":
            self._check_number()
            return self
        if self.value is not None or self.derive:
            raise ValueError(f"the kind {self.asks!r} has no 'value'. Remove it, or write 'asks: number'")
        if len(self.choices) < 3:
            raise ValueError(f"{len(self.choices)} choices are too few. Give at least 3")
        _one("choice", [choice.id for choice in self.choices], [choice.right for choice in self.choices], "right: true")
        if (self.asks == "justify") != bool(self.reasons):
            raise ValueError("'reasons' belong to the kind justify, and it needs them. Change 'asks' or the reasons")
        if self.reasons:
            if len(self.reasons) < 3:
                raise ValueError(f"{len(self.reasons)} reasons are too few. Give at least 3, all of them true")
            _one("reason", [r.id for r in self.reasons], [r.decides for r in self.reasons], "decides: true")
        if (self.asks == "flaw") != (self.drawing is not None):
            raise ValueError("'drawing' belongs to the kind flaw, and it needs one. Change 'asks' or the drawing")
        return self

    def _check_number(self) -> None:
        if self.value is None or not self.unit or not self.derive:
            raise ValueError("an exercise for a number needs 'value', 'unit' and 'derive'. Add what is missing")
        if self.choices or self.reasons or self.drawing:
            raise ValueError("an exercise for a number has no choices, reasons or drawing. Remove them")
        if self.unit == "percent" and not self.percent:
            raise ValueError("a percentage needs 'percent'. Say relative, points or share")
        if self.room <= 0:
            raise ValueError("nothing but the exact number would be right. Add 'tolerance' (a share) or 'within'")

    @property
    def room(self) -> float:
        """How far a number may be off, in the exercise's unit; 0 for the other kinds."""
        return room_around(self.value, self.tolerance, self.within)

    @property
    def article(self) -> str:
        """The article of the first row, e.g. ``STB``: what stands before its first dot or dash."""
        first = self.rows[0].removeprefix("F-")
        return first.replace(".", "-").split("-")[0]


class DrillBook(Record):
    """Everything in ``drills.yaml``."""

    drills: tuple[Drill, ...]


def _one(what: str, ids: list[str], marked: list[bool], how: str) -> None:
    if len(set(ids)) < len(ids):
        raise ValueError(f"two {what}s have the same id. Rename one")
    if sum(marked) != 1:
        raise ValueError(f"{sum(marked)} {what}s are marked. Mark exactly one with '{how}'")

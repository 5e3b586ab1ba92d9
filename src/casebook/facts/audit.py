"""Questions about the source itself: a number to work out, or the unit or base that is missing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from casebook.facts.base import Amount, Number, Provenance, Record, Share


class Choice(Record):
    """One answer to choose; ``why`` is said after the choice, right or wrong."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    text: str = Field(min_length=4)
    why: str = Field(min_length=8)
    right: bool = False


def room_around(value: float | None, tolerance: float | None, within: float | None) -> float:
    """The wider of ``tolerance``, a share of the value, and ``within``, in its unit; 0 where there is no value."""
    return 0.0 if value is None else max(float(tolerance or 0) * abs(float(value)), float(within or 0))


class AuditItem(Record):
    """One question about a contradiction: a number (``value`` recomputed by ``derive``) or one of ``choices``.

    ``tolerance`` is how far a number may be off as a share of ``value``, ``within`` the same in its unit;
    the wider of the two counts. A ``value`` with ``unit`` percent is written as 5.7 for 5.7 %.
    """

    id: str = Field(pattern=r"^X[0-9]+\.[a-z0-9-]+$")
    fact: str
    title: str = Field(min_length=4)
    ask: str = Field(min_length=20)
    asks: Literal["number", "choice"]
    value: Number | None = None
    unit: str = ""
    percent: Literal["", "relative", "points", "share"] = ""
    tolerance: Share | None = None
    within: Amount | None = None
    derive: str = ""
    choices: tuple[Choice, ...] = ()
    explains: str = Field(min_length=20)
    provenance: Provenance

    @property
    def row(self) -> str:
        """The row of the requirement list, e.g. ``X31``."""
        return self.id.partition(".")[0]

    @model_validator(mode="after")
    def _one_kind(self) -> AuditItem:
        if self.asks == "number":
            self._check_number()
        else:
            self._check_choice()
        return self

    def _check_number(self) -> None:
        if self.value is None or not self.unit or not self.derive:
            raise ValueError("a question for a number needs 'value', 'unit' and 'derive'. Add what is missing")
        if self.choices:
            raise ValueError("a question for a number has no 'choices'. Remove them, or write 'asks: choice'")
        if self.unit == "percent" and not self.percent:
            raise ValueError("a percentage needs 'percent'. Say relative, points or share")
        if self.room <= 0:
            raise ValueError("nothing but the exact number would be right. Add 'tolerance' (a share) or 'within'")

    def _check_choice(self) -> None:
        if self.value is not None or self.derive:
            raise ValueError("a question with choices has no 'value'. Remove it, or write 'asks: number'")
        if len(self.choices) < 3:
            raise ValueError(f"{len(self.choices)} choices are too few. Give at least 3")
        if len({choice.id for choice in self.choices}) < len(self.choices):
            raise ValueError("two choices have the same id. Rename one")
        right = sum(choice.right for choice in self.choices)
        if right != 1:
            raise ValueError(f"{right} choices are right. Mark exactly one with 'right: true'")

    def accepts(self, number: float) -> bool:
        """True when ``number``, in the item's unit, is close enough; never for a question with choices."""
        return self.value is not None and abs(number - float(self.value)) <= self.room * (1 + 1e-9)

    @property
    def room(self) -> float:
        """How far a number may be off, in the item's unit; 0 where none is asked for."""
        return room_around(self.value, self.tolerance, self.within)

    @property
    def answer(self) -> Choice | None:
        """The right choice, ``None`` where a number is asked for."""
        return next((choice for choice in self.choices if choice.right), None)


class AuditBook(Record):
    """Everything in ``audits.yaml``, in the order of the list."""

    audits: tuple[AuditItem, ...]

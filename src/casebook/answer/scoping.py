"""What was asked, what is assumed instead, what bounds the design, and what is left out on purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casebook.answer.errors import AnswerError
from casebook.answer.lexer import clean_text
from casebook.answer.quantity import Quantity, find_quantities
from casebook.answer.record import Record

MAX_ITEMS = 40


@dataclass(frozen=True, slots=True, repr=False)
class Question(Record):
    """``Question("volume")``: the id of a question of the bank that was asked."""

    id: str = ""

    EXAMPLE = 'Question("volume")'

    def __post_init__(self) -> None:
        self._texts("id")
        if len(self.id) > 64 or " " in self.id:
            raise self._wrong("id", self.id, "the id of a question of the bank belongs here, one word")


@dataclass(frozen=True, slots=True, repr=False)
class Assumption(Record):
    """``Assumption("volume: 100,000 uploads a day, because …")`` or with ``because="…"``: topic and
    statement, with a number or without, and the reason.
    """

    topic: str = ""
    statement: str = ""
    because: str = ""

    EXAMPLE = 'Assumption("volume: 100,000 uploads a day", because="the brief names no number")'

    def __post_init__(self) -> None:
        self._texts("topic", "statement", "because")
        if self.topic and not self.statement:
            topic, colon, statement = self.topic.partition(":")
            if not colon or not statement.strip() or not topic.strip():
                raise self._wrong("topic", self.topic, "write the topic, a colon, and what you assume")
            said, word, reason = statement.partition(" because ")
            if word and not self.because:
                self._set(because=reason.strip())
                statement = said.rstrip(" ,")
            self._set(topic=topic.strip(), statement=statement.strip())

    @property
    def quantity(self) -> Quantity | None:
        """The first quantity of the statement, None where there is none."""
        return next(iter(find_quantities(self.statement)), None)


@dataclass(frozen=True, slots=True, repr=False)
class Constraint(Record):
    """``Constraint("1. latency: a verdict within 200 ms")`` or ``Constraint("latency", "…", rank=1)``."""

    id: str = ""
    text: str = ""
    rank: int | None = None

    EXAMPLE = 'Constraint("1. latency: a verdict within 200 ms") or Constraint("latency", rank=1)'

    def __post_init__(self) -> None:
        self._texts("id", "text")
        digits = len(self.id) - len(self.id.lstrip("0123456789"))
        if 0 < digits <= 3 and self.id[digits : digits + 1] in (".", ")", ":"):
            rank = int(self.id[:digits])
            if self.rank not in (None, rank):
                raise self._wrong("rank", self.rank, f"the text already says {rank}")
            self._set(id=self.id[digits + 1 :].strip(), rank=rank)
        if not self.text and ":" in self.id:
            name, _, text = self.id.partition(":")
            self._set(id=name.strip(), text=text.strip())
        if self.rank is not None and (
            isinstance(self.rank, bool) or not isinstance(self.rank, int) or not 1 <= self.rank <= 99
        ):
            raise self._wrong("rank", self.rank, "a whole number from 1 (most important) belongs here")

    @property
    def is_blank(self) -> bool:
        """True for the unfilled form; a rank alone says nothing."""
        return not (self.id or self.text)


@dataclass(frozen=True, slots=True, repr=False)
class Scope(Record):
    """``Scope("video uploads (no labels yet); live streams (no owner yet)")`` or
    ``Scope(out=[("video uploads", "no labels yet")])``: what is left out, each with its reason."""

    out: tuple[tuple[str, str], ...] = ()

    EXAMPLE = 'Scope("video uploads (no labels yet)") or Scope(out=[("video uploads", "no labels yet")])'

    def __post_init__(self) -> None:
        given: Any = self.out
        if isinstance(given, str):
            given = [
                _item_and_reason(part)
                for part in clean_text(given, "Scope out").replace("),", ");").split(";")
                if part.strip()
            ]
        if given is None or isinstance(given, dict):
            given = list((given or {}).items())
        if not isinstance(given, Iterable):
            raise self._wrong("out", given, "a list of (item, reason) pairs belongs here")
        pairs: list[tuple[str, str]] = []
        for item in given:
            pair = _item_and_reason(item) if isinstance(item, str) else item
            if not isinstance(pair, tuple | list) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
                raise self._wrong("out", item, "each is an (item, reason) pair of texts")
            what, reason = (clean_text(part, "Scope out") for part in pair)
            if what or reason:
                pairs.append((what, reason))
            if len(pairs) > MAX_ITEMS:
                raise self._wrong("out", f"{MAX_ITEMS}+ items", f"{MAX_ITEMS} items are enough")
        self._set(out=tuple(pairs))

    @classmethod
    def _from_json(cls, name: str, value: Any, where: str) -> Any:
        if not isinstance(value, list) or not all(
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair) for pair in value
        ):
            raise AnswerError(
                where, "a list of [item, reason] pairs belongs here", 'For example [["video", "no labels"]].'
            )
        return [tuple(pair) for pair in value]


def _item_and_reason(text: str) -> tuple[str, str]:
    for opening, closing in (("(", ")"), (":", ""), (" because ", "")):
        item, found, reason = text.partition(opening)
        if found:
            reason = reason.rstrip().removesuffix(closing) if closing else reason
            return item.strip(), reason.strip()
    return text.strip(), ""

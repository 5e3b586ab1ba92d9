"""A small table: how many units give which latency, at which price a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casebook.answer.errors import AnswerError, ShortFormError
from casebook.answer.lexer import MAX_MAGNITUDE, clean_text, normalise
from casebook.answer.notes import _comma_parts
from casebook.answer.quantity import parse_quantity
from casebook.answer.record import Record

MAX_ROWS = 20
Row = tuple[float, float, float]


@dataclass(frozen=True, slots=True, repr=False)
class Table(Record):
    """``Table("1 nodes: 1,400 ms, $18,000 a month; 2 nodes: 900 ms, $36,000 a month")`` or
    ``Table(rows=[(1, 1_400, 18_000), (2, 900, 36_000)])``: units, latency in ms, US dollars a month.
    """

    rows: tuple[Row, ...] = ()

    EXAMPLE = 'Table("1 nodes: 1,400 ms, $18,000 a month; 2 nodes: 900 ms, $36,000 a month")'

    def __post_init__(self) -> None:
        given: Any = self.rows
        if isinstance(given, str):
            given = [part for part in clean_text(given, "Table rows").split(";") if part.strip()]
        if given is None:
            given = ()
        if not isinstance(given, Iterable):
            raise self._wrong("rows", given, "a list of (units, ms, dollars a month) rows belongs here")
        rows: list[Row] = []
        for item in given:
            rows.append(self._row(item) if isinstance(item, str) else self._numbers(item))
            if len(rows) > MAX_ROWS:
                raise self._wrong("rows", f"{MAX_ROWS}+ rows", f"{MAX_ROWS} rows are enough")
        self._set(rows=tuple(rows))

    def _row(self, typed: str) -> Row:
        units, _, rest = normalise(typed).partition(":")
        try:
            count = parse_quantity(units)
            parts = [parse_quantity(part) for part in _comma_parts(rest)]
        except ShortFormError as error:
            raise self._wrong("short form", typed, error.problem) from None
        times = [part for part in parts if part.is_time and not part.per]
        prices = [part.usd_month for part in parts if part.usd_month is not None]
        if count.is_time or count.unit in ("percent", "usd") or len(parts) != 2 or len(times) != 1 or len(prices) != 1:
            raise self._wrong("short form", typed, "a row is units, a latency and a price a month")
        return self._numbers((count.value, times[0].to("ms"), prices[0]))

    def _numbers(self, item: object) -> Row:
        if not isinstance(item, tuple | list) or len(item) != 3:
            raise self._wrong("rows", item, "a row is units, a latency in ms and dollars a month")
        made = []
        for value in item:
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_MAGNITUDE:
                raise self._wrong("rows", item, "each of the three is a number of 0 or more")
            made.append(float(value) + 0.0)
        return made[0], made[1], made[2]

    @classmethod
    def _from_json(cls, name: str, value: Any, where: str) -> Any:
        if not isinstance(value, list) or not all(isinstance(row, list) and len(row) == 3 for row in value):
            raise AnswerError(
                where, "a list of [units, ms, dollars a month] rows belongs here", "For example [[1, 900, 18000]]."
            )
        return [tuple(row) for row in value]

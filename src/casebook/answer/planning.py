"""Growth in dated steps, and the minutes of the interview: what stands when, and what time goes where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casebook.answer.errors import AnswerError, ShortFormError
from casebook.answer.lexer import clean_text, normalise, tokens
from casebook.answer.notes import _comma_parts, _is_quantity
from casebook.answer.quantity import Quantity, find_quantities, parse_quantity, read_quantity, starts_quantity
from casebook.answer.record import Record

MAX_BLOCKS = 20


@dataclass(frozen=True, slots=True, repr=False)
class Phase(Record):
    """``Phase("day 0 for 90 days: 2,000,000 calls a day, auto-scaling groups, 8 nodes")``, or the keywords.

    ``start_day`` and ``days`` count from today; ``capacity`` is a text with a count a day; ``technique`` is how
    it is reached; ``resources`` a text with the units that carry it.
    """

    start_day: float | None = None
    days: float | None = None
    capacity: str = ""
    technique: str = ""
    resources: str = ""

    EXAMPLE = 'Phase("day 0 for 90 days: 2,000,000 calls a day, auto-scaling groups, 8 nodes")'

    def __post_init__(self) -> None:
        given: object = self.start_day
        self._texts("capacity", "technique", "resources")
        if isinstance(given, str) and ":" in given:
            self._set(start_day=None)
            self._read(clean_text(given, "Phase"))
        self._amount("start_day", "days")
        self._amount("days", "days")
        for name in ("capacity", "resources"):
            typed = getattr(self, name)
            if typed and len(find_quantities(typed)) != 1:
                raise self._wrong(name, typed, "it is one number with what it counts")

    def _read(self, typed: str) -> None:
        when, _, rest = normalise(typed).partition(":")
        found = when.casefold().replace(",", " ").split()
        try:
            begin = found.index("day") if "day" in found else -1
            start = parse_quantity(f"{found[begin + 1]} days") if begin >= 0 else None
            length = parse_quantity(when.partition(" for ")[2]) if " for " in when else None
        except (ShortFormError, IndexError):
            raise self._wrong("short form", typed, "before the colon stands 'day 0 for 90 days'") from None
        if start is None or length is None or not length.is_time or length.per:
            raise self._wrong("short form", typed, "before the colon stands 'day 0 for 90 days'")
        self._take("start_day", start.value, typed)
        self._take("days", length.to("days"), typed)
        technique = []
        for part in _comma_parts(rest):
            if not _is_quantity(part):
                technique.append(part)
                continue
            try:
                quantity = parse_quantity(part)
            except ShortFormError as error:
                raise self._wrong("short form", typed, error.problem) from None
            self._take("capacity" if quantity.per_day is not None else "resources", part, typed)
        if technique:
            self._take("technique", ", ".join(technique), typed)

    def _take(self, name: str, value: object, typed: str) -> None:
        before = getattr(self, name)
        if before not in (None, "", value):
            raise self._wrong(name, typed, f"it gives '{before}' and '{value}'; name one")
        self._set(**{name: value})

    @property
    def capacity_quantity(self) -> Quantity | None:
        """``capacity`` as number and unit; ``per_day`` of it is the count a day."""
        return next(iter(find_quantities(self.capacity)), None)

    @property
    def resources_quantity(self) -> Quantity | None:
        """``resources`` as number and unit: 8 nodes."""
        return next(iter(find_quantities(self.resources)), None)

    @property
    def end_day(self) -> float | None:
        """The day on which it is over; None where start or length is missing."""
        return None if self.start_day is None or self.days is None else self.start_day + self.days


@dataclass(frozen=True, slots=True, repr=False)
class TimePlan(Record):
    """``TimePlan("clarify 5, design 10, deep dive 15, trade-offs 10, wrap-up 5")`` or
    ``TimePlan(blocks=[("clarify", 5), …])``: sections in their order, each with its minutes.
    """

    blocks: tuple[tuple[str, float], ...] = ()

    EXAMPLE = 'TimePlan("clarify 5, design 10, deep dive 15, trade-offs 10, wrap-up 5")'

    def __post_init__(self) -> None:
        given: Any = self.blocks
        if isinstance(given, str):
            text = clean_text(given, "TimePlan blocks").replace(";", ",")
            given = [self._block(part) for part in text.split(",") if part.strip()]
        if given is None or isinstance(given, Mapping):
            given = list((given or {}).items())
        if not isinstance(given, Iterable):
            raise self._wrong("blocks", given, "a list of (section, minutes) pairs belongs here")
        pairs: list[tuple[str, float]] = []
        for item in given:
            pair = self._block(item) if isinstance(item, str) else item
            if not isinstance(pair, tuple | list) or len(pair) != 2 or not isinstance(pair[0], str):
                raise self._wrong("blocks", item, "each is a (section, minutes) pair")
            pairs.append((clean_text(pair[0], "TimePlan blocks"), self._minutes(pair[1])))
            if len(pairs) > MAX_BLOCKS:
                raise self._wrong("blocks", f"{MAX_BLOCKS}+ blocks", f"{MAX_BLOCKS} blocks are enough")
        self._set(blocks=tuple(pairs))

    def _minutes(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong("minutes", value, "a number of minutes belongs here")
        number = float(value) if abs(value) < 1e6 else float("inf")
        if not 0 <= number <= 1_440:
            raise self._wrong("minutes", value, "minutes lie between 0 and 1,440")
        return number + 0.0

    def _block(self, part: str) -> tuple[str, float]:
        text = normalise(part).replace(":", " ").strip()
        try:
            found = tokens(text)
            start = next((at for at in range(len(found)) if starts_quantity(found, at)), len(found))
            if start == len(found):
                raise self._wrong("short form", part, "each section has its minutes: 'clarify 5'")
            quantity, end = read_quantity(found, start, "TimePlan", self.EXAMPLE)
        except ShortFormError as error:
            raise self._wrong("short form", part, error.problem) from None
        if quantity.per or (quantity.unit and not quantity.is_time):
            raise self._wrong("short form", part, f"{quantity} is no time in minutes")
        before = text[: found[start].start]
        after = text[found[end - 1].end :] if end <= len(found) else ""
        section = f"{before.strip()} {after.strip()}".strip(" :,")
        if not section:
            raise self._wrong("short form", part, "the minutes belong to a section: 'clarify 5'")
        return section, self._minutes(quantity.to("min") if quantity.is_time else quantity.value)

    @classmethod
    def _from_json(cls, name: str, value: Any, where: str) -> Any:
        if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
            raise AnswerError(where, "a list of [section, minutes] pairs belongs here", 'For example [["clarify", 5]].')
        return [tuple(pair) for pair in value]

    @property
    def total_minutes(self) -> float:
        """Minutes of all sections together."""
        return sum(minutes for _, minutes in self.blocks)

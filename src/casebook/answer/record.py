"""What all records of an answer share: checked fields, a one-line repr that evaluates back, JSON and its
way back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, ClassVar, Self

from casebook.answer.errors import AnswerError, ShortFormError, near_miss
from casebook.answer.lexer import MAX_MAGNITUDE, clean_text
from casebook.answer.quantity import Quantity, parse_quantity
from casebook.answer.units import MS_PER


class Record:
    """Base of the records: frozen, slotted dataclasses made from one short form or from keywords.

    A record whose fields are all empty is blank: it is the unfilled form, and counts as not answered.
    """

    __slots__ = ()
    EXAMPLE: ClassVar[str] = ""

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self._given())
        return f"{type(self).__name__}({told})"

    @property
    def is_blank(self) -> bool:
        """True when nothing was filled in."""
        return not self._given()

    def to_data(self) -> dict[str, Any]:
        """The filled fields as plain JSON values."""
        return {name: _plain(value) for name, value in self._given()}

    @classmethod
    def from_data(cls, data: object, where: str) -> Self:
        """The record of ``data`` (from JSON); `AnswerError` names ``where`` and the field that is wrong."""
        if not isinstance(data, Mapping):
            raise AnswerError(
                where,
                f"a {type(data).__name__} stands where a {cls.__name__} belongs",
                "Write an object with its fields.",
            )
        known = [field.name for field in _init_fields(cls)]
        for name in data:
            if name not in known:
                raise AnswerError(
                    f"{where}.{str(name)[:60]}",
                    f"{cls.__name__} has no such field",
                    near_miss(str(name), known),
                )
        try:
            return cls(**{name: cls._from_json(name, value, f"{where}.{name}") for name, value in data.items()})
        except ShortFormError as error:
            raise AnswerError(where, str(error)) from None

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every string the learner wrote in it, as (field, text)."""
        for name, value in self._given():
            yield from _texts(name, value)

    @classmethod
    def _from_json(cls, name: str, value: Any, where: str) -> Any:
        """``value`` of field ``name`` out of JSON; records with nested parts override it."""
        if value is None or isinstance(value, str | int | float | bool):
            return value
        raise AnswerError(where, "a list or an object stands where a text or a number belongs", "Write one value.")

    def _given(self) -> list[tuple[str, Any]]:
        return [
            (field.name, value)
            for field in _init_fields(type(self))
            if (value := getattr(self, field.name)) != _default(field)
        ]

    def _others_blank(self, first: str) -> bool:
        return all(name == first for name, _ in self._given())

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _example(self) -> str:
        return self.EXAMPLE or f"{type(self).__name__}(…)"

    def _wrong(self, field: str, typed: object, problem: str) -> ShortFormError:
        return ShortFormError(f"{type(self).__name__} {field}", typed, problem, self._example())

    def _texts(self, *names: str, lines: bool = False) -> None:
        """The fields ``names`` as clean text; None is empty, anything but text raises."""
        for name in names:
            value = getattr(self, name)
            if value is None or value is Ellipsis:
                value = ""
            if not isinstance(value, str):
                raise self._wrong(name, value, "a text in quotes belongs here")
            self._set(**{name: clean_text(value, f"{type(self).__name__} {name}", lines=lines)})

    def _choice(self, name: str, known: tuple[str, ...]) -> None:
        """The field ``name`` is one of ``known`` words."""
        self._texts(name)
        value = getattr(self, name).casefold()
        if value not in known:
            raise self._wrong(name, getattr(self, name), near_miss(value, known))
        self._set(**{name: value})

    def _amount(self, name: str, unit: str, lowest: float = 0.0) -> None:
        """The field ``name`` as a number in ``unit`` (usd_month, a unit of time, or '' for a bare number),
        or None.

        A text is read as a quantity and turned into the unit; a unit that does not fit raises.
        """
        value = getattr(self, name)
        if value is None or value is Ellipsis or (isinstance(value, str) and not value.strip()):
            self._set(**{name: None})
            return
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self._wrong(name, value, "a number belongs here")
        if isinstance(value, str):
            try:
                value = self._in_unit(name, value, parse_quantity(value), unit)
            except ShortFormError as error:
                raise self._wrong(name, value, error.problem) from None
        if isinstance(value, int) and abs(value) > MAX_MAGNITUDE:
            raise self._wrong(name, value, "the number is too large to mean anything here")
        number = float(value)
        if not abs(number) <= MAX_MAGNITUDE:  # also refuses nan and infinity
            raise self._wrong(name, value, "the number is not finite, or too large to mean anything here")
        if number < lowest:
            raise self._wrong(name, value, f"it cannot be less than {lowest:g}")
        self._set(**{name: number + 0.0})

    def _in_unit(self, name: str, typed: str, quantity: Quantity, unit: str) -> float:
        if not quantity.unit and not quantity.per:
            return quantity.value
        if unit == "usd_month":
            if quantity.usd_month is None:
                raise self._wrong(name, typed, "US dollars per month (or day, week, hour) belong here")
            return quantity.usd_month
        if unit in MS_PER and quantity.is_time and not quantity.per:
            return quantity.to(unit)
        raise self._wrong(name, typed, f"a number {'of ' + unit if unit else 'without a unit'} belongs here")


def _init_fields(cls: type) -> list[Field[Any]]:
    return [field for field in fields(cls) if field.init]


def _default(field: Field[Any]) -> Any:
    return "" if field.default is MISSING else field.default


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_data()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Record):
        for inner, text in value.texts():
            yield f"{name}.{inner}", text
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            yield from _texts(f"{name}[{at}]", item)

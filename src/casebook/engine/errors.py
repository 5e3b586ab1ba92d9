"""The engine's one exception: what was given, where it stands, and what to write instead."""

from __future__ import annotations

import math
from typing import final


@final
class EngineError(ValueError):
    """Raised for input that has no meaning as a system; nothing was simulated.

    ``place`` names the component, link or workload, ``value`` is what was given there and ``remedy``
    says in plain words what to change.
    """

    __slots__ = ("place", "remedy", "value")

    def __init__(self, place: str, value: object, remedy: str) -> None:
        super().__init__(f"{place}: got {value!r}. {remedy}")
        self.place = place
        self.value = value
        self.remedy = remedy


def number(place: str, name: str, value: object, *, above: float | None = None, at_least: float | None = None,
           at_most: float | None = None) -> float:
    """Return ``value`` as a float, or refuse it when it is missing, not finite or out of range."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise EngineError(f"{place}, {name}", value, "Give one number.")
    result = float(value)
    if not math.isfinite(result):
        raise EngineError(f"{place}, {name}", value, "Give a finite number.")
    if above is not None and not result > above:
        raise EngineError(f"{place}, {name}", value, f"Give a number above {above:g}.")
    if at_least is not None and result < at_least:
        raise EngineError(f"{place}, {name}", value, f"Give a number of {at_least:g} or more.")
    if at_most is not None and result > at_most:
        raise EngineError(f"{place}, {name}", value, f"Give a number of {at_most:g} or less.")
    return result


def whole(place: str, name: str, value: object, *, at_least: int, at_most: int = 2**31 - 1) -> int:
    """Return ``value`` as an int, or refuse it when it is not a whole number in the range."""
    result = number(place, name, value, at_least=at_least, at_most=at_most)
    if result != int(result):
        raise EngineError(f"{place}, {name}", value, "Give a whole number.")
    return int(result)

"""The error of this room: a figure that makes no sense in a bill, with its name, its value and the remedy."""

from __future__ import annotations

import math


class MoneyError(ValueError):
    """A number that no bill can be made of; the message says which, what it was and what to give instead."""


def at_least(name: str, value: float, low: float = 0.0) -> float:
    """``value`` if it is a finite number of at least ``low``; ``MoneyError`` otherwise."""
    if not math.isfinite(value) or value < low:
        raise MoneyError(f"{name} is {value!r}. Give a number of {low:g} or more.")
    return float(value)


def above(name: str, value: float, low: float = 0.0) -> float:
    """``value`` if it is a finite number above ``low``; ``MoneyError`` otherwise."""
    if not math.isfinite(value) or value <= low:
        raise MoneyError(f"{name} is {value!r}. Give a number above {low:g}.")
    return float(value)


def share(name: str, value: float) -> float:
    """``value`` if it lies between 0 and 1; ``MoneyError`` otherwise."""
    if not 0.0 <= value <= 1.0:
        raise MoneyError(f"{name} is {value!r}, which is not a share. Write 0.05 for 5 %.")
    return float(value)

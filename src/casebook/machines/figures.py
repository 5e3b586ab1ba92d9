"""Catalogue figures as the models of machines use them: a number with its band, looked up by id.

A figure that nobody published is refused by name; none is filled in.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from casebook.facts import Entry, Sourced


@final
class MachineError(ValueError):
    """A machine that cannot be modelled as asked.

    ``place`` names the machine or the argument, ``value`` what was given there, ``remedy`` what to do.
    """

    __slots__ = ("place", "remedy", "value")

    def __init__(self, place: str, value: object, remedy: str) -> None:
        super().__init__(f"{place}: got {value!r}. {remedy}")
        self.place = place
        self.value = value
        self.remedy = remedy


@cache
def entries() -> dict[str, Entry]:
    """Every entry of the project's catalogue by id, in the order of the file."""
    from casebook.facts import catalog

    return {entry.id: entry for entry in catalog().entries}


def known(entry_id: str) -> bool:
    """Whether the catalogue holds this figure."""
    return entry_id in entries()


@cache
def figure(entry_id: str) -> Sourced:
    """The figure with this id and its band; MachineError, with near names, where there is none."""
    from casebook.facts import Sourced, catalog, near_miss

    book = entries()
    if entry_id not in book:
        raise MachineError("catalogue", entry_id, f"There is no such figure. {near_miss(entry_id, book)}")
    entry = book[entry_id]
    if entry.low is not None and entry.high is not None:
        low, high = float(entry.low), float(entry.high)
    else:
        width = catalog().bands[entry.conf]
        low, high = float(entry.value) * (1.0 - width), float(entry.value) * (1.0 + width)
    return Sourced(float(entry.value), f"catalog:{entry_id}", low, high, entry.kind)


def positive(place: str, name: str, value: float) -> float:
    """Return ``value`` when it is a finite number above 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.0 < float(value) < float("inf"):
        raise MachineError(f"{place}, {name}", value, "Give a number above 0.")
    return float(value)


def count(place: str, name: str, value: int) -> int:
    """Return ``value`` when it is a whole number of 1 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise MachineError(f"{place}, {name}", value, "Give a whole number of 1 or more.")
    return value

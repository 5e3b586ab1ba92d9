"""All exercises in one deck: those of ``seeds/drills.yaml`` and every question about the source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol, TypeVar

from casebook.drills.errors import DrillError
from casebook.facts import audits, drills, fact, near_miss

if TYPE_CHECKING:
    from casebook.facts import AuditItem, Drill


class Named(Protocol):
    """Something with an id: a choice or a reason."""

    @property
    def id(self) -> str: ...


Offer = TypeVar("Offer", bound=Named)


@cache
def deck() -> tuple[Drill, ...]:
    """Every exercise: the written ones in the order of their file, then the audits in the order of the list."""
    return (*drills(), *(_from_audit(item) for item in audits()))


def find(drill_id: str) -> Drill:
    """The exercise with this id; ``DrillError`` suggests the nearest ones."""
    for drill in deck():
        if drill.id == drill_id:
            return drill
    raise DrillError(f"there is no exercise {drill_id!r}. {near_miss(drill_id, [drill.id for drill in deck()])}")


def offered(drill: Drill, items: Sequence[Offer]) -> tuple[Offer, ...]:
    """Choices or reasons in the order in which they are shown: fixed for each exercise, no place is favoured."""
    return tuple(sorted(items, key=lambda item: sha256(f"{drill.id}/{item.id}".encode()).digest()))


def row_of(drill: Drill) -> str:
    """Row of the requirement list that the exercise practises first: ``STB-3``, ``X31``, or the id of a mistake."""
    first = fact(drill.rows[0])
    return first.fact_id or first.id


def _from_audit(item: AuditItem) -> Drill:
    from casebook.facts import Drill

    return Drill(
        id=item.id,
        rows=(item.fact,),
        title=item.title,
        asks=item.asks,
        ask=item.ask,
        choices=item.choices,
        value=item.value,
        unit=item.unit,
        percent=item.percent,
        tolerance=item.tolerance,
        within=item.within,
        derive=item.derive,
        explains=item.explains,
        provenance=item.provenance,
    )

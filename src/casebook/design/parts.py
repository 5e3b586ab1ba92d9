"""What the picture shows of a design: parts and edges, independent of any scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from casebook.design.design import Design


@dataclass(frozen=True, slots=True)
class Part:
    """A component of the picture. ``replicas`` counts its units; ``annotation`` is a label, not a box."""

    slot: str
    option_id: str
    title: str
    icon: str
    group: str
    group_title: str
    replicas: int
    exotic: bool
    annotation: str
    slot_title: str


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow between two slots. request, fanout: on the learner's promise of latency; async: after it."""

    src: str
    dst: str
    kind: Literal["request", "async", "feedback", "data", "overflow", "fanout"]


def parts_of(design: Design) -> tuple[Part, ...]:
    """The filled slots in the order of the palette."""
    data = design.data
    groups = {group.id: group.title for group in data.groups}
    made = []
    for slot in data.slots:
        option = design.option(slot.id)
        if option.none:
            continue
        counter = option.capacity.per or option.cost.units
        made.append(
            Part(
                slot.id,
                option.id,
                option.title,
                option.icon,
                slot.group,
                groups[slot.group],
                int(design.knobs.get(counter, 1)),
                option.exotic,
                slot.annotation,
                slot.title,
            )
        )
    return tuple(made)


def edges_of(design: Design) -> tuple[Edge, ...]:
    """The palette's links with empty slots bridged; the first link's kind wins where two are joined."""
    present = set(design.components)
    links = [(link.src, link.dst, link.kind) for link in design.data.links]
    made: dict[tuple[str, str], Edge] = {}

    def follow(src: str, dst: str, kind: str, seen: frozenset[str]) -> None:
        if dst in present:
            if dst != src:
                made.setdefault((src, dst), Edge(src, dst, kind))  # type: ignore[arg-type]
            return
        for next_src, next_dst, next_kind in links:
            if next_src == dst and next_dst not in seen:
                # A request that runs into an empty slot goes on as what that slot would have sent.
                follow(src, next_dst, kind if kind != "request" else next_kind, seen | {dst})

    for src, dst, kind in links:
        if src in present:
            follow(src, dst, kind, frozenset({src}))
    return tuple(made.values())

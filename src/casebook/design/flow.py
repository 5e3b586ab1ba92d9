"""Which way requests take through a design: branches, shares, empty slots bridged, and how many come where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casebook.design.names import Names

if TYPE_CHECKING:
    from casebook.design.design import Design
    from casebook.facts import CaseData
    from casebook.facts.palette import LinkData

CARRYING = ("request", "async", "data")


@dataclass(frozen=True, slots=True)
class Way:
    """``share`` of what leaves ``src`` goes on to ``dst``."""

    src: str
    dst: str
    share: float


def request_path(design: Design) -> tuple[str, ...]:
    """Slots that requests pass before they are answered, in the order in which they flow: what the promise spans.

    Without branches it is a line; where the way branches, a slot comes after all that lead to it.
    """
    from casebook.design.parts import edges_of

    following: dict[str, list[str]] = {}
    for edge in edges_of(design):
        if edge.kind == "request":
            following.setdefault(edge.src, []).append(edge.dst)
    start = entry_of(design, following)
    reached, waiting = {start}, [start]
    while waiting:
        for slot in following.get(waiting.pop(), ()):
            if slot not in reached:
                reached.add(slot)
                waiting.append(slot)
    before = {slot: {src for src in reached if slot in following.get(src, ())} for slot in reached}
    path: list[str] = []
    while len(path) < len(reached):
        ready = [slot for slot in design.components if slot in reached - set(path) and before[slot] <= set(path)]
        if not ready:
            raise ValueError(f"the request links of {design.case_id} lead in a circle. Make one of them 'feedback'.")
        path.append(ready[0])
    return tuple(path)


def entry_of(design: Design, following: dict[str, list[str]]) -> str:
    """Where requests arrive: the slot with the role ``entry``, else the first that nothing leads to."""
    named = design.data.slot_of_role("entry")
    if named is not None and named.id in design.components:
        return named.id
    targets = {slot for several in following.values() for slot in several}
    start = next((slot for slot in design.components if slot in following and slot not in targets), None)
    return start or design.components[0]


def ways(design: Design, names: Names, kind: str = "request") -> tuple[Way, ...]:
    """Links of one kind between filled slots. An empty slot is bridged: shares on the way multiply."""
    present = set(design.components)
    shares = {(link.src, link.dst): share for link, share in shared_out(design.data, names, kind)}
    made: dict[tuple[str, str], float] = {}

    def follow(src: str, dst: str, share: float, seen: frozenset[str]) -> None:
        if dst in present:
            if dst != src:
                made[src, dst] = made.get((src, dst), 0.0) + share
            return
        for link in design.data.links:
            if link.src == dst and link.kind == "request" and link.dst not in seen:
                follow(src, link.dst, share * onward[link.src, link.dst], seen | {dst})

    onward = shares if kind == "request" else {
        (link.src, link.dst): share for link, share in shared_out(design.data, names, "request")
    }
    for (src, dst), share in shares.items():
        if src in present:
            follow(src, dst, share, frozenset({src}))
    return tuple(Way(src, dst, min(1.0, share)) for (src, dst), share in made.items())


def shared_out(data: CaseData, names: Names, kind: str) -> list[tuple[LinkData, float]]:
    """Every link of a kind with its share; request links without one divide what their neighbours leave."""
    found = []
    for link in (one for one in data.links if one.kind == kind):
        if link.share is not None:
            found.append((link, min(1.0, max(0.0, names.number(link.share)))))
            continue
        beside = [other for other in data.links if other.src == link.src and other.kind == kind]
        if kind != "request" or len(beside) == 1:
            found.append((link, 1.0))
            continue
        taken = sum(min(1.0, max(0.0, names.number(other.share))) for other in beside if other.share is not None)
        found.append((link, max(0.0, 1.0 - taken) / sum(1 for other in beside if other.share is None)))
    return found


def reaching(design: Design, names: Names) -> dict[str, float]:
    """Share of the scenario's requests that comes to each filled slot: its own ``reach``, or what links bring.

    Request and asynchronous links add up; a slot that only data links lead to gets as much as the largest brings.
    """
    data = design.data
    path = request_path(design)
    found = {path[0]: 1.0}
    along = ways(design, names)
    for slot in path[1:]:
        found[slot] = sum(found.get(way.src, 0.0) * way.share for way in along if way.dst == slot)
    for kind in ("async", "data"):
        beside = ways(design, names, kind)
        for _ in design.components:
            new = {}
            for slot in design.components:
                brought = [found[way.src] * way.share for way in beside if way.dst == slot and way.src in found]
                if slot not in found and brought:
                    new[slot] = sum(brought) if kind == "async" else max(brought)
            if not new:
                break
            found.update(new)
    for place in data.slots:
        if place.reach is not None and place.id in design.components:
            found[place.id] = names.number(place.reach)
    return found

"""Which way requests take through a design: branches, shares, empty slots bridged, and how many come where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from casebook.design.names import Names

if TYPE_CHECKING:
    from casebook.design.design import Design
    from casebook.facts import CaseData
    from casebook.facts.palette import LinkData

AWAITED = ("request", "fanout")  # the answer waits for what goes this way


@dataclass(frozen=True, slots=True)
class Way:
    """``share`` of what leaves ``src`` goes on to ``dst``."""

    src: str
    dst: str
    share: float


@final
class _Kept:
    """What depends on a case's links and on which slots are filled, and on nothing else: worked out once.

    A search asks for it for every design it looks at, and designs fill the same few sets of slots. Bounded; a case
    that is loaded anew is another one.
    """

    __slots__ = ("_found",)
    _MOST = 4_096

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], tuple[CaseData, Any]] = {}

    def get(self, design: Design, what: str, make: Callable[[], Any]) -> Any:
        data = design.data
        key = (id(data), design.components, what)
        held = self._found.get(key)
        if held is None or held[0] is not data:
            if len(self._found) >= self._MOST:
                self._found.clear()
            held = self._found[key] = (data, make())
        return held[1]


_KEPT = _Kept()


def request_path(design: Design) -> tuple[str, ...]:
    """Slots that requests pass before they are answered, in the order in which they flow: what the promise spans.

    Without branches it is a line; where the way branches, a slot comes after all that lead to it.
    """
    path: tuple[str, ...] = _KEPT.get(design, "path", lambda: _request_path(design))
    return path


def _request_path(design: Design) -> tuple[str, ...]:
    from casebook.design.parts import edges_of

    following: dict[str, list[str]] = {}
    for edge in edges_of(design):
        if edge.kind in AWAITED:
            following.setdefault(edge.src, []).append(edge.dst)
    start = entry_of(design, following)
    reached = slots_behind(start, following)
    before = {slot: {src for src in reached if slot in following.get(src, ())} for slot in reached}
    path: list[str] = []
    while len(path) < len(reached):
        ready = [slot for slot in design.components if slot in reached - set(path) and before[slot] <= set(path)]
        if not ready:
            raise ValueError(f"the request links of {design.case_id} lead in a circle. Make one of them 'feedback'.")
        path.append(ready[0])
    return tuple(path)


def slots_behind(start: str, following: Mapping[str, Iterable[str]]) -> set[str]:
    """``start`` and every slot that arrows lead to from there; ``following`` is slot → where its arrows end."""
    reached, waiting = {start}, [start]
    while waiting:
        for slot in following.get(waiting.pop(), ()):
            if slot not in reached:
                reached.add(slot)
                waiting.append(slot)
    return reached


def simulated_slots(design: Design) -> frozenset[str]:
    """The request path, and what takes on those whom a part of it turns away."""
    found = list(request_path(design))
    beside: list[Chain] = _KEPT.get(design, "overflow", lambda: _chains(design, "overflow"))
    for slot in found:  # grows while an overflow leads on to another
        if design.option(slot).refuses:
            found += [dst for src, dst, _ in beside if src == slot and dst not in found]
    return frozenset(found)


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
    chains: list[Chain] = _KEPT.get(design, kind, lambda: _chains(design, kind))
    links = design.data.links
    known: dict[int, float] = {}
    made: dict[tuple[str, str], float] = {}
    for src, dst, numbers in chains:
        share = 1.0
        for number in numbers:
            if number not in known:
                known[number] = share_of(links, links[number], names)
            share *= known[number]
        made[src, dst] = made.get((src, dst), 0.0) + share
    return tuple(Way(src, dst, min(1.0, share)) for (src, dst), share in made.items())


def fanned(design: Design, names: Names) -> tuple[tuple[Way, ...], frozenset[str]]:
    """Branches that requests take all at once, and the slots where two or more of them really part.

    An empty branch falls away. Where one is left, or none, nobody waits for another and it is a plain way.
    """
    joins = {place.joins: place.id for place in design.data.slots if place.joins}
    made: list[Way] = []
    parting: set[str] = set()
    branches = ways(design, names, "fanout")
    for fork in dict.fromkeys(way.src for way in branches):
        mine = [way for way in branches if way.src == fork]
        full = [way for way in mine if way.dst != joins[fork]]
        made += [Way(way.src, way.dst, 1.0) for way in full or mine]
        if len(full) > 1:
            parting.add(fork)
    return tuple(made), frozenset(parting)


Chain = tuple[str, str, tuple[int, ...]]  # filled slot, filled slot, the links between them by their number


def _chains(design: Design, kind: str) -> list[Chain]:
    present = set(design.components)
    links = design.data.links
    made: list[Chain] = []

    def follow(src: str, numbers: tuple[int, ...], seen: frozenset[str]) -> None:
        dst = links[numbers[-1]].dst
        if dst in present:
            if dst != src:
                made.append((src, dst, numbers))
            return
        for number, link in enumerate(links):
            if link.src == dst and link.kind == "request" and link.dst not in seen:
                follow(src, (*numbers, number), seen | {dst})

    for number, link in enumerate(links):
        if link.kind == kind and link.src in present:
            follow(link.src, (number,), frozenset({link.src}))
    return made


def share_of(links: tuple[LinkData, ...], link: LinkData, names: Names) -> float:
    """Share of what leaves the link's source; a request link without one divides what its neighbours leave."""
    if link.share is not None:
        return min(1.0, max(0.0, names.number(link.share)))
    beside = [other for other in links if other.src == link.src and other.kind == link.kind]
    if link.kind != "request" or len(beside) == 1:
        return 1.0
    taken = sum(min(1.0, max(0.0, names.number(other.share))) for other in beside if other.share is not None)
    return max(0.0, 1.0 - taken) / sum(1 for other in beside if other.share is None)


def reaching(design: Design, names: Names) -> dict[str, float]:
    """Share of the scenario's requests that comes to each filled slot: its own ``reach``, or what links bring.

    Request and asynchronous links add up; a slot that only data links lead to gets as much as the largest brings.
    """
    data = design.data
    path = request_path(design)
    found = {path[0]: 1.0}
    along = (*ways(design, names), *fanned(design, names)[0])
    joins = {place.id: place.joins for place in data.slots if place.joins}
    for slot in path[1:]:
        if slot in joins:  # a copy comes from every branch, and one request goes on
            found[slot] = found.get(joins[slot], 0.0)
            continue
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

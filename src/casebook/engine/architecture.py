"""The system to simulate: components, the links between them, and the checks that it can be simulated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from casebook.engine.component import Component, Link
from casebook.engine.errors import EngineError
from casebook.engine.fork import check_forks

__all__ = ["Architecture", "Component", "Link", "reached_from"]


@dataclass(frozen=True, slots=True, init=False)
class Architecture:
    """A feed-forward network: requests enter at ``entry`` and follow the links until they leave.

    Raises EngineError for an id used twice, a link to nowhere, shares that add up to more than 1, a loop
    (the error names it), more than one possible entry, or a component that no request can reach.
    """

    components: tuple[Component, ...]
    links: tuple[Link, ...]
    entry: str
    order: tuple[str, ...]

    def __init__(self, components: Iterable[Component], links: Iterable[Link] = (), entry: str = "") -> None:
        parts = tuple(sorted(components, key=lambda c: c.id))
        ways = tuple(sorted(links, key=lambda x: (x.src, x.dst, x.kind)))
        if not parts:
            raise EngineError("architecture, components", [], "Give at least one component.")
        ids = [c.id for c in parts]
        for one, other in pairwise(ids):
            if one == other:
                raise EngineError("architecture, component id", one, "It is used twice: rename one of them.")
        known = set(ids)
        _check_links(ways, known)
        _check_overflow(parts, ways)
        check_forks(parts, ways)
        order = _topological(ids, ways)
        start = entry or _only_source(ids, ways)
        if start not in known:
            raise EngineError("architecture, entry", entry, f"There is no such component; there are {ids}.")
        _check_reached(start, ids, ways)
        for name, value in (("components", parts), ("links", ways), ("entry", start), ("order", order)):
            object.__setattr__(self, name, value)

    def component(self, id: str) -> Component:
        """Return the component called ``id``."""
        for part in self.components:
            if part.id == id:
                return part
        raise EngineError("architecture, component", id,
                          f"There is no such component; there are {[c.id for c in self.components]}.")

    def out(self, id: str, kind: str) -> tuple[Link, ...]:
        """Links of ``kind`` that leave ``id``, sorted by where they go."""
        return tuple(link for link in self.links if link.src == id and link.kind == kind)


def _check_links(links: tuple[Link, ...], known: set[str]) -> None:
    totals: dict[str, float] = {}
    seen: set[tuple[str, str, str]] = set()
    for link in links:
        for end in (link.src, link.dst):
            if end not in known:
                raise EngineError(f"link '{link.src}' → '{link.dst}'", end,
                                  f"There is no such component; there are {sorted(known)}.")
        if (link.src, link.dst, link.kind) in seen:
            raise EngineError(f"link '{link.src}' → '{link.dst}'", link.kind,
                              "It is listed twice: add the two shares up in one link.")
        seen.add((link.src, link.dst, link.kind))
        if link.kind == "request":
            totals[link.src] = totals.get(link.src, 0.0) + link.share
    for id, total in totals.items():
        if total > 1.0 + 1e-9:
            raise EngineError(f"component '{id}', shares of its links", round(total, 9),
                              "Request shares out of one component may add up to 1 at most.")


def _check_overflow(parts: tuple[Component, ...], links: tuple[Link, ...]) -> None:
    limited = {part.id for part in parts if part.refuses}
    seen: set[str] = set()
    for link in links:
        if link.kind != "overflow":
            continue
        if link.src not in limited:
            raise EngineError(f"link '{link.src}' → '{link.dst}'", "overflow",
                              f"'{link.src}' never refuses anything: give it a queue_limit, a wait_limit_ms or "
                              "max_instances, or remove the link.")
        if link.src in seen:
            raise EngineError(f"component '{link.src}', overflow links", link.dst,
                              "One overflow link a component: chain the next one behind that station.")
        seen.add(link.src)


def _topological(ids: list[str], links: tuple[Link, ...]) -> tuple[str, ...]:
    """Order components so that links only lead forward; refuse a loop by name."""
    order: list[str] = []
    state: dict[str, int] = {}
    following: dict[str, list[str]] = {id: [] for id in ids}
    for link in links:
        following[link.src].append(link.dst)
    for root in ids:
        if root in state:
            continue
        path, stack = [root], [iter(following[root])]
        state[root] = 1
        while stack:
            step = next(stack[-1], None)
            if step is None:
                state[path[-1]] = 2
                order.append(path.pop())
                stack.pop()
            elif state.get(step) == 1:
                loop = " → ".join([*path[path.index(step):], step])
                raise EngineError("architecture, links", loop,
                                  "This is a loop, and the engine computes exactly only what flows forward: "
                                  "remove one of these links, unroll the loop into one component a pass, or give the "
                                  "component repeat=Repeat(again_share, at_most).")
            elif step not in state:
                state[step] = 1
                path.append(step)
                stack.append(iter(following[step]))
    return tuple(reversed(order))


def _only_source(ids: list[str], links: tuple[Link, ...]) -> str:
    reached = {link.dst for link in links}
    sources = [id for id in ids if id not in reached]
    if len(sources) != 1:
        raise EngineError("architecture, entry", sources,
                          "Several components have no link leading to them. Say where requests enter with "
                          "entry='…' and link the others, or remove them: no request reaches them.")
    return sources[0]


def reached_from(entry: str, links: Iterable[Link]) -> set[str]:
    """Ids of the components that a request can come to over ``links`` of any kind, ``entry`` among them."""
    ways = tuple(links)
    reached, waiting = {entry}, [entry]
    while waiting:
        here = waiting.pop()
        for link in ways:
            if link.src == here and link.dst not in reached:
                reached.add(link.dst)
                waiting.append(link.dst)
    return reached


def _check_reached(entry: str, ids: list[str], links: tuple[Link, ...]) -> None:
    reached = reached_from(entry, links)
    lost = [id for id in ids if id not in reached]
    if lost:
        raise EngineError(f"component '{lost[0]}'", lost,
                          f"No request reaches it from '{entry}': add a link that leads to it, or remove it.")

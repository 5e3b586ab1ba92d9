"""The system to simulate: components, the links between them, and the checks that it can be simulated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from casebook.engine.errors import EngineError, number, whole
from casebook.engine.services import (
    Delay,
    Deterministic,
    DynamicBatch,
    Exponential,
    Lognormal,
    Retry,
    Serverless,
    Service,
)
from casebook.engine.staffed import StaffedHours

_SERVICES = (Deterministic, Exponential, Lognormal, Delay, Serverless, DynamicBatch)


@dataclass(frozen=True, slots=True)
class Component:
    """A station: first come, first served, with ``servers`` alike servers (a Delay has no limit of them).

    ``calendar`` is for people: they work in those hours only. ``queue_limit`` is how many may wait; a visit
    that finds no server free and the queue full is refused, or takes the station's ``overflow`` link.
    ``retry`` says how long callers wait for this station and how often they ask again. ``order="priority"``
    serves the most urgent class of requests first, without interrupting anybody.
    """

    id: str
    servers: int = 1
    service: Service = field(default_factory=lambda: Deterministic(0.0))
    calendar: StaffedHours | None = None
    queue_limit: int | None = None
    retry: Retry | None = None
    order: Literal["arrival", "priority"] = "arrival"

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id.strip():
            raise EngineError("component, id", self.id, "Give every component a name.")
        whole(f"component '{self.id}'", "servers", self.servers, at_least=1, at_most=10_000_000)
        if not isinstance(self.service, _SERVICES):
            raise EngineError(f"component '{self.id}', service", self.service,
                              "Give a service model such as Exponential(mean_ms=16).")
        if self.calendar is not None and not isinstance(self.calendar, StaffedHours):
            raise EngineError(f"component '{self.id}', calendar", self.calendar,
                              "Give StaffedHours(open_hour, hours_per_day, days_per_week), or leave it out.")
        if self.calendar is not None and isinstance(self.service, Serverless):
            raise EngineError(f"component '{self.id}', calendar", self.calendar,
                              "Instances that come and go keep no staffed hours: leave the calendar out.")
        if self.queue_limit is not None:
            whole(f"component '{self.id}'", "queue_limit", self.queue_limit, at_least=0)
            if not self._plain:
                raise EngineError(f"component '{self.id}', queue_limit", self.queue_limit,
                                  "A limited queue is computed for plain servers only, not together with a "
                                  "calendar, a delay or batching: leave it out.")
        if self.retry is not None:
            if not isinstance(self.retry, Retry):
                raise EngineError(f"component '{self.id}', retry", self.retry,
                                  "Give Retry(timeout_ms, tries), or leave it out.")
            if not self._plain or self.queue_limit is not None:
                raise EngineError(f"component '{self.id}', retry", self.retry,
                                  "Impatient callers are computed for plain servers with an unlimited queue only, "
                                  "without calendar, delay or batching: leave it out.")

        if self.order not in ("arrival", "priority"):
            raise EngineError(f"component '{self.id}', order", self.order, "Give 'arrival' or 'priority'.")
        if self.order == "priority" and (not self._plain or self.queue_limit is not None or self.retry is not None):
            raise EngineError(f"component '{self.id}', order", self.order,
                              "Priorities are computed for plain servers with an unlimited queue only, without "
                              "calendar, delay, batching or retries: serve in order of arrival there.")

    @property
    def _plain(self) -> bool:
        return self.calendar is None and not isinstance(self.service, (Delay, Serverless, DynamicBatch))

    @property
    def refuses(self) -> bool:
        """Whether the station turns visits away when it is full."""
        at_limit = isinstance(self.service, Serverless) and self.service.max_instances is not None
        return self.queue_limit is not None or at_limit

    @property
    def capacity_per_s(self) -> float:
        """Most visits a second that the station can serve for ever; infinite for a delay."""
        if isinstance(self.service, Delay) or self.service.mean_ms == 0.0:
            return float("inf")
        if isinstance(self.service, Serverless):
            return (self.service.max_instances or float("inf")) * 1000.0 / self.service.mean_ms
        share = self.calendar.open_share if self.calendar is not None else 1.0
        return self.servers * 1000.0 / self.service.mean_ms * share


@dataclass(frozen=True, slots=True)
class Link:
    """A way from ``src`` to ``dst``.

    ``share`` of the requests that leave ``src`` take it; the request links of one component share a single
    draw and what is left over leaves the system. An ``async`` link sends a copy for ``share`` of the
    requests while the request itself goes on; the copy loads stations but is no part of any sojourn time.
    An ``overflow`` link takes the visits that ``src`` refuses because its queue is full, at the instant at
    which they came.
    """

    src: str
    dst: str
    share: float = 1.0
    kind: Literal["request", "async", "overflow"] = "request"

    def __post_init__(self) -> None:
        place = f"link '{self.src}' → '{self.dst}'"
        number(place, "share", self.share, at_least=0.0)
        if self.share > 1.0:
            raise EngineError(f"{place}, share", self.share, "A share is a part of 1: give 0.4 for 40 %.")
        if self.kind not in ("request", "async", "overflow"):
            raise EngineError(f"{place}, kind", self.kind, "Give 'request', 'async' or 'overflow'.")
        if self.kind == "overflow" and self.share != 1.0:
            raise EngineError(f"{place}, share", self.share, "An overflow link takes all that is refused: share=1.")


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
                              f"'{link.src}' never refuses anything: give it a queue_limit (or max_instances), or "
                              "remove the link.")
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
                                  "remove one of these links, or unroll the loop into one component a pass.")
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


def _check_reached(entry: str, ids: list[str], links: tuple[Link, ...]) -> None:
    reached, waiting = {entry}, [entry]
    while waiting:
        here = waiting.pop()
        for link in links:
            if link.src == here and link.dst not in reached:
                reached.add(link.dst)
                waiting.append(link.dst)
    lost = [id for id in ids if id not in reached]
    if lost:
        raise EngineError(f"component '{lost[0]}'", lost,
                          f"No request reaches it from '{entry}': add a link that leads to it, or remove it.")

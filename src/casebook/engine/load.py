"""Load by arithmetic: how much arrives at each station in the long run, and which of them cannot keep up."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from casebook.engine.architecture import Architecture, Component
from casebook.engine.classes import class_shares, class_sizes
from casebook.engine.fork import branch_lane, parent_lane
from casebook.engine.inversion import Floats
from casebook.engine.workload import Workload


@dataclass(frozen=True, slots=True)
class Experience:
    """What a run showed of a station that no formula knows in general.

    The share of visits that found the queue full, the tries a request made, and the share of requests that
    were answered in time.
    """

    refused_share: float = 0.0
    tries: float = 1.0
    answered_share: float = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """Long-run load of one station.

    ``arrivals_per_s`` visits reach it, ``refused_share`` of them find the queue full or the station down, each is
    tried (or comes back) ``tries`` times in all, it can serve ``capacity_per_s``; ``demand`` is what it takes in as a
    part of that.
    """

    arrivals_per_s: float
    capacity_per_s: float
    refused_share: float = 0.0
    tries: float = 1.0

    @property
    def taken_per_s(self) -> float:
        """Visits a second that the station takes in."""
        return self.arrivals_per_s * (1.0 - self.refused_share) * self.tries

    @property
    def demand(self) -> float:
        """Share of the capacity that is asked for; 1 or more means that the queue grows without end."""
        return self.taken_per_s / self.capacity_per_s

    @property
    def growth_per_s(self) -> float:
        """Visits by which the queue grows each second."""
        return max(0.0, self.taken_per_s - self.capacity_per_s)


def loads(arch: Architecture, workload: Workload, seen: dict[str, Experience] | None = None) -> dict[str, Load]:
    """Load of every station, in the order in which requests flow (traffic equations of a feed-forward
    network, class by class); a station that cannot keep up passes on no more than its capacity.

    ``seen`` is what a run showed of refusals and retries. Without it only what exceeds the capacity counts as
    refused, and nobody loses patience. Where branches come together, as many go on as the emptiest branch brings:
    an upper bound where more than one of them refuses.
    """
    entering = workload.arrivals.mean_rate_per_s * np.array([c.share for c in workload.classes] or [1.0])
    arriving: dict[str, dict[str, Floats]] = {c.id: {} for c in arch.components}
    arriving[arch.entry][""] = entering
    result: dict[str, Load] = {}
    for id in arch.order:
        component = arch.component(id)
        lanes = arriving.pop(id)
        if component.joins is not None:
            lanes = _joined(lanes, component.joins, len(arch.out(component.joins, "fanout")))
        known = (seen or {}).get(id, Experience())
        load = result[id] = _load(component, lanes, class_sizes(workload, id), known)
        passed = 1.0
        if load.arrivals_per_s > 0.0:
            answered = min(load.taken_per_s, load.capacity_per_s) / load.tries * known.answered_share
            passed = answered / load.arrivals_per_s
        for lane, rates in lanes.items():
            for dst, onward, share in _ways(arch, workload, id, lane):
                _add(arriving[dst], onward, rates * passed * share)
            for link in arch.out(id, "overflow"):
                _add(arriving[link.dst], lane, rates * load.refused_share)
    return result


def _load(component: Component, lanes: dict[str, Floats], sizes: Floats | None, known: Experience) -> Load:
    rate = math.fsum(float(x) for rates in lanes.values() for x in rates)
    capacity = component.capacity_per_s
    if sizes is not None and rate > 0.0:
        capacity *= rate / math.fsum(float(x) for rates in lanes.values() for x in rates * sizes)
    refused = 0.0
    if component.limited and rate > 0.0:
        # a limited queue settles at what it can serve: its demand stays below 1, it never grows without end
        refused = max(known.refused_share, 1.0 - capacity * (1.0 - 1e-9) / rate)
    elif component.outages is not None and component.outages.new_visits == "refuse":
        refused = 1.0 - component.outages.availability
    return Load(rate, capacity, refused, component.repeat.mean_visits if component.repeat else known.tries)


def _ways(arch: Architecture, workload: Workload, id: str, lane: str) -> list[tuple[str, str, Floats | float]]:
    """Where the visits that leave ``id`` go: (component, lane there, share or shares by class)."""
    requests = arch.out(id, "request")
    table = class_shares(arch, workload, id)
    ways: list[tuple[str, str, Floats | float]] = [
        (link.dst, lane, link.share if table is None else table[:, k]) for k, link in enumerate(requests)]
    ways += [(link.dst, f"{lane}/{id}→{link.dst}", link.share) for link in arch.out(id, "async")]
    return ways + [(link.dst, branch_lane(lane, id, link.dst), 1.0) for link in arch.out(id, "fanout")]


def _add(there: dict[str, Floats], lane: str, rates: Floats) -> None:
    there[lane] = there[lane] + rates if lane in there else rates


def _joined(lanes: dict[str, Floats], fork: str, branches: int) -> dict[str, Floats]:
    result: dict[str, Floats] = {}
    groups: dict[str, list[Floats]] = {}
    for lane, rates in lanes.items():
        parent = parent_lane(lane, fork)
        if parent is None:
            _add(result, lane, rates)
        else:
            groups.setdefault(parent, []).append(rates)
    for parent, branch in groups.items():
        _add(result, parent, np.minimum.reduce(branch) if len(branch) == branches else 0.0 * branch[0])
    return result


def is_stable(load: dict[str, Load]) -> bool:
    """Whether every station's demand is below its capacity."""
    return all(one.demand < 1.0 for one in load.values())


def growth_per_hour(load: dict[str, Load]) -> float:
    """Requests and copies by which the queues grow together each hour."""
    return 3600.0 * math.fsum(one.growth_per_s for one in load.values())


def by_demand(load: dict[str, Load]) -> list[str]:
    """Station ids, the one that asks for the largest share of its capacity first; ties by id."""
    return sorted(load, key=lambda id: (-load[id].demand, id))

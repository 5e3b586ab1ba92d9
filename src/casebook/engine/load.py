"""Load by arithmetic: how much arrives at each station in the long run, and which of them cannot keep up."""

from __future__ import annotations

import math
from dataclasses import dataclass

from casebook.engine.architecture import Architecture
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

    ``arrivals_per_s`` visits reach it, ``refused_share`` of them find the queue full, each is
    tried ``tries`` times, it can serve ``capacity_per_s``; ``demand`` is what it takes in as a part of that.
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
    network); a station that cannot keep up passes on no more than its capacity.

    ``seen`` is what a run showed of refusals and retries. Without it only what exceeds the capacity counts as
    refused, and nobody loses patience.
    """
    arriving = dict.fromkeys((c.id for c in arch.components), 0.0)
    arriving[arch.entry] = workload.arrivals.mean_rate_per_s
    result: dict[str, Load] = {}
    for id in arch.order:
        component = arch.component(id)
        rate, capacity = arriving[id], component.capacity_per_s
        known = (seen or {}).get(id, Experience())
        refused = 0.0
        if component.refuses and rate > 0.0:
            # a limited queue settles at what it can serve: its demand stays below 1, it never grows without end
            refused = max(known.refused_share, 1.0 - capacity * (1.0 - 1e-9) / rate)
        load = result[id] = Load(rate, capacity, refused, known.tries)
        leaving = min(load.taken_per_s, capacity) / known.tries * known.answered_share
        for link in arch.out(id, "request") + arch.out(id, "async"):
            arriving[link.dst] += leaving * link.share
        for link in arch.out(id, "overflow"):
            arriving[link.dst] += rate * refused
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

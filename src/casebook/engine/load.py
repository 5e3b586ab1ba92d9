"""Load by arithmetic: how much arrives at each station in the long run, and which of them cannot keep up."""

from __future__ import annotations

import math
from dataclasses import dataclass

from casebook.engine.architecture import Architecture
from casebook.engine.workload import Workload


@dataclass(frozen=True, slots=True)
class Load:
    """Long-run load of one station.

    ``arrivals_per_s`` visits reach it, it can serve ``capacity_per_s``; ``demand`` is their ratio.
    """

    arrivals_per_s: float
    capacity_per_s: float

    @property
    def demand(self) -> float:
        """Share of the capacity that is asked for; 1 or more means that the queue grows without end."""
        return self.arrivals_per_s / self.capacity_per_s

    @property
    def growth_per_s(self) -> float:
        """Visits by which the queue grows each second."""
        return max(0.0, self.arrivals_per_s - self.capacity_per_s)


def loads(arch: Architecture, workload: Workload) -> dict[str, Load]:
    """Load of every station, in the order in which requests flow (traffic equations of a feed-forward
    network); a station that cannot keep up passes on no more than its capacity."""
    arriving = dict.fromkeys((c.id for c in arch.components), 0.0)
    arriving[arch.entry] = workload.arrivals.mean_rate_per_s
    result: dict[str, Load] = {}
    for id in arch.order:
        result[id] = Load(arriving[id], arch.component(id).capacity_per_s)
        leaving = min(result[id].arrivals_per_s, result[id].capacity_per_s)
        for link in arch.out(id, "request") + arch.out(id, "async"):
            arriving[link.dst] += leaving * link.share
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

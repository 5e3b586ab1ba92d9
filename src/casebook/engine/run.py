"""What a simulation gives back: sojourn times, what became of the requests, and each station's part."""

from __future__ import annotations

import math
from typing import final

import numpy as np

from casebook.engine.architecture import Architecture
from casebook.engine.errors import EngineError, number
from casebook.engine.fate import GAVE_UP, REFUSED_DOWN, REFUSED_FULL, Fate
from casebook.engine.inversion import Floats
from casebook.engine.kernels.flow import overlap
from casebook.engine.load import Load, by_demand, growth_per_hour, is_stable
from casebook.engine.notes import notes
from casebook.engine.quantile import Ordered, check_quantile, quantile
from casebook.engine.station_run import StationRun
from casebook.engine.visits import Ids
from casebook.engine.workload import Workload

__all__ = ["Run", "StationRun"]


@final
class Run:
    """One exact simulation. ``sojourn_ms`` holds every request; summaries leave the warm-up out."""

    __slots__ = ("_fate", "_found", "_ordered", "_stations", "arch", "arrived_ms", "class_of", "loads", "requests",
                 "seed", "sojourn_ms", "warmup_requests", "workload")

    def __init__(self, arch: Architecture, workload: Workload, requests: int, seed: int, first: int,
                 arrived: Floats, sojourn: Floats, stations: dict[str, StationRun],
                 loads: dict[str, Load], class_of: Ids, fate: Fate | None = None) -> None:
        self.arch = arch
        self.workload = workload
        self.requests = requests
        self.seed = seed
        self.warmup_requests = first
        self.arrived_ms = arrived
        self.sojourn_ms = sojourn
        self.loads = loads
        self.class_of = class_of  # index into workload.classes of each request
        self._stations = stations
        self._found: dict[float, float] = {}  # quantiles that were asked for
        self._ordered: Ordered | None = None
        self._fate = fate  # None: nobody was refused, gave up or met a station that was down

    def __repr__(self) -> str:
        return (f"Run(requests={self.requests}, seed={self.seed}, p99={self.quantile_ms(0.99):.4g} ms, "
                f"bottleneck={self.bottleneck!r}, stable={self.stable})")

    @property
    def measured_ms(self) -> Floats:
        """Sojourn times after the warm-up of the requests that were served, in arrival order."""
        tail = self.sojourn_ms[self.warmup_requests :]
        served = ~np.isnan(tail)
        return tail if served.all() else np.asarray(tail[served])

    def quantile_ms(self, q: float) -> float:
        """The q-quantile of the sojourn time, ms (an order statistic, nothing interpolated)."""
        q = check_quantile(q)
        if q not in self._found:
            # one quantile alone is found without sorting; from the second on all share one sort
            one = self._ordered is None and not self._found
            self._found[q] = quantile(self.measured_ms, q) if one else self.ordered.quantile(q)
        return self._found[q]

    @property
    def ordered(self) -> Ordered:
        """The sojourn times of ``measured_ms`` sorted, once for as long as the run is held."""
        if self._ordered is None:
            self._ordered = Ordered(self.measured_ms)
        return self._ordered

    def class_quantile_ms(self, name: str, q: float) -> float:
        """The q-quantile of the sojourn time of one class of requests, ms; nan when none was served."""
        names = [c.name for c in self.workload.classes]
        if name not in names:
            raise EngineError("run, request class", name, f"There is no such class; there are {names}.")
        mine = (self.class_of == names.index(name)) & ~np.isnan(self.sojourn_ms)
        mine[: self.warmup_requests] = False
        return quantile(self.sojourn_ms[mine], q)

    def quantile_band_ms(self, q: float) -> tuple[float, float]:
        """95 % band (low, high) of that quantile; see ``quantile.quantile_band`` for how it is found."""
        return self.ordered.band(q)

    @property
    def mean_ms(self) -> float:
        """Mean sojourn time after the warm-up, ms."""
        values = self.measured_ms
        return math.fsum(values) / len(values) if len(values) else math.nan

    @property
    def lost_share(self) -> float:
        """Share of the requests after the warm-up that were never answered: refused (because a queue was full or a
        station down) or given up. The sum of ``refused_share`` and ``timed_out_share``."""
        return float(np.isnan(self.sojourn_ms[self.warmup_requests :]).mean())

    def _share_with(self, *fates: int) -> float:
        if self._fate is None:
            return 0.0
        return float(np.isin(self._fate.lost[self.warmup_requests :], fates).mean())

    @property
    def refused_share(self) -> float:
        """Share of the requests after the warm-up that a station turned away, with no overflow to take them."""
        return self._share_with(REFUSED_FULL, REFUSED_DOWN)

    @property
    def timed_out_share(self) -> float:
        """Share of the requests after the warm-up whose last try was not answered in time."""
        return self._share_with(GAVE_UP)

    @property
    def availability(self) -> float:
        """Share of the requests after the warm-up that came to no station while it was down.

        Where a station that is down hands on to an overflow route, its time down harms nobody. With Poisson
        arrivals and random breakdowns it tends to what ``formulas.availability`` says of the parts.
        """
        if self._fate is None:
            return 1.0
        harmed = self._fate.met_down | (self._fate.lost == REFUSED_DOWN)
        return 1.0 - float(harmed[self.warmup_requests :].mean())

    def above_share(self, limit_ms: float) -> float:
        """Share of the requests after the warm-up that took longer than ``limit_ms`` or were never answered."""
        limit = number("run", "limit_ms", limit_ms, above=0.0)
        return 1.0 - float((self.sojourn_ms[self.warmup_requests :] <= limit).mean())

    def time_above_share(self, limit_ms: float, q: float = 0.99, every_s: float = 60.0) -> float:
        """Share of the time in which the promise "a share ``q`` within ``limit_ms``" was broken.

        Time from the end of the warm-up to the last arrival is cut into periods of ``every_s``; a period counts
        when more than 1 − q of the requests that arrived in it took longer or were never answered. A piece left
        over at the end and periods without arrivals do not count. nan when there is no whole period.
        """
        limit, period = number("run", "limit_ms", limit_ms, above=0.0), number("run", "every_s", every_s, above=0.0)
        arrived = self.arrived_ms[self.warmup_requests :]
        whole = int((float(arrived[-1]) - float(arrived[0])) / (1000.0 * period))
        if whole < 1:
            return math.nan
        which = ((arrived - arrived[0]) / (1000.0 * period)).astype(np.int64)
        inside = which < whole
        above = ~(self.sojourn_ms[self.warmup_requests :] <= limit)
        came = np.bincount(which[inside], minlength=whole)
        slow = np.bincount(which[inside & above], minlength=whole)
        broken = slow > (1.0 - check_quantile(q)) * came + 1e-9
        return float(broken[came > 0].mean()) if came.any() else math.nan

    def goodput_within_per_s(self, limit_ms: float) -> float:
        """Requests answered within ``limit_ms`` a second, after the warm-up."""
        return self.offered_per_s * (1.0 - self.above_share(limit_ms))

    @property
    def wasted_work_share(self) -> float:
        """Share of all server time that went into answers which came too late, or into requests lost in the end.

        Of the visits of requests after the warm-up, whenever they were served; nan without any work.
        """
        if self._fate is None and all(component.retry is None for component in self.arch.components):
            return 0.0 if any(station.requests for station in self._stations.values()) else math.nan
        spent: list[float] = []
        wasted: list[float] = []
        for station in self._stations.values():
            work, vain = station.work_ms, station.late
            if self._fate is not None:
                vain = vain | (self._fate.lost[station.request_ids] > 0)
            measured = station.measured
            spent.append(math.fsum(work[measured]))
            wasted.append(math.fsum(work[measured & vain]))
        whole = math.fsum(spent)
        return math.fsum(wasted) / whole if whole > 0.0 else math.nan

    @property
    def mean_inside(self) -> float:
        """Requests in the system that will be answered, averaged over time from the end of the warm-up to the last
        arrival (Little: their rate × their mean sojourn time)."""
        low, high = float(self.arrived_ms[self.warmup_requests]), float(self.arrived_ms[-1])
        answered = ~np.isnan(self.sojourn_ms)
        came = self.arrived_ms[answered]
        return float(overlap(came, came + self.sojourn_ms[answered], low, high)) / (high - low) if high > low else 0.0

    @property
    def notes(self) -> tuple[str, ...]:
        """What of this system is not computed exactly as it is, in words for the reader of the figures."""
        return notes(self.arch, self.workload)

    @property
    def goodput_per_s(self) -> float:
        """Requests served a second, after the warm-up."""
        return self.offered_per_s * (1.0 - self.lost_share)

    @property
    def offered_per_s(self) -> float:
        """Requests that came a second, after the warm-up."""
        came = self.requests - self.warmup_requests - 1
        window_s = (float(self.arrived_ms[-1]) - float(self.arrived_ms[self.warmup_requests])) / 1000.0
        return came / window_s if window_s > 0.0 else math.nan

    @property
    def stable(self) -> bool:
        """Whether every station can keep up in the long run (demand below its capacity)."""
        return is_stable(self.loads)

    @property
    def growth_per_hour(self) -> float:
        """Requests and copies by which the queues grow together each hour; 0 when stable."""
        return growth_per_hour(self.loads)

    @property
    def utilisation(self) -> dict[str, float]:
        """Busy share of each station's servers, by id in the order in which requests flow."""
        return {id: station.utilisation for id, station in self._stations.items()}

    @property
    def mean_queue(self) -> dict[str, float]:
        """Average number waiting at each station."""
        return {id: station.mean_queue for id, station in self._stations.items()}

    @property
    def bottleneck(self) -> str:
        """The station that asks for the largest share of its capacity: the first to fill as traffic grows."""
        return by_demand(self.loads)[0]

    @property
    def second_bottleneck(self) -> str | None:
        """The next one after the bottleneck, if there is another."""
        ranked = by_demand(self.loads)
        return ranked[1] if len(ranked) > 1 else None

    def station(self, id: str) -> StationRun:
        """What happened at the station called ``id``."""
        if id not in self._stations:
            raise EngineError("run, station", id, f"There is no such station; there are {list(self._stations)}.")
        return self._stations[id]

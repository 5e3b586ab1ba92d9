"""What a simulation gives back: sojourn times, and for each station its waits, load and queue."""

from __future__ import annotations

import math
from typing import final

import numpy as np

from casebook.engine.architecture import Architecture, Component
from casebook.engine.errors import EngineError
from casebook.engine.inversion import Floats
from casebook.engine.kernels.flow import overlap
from casebook.engine.load import Load, by_demand, growth_per_hour, is_stable
from casebook.engine.quantile import quantile, quantile_band
from casebook.engine.services import Delay, Serverless
from casebook.engine.visits import Ids, Visits
from casebook.engine.workload import Workload


@final
class StationRun:
    """One station's part of a run. Arrays hold one value a visit in the order of arrival there, in ms."""

    __slots__ = ("_first", "_requests", "_utilisation", "_visits", "_window", "component", "load")

    def __init__(self, component: Component, visits: Visits, load: Load, requests: int, first: int,
                 window: tuple[float, float]) -> None:
        self.component = component
        self.load = load
        self._visits = visits
        self._requests = requests
        self._first = first
        self._window = window
        self._utilisation: float | None = None

    @property
    def id(self) -> str:
        """The component's id."""
        return self.component.id

    @property
    def requests(self) -> int:
        """Visits that the station took in, warm-up and asynchronous copies included."""
        return len(self._visits.ids)

    @property
    def refused(self) -> int:
        """Visits that found the queue full, warm-up included; they are in none of the arrays."""
        return len(self._visits.refused)

    @property
    def gave_up(self) -> int:
        """Requests whose last try was not answered in time, warm-up included."""
        return len(self._visits.gave_up_ids)

    @property
    def wasted_share(self) -> float:
        """Share of the visits, warm-up included, whose answer came when nobody waited for it any more."""
        return 1.0 - len(self._visits.sorted_ids) / len(self._visits.ids) if len(self._visits.ids) else math.nan

    @property
    def refused_share(self) -> float:
        """Share of the visits after the warm-up that found the queue full; nan without visits."""
        away = int((self._visits.refused_ids % np.int32(self._requests) >= self._first).sum())
        came = away + int(self.measured.sum())
        return away / came if came else math.nan

    @property
    def request_ids(self) -> Ids:
        """Which request (0 = first to arrive at the entry) each visit belongs to."""
        return np.asarray(self._visits.ids % np.int32(self._requests))

    @property
    def arrive_ms(self) -> Floats:
        """When each visit came to the station."""
        return self._visits.arrive

    @property
    def start_ms(self) -> Floats:
        """When each visit's service started."""
        return self._visits.start

    @property
    def leave_ms(self) -> Floats:
        """When each visit left the station."""
        return self._visits.leave

    @property
    def wait_ms(self) -> Floats:
        """Time from arrival at the station to the start of service."""
        return self._visits.start - self._visits.arrive

    @property
    def sojourn_ms(self) -> Floats:
        """Time from arrival at the station to departure from it."""
        return self._visits.leave - self._visits.arrive

    @property
    def measured(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Marks the visits of requests after the warm-up."""
        return np.asarray(self.request_ids >= self._first)

    @property
    def mean_wait_ms(self) -> float:
        """Mean wait after the warm-up, ms; nan without visits."""
        wait = self.wait_ms[self.measured]
        return math.fsum(wait) / len(wait) if len(wait) else math.nan

    def wait_quantile_ms(self, q: float) -> float:
        """Quantile of the wait after the warm-up, ms; nan without visits."""
        return quantile(self.wait_ms[self.measured], q)

    def sojourn_quantile_ms(self, q: float) -> float:
        """Quantile of the time at this station after the warm-up, ms; nan without visits."""
        return quantile(self.sojourn_ms[self.measured], q)

    @property
    def offered(self) -> float:
        """Offered load in erlangs: servers that the arriving work would keep busy (long-run average, each
        request counted once)."""
        if isinstance(self.component.service, (Delay, Serverless)):
            return self.load.arrivals_per_s * self.component.service.mean_ms / 1000.0
        return self.load.arrivals_per_s / self.load.capacity_per_s * self.component.servers

    @property
    def batches(self) -> int:
        """Services that the station's servers began: batches where it batches, else visits."""
        return len(self._visits.busy_from)

    @property
    def utilisation(self) -> float:
        """Share of the (staffed) server time that was busy from the end of the warm-up to the last arrival.

        0 for a pure delay and for serverless instances, which are no fixed number to fill.
        """
        if self._utilisation is None:
            self._utilisation = self._busy_share()
        return self._utilisation

    def _busy_share(self) -> float:
        low, high = self._window
        if self.component.calendar is not None:
            low, high = (float(t) for t in self.component.calendar.open_ms(np.array([low, high])))
        if isinstance(self.component.service, (Delay, Serverless)) or high <= low:
            return 0.0
        busy = overlap(self._visits.busy_from, self._visits.busy_until, low, high)
        return float(busy) / ((high - low) * self.component.servers)

    @property
    def mean_queue(self) -> float:
        """Visits waiting for service, averaged over time from the end of the warm-up to the last arrival."""
        low, high = self._window
        if high <= low:
            return 0.0
        return float(overlap(self._visits.arrive, self._visits.start, low, high)) / (high - low)


@final
class Run:
    """One exact simulation. ``sojourn_ms`` holds every request; summaries leave the warm-up out."""

    __slots__ = ("_stations", "arch", "arrived_ms", "class_of", "loads", "requests", "seed", "sojourn_ms",
                 "warmup_requests", "workload")

    def __init__(self, arch: Architecture, workload: Workload, requests: int, seed: int, first: int,
                 arrived: Floats, sojourn: Floats, stations: dict[str, StationRun],
                 loads: dict[str, Load], class_of: Ids) -> None:
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
        return quantile(self.measured_ms, q)

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
        return quantile_band(self.measured_ms, q)

    @property
    def mean_ms(self) -> float:
        """Mean sojourn time after the warm-up, ms."""
        values = self.measured_ms
        return math.fsum(values) / len(values) if len(values) else math.nan

    @property
    def lost_share(self) -> float:
        """Share of the requests after the warm-up that were refused by a full queue or gave up waiting."""
        return float(np.isnan(self.sojourn_ms[self.warmup_requests :]).mean())

    @property
    def goodput_per_s(self) -> float:
        """Requests served a second, after the warm-up."""
        served = self.requests - self.warmup_requests - 1
        window_s = (float(self.arrived_ms[-1]) - float(self.arrived_ms[self.warmup_requests])) / 1000.0
        return served / window_s * (1.0 - self.lost_share) if window_s > 0.0 else math.nan

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

"""One station's part of a run: its waits, its load and what its servers did."""

from __future__ import annotations

import math
from typing import final

import numpy as np
import numpy.typing as npt

from casebook.engine.component import Component
from casebook.engine.errors import EngineError
from casebook.engine.inversion import Floats
from casebook.engine.kernels.flow import overlap
from casebook.engine.load import Load
from casebook.engine.outage import up_ms
from casebook.engine.quantile import quantile
from casebook.engine.services import Delay, Serverless
from casebook.engine.visits import Ids, Visits

Flags = npt.NDArray[np.bool_]


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
        """Visits that found the queue full or the station down, warm-up included; they are in none of the arrays."""
        return len(self._visits.refused)

    @property
    def gave_up(self) -> int:
        """Requests whose last try was not answered in time, warm-up included."""
        return len(self._visits.gave_up_ids)

    @property
    def wasted_share(self) -> float:
        """Share of the visits, warm-up included, whose answer came when nobody waited for it any more."""
        if not len(self._visits.ids):
            return math.nan
        return 0.0 if self.component.retry is None else 1.0 - len(self._visits.sorted_ids) / len(self._visits.ids)

    @property
    def late(self) -> Flags:
        """Marks the visits whose answer came when nobody waited for it any more."""
        retry = self.component.retry
        if retry is None:
            return np.zeros(len(self._visits.ids), bool)
        return np.asarray(self._visits.leave > self._visits.arrive + float(retry.timeout_ms))

    @property
    def work_ms(self) -> Floats:
        """Server time of each visit; a batch's is shared out in proportion to the time that visits were served.

        0 for a pure delay, which has no servers; a serverless instance works from its start to its end.
        """
        if isinstance(self.component.service, Delay):
            return np.zeros(len(self._visits.ids))
        served = self._visits.leave - self._visits.start
        if isinstance(self.component.service, Serverless):
            return served
        busy = self._visits.busy_until - self._visits.busy_from
        if len(busy) == len(served):
            return busy
        whole = math.fsum(served)
        return served * (math.fsum(busy) / whole if whole > 0.0 else 0.0)

    @property
    def refused_share(self) -> float:
        """Share of the visits after the warm-up that found the queue full or the station down; nan without."""
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
    def measured(self) -> Flags:
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
    def first_token_ms(self) -> Floats:
        """Time from arrival at the station to the first token, a value a visit; only where it batches continuously."""
        if len(self._visits.first_token) != len(self._visits.ids):
            raise EngineError(f"run, station '{self.id}'", type(self.component.service).__name__,
                              "Only a ContinuousBatch answers token by token: ask for sojourn_ms here.")
        return np.asarray(self._visits.first_token - self._visits.arrive)

    @property
    def token_ms(self) -> Floats:
        """Mean time from one token to the next of each visit, ms; nan for an answer of one token."""
        whole = self.first_token_ms  # refuses a station without tokens
        gaps = np.where(self._visits.tokens > 1, self._visits.tokens - 1.0, np.nan)
        return np.asarray((self.sojourn_ms - whole) / gaps)

    @property
    def tokens(self) -> Ids:
        """Tokens of each visit's answer; empty where the station does not batch continuously."""
        return self._visits.tokens

    def first_token_quantile_ms(self, q: float) -> float:
        """Quantile of the time to the first token after the warm-up, ms; nan without visits."""
        return quantile(self.first_token_ms[self.measured], q)

    def token_quantile_ms(self, q: float) -> float:
        """Quantile of the visits' mean time from token to token after the warm-up, ms; nan without any."""
        mean = self.token_ms[self.measured]
        return quantile(mean[~np.isnan(mean)], q)

    @property
    def mean_in_service(self) -> float:
        """Visits in service, averaged over time from the end of the warm-up to the last arrival."""
        low, high = self._window
        return float(overlap(self._visits.start, self._visits.leave, low, high)) / (high - low) if high > low else 0.0

    @property
    def offered(self) -> float:
        """Offered load in erlangs: servers that the arriving work would keep busy (long-run average, each
        request counted once)."""
        if isinstance(self.component.service, (Delay, Serverless)):
            return self.load.arrivals_per_s * self.component.service.mean_ms / 1000.0
        scaling = self.component.scaling
        servers = self.component.servers if scaling is None else scaling.most
        return self.load.arrivals_per_s / self.load.capacity_per_s * servers

    @property
    def batches(self) -> int:
        """Services that the station's servers began: batches where it batches, else visits."""
        return len(self._visits.busy_from)

    @property
    def utilisation(self) -> float:
        """Share of the (staffed, up) server time that was busy from the end of the warm-up to the last arrival.

        0 for a pure delay and for serverless instances, which are no fixed number to fill.
        """
        if self._utilisation is None:
            self._utilisation = self._busy_share()
        return self._utilisation

    @property
    def availability(self) -> float:
        """Share of the time from the end of the warm-up to the last arrival at which the station was not down."""
        low, high = self._window
        if high <= low or not len(self._visits.down_from):
            return 1.0
        return 1.0 - float(overlap(self._visits.down_from, self._visits.down_until, low, high)) / (high - low)

    @property
    def servers_over_time(self) -> tuple[Floats, Floats, Floats]:
        """(from when on in ms, servers that are ready, the same with those that are starting), from the start of
        the run; one row where the station does not scale."""
        if len(self._visits.scale_at):
            return self._visits.scale_at, self._visits.scale_ready, self._visits.scale_paid
        there = np.array([float(self.component.servers)])
        return np.zeros(1), there, there

    @property
    def mean_servers(self) -> float:
        """Servers that were ready, averaged over time from the end of the warm-up to the last arrival."""
        return self._mean_over_time(1)

    @property
    def mean_servers_paid(self) -> float:
        """The same with those that were starting: what the bill counts."""
        return self._mean_over_time(2)

    def _mean_over_time(self, column: int) -> float:
        rows = self.servers_over_time
        low, high = self._window
        if high <= low:
            return float(rows[column][0])
        edges = np.clip(np.concatenate((rows[0], [math.inf])), low, high)
        return math.fsum(np.diff(edges) * rows[column]) / (high - low)

    def _busy_share(self) -> float:
        low, high = self._window
        servers = float(self.component.servers) if self.component.scaling is None else self.mean_servers
        if self.component.calendar is not None:
            low, high = (float(t) for t in self.component.calendar.open_ms(np.array([low, high])))
        if len(self._visits.down_from):
            low, high = up_ms(np.array([low, high]), (self._visits.down_from, self._visits.down_until)).tolist()
        if isinstance(self.component.service, (Delay, Serverless)) or high <= low:
            return 0.0
        busy = overlap(self._visits.busy_from, self._visits.busy_until, low, high)
        return float(busy) / ((high - low) * servers)

    @property
    def mean_queue(self) -> float:
        """Visits waiting for service, averaged over time from the end of the warm-up to the last arrival."""
        low, high = self._window
        if high <= low:
            return 0.0
        return float(overlap(self._visits.arrive, self._visits.start, low, high)) / (high - low)

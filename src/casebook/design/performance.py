"""How a design serves its requests: latency with bands, load, losses, availability, tokens."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from casebook.design.architecture import mean_service_ms, request_architecture, request_workload
from casebook.design.conditions import Conditions
from casebook.design.flow import request_path
from casebook.design.names import Names
from casebook.design.quality import Quality
from casebook.economics import Edge
from casebook.engine import ContinuousBatch, simulate

if TYPE_CHECKING:
    from casebook.design.design import Design

EDGE_REQUESTS = 20_000
SAMPLE_REQUESTS, SAMPLE_SEED = 100_000, 1000


@dataclass(frozen=True)
class Performance:
    """One design under one set of conditions, as its run has it.

    Latencies in ms, waits of people in hours, shares between 0 and 1. ``run`` is the engine's own record of the
    request path (a graded run keeps quantiles and shares only: what needs a whole sample path comes from one of its
    seeds).
    """

    design: Design
    conditions: Conditions
    run: Any
    quality_model: Quality
    review_wait_hours: float
    review_utilisation: float
    graded: bool
    _edges: dict[str, Any] = field(repr=False, compare=False, default_factory=dict, kw_only=True)

    def latency_ms(self, quantile: float = 0.99, span: str = "verdict") -> float:
        """The quantile of the time from request to answer, in ms; nan where there is no steady state.

        ``span`` may be 'verdict' or a span that a target of the case names, for one and the same way.
        ``person`` adds the wait for a person (its 95th percentile), where people review.
        """
        verdict_ms = float(self.run.quantile_ms(quantile)) if self.stable else math.nan
        if span == "person":
            return verdict_ms + self.review_wait_hours * 3_600_000.0
        named = {target.span for target in self.design.data.targets} - {""}
        if span != "verdict" and span not in named:
            also = ", ".join(repr(name) for name in sorted(named | {"verdict"}))
            raise ValueError(f"no span {span!r}: write {also} (request to answer) or 'person' (people included)")
        return verdict_ms

    def latency_band_ms(self, quantile: float = 0.99) -> tuple[float, float]:
        """Low and high of the quantile in ms: what another draw of the same day could have shown."""
        if not self.stable:
            return math.nan, math.nan
        low, high = self.run.quantile_band_ms(quantile)
        return float(low), float(high)

    def source_band_ms(self, quantile: float = 0.99) -> tuple[float, float]:
        """Low and high of the quantile in ms when every service time lies at the low, or high, end of its source.

        The confidence of the catalogue carried through (20,000 requests a run); inf where the high end is more
        than a station can do.
        """
        return self._at_edge("low", quantile), self._at_edge("high", quantile)

    def _at_edge(self, edge: Edge, quantile: float) -> float:
        if edge not in self._edges:
            architecture = request_architecture(self.design, self.conditions, self.quality_model.figures, edge)
            self._edges[edge] = simulate(architecture, request_workload(self.design, self.conditions), EDGE_REQUESTS, 0)
        run = self._edges[edge]
        return float(run.quantile_ms(quantile)) if run.stable else math.inf

    @property
    def stable(self) -> bool:
        """False where a station of the request path gets more work than it can ever do."""
        return bool(self.run.stable)

    @property
    def utilisation(self) -> dict[str, float]:
        """Busy share of every station that can be busy; the review team included."""
        busy = dict(self.run.utilisation)
        slot = self.design.data.slot_of_role("review")
        if slot is not None and self.design.option(slot.id).staffing is not None:
            busy[slot.id] = self.review_utilisation
        return busy

    @property
    def bottleneck(self) -> str:
        """The component with the highest utilisation, people included; the slowest step where nothing queues."""
        busy = {name: share for name, share in self.utilisation.items() if share > 0.0}
        if busy:
            return max(sorted(busy), key=lambda name: busy[name])
        names = Names(self.design, self.conditions, self.quality_model.figures)
        return max(self.request_path, key=lambda slot: mean_service_ms(self.design.option(slot), names))

    @property
    def second_bottleneck(self) -> str | None:
        """What would fill next if the bottleneck were given more: the next by utilisation, people included."""
        busy = {name: share for name, share in self.utilisation.items() if share > 0.0}
        ranked = sorted(busy, key=lambda name: (-busy[name], name))
        return ranked[1] if len(ranked) > 1 else None

    @property
    def growth_per_hour(self) -> float:
        """Requests by which the queues of the request path grow each hour; 0 where it is stable."""
        return float(self.run.growth_per_hour)

    @property
    def mean_queue(self) -> dict[str, float]:
        """Requests that wait at each station of the request path, averaged over time."""
        return dict(self._sample.mean_queue)

    @property
    def servers_paid(self) -> dict[str, float]:
        """Servers that are ready or starting, averaged over time, of each station that scales with its load."""
        stations = {slot: self._sample.station(slot) for slot in self._sample.utilisation}
        return {slot: float(one.mean_servers_paid) for slot, one in stations.items() if one.component.scaling}

    @property
    def refused_share(self) -> float:
        """Share of the requests that a station turned away (full, or down), with no overflow to take them."""
        return float(self.run.refused_share)

    @property
    def timed_out_share(self) -> float:
        """Share of the requests whose last try was not answered in time."""
        return float(self.run.timed_out_share)

    @property
    def lost_share(self) -> float:
        """Share of the requests that were never answered: refused or timed out."""
        return float(self.run.lost_share)

    @property
    def wasted_work_share(self) -> float:
        """Share of all server time that went into answers nobody waited for, or into requests lost in the end."""
        return float(self.run.wasted_work_share)

    def first_token_ms(self, quantile: float = 0.95) -> float:
        """The quantile of the time from a request's arrival at the model to the first token of its answer, in ms.

        Where several parts write token by token, that of the last on the way; nan where none does, or none settles.
        """
        station = self._writer
        return math.nan if station is None else float(station.first_token_quantile_ms(quantile))

    def token_ms(self, quantile: float = 0.95) -> float:
        """The quantile of the requests' mean time from one token to the next, in ms; nan as for the first token."""
        station = self._writer
        return math.nan if station is None else float(station.token_quantile_ms(quantile))

    @property
    def first_token_p95_ms(self) -> float:
        """95th percentile of the time to the first token, ms: the name targets and formulas use."""
        return self.first_token_ms()

    @property
    def token_p95_ms(self) -> float:
        """95th percentile of the time from token to token, ms."""
        return self.token_ms()

    @property
    def _writer(self) -> Any:
        if not self.stable:
            return None
        stations = [self._sample.station(slot) for slot in self._sample.utilisation]
        return next((one for one in reversed(stations) if isinstance(one.component.service, ContinuousBatch)), None)

    @property
    def availability(self) -> float:
        """Share of the time in which the whole request path answers: the parts' own shares, times what the run saw."""
        parts = math.prod(float(self.design.option(slot).availability or 1.0) for slot in self.request_path
                          if self.design.option(slot).availability is not None)
        return parts * float(self._sample.availability)

    @property
    def goodput_per_s(self) -> float:
        """Requests a second answered in time: within the case's latency target where it has one."""
        limit_ms = self._promise()[0]
        if not self.stable:
            return math.nan
        within = self._sample.goodput_per_s if limit_ms is None else self._sample.goodput_within_per_s(limit_ms)
        return float(within)

    @property
    def time_above_slo(self) -> float:
        """Share of the minutes in which the latency target is broken; nan without such a target."""
        limit_ms, quantile = self._promise()
        if limit_ms is None or not self.stable:
            return math.nan
        return float(self._sample.time_above_share(limit_ms, quantile))

    @property
    def above_slo_share(self) -> float:
        """Share of the requests that took longer than the latency target's limit or were never answered; nan without
        such a target. A quantile of 0.99 is kept where this is 0.01 or less."""
        limit_ms = self._promise()[0]
        if limit_ms is None or not self.stable:
            return math.nan
        return float(self._sample.above_share(limit_ms))

    def _promise(self) -> tuple[float | None, float]:
        target = next((one for one in self.design.data.targets if one.metric == "latency_ms"), None)
        if target is None:
            return None, 0.99
        limit_ms = dict(self.conditions.targets).get(target.id, float(target.limit))
        return limit_ms, float(target.quantile or 0.99)

    @property
    def _sample(self) -> Any:
        """A run whose sample path is there: this one, or for graded runs, which keep quantiles, one of their seeds."""
        if not self.graded:
            return self.run
        if "sample" not in self._edges:
            architecture = request_architecture(self.design, self.conditions, self.quality_model.figures)
            workload = request_workload(self.design, self.conditions)
            self._edges["sample"] = simulate(architecture, workload, SAMPLE_REQUESTS, SAMPLE_SEED)
        return self._edges["sample"]

    @property
    def request_path(self) -> tuple[str, ...]:
        return request_path(self.design)

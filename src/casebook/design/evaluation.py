"""What a design does under given conditions: latency, load, quality, weeks and money, with verdicts.

One function, ``evaluate``, whether a slider moves, a learner hands in or the judge grades.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from casebook.design.architecture import mean_service_ms, request_architecture, request_workload
from casebook.design.conditions import Conditions
from casebook.design.flow import reaching, request_path
from casebook.design.latency import forget_runs, graded_latency
from casebook.design.names import Names, mvp_weeks
from casebook.design.people import review_wait
from casebook.design.quality import Quality, late_figures, quality_of
from casebook.design.verdict import Verdict, status_of
from casebook.economics import Bill, Edge, Usage, bill
from casebook.economics.bill import DAYS_PER_MONTH
from casebook.engine import VERSION, ContinuousBatch, simulate
from casebook.facts.formula import simulated_figures

if TYPE_CHECKING:
    from casebook.design.design import Design

EDGE_REQUESTS = 20_000
SAMPLE_REQUESTS, SAMPLE_SEED = 100_000, 1000
SIMULATED = ("latency_ms", "goodput_per_s", "time_above_slo", "above_slo_share", "refused_share", "timed_out_share",
             "wasted_work_share", "first_token_p95_ms", "token_p95_ms")
EDGES: tuple[Edge, Edge] = ("low", "high")


@dataclass(frozen=True)
class Evaluation:
    """One design under one set of conditions.

    Latencies in ms, money in USD a month (730 h), waits of people in hours, shares between 0 and 1.
    ``run`` is the engine's own record of the request path (a graded run keeps quantiles and shares only: what
    needs a whole sample path comes from one of its seeds).
    """

    design: Design
    conditions: Conditions
    run: Any
    quality_model: Quality
    bill: Bill
    review_wait_hours: float
    review_utilisation: float
    graded: bool
    _edges: dict[str, Any] = field(repr=False, compare=False, default_factory=dict)

    # latency and load -------------------------------------------------------------------------------------
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
    def cost_band_usd_month(self) -> tuple[float, float]:
        """The bill with every price at the low, and at the high, end of its source's band (USD a month)."""
        low, high = (bill_of(self.design, self.conditions, self.quality_model, edge=edge) for edge in EDGES)
        return low.usd_month, high.usd_month

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

    # quality and weeks ------------------------------------------------------------------------------------
    @property
    def quality(self) -> dict[str, float]:
        """Figures of the quality model, and ``toxic_reduction``, what falls within the window; then the late ones."""
        figures = dict(self.quality_model.figures)
        if "toxic_removed" in figures:
            live = self.weeks_to_live <= float(self.design.data.schedule.window_weeks)
            figures["toxic_reduction"] = figures["toxic_removed"] if live else 0.0
        return figures | self._late

    @cached_property
    def _late(self) -> dict[str, float]:
        return late_figures(self.design, self.conditions, self.quality_model, self)

    @property
    def mvp_weeks(self) -> float:
        """Weeks until a first version stands: one team builds the chosen parts one after the other."""
        return mvp_weeks(self.design)

    @property
    def weeks_to_live(self) -> float:
        """First version plus canary."""
        return self.mvp_weeks + float(self.design.data.schedule.canary_weeks)

    # money ------------------------------------------------------------------------------------------------
    @property
    def cost_usd_month(self) -> float:
        return self.bill.usd_month

    @property
    def cost_usd_per_request(self) -> float:
        return self.bill.usd_per_request

    @property
    def cost_lines(self) -> dict[str, float]:
        """Component → USD a month; ``mistakes`` is the price of being wrong. They add up."""
        return self.bill.by_component

    def bill_at(self, requests_day: float) -> Bill:
        """The bill of the same design, knobs unchanged, if ``requests_day`` came instead (their mix alike)."""
        return bill_of(self.design, self.conditions, self.quality_model, requests_day)

    # verdicts ---------------------------------------------------------------------------------------------
    @property
    def scenario(self) -> str:
        return self.conditions.scenario

    @property
    def leaves_out(self) -> tuple[str, ...]:
        """What the model does not contain, the case's list and this design's notes: shown beside every plot."""
        return (*self.design.data.leaves_out, *(note.rstrip(".") for note in self.notes))

    @property
    def notes(self) -> tuple[str, ...]:
        """What of this design stands for something richer (an agent's loop with tools that never queue), a sentence
        each; empty where its simulation is exact. Titles stand for slots."""
        if self.run is None:
            return ()
        said: tuple[str, ...] = self.run.notes
        for slot in self.design.data.slots:
            said = tuple(note.replace(f"'{slot.id}'", slot.title) for note in said)
        return said

    def figure(self, metric: str, quantile: float | None = None, span: str = "") -> float:
        """A figure by the name a target or pushback gives it, e.g. ``latency_ms`` or ``quality.recall``."""
        if metric == "latency_ms":
            return self.latency_ms(0.99 if quantile is None else float(quantile), span or "verdict")
        if metric.startswith("quality."):
            return self.quality[metric.removeprefix("quality.")]
        return float(getattr(self, metric))

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every target of the case beside what this design does."""
        limits = dict(self.conditions.targets)
        by_run = simulated_figures(self.design.data) if self.design.data.figures else frozenset()
        made = []
        for target in self.design.data.targets:
            value = self.figure(target.metric, target.quantile, target.span)
            limit = limits.get(target.id, float(target.limit))
            status = status_of(
                value,
                limit,
                target.direction,
                simulated=target.metric in SIMULATED or target.metric.removeprefix("quality.") in by_run,
                graded=self.graded,
                stable=self.stable,
            )
            made.append(
                Verdict(target.id, target.title, value, limit, target.unit, target.direction, status, target.kind)
            )
        return tuple(made)

    @property
    def dominant_constraint(self) -> Verdict:
        """The target with the least room to spare: what a change must mend, or must not break, first."""
        return min(self.verdicts, key=lambda verdict: verdict.margin)


_Cache = OrderedDict[tuple[Any, ...], Evaluation]
_GRADED: _Cache = OrderedDict()
_QUICK: _Cache = OrderedDict()
# A graded run keeps a table; a quick one keeps its sample path (12 MB for 100,000 requests).
_SIZES = {True: 512, False: 16}
_LOCK = Lock()


def evaluate(
    design: Design, scenario: str | Conditions = "", *, requests: int = 100_000, seed: int = 0, graded: bool = False
) -> Evaluation:
    """The Evaluation of ``design`` under a scenario (its id) or ``Conditions``.

    ``graded`` runs 16 fixed seeds × 100,000 requests and is the only mode whose latency verdicts say met or
    missed. The same arguments give the same figures, bit for bit; results are kept in a small cache.
    """
    conditions = scenario if isinstance(scenario, Conditions) else Conditions.of(design.data, scenario)
    key = (VERSION, design.key, conditions, graded, None if graded else (requests, seed))
    cache = _GRADED if graded else _QUICK
    with _LOCK:
        if key in cache:
            cache.move_to_end(key)
            return cache[key]
    made = _evaluate(design, conditions, requests, seed, graded)
    with _LOCK:
        cache[key] = made
        while len(cache) > _SIZES[graded]:
            cache.popitem(last=False)
    return made


def forget_evaluations() -> None:
    """Empty the cache (benchmarks and tests that change seeds)."""
    with _LOCK:
        _GRADED.clear()
        _QUICK.clear()
    forget_runs()


def _evaluate(design: Design, conditions: Conditions, requests: int, seed: int, graded: bool) -> Evaluation:
    quality = quality_of(design, conditions)
    architecture = request_architecture(design, conditions, quality.figures)
    workload = request_workload(design, conditions)
    run: Any = graded_latency(architecture, workload) if graded else simulate(architecture, workload, requests, seed)
    wait_hours, busy = review_wait(design, conditions, quality, seed)
    return Evaluation(design, conditions, run, quality, bill_of(design, conditions, quality), wait_hours, busy, graded)


def bill_of(
    design: Design, conditions: Conditions, quality: Quality, requests_day: float | None = None, edge: Edge = ""
) -> Bill:
    """The bill of a design under its conditions; ``requests_day`` stands for another volume, the mix alike."""
    data = design.data
    scenario_day = float(data.scenario(conditions.scenario).requests_day)
    factor = 1.0 if requests_day is None else requests_day / scenario_day
    requests_month = scenario_day * factor * DAYS_PER_MONTH
    own = quality if requests_day is None else quality_of(design, conditions, requests_day)
    names = Names(design, conditions, own.figures, edge=edge, requests_day=requests_day)
    shares = quality if data.quality_model == "two-normal-roc" else own
    reached = reaching(design, Names(design, conditions, shares.figures, requests_day=names.requests_day
                                     if shares is own else scenario_day))
    components = {
        slot: (design.option(slot), Usage(requests_month * reached.get(slot, 1.0), design.knobs, names.number))
        for slot in design.components
    }
    mistakes = {item.id: names.number(item.count_day) * DAYS_PER_MONTH * float(item.usd) for item in data.mistakes}
    if data.quality_model == "two-normal-roc":
        published = quality["missed_day"] * factor * DAYS_PER_MONTH * float(data.quality.missed_usd)
        refused = quality["wrongly_blocked_day"] * factor * DAYS_PER_MONTH * float(data.quality.blocked_usd)
        mistakes = {"published": published, "refused": refused} | mistakes
    return bill(
        components,
        ops_hour_usd=float(data.quality.ops_hour_usd),
        requests_month=requests_month,
        mistakes=mistakes,
        edge=edge,
    )

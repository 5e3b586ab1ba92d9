"""What a design does under given conditions: latency, load, quality, weeks and money, with verdicts.

One function, ``evaluate``, whether a slider moves, a learner hands in or the judge grades.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from casebook.design.architecture import (
    request_architecture,
    request_path,
    request_workload,
    review_architecture,
)
from casebook.design.conditions import Conditions
from casebook.design.latency import GradedLatency
from casebook.design.quality import QUALITY_MODELS, Quality
from casebook.design.verdict import Verdict, status_of
from casebook.economics import Bill, Edge, Usage, bill
from casebook.economics.bill import DAYS_PER_MONTH
from casebook.engine import Poisson, Workload, simulate
from casebook.engine import graded as graded_run

if TYPE_CHECKING:
    from casebook.design.design import Design

REVIEW_QUANTILE = 0.95
EDGE_REQUESTS = 20_000
EDGES: tuple[Edge, Edge] = ("low", "high")


@dataclass(frozen=True)
class Evaluation:
    """One design under one set of conditions.

    Latencies in ms, money in USD a month (730 h), waits of people in hours, shares between 0 and 1.
    ``run`` is the engine's own record of the request path (a graded run holds quantiles only).
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
        """The quantile of the time from upload to verdict, in ms; nan where there is no steady state.

        ``span="person"`` adds the wait for a person (its 95th percentile), where people review.
        """
        verdict_ms = float(self.run.quantile_ms(quantile)) if self.stable else math.nan
        if span == "person":
            return verdict_ms + self.review_wait_hours * 3_600_000.0
        if span != "verdict":
            raise ValueError(f"no span {span!r}: write 'verdict' (upload to verdict) or 'person' (people included)")
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
        low, high = (_bill(self.design, self.conditions, self.quality_model, edge=edge) for edge in EDGES)
        return low.usd_month, high.usd_month

    @property
    def stable(self) -> bool:
        """False where a station of the request path gets more work than it can ever do."""
        return bool(self.run.stable)

    @property
    def utilisation(self) -> dict[str, float]:
        """Busy share of every station that can be busy; the review team included."""
        busy = dict(self.run.utilisation)
        if self.design.option("review").staffing is not None:
            busy["review"] = self.review_utilisation
        return busy

    @property
    def bottleneck(self) -> str:
        """The component with the highest utilisation, people included; the slowest step where nothing queues."""
        busy = {name: share for name, share in self.utilisation.items() if share > 0.0}
        if busy:
            return max(sorted(busy), key=lambda name: busy[name])
        return max(self.request_path, key=lambda slot: float(self.design.option(slot).service.mean_ms or 0.0))

    @property
    def request_path(self) -> tuple[str, ...]:
        return request_path(self.design)

    # quality and weeks ------------------------------------------------------------------------------------
    @property
    def quality(self) -> dict[str, float]:
        """Figures of the quality model, and ``toxic_reduction``: what falls within the window."""
        figures = dict(self.quality_model.figures)
        live = self.weeks_to_live <= float(self.design.data.schedule.window_weeks)
        figures["toxic_reduction"] = figures["toxic_removed"] if live else 0.0
        return figures

    @property
    def mvp_weeks(self) -> float:
        """Weeks until a first version stands: one team builds the chosen parts one after the other."""
        return sum(float(self.design.option(slot).build_weeks) for slot in self.design.components)

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
        """The bill of the same design, knobs unchanged, if ``requests_day`` came instead (the mix of uploads alike)."""
        return _bill(self.design, self.conditions, self.quality_model, requests_day)

    # verdicts ---------------------------------------------------------------------------------------------
    @property
    def scenario(self) -> str:
        return self.conditions.scenario

    @property
    def leaves_out(self) -> tuple[str, ...]:
        """What the model does not contain: shown beside every plot."""
        return self.design.data.leaves_out

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
        made = []
        for target in self.design.data.targets:
            value = self.figure(target.metric, target.quantile, target.span)
            limit = limits.get(target.id, float(target.limit))
            status = status_of(
                value,
                limit,
                target.direction,
                simulated=target.metric == "latency_ms",
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
    key = (design.key, conditions, graded, None if graded else (requests, seed))
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


def _evaluate(design: Design, conditions: Conditions, requests: int, seed: int, graded: bool) -> Evaluation:
    quality = QUALITY_MODELS[design.data.quality_model](design, conditions)
    architecture = request_architecture(design, conditions, quality.figures)
    workload = request_workload(design, conditions)
    run: Any
    if graded:

        def again() -> Any:
            return graded_run(architecture, workload)

        run = GradedLatency.of(again(), again)
    else:
        run = simulate(architecture, workload, requests, seed)
    wait_hours, busy = _review(design, quality, seed)
    return Evaluation(design, conditions, run, quality, _bill(design, conditions, quality), wait_hours, busy, graded)


REVIEW_ITEMS = 60_000
REVIEW_DAYS = (6.0, 28.0)


def _review(design: Design, quality: Quality, seed: int) -> tuple[float, float]:
    """95th percentile of the wait for a person (hours) and the team's utilisation.

    The team is simulated on its own over one to four weeks (the busier, the shorter), flagged items arriving
    at random at the day's mean rate; the first day is warm-up. inf where more work comes than it can do.
    """
    option = design.option("review")
    per_day = quality["flagged_day"]
    if option.none or per_day <= 0:
        return 0.0, 0.0
    days = min(max(REVIEW_ITEMS / per_day, REVIEW_DAYS[0]), REVIEW_DAYS[1])
    items = max(200, int(per_day * days))
    busy = 0.0
    if option.staffing is not None:
        open_share = design.knobs[option.staffing.hours] * float(option.staffing.days_per_week) / 7.0
        busy = quality["review_hours_day"] / (design.knobs[option.staffing.people] * open_share)
        if busy >= 1.0:
            return math.inf, busy
    run = simulate(
        review_architecture(design),
        Workload(arrivals=Poisson(rate_per_s=per_day / 86_400.0)),
        items,
        seed,
        warmup_share=1.0 / days,
    )
    return float(run.quantile_ms(REVIEW_QUANTILE)) / 3_600_000.0, busy


def _bill(
    design: Design, conditions: Conditions, quality: Quality, requests_day: float | None = None, edge: Edge = ""
) -> Bill:
    data = design.data
    scenario_day = float(data.scenario(conditions.scenario).requests_day)
    factor = 1.0 if requests_day is None else requests_day / scenario_day
    requests_month = scenario_day * factor * DAYS_PER_MONTH
    reaching = {
        "messaging": quality["scored_share"],
        "serving": quality["scored_share"],
        "review": quality["flagged_day"] / scenario_day,
        "feedback": quality["scored_share"],
    }
    components = {
        slot: (design.option(slot), Usage(requests_month * reaching.get(slot, 1.0), design.knobs))
        for slot in design.components
    }
    published = quality["missed_day"] * factor * DAYS_PER_MONTH * float(data.quality.missed_usd)
    refused = quality["wrongly_blocked_day"] * factor * DAYS_PER_MONTH * float(data.quality.blocked_usd)
    return bill(
        components,
        ops_hour_usd=float(data.quality.ops_hour_usd),
        requests_month=requests_month,
        mistakes={"published": published, "refused": refused},
        edge=edge,
    )

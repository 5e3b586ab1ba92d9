"""What a design does under given conditions: its performance, quality, weeks and money, with verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from casebook.design.flow import reaching
from casebook.design.names import Names, mvp_weeks
from casebook.design.performance import Performance
from casebook.design.quality import Quality, late_figures, quality_of
from casebook.design.verdict import Verdict, status_of
from casebook.economics import Bill, Edge, Usage, bill
from casebook.economics.bill import DAYS_PER_MONTH
from casebook.facts.formula import simulated_figures

if TYPE_CHECKING:
    from casebook.design.conditions import Conditions
    from casebook.design.design import Design

SIMULATED = ("latency_ms", "goodput_per_s", "time_above_slo", "above_slo_share", "refused_share", "timed_out_share",
             "wasted_work_share", "first_token_p95_ms", "token_p95_ms")
EDGES: tuple[Edge, Edge] = ("low", "high")


@dataclass(frozen=True)
class Evaluation(Performance):
    """One design under one set of conditions: how it performs, what it gets right, what it costs.

    Money in USD a month (730 h); the rest as in `Performance`.
    """

    bill: Bill = field(kw_only=True)

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

    @property
    def cost_band_usd_month(self) -> tuple[float, float]:
        """The bill with every price at the low, and at the high, end of its source's band (USD a month)."""
        low, high = (bill_of(self.design, self.conditions, self.quality_model, edge=edge) for edge in EDGES)
        return low.usd_month, high.usd_month

    def bill_at(self, requests_day: float) -> Bill:
        """The bill of the same design, knobs unchanged, if ``requests_day`` came instead (their mix alike)."""
        return bill_of(self.design, self.conditions, self.quality_model, requests_day)

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

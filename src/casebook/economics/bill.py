"""The monthly bill of a design: one line a component, and one for the cost of being wrong.

A month is 730 hours or 30.4167 days everywhere; the lines add up to the total.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from casebook.facts import Sourced
    from casebook.facts.palette import Option, Tokens

HOURS_PER_MONTH = 730.0
DAYS_PER_MONTH = HOURS_PER_MONTH / 24.0


Edge = Literal["", "low", "high"]


def at_edge(value: Sourced | None, edge: Edge) -> float:
    """A sourced figure, or the low or high end of its source's band; 0 where there is none."""
    if value is None:
        return 0.0
    return float(getattr(value, edge, value)) if edge else float(value)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a component is used for: requests that reach it in a month, and its knobs by name.

    ``number`` works out a formula of the case; without it lines by formula are left out.
    """

    requests_month: float
    knobs: Mapping[str, float] = field(default_factory=dict)
    number: Callable[[Any], float] | None = None


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line: the component's id, its total in USD a month, and what the total is made of."""

    component: str
    usd_month: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bill:
    """All lines of a month. ``usd_month`` is their sum; ``usd_per_request`` divides it by the month's requests."""

    lines: tuple[BillLine, ...]
    requests_month: float

    @property
    def usd_month(self) -> float:
        return sum(line.usd_month for line in self.lines)

    @property
    def usd_per_request(self) -> float:
        return self.usd_month / self.requests_month if self.requests_month > 0 else float("nan")

    @property
    def by_component(self) -> dict[str, float]:
        return {line.component: line.usd_month for line in self.lines}


def option_usd_month(option: Option, usage: Usage, ops_hour_usd: float, edge: Edge = "") -> dict[str, float]:
    """What one option costs in a month, by kind of cost (USD a month).

    fixed; machines = price an hour × 730 × units; requests = price a million × millions, tier by tier;
    traffic = USD a GB × GB; people = pay an hour × people on shift × hours a day × days a week ÷ 7 × 30.4167;
    care = engineers' hours × their pay; tokens as ``Tokens`` says; extra lines under their own titles.
    ``edge`` takes every price at the low or high end of its source's band.
    """
    cost = option.cost
    knobs = usage.knobs
    parts: dict[str, float] = {}
    if cost.fixed_usd_month:
        parts["fixed"] = at_edge(cost.fixed_usd_month, edge)
    if cost.per_unit_hour_usd:
        units = knobs[cost.units] if cost.units else 1.0
        parts["machines"] = at_edge(cost.per_unit_hour_usd, edge) * HOURS_PER_MONTH * units
    millions = usage.requests_month / 1e6
    if cost.tiers:
        parts["requests"] = _tiered(option, millions, edge)
    elif cost.per_million_requests_usd:
        parts["requests"] = at_edge(cost.per_million_requests_usd, edge) * millions
    if cost.per_gb_usd and cost.gb_per_request:
        parts["traffic"] = at_edge(cost.per_gb_usd, edge) * float(cost.gb_per_request) * usage.requests_month
    if cost.per_person_hour_usd and option.staffing is not None:
        people = knobs[option.staffing.people]
        hours = knobs[option.staffing.hours]
        days = float(option.staffing.days_per_week) / 7.0 * DAYS_PER_MONTH
        parts["people"] = at_edge(cost.per_person_hour_usd, edge) * people * hours * days
    if cost.ops_hours_month:
        parts["care"] = float(cost.ops_hours_month) * ops_hour_usd
    if usage.number is not None:
        if cost.tokens is not None:
            parts["tokens"] = _tokens_usd(cost.tokens, usage.number) * usage.requests_month
        for line in cost.extra:
            parts[line.title] = usage.number(line.usd_month)
    return parts


def _tokens_usd(tokens: Tokens, number: Callable[[Any], float]) -> float:
    """USD for the tokens of one request; a cached token costs as much as a fresh one where it has no price."""
    fresh_usd, cached = number(tokens.usd_m_input), number(tokens.cached_input_share)
    cached_usd = fresh_usd if tokens.usd_m_cached_input is None else number(tokens.usd_m_cached_input)
    read = number(tokens.input) * ((1.0 - cached) * fresh_usd + cached * cached_usd)
    written = number(tokens.output) * number(tokens.usd_m_output)
    return (read + written) / 1e6 * (1.0 - number(tokens.batch_discount))


def _tiered(option: Option, millions: float, edge: Edge) -> float:
    """Each tier prices only the requests that fall into it, as the list prices of clouds do."""
    usd, start = 0.0, 0.0
    for tier in option.cost.tiers:
        end = float("inf") if tier.up_to_million is None else float(tier.up_to_million)
        usd += max(0.0, min(millions, end) - start) * at_edge(tier.usd_per_million, edge)
        start = end
    return usd


def bill(
    components: Mapping[str, tuple[Option, Usage]],
    *,
    ops_hour_usd: float,
    requests_month: float,
    mistakes: Mapping[str, float] | None = None,
    edge: Edge = "",
) -> Bill:
    """The bill of the chosen options (id → option and usage) plus, last, the line ``mistakes`` (USD a month)."""
    lines = []
    for component, (option, usage) in components.items():
        parts = option_usd_month(option, usage, ops_hour_usd, edge)
        lines.append(BillLine(component, sum(parts.values()), parts))
    if mistakes:
        lines.append(BillLine("mistakes", sum(mistakes.values()), dict(mistakes)))
    return Bill(tuple(lines), requests_month)

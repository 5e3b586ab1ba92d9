"""What the names in a case's formulas stand for, once a design and its conditions are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from casebook.economics import Edge, at_edge
from casebook.facts.arithmetic import calculate
from casebook.facts.base import Formula
from casebook.facts.formula import OVER_OPTIONS

if TYPE_CHECKING:
    from casebook.design.conditions import Conditions
    from casebook.design.design import Design
    from casebook.design.evaluation import Evaluation
    from casebook.facts import Sourced

SECONDS_PER_DAY = 86_400.0
_TAILS = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}


class Names:
    """Name → number for one design under its conditions; call it to look a name up.

    ``figures`` are those known so far; ``edge`` takes sourced numbers at the low or high end of their band;
    ``requests_day`` stands for another volume than the scenario's. ``late`` is the evaluation whose simulated
    figures may be read.
    """

    __slots__ = ("_curves", "conditions", "design", "edge", "figures", "late", "requests_day")

    def __init__(self, design: Design, conditions: Conditions, figures: Mapping[str, float] | None = None, *,
                 edge: Edge = "", requests_day: float | None = None, late: Evaluation | None = None) -> None:
        self.design = design
        self.conditions = conditions
        self.figures = dict(figures or {})
        self.edge: Edge = edge
        self.late = late
        day = float(design.data.scenario(conditions.scenario).requests_day)
        self.requests_day = day if requests_day is None else requests_day
        self._curves: dict[str, Callable[..., float]] = {
            f"curve_{name}": curve.at for name, curve in design.data.curves.items()
        }

    def number(self, value: Sourced | Formula | None, otherwise: float = 0.0) -> float:
        """A number of the case, a formula worked out, or ``otherwise`` where there is neither."""
        if value is None:
            return otherwise
        if isinstance(value, Formula):
            return calculate(value, self, self._curves, finite=self.late is None)
        return at_edge(value, self.edge)

    def __call__(self, name: str) -> float:
        if name in self.figures:
            return self.figures[name]
        head, _, rest = name.partition(".")
        if not rest:
            return self._plain(name)
        if head == "quality" and rest in self.figures:
            return self.figures[rest]
        if head == "knob":
            return float(self.design.knobs.get(rest, 0.0))
        if head == "fact":
            return self._fact(rest)
        if head == "has":
            slot, _, option = rest.partition(".")
            return float(any(
                chosen.replace("-", "_") == option
                for name, chosen in self.design.choices.items() if name.replace("-", "_") == slot
            ))
        if head == "util":
            return self._busy(rest)
        if head in OVER_OPTIONS and "." not in rest:
            return self._over(head, rest)
        return self._seed(name)

    def _plain(self, name: str) -> float:
        if name == "requests_day":
            return self.requests_day
        if name in ("peak_factor", "peak_per_s"):
            peak = float(self.conditions.arrivals_of(self.design.data).peak_factor)
            return peak if name == "peak_factor" else self.requests_day / SECONDS_PER_DAY * peak
        if name == "clipped_share":
            return self.clipped()[1]
        if name in ("mvp_weeks", "weeks_to_live"):
            return mvp_weeks(self.design) + (
                float(self.design.data.schedule.canary_weeks) if name == "weeks_to_live" else 0.0
            )
        if self.late is not None:
            return self._after(self.late, name)
        raise ValueError(f"{name!r} is not known before the simulation")

    def clipped(self) -> tuple[float, float]:
        """How many times the calm flow a burst may bring, and the share of all requests that is above it.

        With bursts for a share s of the time, f times the calm flow and f' let in: s (f − f') ÷ (1 − s + s f).
        """
        arrivals = self.conditions.arrivals_of(self.design.data)
        if arrivals.kind != "bursty" or arrivals.burst_factor is None or arrivals.burst_share is None:
            return 1.0, 0.0
        factor, share = float(arrivals.burst_factor), float(arrivals.burst_share)
        limits = [
            self.number(option.burst_limit)
            for option in (self.design.option(slot) for slot in self.design.components)
            if option.burst_limit is not None
        ]
        most = max(1.0, min([factor, *limits]))
        return most, share * (factor - most) / (1.0 - share + share * factor)

    def _after(self, late: Evaluation, name: str) -> float:
        if name == "usd_month":
            return late.cost_usd_month
        if name == "usd_per_request":
            return late.cost_usd_per_request
        if late.run is None:
            return math.nan
        return late.latency_ms(_TAILS[name]) if name in _TAILS else float(getattr(late, name))

    def _busy(self, slot: str) -> float:
        if self.late is None or self.late.run is None:
            return math.nan
        return {name.replace("-", "_"): busy for name, busy in self.late.utilisation.items()}.get(slot, 0.0)

    def _fact(self, name: str) -> float:
        scenario = self.design.data.scenario(self.conditions.scenario)
        return self.conditions.fact(name, float(scenario.every_fact.get(name, 0.0)))

    def _over(self, how: str, effect: str) -> float:
        """Effects of the chosen options: absent, they add 0 and multiply by 1; the least of none is 0."""
        values = [
            self.number(option.effects[effect])
            for option in (self.design.option(slot) for slot in self.design.choices)
            if effect in option.effects
        ]
        if how == "sum":
            return math.fsum(values)
        if how == "product":
            return math.prod(values)
        return (min if how == "min" else max)(values, default=0.0)

    def _seed(self, name: str) -> float:
        from casebook.facts.loader import own_seeds

        seeds = own_seeds()
        fact = seeds.facts().get(name)
        if fact is not None and fact.value is not None:
            return float(fact.value) * self.design.data.instead.get(name, 1.0)
        if name in seeds.catalog():
            low, high = seeds.catalog().band(name)
            return float(seeds.catalog()[name].value) if not self.edge else float(low if self.edge == "low" else high)
        raise ValueError(f"nothing is called {name!r}")


def mvp_weeks(design: Design) -> float:
    """Weeks until a first version stands: one team builds the chosen parts one after the other."""
    return sum(float(design.option(slot).build_weeks) for slot in design.components)

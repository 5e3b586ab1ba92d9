"""Each option that says where it wins does so there: the cheapest design found nearby that keeps every target has it.

The search is small: from the case's own designs and from the one that its claims describe together, one part or one
slider is changed at a time, as long as that gets cheaper. ``casebook optimise`` searches the whole palette.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import combinations

import pytest

from casebook.design import Case, Conditions, Design, evaluate, load_case
from casebook.design.design import knobs_of
from casebook.design.sketch import known_figure, sketch
from casebook.design.verdict import TOO_CLOSE
from casebook.facts import case_ids, load_case_data
from casebook.search.bounds import within

REQUESTS = 10_000  # of a quick run; what is within TOO_CLOSE of a limit counts as kept, as everywhere
SWEEPS = 8
Claim = tuple[str, str, str, str]  # case, scenario, slot, option


def _claims() -> list[Claim]:
    return [
        (case_id, option.wins_when.scenario, slot.id, option.id)
        for case_id in case_ids()
        for slot in load_case_data(case_id).slots
        for option in slot.options
        if option.wins_when is not None
    ]


CLAIMS = _claims()
DAYS = sorted({(case, day) for case, day, _, _ in CLAIMS})


@dataclass
class Day:
    """One scenario of a case, and what designs cost and miss in it.

    ``price`` is (how far targets are missed, USD a month): 0 where all are kept, else 1 to 2 for each that is not.
    """

    case: Case
    scenario: str
    _prices: dict[Design, tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def conditions(self) -> Conditions:
        return Conditions.of(self.case.data, self.scenario)

    @cached_property
    def limits(self) -> dict[str, float]:
        return {target.id: float(target.limit) for target in self.case.data.targets} | dict(self.conditions.targets)

    @cached_property
    def simulated(self) -> frozenset[str]:
        """Targets that arithmetic alone cannot tell."""
        made = sketch(self.case.reference, self.conditions)
        return frozenset(t.id for t in self.case.data.targets if math.isnan(_known(made, t.metric)))

    def price(self, design: Design, below: tuple[float, float] = (math.inf, math.inf)) -> tuple[float, float]:
        """Simulated only where arithmetic leaves a chance of being better than ``below``."""
        if design in self._prices:
            return self._prices[design]
        if below[0] == 0 and self.too_long(design):
            return math.inf, math.inf
        drawn = sketch(design, self.conditions)
        usd = drawn.cost_usd_month
        missed = math.fsum(
            _missed(_known(drawn, target.metric), self.limits[target.id], target.direction)
            for target in self.case.data.targets
            if target.id not in self.simulated
        )
        if (missed, usd) >= below:
            return missed, usd
        if self.simulated:
            run = evaluate(design, self.conditions, requests=REQUESTS)
            for target in self.case.data.targets:
                if target.id in self.simulated:
                    slack = 1.0 + (TOO_CLOSE if target.direction == "max" else -TOO_CLOSE)
                    value = run.figure(target.metric, target.quantile, target.span)
                    missed += _missed(value, self.limits[target.id] * slack, target.direction)
            missed += not run.stable
        self._prices[design] = (missed, usd)
        return missed, usd

    def too_long(self, design: Design) -> bool:
        """Weeks add up part by part, so nothing has to be worked out."""
        weeks = sum(float(design.option(slot).build_weeks) for slot in design.components)
        return any(t.metric == "mvp_weeks" and weeks > self.limits[t.id] + 1e-9 for t in self.case.data.targets)

    def moves(self, design: Design, fixed: str) -> list[tuple[str, str | float]]:
        """Another option of a part, or another value of a slider; the part ``fixed`` stays."""
        parts = [
            (slot.id, option.id)
            for slot in self.case.data.slots
            for option in slot.options
            if slot.id != fixed and option.id != design.choices[slot.id]
        ]
        knobs = knobs_of(self.case.data, design.choices)
        return [*parts, *((name, at) for name, knob in knobs.items() for at in _values(design.knobs[name], knob))]

    def nearby(self, design: Design, fixed: str) -> Iterator[Design]:
        """One thing changed."""
        for name, to in self.moves(design, fixed):
            yield changed(self.case, design, name, to)

    def pairs(self, design: Design, fixed: str) -> Iterator[Design]:
        """Two things at once, for limits that pull in two directions."""
        for (one, here), (other, there) in combinations(self.moves(design, fixed), 2):
            if one != other:
                yield changed(self.case, changed(self.case, design, one, here), other, there)

    def descend(self, design: Design, fixed: str = "") -> Design:
        """From ``design`` to the cheapest nearby; what one move opens is seen in the next sweep."""
        best, price = design, self.price(design)
        for _ in range(SWEEPS):
            before = price
            for moves in (self.nearby(best, fixed), self.pairs(best, fixed)):
                for other in list(moves):
                    found = self.price(other, price)
                    if found < price:
                        best, price = other, found
                if price != before or price[0] == 0:
                    break
            if price == before:
                break
        return best

    def starts(self) -> list[Design]:
        """The case's own designs, and each with all that claims to win on this day put into it."""
        claimed = [(slot, option) for case, day, slot, option in CLAIMS if (case, day) == (self.case.id, self.scenario)]
        made = [self.case.preset(preset.id) for preset in self.case.data.presets if preset.role != "tempting"]
        for design in list(made):
            for slot, option in claimed:
                design = changed(self.case, design, slot, option)
            made.append(design)
        return list(dict.fromkeys(made))

    @cached_property
    def best(self) -> Design:
        """The cheapest design found: from the cheapest start that keeps every target, or from all where none does."""
        starts = sorted(self.starts(), key=self.price)
        kept = [design for design in starts if self.price(design)[0] == 0]
        return min((self.descend(design) for design in kept[:1] or starts), key=self.price)


def _missed(value: float, limit: float, direction: str) -> float:
    """0 where it is kept, from 1 up to 2 the further it is off: so a search finds its way back to the limit."""
    if within(value, limit, direction):
        return 0.0
    off = abs(value - limit) / (abs(limit) or 1.0)
    return 1.0 + (off / (1.0 + off) if math.isfinite(off) else 1.0)


def _known(made: object, metric: str) -> float:
    try:
        return known_figure(made, metric)  # type: ignore[arg-type]
    except KeyError:  # a figure that waits for the run
        return math.nan


def changed(case: Case, design: Design, name: str, to: str | float) -> Design:
    """The design with another part or slider; sliders that both have stay where they are, as far as they go."""
    choices, set_to = dict(design.choices), dict(design.knobs)
    if isinstance(to, str):
        choices[name] = to
    else:
        set_to[name] = to
    kept = {
        knob_id: min(float(knob.max), max(float(knob.min), set_to.get(knob_id, float(knob.default))))
        for knob_id, knob in knobs_of(case.data, choices).items()
    }
    return Design(case.id, choices, kept)


def _values(now: float, knob: object) -> list[float]:
    """A step or a factor of two either way, both ends and the middle."""
    low, high, step = (float(getattr(knob, name)) for name in ("min", "max", "step"))
    wanted = (now - step, now + step, now / 2, now * 2, low, high, (low + high) / 2)
    snapped = (round(low + round((min(high, max(low, value)) - low) / step) * step, 9) for value in wanted)
    return [value for value in dict.fromkeys(snapped) if value != now]


@cache
def day_of(case_id: str, scenario: str) -> Day:
    return Day(load_case(case_id), scenario)


@pytest.mark.parametrize("case_id", sorted({case for case, _ in DAYS}))
def test_an_option_wins_where_it_says_so(case_id: str) -> None:
    lost = []
    for case, scenario, slot, option in CLAIMS:
        if case != case_id:
            continue
        day = day_of(case, scenario)
        best = day.best
        missed, usd = day.price(best)
        assert not missed, f"{scenario}: no design nearby keeps every target; the least bad one is {best}"
        if best.choices[slot] == option:
            continue
        own = day.descend(changed(day.case, best, slot, option), fixed=slot)
        own_missed, own_usd = day.price(own)
        if own_missed or own_usd > usd * (1 + 1e-9):
            said = "keeps not all targets" if own_missed else f"costs ${own_usd:,.0f}"
            lost.append(f"{scenario}: {slot}={option} {said}; with {best.choices[slot]} it is ${usd:,.0f}")
    assert not lost, "\n".join(lost)


def test_every_case_says_where_something_wins() -> None:
    assert {case for case, _, _, _ in CLAIMS} == set(case_ids())


def test_provisioning_ahead_is_on_no_day_the_cheapest_as_its_card_says() -> None:
    case = load_case_data("scale-prediction")
    assert "on no day the cheapest" in case.slot("scaling").option("predictive").summary
    for scenario in case.scenarios:
        day = day_of(case.id, scenario.id)
        ahead = day.descend(changed(day.case, day.best, "scaling", "predictive"), fixed="scaling")
        assert day.price(ahead) > day.price(day.best), scenario.id

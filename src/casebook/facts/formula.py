"""Figures that a case works out by formula, curves they may use, and which names a formula may read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from casebook.facts.arithmetic import FUNCTIONS, calls_in, names_in
from casebook.facts.base import Amount, Expression, Formula, Number, Record, Sourceful
from casebook.facts.errors import near_miss

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

OVER_OPTIONS = ("sum", "product", "min", "max")
PLAIN = ("requests_day", "peak_factor", "peak_per_s", "clipped_share", "mvp_weeks", "weeks_to_live")
LATE = ("p50_ms", "p95_ms", "p99_ms", "usd_month", "usd_per_request", "availability", "goodput_per_s",
        "time_above_slo", "above_slo_share", "refused_share", "timed_out_share", "wasted_work_share",
        "first_token_p95_ms", "token_p95_ms", "review_wait_hours")
FROM_MONEY = ("usd_month", "usd_per_request")   # late, but known without a simulation
ROC_FIGURES = ("recall", "false_positive_rate", "precision", "scored_share", "flagged_share", "toxic_removed",
               "flagged_day", "review_minutes_day", "review_hours_day", "missed_day", "wrongly_blocked_day")


class FigureData(Sourceful):
    """A figure worked out of the design and the scenario. ``late``: after the simulation and the bill.

    ``only_with``: the knob without which the figure means nothing; a design without it shows a dash.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    unit: str = ""
    formula: Expression
    late: bool = False
    only_with: str = ""

    def told_by(self, knobs: Collection[str]) -> bool:
        """Whether the figure means anything in a design that has these knobs."""
        return not self.only_with or self.only_with in knobs


class Curve(Sourceful):
    """Points (x, y), straight between them and flat outside; ``curve_<id>(x)`` in a formula."""

    points: tuple[tuple[Number, Number], ...]

    @model_validator(mode="after")
    def _rises(self) -> Curve:
        xs = [float(x) for x, _ in self.points]
        if len(xs) < 2 or xs != sorted(set(xs)):
            raise ValueError("a curve needs two points or more, with rising x. Sort them")
        return self

    def at(self, x: float) -> float:
        """y at ``x``."""
        before = self.points[0]
        for after in self.points:
            if x <= after[0]:
                if after is before:
                    return float(after[1])
                share = (x - before[0]) / (after[0] - before[0])
                return float(before[1]) + share * (float(after[1]) - float(before[1]))
            before = after
        return float(before[1])


class Mistake(Sourceful):
    """Something that goes wrong ``count_day`` times a day and costs ``usd`` each time: a line of the bill."""

    id: str
    title: str
    count_day: Expression
    usd: Amount


def formulas_of(case: CaseData) -> Iterator[tuple[str, Formula, bool]]:
    """Place, formula and whether it may read late figures, for every formula of a case."""
    for figure in case.figures:
        yield f"figures.{figure.id}", figure.formula, figure.late
    for mistake in case.mistakes:
        yield f"mistakes.{mistake.id}", mistake.count_day, False
    for link in case.links:
        if isinstance(link.share, Formula):
            yield f"links.{link.src}->{link.dst}", link.share, False
    for slot in case.slots:
        for name in ("reach", "load_day"):
            if isinstance(value := getattr(slot, name), Formula):
                yield f"slots.{slot.id}.{name}", value, False
        for option in slot.options:
            for place, value in _inside(option):
                yield f"slots.{slot.id}.{option.id}.{place}", value, False


def _inside(record: Record, place: str = "") -> Iterator[tuple[str, Formula]]:
    for name in type(record).model_fields:
        value = getattr(record, name)
        here = f"{place}.{name}".lstrip(".")
        if isinstance(value, Formula):
            yield here, value
        elif isinstance(value, Record):
            yield from _inside(value, here)
        elif isinstance(value, dict):
            yield from ((f"{here}.{key}", item) for key, item in value.items() if isinstance(item, Formula))
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Record):
                    yield from _inside(item, here)


def simulated_figures(case: CaseData) -> frozenset[str]:
    """Ids of the late figures that only a simulation can tell."""
    found: set[str] = set()
    for figure in case.figures:
        names = {name.removeprefix("quality.") for name in names_in(figure.formula)}
        late = set(LATE) - set(FROM_MONEY)
        if names & (late | found) or any(name.startswith("util.") for name in names):
            found.add(figure.id)
    return frozenset(found)


def check_formulas(case: CaseData) -> tuple[tuple[str, str], ...]:
    """``ValueError`` where a formula reads what the case does not have; (place, name) of what only seeds may hold."""
    own = set(ROC_FIGURES) if case.quality_model == "two-normal-roc" else set()
    early = own | {figure.id for figure in case.figures if not figure.late}
    every = own | {figure.id for figure in case.figures}
    order = [figure.id for figure in case.figures]
    for before, figure in enumerate(case.figures):
        for name in names_in(figure.formula):
            plain = name.removeprefix("quality.")
            if plain in order and order.index(plain) >= before:
                raise ValueError(f"figure {figure.id!r} reads {plain!r}, which comes later. Move it up")
    left: list[tuple[str, str]] = []
    for place, formula, late in formulas_of(case):
        for call in calls_in(formula):
            curves = [f"curve_{curve}" for curve in case.curves]
            if call not in FUNCTIONS and call not in curves and call != "if_above":
                raise ValueError(f"{place} calls {call!r}. {near_miss(call, [*FUNCTIONS, *curves, 'if_above'])}")
        for name in sorted(names_in(formula)):
            if not _known_here(case, name, every if late else early, late, place):
                left.append((place, name))
    return tuple(left)


def _known_here(case: CaseData, name: str, figures: set[str], late: bool, place: str) -> bool:
    head, _, rest = name.partition(".")
    if name in PLAIN or name in figures or (head == "quality" and rest in figures):
        return True
    if name in LATE or head == "util":
        if not late:
            raise ValueError(f"{place} reads {name!r}, which is known only after the simulation. "
                             "Mark the figure 'late: true', or leave it out")
        if head == "util":
            _must_be(rest, (slot.id.replace("-", "_") for slot in case.slots), f"{place}: util", "slot")
        return True
    if head == "knob":
        _must_be(rest, case.every_knob, place, "knob")
    elif head in OVER_OPTIONS and rest:
        effects = {effect for slot in case.slots for option in slot.options for effect in option.effects}
        _must_be(rest, effects, place, "effect")
    elif head == "fact":
        for scenario in case.scenarios:
            _must_be(rest, scenario.every_fact, f"{place}, scenario {scenario.id!r}", "fact")
    elif head == "has":
        options = {f"{slot.id}.{option.id}".replace("-", "_") for slot in case.slots for option in slot.options}
        _must_be(rest, options, place, "slot.option (hyphens written as _)")
    elif head == "quality":
        _must_be(rest, figures, place, "figure (an earlier one, not late)")
    else:
        return False
    return True


def _must_be(name: str, known: object, place: str, what: str) -> None:
    names = sorted(known)  # type: ignore[call-overload]
    if name not in names:
        raise ValueError(f"{place} reads the unknown {what} {name!r}. {near_miss(name, names)}")

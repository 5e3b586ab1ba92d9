"""Figures that a check works out from the learner's own design: formulas over its Evaluation."""

from __future__ import annotations

import ast
import math
import re
from typing import TYPE_CHECKING, Any

from casebook.facts.arithmetic import FUNCTIONS, calculate
from casebook.facts.errors import near_miss

if TYPE_CHECKING:
    from casebook.design import Evaluation
    from casebook.facts.case import CaseData

_QUANTILES = {"p50_ms": 0.5, "p90_ms": 0.9, "p95_ms": 0.95, "p99_ms": 0.99}
_PLAIN = {
    "usd_month": "cost_usd_month",
    "usd_per_request": "cost_usd_per_request",
    "weeks_to_live": "weeks_to_live",
    "mvp_weeks": "mvp_weeks",
    "review_wait_hours": "review_wait_hours",
}
_GROUPS = ("knob", "fact", "has", "line", "busy", "weeks", "sum", "product", "min", "max", "target", "quality")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*(?![A-Za-z0-9_.]|\s*\()")


def value(formula: str | float, evaluation: Evaluation) -> float:
    """The formula's value for this design under these conditions; nan where it has none there.

    Names: ``p50_ms`` … ``p99_ms``, ``usd_month``, ``usd_per_request``, ``weeks_to_live``, ``mvp_weeks``,
    ``review_wait_hours``, ``requests_day``, ``knob.<knob>``, ``fact.<fact of the scenario>``,
    ``has.<slot>.<option>`` (1 or 0), ``line.<slot>`` (USD a month), ``busy.<slot>`` (share), ``weeks.<slot>``,
    ``target.<id>`` (the limit), figures of the quality model by name, and ids of facts or catalogue entries.
    A hyphen of an id is written as an underscore.
    """
    if not isinstance(formula, str):
        return float(formula)
    try:
        return calculate(formula, lambda name: _look_up(name, evaluation))
    except ValueError:
        return math.nan


def verify(formula: Any, data: CaseData) -> str:
    """What is wrong with a formula for this case, '' where nothing is: syntax and names are looked at."""
    if not isinstance(formula, str):
        return ""
    try:
        ast.parse(formula.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return f"{formula!r} is not arithmetic"
    for name in names_in(formula):
        if wrong := _unknown(name, data):
            return wrong
    return ""


def names_in(formula: str) -> tuple[str, ...]:
    """The dotted names a formula mentions, functions left out."""
    return tuple(dict.fromkeys(name for name in _NAME.findall(formula) if name not in FUNCTIONS))


def _plain_id(name: str) -> str:
    return name.replace("-", "_")


def _unknown(name: str, data: CaseData) -> str:
    head, _, rest = name.partition(".")
    if name in _QUANTILES or name in _PLAIN or name == "requests_day":
        return ""
    known: list[str]
    if head in ("line", "busy", "weeks"):
        known = [_plain_id(slot.id) for slot in data.slots]
    elif head == "knob":
        known = [*data.knobs, *(knob for slot in data.slots for option in slot.options for knob in option.knobs)]
    elif head == "has":
        known = [_plain_id(f"{slot.id}.{option.id}") for slot in data.slots for option in slot.options]
    elif head == "target":
        known = [_plain_id(target.id) for target in data.targets]
    elif head in _GROUPS or not rest:
        return ""  # figures and effects are known when a design is evaluated; a test tries every formula of a case
    else:
        return "" if _seed(name) is not None else f"there is no fact and no catalogue entry {name!r}"
    return "" if rest in known else f"{name!r} is not of this case: {near_miss(rest, known)}"


def _seed(name: str) -> float | None:
    from casebook.facts import SeedError, catalog, fact

    try:
        found = fact(name)
        return None if found.value is None else float(found.value)
    except SeedError:
        book = catalog()
        return float(book[name].value) if name in book else None


def _look_up(name: str, ev: Evaluation) -> float:
    if name in _QUANTILES:
        return ev.latency_ms(_QUANTILES[name])
    if name in _PLAIN:
        return float(getattr(ev, _PLAIN[name]))
    design, data = ev.design, ev.design.data
    scenario = data.scenario(ev.scenario)
    if name == "requests_day":
        return float(scenario.requests_day)
    head, _, rest = name.partition(".")
    if head == "knob":
        return float(design.knobs.get(rest, 0.0))
    if head == "has":
        chosen = {_plain_id(f"{slot}.{option}") for slot, option in design.choices.items()}
        return float(rest in chosen)
    if head == "line":
        return next((usd for slot, usd in ev.cost_lines.items() if _plain_id(slot) == rest), 0.0)
    if head == "busy":
        return next((share for slot, share in ev.utilisation.items() if _plain_id(slot) == rest), 0.0)
    if head == "weeks":
        return next((float(design.option(s).build_weeks) for s in design.components if _plain_id(s) == rest), 0.0)
    if head == "target":
        limits = {_plain_id(item.id): float(item.limit) for item in data.targets}
        return {**limits, **{_plain_id(k): v for k, v in ev.conditions.targets}}[rest]
    if head == "fact":
        facts = getattr(scenario, "facts", None) or {}
        stated = facts.get(rest) if hasattr(facts, "get") else getattr(facts, rest, None)
        if stated is None:
            stated = getattr(getattr(scenario, "data", None), rest, None)
        return ev.conditions.fact(rest, math.nan if stated is None else float(stated))
    if head in ("sum", "product", "min", "max"):
        return _effects(head, rest, ev)
    figures = ev.quality
    wanted = rest if head == "quality" else name
    if wanted in figures:
        return float(figures[wanted])
    found = _seed(name)
    if found is None:
        raise ValueError(f"no figure {name!r}")
    return found


def _effects(how: str, name: str, ev: Evaluation) -> float:
    """The named effect over the chosen options: absent counts 0 in a sum and 1 in a product."""
    options = [ev.design.option(slot) for slot in ev.design.choices]
    found = [float(option.effects[name]) for option in options if name in (getattr(option, "effects", None) or {})]
    if how == "product":
        return math.prod(found)
    return sum(found) if how == "sum" else (min if how == "min" else max)(found, default=0.0)

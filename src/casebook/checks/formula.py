"""Figures that a check works out from the learner's own design: formulas over its Evaluation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from casebook.design.names import Names
from casebook.facts.arithmetic import FUNCTIONS, calculate, calls_in, names_in
from casebook.facts.errors import SeedError, near_miss
from casebook.facts.formula import LATE, OVER_OPTIONS, PLAIN, ROC_FIGURES

if TYPE_CHECKING:
    from casebook.design import Evaluation
    from casebook.facts.case import CaseData


def value(formula: str | float, evaluation: Evaluation) -> float:
    """The formula's value for this design under these conditions; nan where it has none there.

    Names are those of a case's late figures (docs/new-case.md), and ``line.<slot>`` (USD a month of one part),
    ``weeks.<slot>`` (weeks to build what is chosen), ``target.<id>`` (its limit). Hyphens are written ``_``.
    """
    if not isinstance(formula, str):
        return float(formula)
    data = evaluation.design.data
    names = Names(evaluation.design, evaluation.conditions, evaluation.quality, late=evaluation)
    curves = {f"curve_{name}": curve.at for name, curve in data.curves.items()}
    try:
        return calculate(formula, lambda name: _look_up(name, evaluation, names), curves, finite=False)
    except (ValueError, KeyError, AttributeError):
        return math.nan


def _look_up(name: str, evaluation: Evaluation, names: Names) -> float:
    head, _, rest = name.partition(".")
    design = evaluation.design
    if head == "line":
        return next((usd for slot, usd in evaluation.cost_lines.items() if _plain(slot) == rest), 0.0)
    if head == "weeks":
        return next((float(design.option(s).build_weeks) for s in design.components if _plain(s) == rest), 0.0)
    if head == "target":
        limits = {_plain(item.id): float(item.limit) for item in design.data.targets}
        return (limits | {_plain(name): limit for name, limit in evaluation.conditions.targets})[rest]
    return names(name)


def verify(formula: Any, data: CaseData) -> str:
    """What is wrong with a formula for this case, '' where nothing is: syntax, functions and names are looked at."""
    if not isinstance(formula, str):
        return ""
    try:
        names, calls = names_in(formula), calls_in(formula)
    except ValueError as error:
        return str(error)
    functions = [*FUNCTIONS, "if_above", *(f"curve_{name}" for name in data.curves)]
    for call in calls:
        if call not in functions:
            return f"there is no function {call!r}: {near_miss(call, functions)}"
    return next((wrong for name in sorted(names) if (wrong := _unknown(name, data))), "")


def _unknown(name: str, data: CaseData) -> str:
    head, _, rest = name.partition(".")
    figures = [*(figure.id for figure in data.figures), *(ROC_FIGURES if data.quality_model != "figures" else ())]
    if not rest:
        known = [*PLAIN, *LATE, *figures]
        return "" if name in known else f"there is no figure {name!r}: {near_miss(name, known)}"
    options = [(slot.id, option) for slot in data.slots for option in slot.options]
    lists = {
        "knob": [*data.knobs, *(knob for _, option in options for knob in option.knobs)],
        "has": [_plain(f"{slot}.{option.id}") for slot, option in options],
        "target": [_plain(target.id) for target in data.targets],
        "quality": [*figures, "toxic_reduction"],
        "fact": [fact for scenario in data.scenarios for fact in scenario.every_fact],
        **{group: [effect for _, option in options for effect in option.effects] for group in OVER_OPTIONS},
        **{group: [_plain(slot.id) for slot in data.slots] for group in ("line", "weeks", "util")},
    }
    if head not in lists:
        return "" if _in_seeds(name) else f"there is no fact with a number and no catalogue entry {name!r}"
    return "" if rest in lists[head] else f"{name!r} is not of this case: {near_miss(rest, lists[head])}"


def _in_seeds(name: str) -> bool:
    from casebook.facts import catalog, fact

    try:
        return fact(name).value is not None
    except SeedError:
        return name in catalog()


def _plain(name: str) -> str:
    return name.replace("-", "_")

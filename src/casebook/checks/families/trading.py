"""The one trade-off: two kept designs that differ in one thing, its effect, its price and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks import examples
from casebook.checks.casefile import latency_target
from casebook.checks.finding import Outcome
from casebook.checks.kind import Params, kind
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions, money, quoted, target_of, words
from casebook.design import Design, Evaluation

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

TOLERANCE = 0.10
MONEY_SLACK_USD = 25.0


def _swap_example(data: CaseData) -> str:
    target = latency_target(data) or data.targets[0]
    slot = next((slot for slot in data.slots if len(slot.options) > 1), data.slots[0])
    kept, dropped = slot.options[0].title, slot.options[-1].title
    size = "-80 ms" if target.metric == "latency_ms" else "-5 points"
    return f'Tradeoff("{examples.word(target, data)} {size} for +$1,200 a month: {kept}, instead of {dropped}")'


@check(
    "U14",
    "The trade-off is real: one change, its effect and its price as the model shows them",
    needs=("design", "alternative", "tradeoff"),
    compares=True,
    good=_swap_example,
    bad="effect and price that neither design shows",
)
def tradeoff(subject: Subject) -> Outcome:
    """Kept against alternative: one slot or knob differs; delta and cost are kept minus alternative, within 10 %."""
    answer, data = subject.answer, subject.data
    assert answer.design is not None and answer.alternative is not None and answer.tradeoff is not None
    said = answer.tradeoff
    tally = Tally(evidence=[quoted(f"{said.metric} {said.delta}, {said.cost_usd_month or 0:+,.0f} $ a month")])
    different = answer.design.differences(answer.alternative)
    tally.say(
        len(different) == 1,
        f"the two designs differ in {', '.join(different) or 'nothing'}",
        "Keep a second design that differs in one choice or one knob.",
        weight=2,
    )
    about = target_of(said.metric, data)
    target = next((target for target in data.targets if target.id == about), None)
    if target is None:
        tally.say(False, f"{quoted(said.metric)} is nothing the model shows", "Name a metric of the case.", weight=4)
    else:
        here = subject.evaluation
        there = subject.under(answer.alternative, subject.conditions)
        shift = _figure(here, target) - _figure(there, target)
        told = _told(said.delta_quantity, target.unit)
        unit = {"share": "points", "usd": "$"}.get(target.unit, target.unit)
        simulated = target.metric == "latency_ms"
        moves = abs(shift) > 0.012 * abs(_figure(there, target)) if simulated else abs(shift) > 1e-9
        # "The fall in toxic uploads" grows when toxic uploads go down: both ways of saying it are right.
        falls = target.direction == "min"
        tally.say(
            moves,
            f"{target.title} hardly moves between the two ({shift:+.3g} {unit})",
            "Show the change that moves the metric.",
        )
        tally.say(
            moves and told is not None and (_close(told, shift) or (falls and _close(told, -shift))),
            f"you say {said.delta or 'nothing'}, the two designs show {shift:+.3g} {unit} for {target.title}",
            "Read both boards: kept minus alternative.",
            weight=2,
        )
        price = here.cost_usd_month - there.cost_usd_month
        tally.say(
            said.cost_usd_month is not None and _close(said.cost_usd_month, price, MONEY_SLACK_USD),
            f"you say {money(said.cost_usd_month) if said.cost_usd_month is not None else 'no price'}, "
            f"the bills differ by {price:+,.0f} $ a month",
            "Subtract the two monthly totals, with the sign.",
            weight=2,
        )
    return tally.outcome("One change, its effect and its price, as the two designs show them.")


def _figure(evaluation: Evaluation, target: object) -> float:
    value = evaluation.figure(target.metric, target.quantile, target.span)  # type: ignore[attr-defined]
    return value * 100 if target.unit == "share" else value  # type: ignore[attr-defined]


def _told(quantity: object, unit: str) -> float | None:
    if quantity is None:
        return None
    if unit in ("ms", "hours", "weeks") and quantity.is_time:  # type: ignore[attr-defined]
        return float(quantity.to(unit))  # type: ignore[attr-defined]
    return float(quantity.value)  # type: ignore[attr-defined]


def _close(told: float, true: float, slack: float = 0.0) -> bool:
    """Within 10 %, or within the rounding of two significant digits."""
    return abs(told - true) <= max(TOLERANCE * abs(true), slack)


class Decided(Params):
    """No parameters."""


@kind(
    "decided",
    "The swap ends in a decision, and names what was turned down",
    Decided,
    needs=("design", "alternative", "tradeoff"),
    compares=True,
    example=lambda data, told: _swap_example(data),
)
def decided(subject: Subject, told: Decided) -> Outcome:
    """A decision in words; ``rejected`` names the alternative's option or value in the slot or knob that differs."""
    answer = subject.answer
    assert answer.design is not None and answer.alternative is not None and answer.tradeoff is not None
    said = answer.tradeoff
    tally = Tally(evidence=[quoted(f"{said.decision}; not {said.rejected}")])
    tally.say(len(words(said.decision)) >= 2, "no decision is written down", "End with what you do.")
    different = answer.design.differences(answer.alternative)
    names = [name for slot in different for name in _names(answer.alternative, slot)]
    tally.say(
        any(mentions(said.rejected, name) for name in names),
        f"{quoted(said.rejected) if said.rejected else 'nothing'} is not what the other design has "
        f"({', '.join(names[:2]) or 'the designs do not differ'})",
        "Name what you turn down as the board calls it.",
    )
    return tally.outcome("Effect, price, decision, and what was turned down.")


def _names(design: Design, changed: str) -> list[str]:
    if changed in design.choices:
        option = design.option(changed)
        return [option.title, option.id.replace("-", " "), *(["no " + changed] if option.none else [])]
    value = design.knobs.get(changed)
    return [f"{value:g}".replace(".", " "), f"{value:g}"] if value is not None else []


@check(
    "STU.alternative",
    "An alternative was weighed",
    needs=("tradeoff",),
    compares=True,
    good=_swap_example,
    bad="one design, as if there had been no other",
)
def weighed(subject: Subject) -> Outcome:
    """What was turned down is something of the palette that the kept design does not have, or the second design."""
    answer, data = subject.answer, subject.data
    assert answer.tradeoff is not None
    said = answer.tradeoff.rejected
    kept = set(answer.design.choices.items()) if answer.design else set()
    names = [
        name
        for slot in data.slots
        for option in slot.options
        if (slot.id, option.id) not in kept
        for name in (option.title, option.id.replace("-", " "), *([f"no {slot.title}"] if option.none else []))
    ]
    if answer.design is not None and answer.alternative is not None:
        names += [n for slot in answer.design.differences(answer.alternative) for n in _names(answer.alternative, slot)]
    found = sorted((name for name in names if name and mentions(said, name)), key=len)
    if found:
        return Outcome(1.0, quoted(said), f"{found[-1]} was weighed and turned down.")
    return Outcome(
        0.0,
        quoted(said) if said else "",
        "No alternative of the palette is turned down.",
        f"End the trade-off with “instead of …”, e.g. {_swap_example(data)}.",
    )

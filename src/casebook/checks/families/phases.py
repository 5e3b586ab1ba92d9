"""Growth in phases: dated, in order, each with more capacity, and machines that carry it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from casebook.checks.casefile import rule
from casebook.checks.finding import Outcome
from casebook.checks.formula import value as formula_value
from casebook.checks.kind import Formula, Params, kind
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import words
from casebook.facts.base import Number

if TYPE_CHECKING:
    from casebook.answer import Phase
    from casebook.facts.case import CaseData


def _phase_example(data: CaseData) -> str:
    goal = goal_per_day(data)
    return f'Phase("day 0 for 90 days: {goal:,.0f} {data.unit.requests} a day, how it is reached, 8 machines")'


def goal_per_day(data: CaseData) -> float:
    """Requests a day that the last phase must carry: the case's rule, else its busiest scenario."""
    return float(rule(data, "goal_requests_day", max(float(scenario.requests_day) for scenario in data.scenarios)))


def _per_day(phase: Phase) -> float | None:
    quantity = phase.capacity_quantity
    return None if quantity is None else quantity.per_day


def _in_order(tally: Tally, phases: tuple[Phase, ...]) -> None:
    """Dated, one after the other, more capacity each time, with something that carries it."""
    tally.say(
        all(phase.start_day is not None and phase.days for phase in phases),
        "a phase has no start or no length",
        "Write “day 0 for 90 days” before the colon.",
    )
    ends = [(phase.start_day, phase.end_day) for phase in phases]
    tally.say(
        len(phases) >= 2
        and all(
            end is not None and start is not None and end <= start + 1e-9
            for (_, end), (start, _) in itertools.pairwise(ends)
        ),
        "there are not two phases, one after the other",
        "Let each phase begin when the one before is over.",
    )
    sizes = [_per_day(phase) for phase in phases]
    rising = all(a is not None and b is not None and a < b for a, b in itertools.pairwise(sizes))
    tally.say(
        len(phases) >= 2 and rising,
        "capacity does not rise from phase to phase",
        "Give each phase a count a day, more than the one before.",
    )
    resources = [phase.resources_quantity for phase in phases]
    tally.say(
        all(quantity is not None and quantity.value > 0 for quantity in resources),
        "a phase does not say with what",
        "Add the machines that carry it, such as “8 nodes”.",
    )


@check(
    "U17",
    "Growth comes in phases: dated, in order, each with more capacity",
    needs=("phases",),
    compares=True,
    good=_phase_example,
    bad="a vision without a date",
)
def phased(subject: Subject) -> Outcome:
    """Two or more phases in order, capacity rising, resources named; the last carries the case's goal."""
    found = subject.answer.phases
    tally = Tally(evidence=[f"day {p.start_day or 0:g}: {p.capacity or '?'}" for p in found])
    _in_order(tally, found)
    goal, last = goal_per_day(subject.data), _per_day(found[-1])
    tally.say(
        last is not None and last >= goal * (1 - 1e-9),
        f"the last phase does not reach {goal:,.0f} a day",
        "Let the last phase carry the goal.",
    )
    return tally.outcome("A plan in phases that reaches the goal.")


class Phases(Params):
    """``goal_day`` requests a day within ``within_days``, in ``at_least`` phases whose techniques differ; one node
    carries ``node_day`` requests a day (a formula over the kept design), at ``peak_factor`` times the mean.
    """

    goal_day: Formula
    within_days: Number
    at_least: Number = 2  # type: ignore[assignment]
    node_day: Formula | None = None
    peak_factor: Formula = 1.0  # type: ignore[assignment]


def _phases_needs(told: Phases) -> tuple[str, ...]:
    return ("phases", "design") if isinstance(told.node_day, str) else ("phases",)


@kind(
    "phases",
    "The roadmap reaches the goal in time, and its machines can carry it",
    Phases,
    needs_of=_phases_needs,
    compares=True,
    example=lambda data, told: _phase_example(data),
)
def phases(subject: Subject, told: Phases) -> Outcome:
    """Dated and rising; techniques differ; the last by the date; in each phase nodes × capacity ≥ peak."""
    found = subject.answer.phases
    evaluation = subject.evaluation if subject.answer.design is not None else None
    tally = Tally(evidence=[f"day {p.start_day or 0:g}: {p.capacity or '?'} with {p.resources or '?'}" for p in found])
    wanted = int(told.at_least)
    tally.say(len(found) >= wanted, f"{len(found)} of {wanted} phases", "Add a phase.")
    names = [" ".join(words(phase.technique)) for phase in found]
    tally.say(
        len(set(names)) == len(names) and all(names),
        "two phases grow in the same way, or one does not say how",
        "Name another technique for each phase.",
    )
    goal = formula_value(told.goal_day, evaluation) if evaluation else float(told.goal_day)
    by, last = found[-1].end_day, _per_day(found[-1])
    tally.say(
        last is not None and last >= goal * (1 - 1e-9) and by is not None and by <= float(told.within_days) + 1e-9,
        f"{goal:,.0f} a day is not there by day {float(told.within_days):g}",
        "Let the last phase carry the goal, and end in time.",
        weight=2,
    )
    if told.node_day is not None:
        node = formula_value(told.node_day, evaluation) if evaluation else float(told.node_day)
        peak = formula_value(told.peak_factor, evaluation) if evaluation else float(told.peak_factor)
        for phase in found:
            size, units = _per_day(phase), phase.resources_quantity
            carries = None if units is None else units.value * node
            tally.say(
                size is not None and carries is not None and carries >= size * peak * (1 - 1e-9),
                f"{phase.resources or 'nothing'} carries {carries or 0:,.0f} a day, and the peak of the phase is "
                f"{(size or 0) * peak:,.0f}",
                "Divide the peak by what one machine carries.",
            )
    return tally.outcome("In time, each phase another way, and the machines carry the peak.")

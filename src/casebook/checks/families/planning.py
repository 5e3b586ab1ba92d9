"""Plans with numbers: phases of growth, the minutes of the session, rhythms, labels, and the table of nodes."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from pydantic import Field

from casebook.checks import examples
from casebook.checks.casefile import latency_target, rule
from casebook.checks.finding import Outcome
from casebook.checks.formula import value as formula_value
from casebook.checks.kind import Formula, Params, kind
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions, money, owner_of, quoted, words
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


def _session(data: CaseData) -> float | None:
    plan = data.time_plan
    minutes = rule(data, "session_minutes", float(plan.total_minutes) if plan is not None else None)
    return None if minutes is None else float(minutes)


def _time_example(data: CaseData) -> str:
    plan = data.time_plan
    if plan is None:
        return 'TimePlan("clarify 5, design 10, …")'
    return f'TimePlan("{", ".join(f"{block.section} {float(block.minutes):g}" for block in plan.blocks)}")'


@check(
    "U22",
    "The minutes add up to the session",
    needs=("time_plan",),
    good=_time_example,
    bad="55 minutes planned for 45",
    absent=lambda data: "" if _session(data) else "The case names no length of a session.",
)
def minutes(subject: Subject) -> Outcome:
    """Every section has minutes, together those of the session; where the rules say so the loop is not last."""
    plan, total = subject.answer.time_plan, _session(subject.data)
    assert plan is not None and total is not None
    tally = Tally(evidence=[", ".join(f"{name} {spent:g}" for name, spent in plan.blocks)])
    _add_up(tally, plan.blocks, total)
    early = str(rule(subject.data, "not_last", ""))
    if early:
        _not_last(tally, plan.blocks, early)
    return tally.outcome("The minutes add up.")


def _add_up(tally: Tally, blocks: tuple[tuple[str, float], ...], total: float) -> None:
    spent = sum(minutes for _, minutes in blocks)
    tally.say(abs(spent - total) < 0.01, f"{spent:g} minutes are planned for {total:g}", "Make them add up.")
    tally.say(all(minutes > 0 for _, minutes in blocks), "a section has no minutes", "Give each section its minutes.")


def _not_last(tally: Tally, blocks: tuple[tuple[str, float], ...], phrase: str) -> None:
    at = [place for place, (name, _) in enumerate(blocks) if mentions(name, phrase)]
    tally.say(
        bool(at) and at[0] < len(blocks) - 1,
        f"{phrase} comes last, or not at all: in a short session it is never reached",
        f"Bring {phrase} forward.",
    )


class Minutes(Params):
    """``total`` minutes; ``sections``: name → minutes, each within ``tolerance`` minutes; ``not_last``: a section that
    must come earlier.
    """

    total: Number
    sections: dict[str, Number] = Field(default_factory=dict)
    tolerance: Number = 2  # type: ignore[assignment]
    not_last: str = ""


@kind(
    "time-plan",
    "The minutes follow the plan that the article gives",
    Minutes,
    needs=("time_plan",),
    example=lambda data, told: 'TimePlan("' + ", ".join(f"{k} {float(v):g}" for k, v in told.sections.items()) + '")',
)
def time_plan(subject: Subject, told: Minutes) -> Outcome:
    """Sections and minutes as asked for, adding up."""
    plan = subject.answer.time_plan
    assert plan is not None
    tally = Tally(evidence=[", ".join(f"{name} {spent:g}" for name, spent in plan.blocks)])
    _add_up(tally, plan.blocks, float(told.total))
    for name, wanted in told.sections.items():
        spent = sum(minutes for section, minutes in plan.blocks if mentions(section, name))
        tally.say(
            abs(spent - float(wanted)) <= float(told.tolerance) and spent > 0,
            f"{name} has {spent:g} minutes, not about {float(wanted):g}",
            f"Give {name} {float(wanted):g} minutes.",
        )
    if told.not_last:
        _not_last(tally, plan.blocks, told.not_last)
    return tally.outcome("The minutes add up, and go where they count.")


class Cadences(Params):
    """``every``: a word of what is done → days between two occasions at most."""

    every: dict[str, Number]


@kind(
    "cadences",
    "What comes round has a rhythm and an owner",
    Cadences,
    needs=("cadences",),
    example=lambda data, told: "; ".join(
        f'Cadence("{word} every {float(days):g} days, {examples.owner_for(None, data)}")'
        for word, days in told.every.items()
    ),
)
def cadences(subject: Subject, told: Cadences) -> Outcome:
    """For each thing one cadence, often enough, owned by a function of the case; no cadence serves two."""
    left = [*subject.answer.cadences, *([subject.answer.cadence] if subject.answer.cadence else [])]
    tally = Tally(evidence=[quoted(f"{item.what} every {item.every_days or 0:g} days") for item in left])
    for word, days in told.every.items():
        found = next((item for item in left if mentions(item.what, word)), None)
        if found is not None:
            left.remove(found)
        tally.say(
            found is not None and found.every_days is not None and found.every_days <= float(days) * 1.05,
            f"nothing about {word} comes round every {float(days):g} days",
            f"Say how often, and who: {word} every {float(days):g} days.",
        )
        owner = owner_of(found.owner, subject.data.owners) if found else None
        tally.say(owner is not None, f"nobody owns {word}", "Name a function of the case.")
    return tally.outcome("Each has its rhythm and its owner.")


class Labels(Params):
    """Bounds of the learner's plan: ``labelled`` examples at least, ``label_error`` percent at most, ``agreement``
    percent at least, a refresh every ``refresh_days`` at most. ``sources`` are phrases of acceptable sources.
    """

    labelled: Number | None = None
    at_most: Number | None = None
    label_error: Number | None = None
    agreement: Number | None = None
    refresh_days: Number | None = None
    sources: tuple[str, ...] = ()


@kind(
    "data-plan",
    "Labels have a source, a quality and an owner",
    Labels,
    needs=("data_plan",),
    example=lambda data, told: (
        'DataPlan("source: 2,000 labelled by two people, label error 5 %, agreement 85 %, '
        f'refresh every 1 week, {examples.owner_for(None, data)}")'
    ),
)
def data_plan(subject: Subject, told: Labels) -> Outcome:
    """Every number asked for is there and within its bounds; an annotator and an owner are named."""
    plan, data = subject.answer.data_plan, subject.data
    assert plan is not None
    tally = Tally(evidence=[quoted(f"{plan.source}: {plan.labelled or 0:,.0f} by {plan.annotator or 'nobody'}")])
    sourced = bool(words(plan.source)) and (not told.sources or any(mentions(plan.source, s) for s in told.sources))
    tally.say(sourced, "the labels do not come from anything this case has", "Say where the labels come from.")
    tally.say(bool(words(plan.annotator)), "nobody labels", "Say who labels.")
    count = plan.labelled
    enough = count is not None and count >= float(told.labelled or 1)
    enough = enough and (told.at_most is None or (count or 0) <= float(told.at_most))
    tally.say(enough, f"{count or 0:,.0f} labelled examples do not fit", "Say how many there are, or will be.")
    error, agreement = plan.label_error_percent, plan.agreement_percent
    tally.say(
        error is not None and (told.label_error is None or error <= float(told.label_error)),
        "how many labels are wrong is not audited" if error is None else f"{error:g} % of the labels are wrong",
        "Audit a sample, and mend the labels before the model.",
    )
    tally.say(
        agreement is not None and (told.agreement is None or agreement >= float(told.agreement)),
        "agreement between two people is not measured"
        if agreement is None
        else f"two people agree on {agreement:g} % only",
        "Let two people label the same examples.",
    )
    if error is not None and agreement is not None:
        # Two people who each err in e of the cases agree on at least 1 - 2e of them.
        tally.say(
            agreement >= 100 - 2 * error - 1e-9,
            f"with {error:g} % wrong labels two people agree on at least {100 - 2 * error:g} %",
            "Make both numbers fit each other.",
        )
    refresh = plan.refresh_days
    tally.say(
        refresh is not None and (told.refresh_days is None or refresh <= float(told.refresh_days)),
        "the labels are not refreshed often enough",
        "Say how often new labels come in.",
    )
    tally.say(owner_of(plan.owner, data.owners) is not None, "nobody owns the labels", "Name a function of the case.")
    return tally.outcome("The labels have a source, a quality, a rhythm and an owner.")


class Rows(Params):
    """``knob``: what is counted; ``price``: USD a month of one (a formula); ``rows`` at least; each latency within
    ``tolerance`` of the kept design with that knob; one row costs at most ``envelope``; ``quantile`` of the latency.
    """

    knob: str
    price: Formula
    rows: Number = 3  # type: ignore[assignment]
    tolerance: Number = 0.15  # type: ignore[assignment]
    envelope: Formula | None = None
    figure: Formula | None = None


def _rows_verify(data: CaseData, told: Rows) -> str:
    knobs = [*data.knobs, *(knob for slot in data.slots for option in slot.options for knob in option.knobs)]
    known = ", ".join(dict.fromkeys(knobs))
    return "" if told.knob in knobs else f"there is no knob {told.knob!r}. Choose one of {known}"


@kind(
    "table",
    "The table of units against latency is that of the kept design",
    Rows,
    needs=("table", "design"),
    compares=True,
    example=lambda data, told: 'Table("1 nodes: 1,400 ms, $18,000 a month; 2 nodes: …") with the board\'s own figures',
    verify=_rows_verify,
)
def table(subject: Subject, told: Rows) -> Outcome:
    """Rows rise in units, latencies never rise, each costs units × price and is what the re-run design shows."""
    found, design = subject.answer.table, subject.answer.design
    assert found is not None and design is not None
    rows = found.rows[:6]
    price = formula_value(told.price, subject.evaluation)
    tally = Tally(evidence=[f"{units:g}: {ms:,.0f} ms, {money(usd)}" for units, ms, usd in rows])
    wanted = int(told.rows)
    tally.say(min(1.0, len(rows) / wanted), f"{len(rows)} of {wanted} rows", "Try another number of units.")
    tally.say(
        len(rows) >= 2 and all(a[0] < b[0] and a[1] >= b[1] for a, b in itertools.pairwise(rows)),
        "units do not rise, or more of them take longer",
        "Sort by units; latency can only fall.",
    )
    goal = latency_target(subject.data)
    quantile, span = (float(goal.quantile or 0.99), goal.span) if goal else (0.99, "")
    for units, ms, usd in rows:
        tally.say(
            abs(usd - units * price) <= 0.02 * units * price,
            f"{units:g} cost {money(units * price)} a month, not {money(usd)}",
            f"Multiply by {money(price)}.",
        )
        shown = _with(subject, told, units, quantile, span)
        tally.say(
            shown == shown and abs(ms - shown) <= float(told.tolerance) * shown,
            f"with {units:g} the kept design shows {shown:,.0f} ms, not {ms:,.0f}"
            if shown == shown
            else f"the kept design has no {told.knob} of {units:g}",
            "Move the control and read the board.",
        )
    if told.envelope is not None:
        envelope = formula_value(told.envelope, subject.evaluation)
        kept = [usd for units, _, usd in rows if abs(units - design.knobs.get(told.knob, -1)) < 1e-9]
        tally.say(
            bool(kept) and kept[0] <= envelope,
            f"what you kept is not in the table, or costs more than {money(envelope)}",
            "Put the row you chose into the table.",
        )
    return tally.outcome("The table is that of the kept design.")


def _with(subject: Subject, told: Rows, units: float, quantile: float, span: str) -> float:
    from casebook.design.design import DesignError

    design = subject.answer.design
    assert design is not None
    if told.knob not in design.knobs:
        return float("nan")
    try:
        other = design.changed(**{told.knob: int(units) if float(units).is_integer() else units})
    except DesignError:
        return float("nan")
    evaluation = subject.under(other, subject.conditions)
    if told.figure is not None:
        return formula_value(told.figure, evaluation)
    return evaluation.figure("latency_ms", quantile, span)

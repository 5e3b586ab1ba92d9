"""What single articles ask of any case: a start-up's speed, cost and second use; impact and feasibility."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks import examples
from casebook.checks.casefile import primary_target
from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import money, quoted, target_of
from casebook.facts import fact

if TYPE_CHECKING:
    from casebook.answer import Quantity
    from casebook.facts.case import CaseData

DAYS_PER_MONTH = 730 / 24
FACTOR = 2.0
HALF_A_WEEK = 0.5


def _works(subject: Subject) -> str:
    """What the kept design fails to do, '' where it reaches the case's goal: quick and cheap count only then."""
    goal = primary_target(subject.data)
    verdicts = {verdict.target: verdict for verdict in subject.evaluation.verdicts}
    if goal is None or verdicts[goal.id].ok:
        return ""
    return f"{goal.title} misses its limit, so there is nothing worth shipping yet"


@check(
    "STU.speed",
    "A first version that works ships within six weeks",
    needs=("design", "rollout"),
    compares=True,
    good="MVP 5 weeks, from parts that take no longer, and the goal is reached",
    bad="MVP 12 weeks",
)
def speed(subject: Subject) -> Outcome:
    """Weeks promised and weeks the parts take are within the article's limit; a design that misses its goal earns 0."""
    rollout, limit = subject.answer.rollout, float(fact("STU.limit_weeks").value or 0.0)
    assert rollout is not None
    takes, said = subject.evaluation.mvp_weeks, rollout.mvp_weeks
    evidence = f"promised {f'{said:g}' if said is not None else 'no'} weeks, the parts take {takes:g}"
    if why := _works(subject):
        return Outcome(0.0, evidence, f"{why[:1].upper()}{why[1:]}.", "Reach the goal first, with plainer parts.")
    tally = Tally(evidence=[evidence])
    tally.say(takes <= limit + 1e-9, f"the parts take {takes:g} weeks, more than {limit:g}", "Take fewer parts.")
    tally.say(
        said is not None and takes - 0.5 <= said <= limit + 1e-9,
        "the first version has no date that its parts allow"
        if said is None or said < takes
        else f"{said:g} weeks is later than {limit:g}",
        f"Promise a first version within {limit:g} weeks.",
    )
    return tally.outcome(f"It works, and ships within {limit:g} weeks.")


@check(
    "STU.cost",
    "It works for less than a start-up's budget a month",
    needs=("design",),
    compares=True,
    good="a bill below $5,000 a month for a design that reaches the goal",
    bad="a cluster for 200 requests a day",
)
def cost(subject: Subject) -> Outcome:
    """The bill of the kept design, mistakes included, below the article's limit; 0 for one that misses its goal."""
    limit, bill = float(fact("STU.limit_usd_month").value or 0.0), subject.evaluation.cost_usd_month
    evidence = f"{money(bill)} a month"
    if why := _works(subject):
        return Outcome(0.0, evidence, f"{why[:1].upper()}{why[1:]}.", "Reach the goal first, with plainer parts.")
    good = bill < limit
    return Outcome(
        float(good),
        evidence,
        f"{evidence}, below {money(limit)}." if good else f"{evidence} is not below {money(limit)}.",
        "" if good else "Look at the largest line of the bill.",
    )


@check(
    "STU.reuse",
    "A second use is in sight, with a date",
    needs=("scope",),
    good='Scope("the next use (in 4 months, from the same data)")',
    bad="nothing that is left out has a date",
)
def reuse(subject: Subject) -> Outcome:
    """Something left out, or a phase, comes within three to six months; outside, the share falls with the distance."""
    found = fact("STU.limit_adapt_months")
    low, high = float(found.low or 3.0), float(found.high or 6.0)
    assert subject.answer.scope is not None
    from casebook.answer import find_quantities

    said = [
        (quantity.to("days") / DAYS_PER_MONTH, f"{item} ({reason})")
        for item, reason in subject.answer.scope.out
        for quantity in find_quantities(f"{item} {reason}")
        if quantity.is_time and not quantity.per
    ]
    said += [
        (phase.start_day / DAYS_PER_MONTH, phase.technique)
        for phase in subject.answer.phases
        if phase.start_day and phase.technique
    ]
    if not said:
        return Outcome(
            0.0,
            "; ".join(quoted(item) for item, _ in subject.answer.scope.out[:3]),
            "Nothing that is left out says when it comes.",
            f"Say what else the same parts can do in {low:g} to {high:g} months.",
        )
    months, text = min(said, key=lambda item: max(low - item[0], item[0] - high, 0.0))
    off = max(low - months, months - high, 0.0)
    share = max(0.0, 1.0 - off / low)
    if share >= 1.0:
        return Outcome(1.0, quoted(text), f"A second use in about {months:.2g} months.")
    return Outcome(
        share,
        quoted(text),
        f"The next use comes after {months:.2g} months, not within {low:g} to {high:g}.",
        f"Plan one for {low:g} to {high:g} months from now.",
    )


def _impact_example(data: CaseData) -> str:
    slot, target = examples.part(data), primary_target(data) or data.targets[0]
    size = {"ms": "-80 ms", "usd": "-$0.01"}.get(target.unit, "-5 points")
    return f'ComponentNote("{slot.id}: …", impact="{examples.word(target, data)} {size}")'


@check(
    "MJ.impact",
    "Every part says what it does for a number",
    needs=("design", "notes", "metrics"),
    compares=True,
    good=_impact_example,
    bad="a part that “improves the experience”",
)
def impact(subject: Subject) -> Outcome:
    """Each chosen part's ``impact`` names a committed metric and by how much it moves."""
    answer, data = subject.answer, subject.data
    assert answer.design is not None
    committed = {target_of(metric.name, data) for metric in answer.metrics} - {None}
    tally = Tally()
    for slot in answer.design.components:
        note, title = answer.note_for(slot), data.slot(slot).title
        said: Quantity | None = note.impact_quantity if note else None
        about = target_of(note.impact, data) if note else None
        tally.say(
            said is not None and about in committed,
            f"{title} has no effect on a number you committed to",
            f"Write {_impact_example(data)}.",
            evidence=f"{slot}: {quoted(note.impact)}" if note and note.impact else "",
        )
    return tally.outcome("Every part moves a number, and says by how much.")


@check(
    "MJ.feasibility",
    "Every part has an effort, of the right size",
    needs=("design", "notes"),
    compares=True,
    good=examples.note,
    bad="a part without weeks",
)
def feasibility(subject: Subject) -> Outcome:
    """Each chosen part's weeks within a factor of two of what the palette says; half a week off is near enough."""
    answer, data = subject.answer, subject.data
    assert answer.design is not None
    tally = Tally()
    for slot in answer.design.components:
        note, title = answer.note_for(slot), data.slot(slot).title
        weeks = note.effort_weeks if note else None
        takes = float(answer.design.option(slot).build_weeks)
        close = weeks is not None and abs(weeks - takes) <= HALF_A_WEEK
        near = close or (weeks is not None and takes / FACTOR - 1e-9 <= weeks <= takes * FACTOR + 1e-9)
        wrong = "has no weeks of effort" if weeks is None else f"takes {takes:g} weeks, you say {weeks:g}"
        tally.say(
            1.0 if near else 0.0 if weeks is None else 0.5,
            f"{title} {wrong}",
            "Say how many weeks each part takes.",
            evidence=f"{slot}: {weeks:g} weeks" if weeks is not None else "",
        )
    return tally.outcome("Every part can be built, and it is known in how long.")

"""The parts of the design: a few boxes, known ones, each fit for its place and there for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks.casefile import slots_named
from casebook.checks.finding import Outcome
from casebook.checks.formula import value as formula_value
from casebook.checks.kind import Formula, OptionId, Params, SlotId, kind
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.words import quoted, target_of

if TYPE_CHECKING:
    from casebook.facts.case import CaseData


@check(
    "U11",
    "The picture has three to five boxes at its top level",
    needs=("design",),
    good="Upload, Scoring, People, Learning",
    bad="one box, or nine",
)
def boxes(subject: Subject) -> Outcome:
    """Groups that hold a part. Replicas and labels do not count."""
    design = subject.answer.design
    assert design is not None
    groups = list(dict.fromkeys(part.group_title for part in design.parts()))
    good = 3 <= len(groups) <= 5
    return Outcome(
        float(good),
        ", ".join(groups),
        f"{len(groups)} boxes."
        if good
        else f"{len(groups)} boxes at the top level; three to five can be taken in at a glance.",
        "" if good else "Fill the step that is missing.",
    )


@check(
    "U23",
    "No exotic part without a need",
    needs=("design",),
    good="parts a team can buy or run today",
    bad="custom hardware at the edge",
)
def no_exotic(subject: Subject) -> Outcome:
    """No part that the palette calls exotic."""
    design = subject.answer.design
    assert design is not None
    exotic = [part.title for part in design.parts() if part.exotic]
    if not exotic:
        return Outcome(1.0, ", ".join(part.title for part in design.parts()), "Known parts only.")
    return Outcome(
        0.0,
        ", ".join(exotic),
        f"{', '.join(exotic)}: novelty that no limit of this case asks for.",
        "Take the plainest part that keeps the limits.",
    )


class Chosen(Params):
    """What stands in ``slot`` (id or role) is one of ``options``, or serves one of ``serves``; without either, the slot
    is filled.
    """

    slot: SlotId
    options: tuple[OptionId, ...] = ()
    serves: tuple[str, ...] = ()


def _chosen_titles(data: CaseData, told: Chosen) -> list[str]:
    found = [option for slot in slots_named(data, told.slot) for option in data.slot(slot).options]
    good = [o for o in found if o.id in told.options or (o.serves and o.serves in told.serves)]
    return [o.title for o in good or [o for o in found if not o.none]]


@kind(
    "chosen",
    "The part fits what the case asks for",
    Chosen,
    needs=("design",),
    example=lambda data, told: " or ".join(_chosen_titles(data, told)),
)
def chosen(subject: Subject, told: Chosen) -> Outcome:
    """The chosen option is one of those named, or of a kind that is named."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    options = [design.option(slot) for slot in slots_named(data, told.slot)]
    filled = [option for option in options if not option.none]
    if told.serves:
        good = [option for option in filled if option.serves in told.serves]
        names = " or ".join(told.serves)
        complaint, fix = f"is not served by {names}", f"Choose an option that runs on {names}."
    elif told.options:
        good = [option for option in options if option.id in told.options]
        names = " or ".join(_chosen_titles(data, told))
        complaint, fix = "does not do what is needed here", f"Choose {names}."
    else:
        good, complaint = filled, "leaves the place empty"
        fix = f"Choose an option for {data.slot(slots_named(data, told.slot)[0]).title}."
    shown = (good or filled or options)[0].title
    if good:
        return Outcome(1.0, shown, f"{shown} is one.")
    return Outcome(0.0, shown, f"{shown} {complaint}.", fix)


class Avoid(Params):
    """None of ``options`` is chosen, ``unless`` a formula over the kept design is above 0 (a need that is stated)."""

    options: tuple[OptionId, ...]
    unless: Formula | None = None
    because: str = ""


@kind(
    "avoid",
    "Nothing is there that the numbers do not ask for",
    Avoid,
    needs=("design",),
    compares=True,
    example=lambda data, told: "the plainest part that keeps the limits",
)
def avoid(subject: Subject, told: Avoid) -> Outcome:
    """A part that is too much for this case is fine only where the case's numbers need it."""
    design = subject.answer.design
    assert design is not None
    found = [part.title for part in design.parts() if part.option_id in told.options]
    if not design.components:
        return Outcome(0.0, "", "The design has no part.", "Choose parts first.")
    if not found:
        return Outcome(1.0, ", ".join(part.title for part in design.parts()), "No part is more than the numbers need.")
    if told.unless is not None and formula_value(told.unless, subject.evaluation) > 0:
        return Outcome(1.0, ", ".join(found), f"The numbers of this design need {' and '.join(found)}.")
    why = told.because or "no number of this case needs it"
    return Outcome(0.0, ", ".join(found), f"{' and '.join(found)}: {why}.", "Take the plainer part.")


class OneOrNone(Params):
    """``slot`` (id or role) that may stay empty."""

    slot: SlotId


@kind(
    "exactly-one-or-none",
    "At most one of it, and it earns its place",
    OneOrNone,
    needs=("design",),
    compares=True,
    example=lambda data, told: (
        f"no {data.slot(slots_named(data, told.slot)[0]).title.lower()}, or one whose absence "
        "would cost a limit of the case"
    ),
)
def one_or_none(subject: Subject, told: OneOrNone) -> Outcome:
    """None, or one whose note names a target that gets worse when the part is taken out."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    slot = data.slot(slots_named(data, told.slot)[0])
    name = f"{slot.title.lower()} layer"
    if design.option(slot.id).none:
        return Outcome(1.0, f"no {name}", "A direct call: nothing to explain.")
    note = subject.answer.note_for(slot.id)
    about = target_of(note.because, data) if note else None
    evidence = quoted(note.because) if note else design.option(slot.id).title
    none = next((option.id for option in slot.options if option.none), "")
    if about is None or not none:
        return Outcome(
            0.0,
            evidence,
            f"The {name} has no reason among the case's limits.",
            "Name the limit it serves, or do without it.",
        )
    without = design.changed(**{slot.id.replace("-", "_"): none})
    here = {verdict.target: verdict for verdict in subject.evaluation.verdicts}[about]
    there = {verdict.target: verdict for verdict in subject.under(without, subject.conditions).verdicts}[about]
    if there.margin < here.margin - 1e-9:
        return Outcome(1.0, evidence, f"Without it, {here.title} would be worse.")
    return Outcome(
        0.0,
        evidence,
        f"Without it, {here.title} would be no worse: the reason does not hold.",
        "Name the limit it really serves, or do without it.",
    )

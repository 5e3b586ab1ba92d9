"""The notes beside the parts: who owns one, what it is for, what it costs, how far it moves a number."""

from __future__ import annotations

from casebook.checks import examples
from casebook.checks.casefile import slots_named, target
from casebook.checks.families.stating import in_unit
from casebook.checks.finding import Outcome
from casebook.checks.formula import value as formula_value
from casebook.checks.kind import Formula, OwnerName, Params, SlotId, TargetId, kind
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import is_about, money, owner_of, quoted, target_of
from casebook.facts.base import Number


class NoteFor(Params):
    """The note of ``slot``, where it is filled: an owner among ``owners``, a reason about one of ``targets``, an
    estimate if ``priced``.
    """

    slot: SlotId
    owners: tuple[OwnerName, ...] = ()
    targets: tuple[TargetId, ...] = ()
    priced: bool = False


@kind(
    "note-for",
    "The part has an owner and a reason that fit it",
    NoteFor,
    needs=("notes", "design"),
    compares=True,
    example=lambda data, told: (
        f'ComponentNote("{slots_named(data, told.slot)[0]}: '
        f'{(told.owners or data.owners or ("its owner",))[0]}, because …")'
    ),
)
def note_for(subject: Subject, told: NoteFor) -> Outcome:
    """The slot is filled and its note says who, what for and how much."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    slot = next((name for name in slots_named(data, told.slot) if name in design.components), None)
    title = data.slot(slots_named(data, told.slot)[0]).title
    if slot is None:
        return Outcome(0.0, ", ".join(design.components), f"{title} is empty.", f"Choose an option for {title}.")
    note = subject.answer.note_for(slot)
    if note is None:
        return Outcome(0.0, slot, f"{title} has no note.", f"Write one for {title}.")
    tally = Tally(evidence=[quoted(f"{note.slot}: {note.owner}, because {note.because}")])
    if told.owners:
        tally.say(
            owner_of(note.owner, data.owners) in told.owners,
            f"{title} is owned by {note.owner or 'nobody'}",
            f"Choose {' or '.join(told.owners)}.",
        )
    if told.targets:
        names = [examples.word(target(data, name), data) for name in told.targets]
        tally.say(
            target_of(note.because, data) in told.targets,
            f"{title} is not there for {' or '.join(names)}",
            f"Say what it does for {' or '.join(names)}.",
        )
    else:
        tally.say(target_of(note.because, data) is not None, f"{title} has no reason the case measures", "Name one.")
    if told.priced:
        usd = note.estimate_usd_month
        tally.say(usd is not None and usd > 0, f"{title} has no price", "Estimate US dollars a month.")
        if usd:
            bill = subject.evaluation.cost_lines.get(slot, 0.0)
            tally.say(
                bill > 0 and 0.5 <= usd / bill <= 2,
                f"you say {money(usd)}, the bill says {money(bill)} a month",
                "Redo the estimate.",
            )
    return tally.outcome(f"{title} has an owner and a reason that fit.")


class Impacts(Params):
    """``impact`` of the notes about ``target``, added up (in its unit, a fall is negative): together at least
    ``total`` in size, over at least ``parts`` parts, of ``slots`` where named.
    """

    target: TargetId
    total: Formula
    parts: Number = 2  # type: ignore[assignment]
    slots: tuple[SlotId, ...] = ()


@kind(
    "impacts",
    "The parts together move the number as far as it must go",
    Impacts,
    needs=("notes", "design"),
    compares=True,
    example=lambda data, told: f'impact="{examples.word(target(data, told.target), data)} -400 ms" on each part',
)
def impacts(subject: Subject, told: Impacts) -> Outcome:
    """Signed impacts of chosen parts on one target, summed."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    aim = target(data, told.target)
    only = {name for slot in told.slots for name in slots_named(data, slot)}
    total, count, said = 0.0, 0, []
    for slot in design.components:
        note = subject.answer.note_for(slot)
        quantity = note.impact_quantity if note else None
        if note is None or quantity is None or (only and slot not in only) or not is_about(note.impact, aim.id, data):
            continue
        value = in_unit(quantity, "percent" if aim.unit == "share" else aim.unit)
        if value is not None:
            total, count = total + value, count + 1
            said.append(f"{slot}: {note.impact}")
    wanted = abs(formula_value(told.total, subject.evaluation))
    tally = Tally(evidence=[quoted(text) for text in said] or [""])
    tally.say(
        min(1.0, count / float(told.parts)),
        f"{count} of {float(told.parts):g} parts say how far they move {examples.word(aim, data)}",
        "Give each part its impact with number and sign.",
    )
    unit = "percent" if aim.unit == "share" else aim.unit
    tally.say(
        count > 0 and abs(total) >= wanted * 0.99,
        f"together they move it by {total:+g} {unit}, and {wanted:g} are needed",
        "Add parts, or say what each really brings.",
    )
    return tally.outcome("Together the parts move the number far enough.")

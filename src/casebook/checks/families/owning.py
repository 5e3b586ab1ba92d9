"""Owners, reasons and the loop: who answers for each part, what it is there for, how the model learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks import examples
from casebook.checks.casefile import SMALL_TEAM, context, slot_of_role, words_for
from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions, owner_of, quoted, target_of, words

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

HANDOFFS_WANTED = 2


def _owner_example(data: CaseData) -> str:
    slot = examples.part(data)
    link = next((link for link in data.links if slot.id in (link.src, link.dst)), None)
    ends = f"{link.src} -> {link.dst}" if link else f"{slot.id} -> …"
    return (
        f'ComponentNote("{slot.id}: {examples.owner_for(slot, data)}, …") and Handoff("{ends}: schema agreed by both")'
    )


def _loop_example(data: CaseData) -> str:
    store = slot_of_role(data, "feedback")
    return f'{store.title if store else "a store"}, and Cadence("retrain every 1 week", owner="' + (
        f'{examples.owner_for(store, data)}")'
    )


@check(
    "U5",
    "Every part has an owner whose job it is, and hand-overs are agreed",
    needs=("design", "notes"),
    compares=True,
    good=_owner_example,
    absent=lambda data: "" if data.owners else "The case names no functions that could own a part.",
    bad="one owner for everything, or “the team”",
)
def owners(subject: Subject) -> Outcome:
    """Owner from the case's functions and fitting the part; two hand-overs on edges whose ends differ in owner.

    In a company of ten people or fewer one owner may have every part, and there is nothing to hand over then.
    """
    design, answer, data = subject.answer.design, subject.answer, subject.data
    assert design is not None
    tally = Tally()
    owned: dict[str, str] = {}
    for slot_id in design.components:
        slot = data.slot(slot_id)
        note = answer.note_for(slot_id)
        owner = owner_of(note.owner, data.owners) if note else None
        if owner:
            owned[slot_id] = owner
        fits = owner is not None and (owner in slot.owner_kinds or not slot.owner_kinds)
        said = quoted(note.owner) if note and note.owner else "nobody"
        tally.say(
            fits,
            f"{slot.title} is owned by {said}" + ("" if fits or not owner else ", whose job it is not"),
            f"Choose for {slot.title}: {' or '.join(slot.owner_kinds or data.owners)}.",
            evidence=f"{slot_id}: {said}",
        )
    crossing = [
        (edge.src, edge.dst)
        for edge in design.edges()
        if edge.kind != "feedback" and edge.src in owned and edge.dst in owned and owned[edge.src] != owned[edge.dst]
    ]
    agreed = {
        (_slot(h.src, design.components), _slot(h.dst, design.components))
        for h in answer.handoffs
        if len(words(h.what)) >= 2
    }
    wanted = min(HANDOFFS_WANTED, len(crossing))
    done = sum(1 for pair in crossing if pair in agreed)
    people = context(data, "people")
    if not crossing and people is not None and people <= SMALL_TEAM:
        tally.say(bool(owned), "nobody owns anything", "Name who does.", weight=2)
    elif not crossing:
        tally.say(
            False, "no hand-over lies between two owners", "Give parts to the functions whose job they are.", weight=2
        )
    else:
        tally.say(
            min(done, wanted) / wanted,
            f"{done} of at least {wanted} hand-overs between owners are described",
            f'Write Handoff("{crossing[0][0]} -> {crossing[0][1]}: what is handed over, agreed by whom").',
            weight=2,
        )
    return tally.outcome("Every part has an owner whose job it is.")


@check(
    "U7",
    "Every part is there for a number you committed to",
    needs=("design", "notes", "metrics"),
    compares=True,
    good=examples.note,
    bad="because it is modern",
)
def reasons(subject: Subject) -> Outcome:
    """``because`` names a committed metric or a ranked constraint."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    committed = _committed(subject)
    tally = Tally()
    for slot_id in design.components:
        note = subject.answer.note_for(slot_id)
        about = target_of(note.because, data) if note else None
        title = data.slot(slot_id).title
        tally.say(
            about in committed,
            f"{title} is there because {quoted(note.because)}, which you did not commit to"
            if note and note.because
            else f"{title} has no reason",
            "Name one of your metrics or ranked constraints, or drop the part.",
            evidence=f"{slot_id}: {quoted(note.because)}" if note and note.because else "",
        )
    return tally.outcome("Every part earns its place by a number.")


@check(
    "U27",
    "Every number you committed to is moved by a part",
    needs=("design", "notes", "metrics"),
    compares=True,
    good="each metric is the reason of at least one part",
    bad="a metric that no part is there for",
)
def moved(subject: Subject) -> Outcome:
    """Each metric's subject is the ``because`` of at least one chosen part."""
    design, data = subject.answer.design, subject.data
    assert design is not None
    reasons_given = {
        target_of(note.because, data)
        for slot in design.components
        if (note := subject.answer.note_for(slot)) is not None
    }
    tally = Tally()
    for metric in subject.answer.metrics:
        about = target_of(metric.name, data)
        tally.say(
            about is not None and about in reasons_given,
            f"no part is there for {quoted(metric.text)}",
            "Name it as the reason of the part that moves it.",
            evidence=quoted(metric.title),
        )
    return tally.outcome("Each number has a part that moves it.")


@check(
    "U9",
    "Verdicts flow back, somebody owns the loop and it has a rhythm",
    needs=("design", "cadence"),
    compares=True,
    good=_loop_example,
    absent=lambda data: "" if slot_of_role(data, "feedback") else "No part of this palette keeps what was learned.",
    bad="the model is shipped and forgotten",
)
def loop(subject: Subject) -> Outcome:
    """A store on the way from verdicts back to the model, an owner that fits it, a cadence of a month or less."""
    design, data, cadence = subject.answer.design, subject.data, subject.answer.cadence
    assert design is not None and cadence is not None
    store = slot_of_role(data, "feedback")
    assert store is not None
    edges = {(edge.src, edge.dst) for edge in design.edges()}
    back = any(dst == store.id for _, dst in edges) and any(src == store.id for src, _ in edges)
    tally = Tally(evidence=[quoted(f"{cadence.what}, every {cadence.every_days or 0:g} days, {cadence.owner}")])
    tally.say(back, "nothing stores verdicts for the next training", "Choose a feedback store.")
    owner = owner_of(cadence.owner, data.owners)
    learners = {store.id, *(dst for src, dst in edges if src == store.id)} | _serving(data)
    fits = {name for slot in learners for name in data.slot(slot).owner_kinds or data.owners}
    tally.say(
        owner in fits,
        f"the loop is owned by {quoted(cadence.owner) if cadence.owner else 'nobody'}",
        f"Choose {' or '.join(sorted(fits))}.",
    )
    tally.say(
        cadence.every_days is not None and cadence.every_days <= 31,
        "it comes round less than once a month, or never",
        "Say how often: every 1 week.",
    )
    trains = any(
        mentions(cadence.what, word)
        for word in (
            "retrain",
            "retraining",
            "train",
            "training",
            "label",
            "labels",
            "relabel",
            "review overturned verdicts",
            *words_for(data, "loop"),
        )
    )
    tally.say(trains, f"{quoted(cadence.what)} does not change the model", "Say what is retrained or relabelled.")
    return tally.outcome("The model learns from its mistakes, on a date, by somebody.")


def _serving(data: CaseData) -> set[str]:
    slot = slot_of_role(data, "serving")
    return {slot.id} if slot else set()


def _committed(subject: Subject) -> set[str | None]:
    data = subject.data
    found = {target_of(metric.name, data) for metric in subject.answer.metrics}
    found |= {target_of(f"{item.id} {item.text}", data) for item in subject.answer.constraints if item.rank is not None}
    return found - {None}


def _slot(name: str, slots: tuple[str, ...]) -> str:
    wanted = name.strip().lower().replace(" ", "-").replace("_", "-")
    return next((slot for slot in slots if slot.replace("-", "") == wanted.replace("-", "")), wanted)

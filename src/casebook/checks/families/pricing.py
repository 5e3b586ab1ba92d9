"""The learner's own estimates against the bill: unpriced earns nothing, far off earns half."""

from __future__ import annotations

from casebook.checks import examples
from casebook.checks.casefile import rule
from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import money, words


@check(
    "U6",
    "Every part is priced, and the estimates are near the bill",
    needs=("design", "notes"),
    compares=True,
    good=examples.note,
    bad="a part without a price, or $100 for everything",
)
def estimates(subject: Subject) -> Outcome:
    """Each estimate within a factor of 2 of its line of the bill; half beyond it; $0 needs a reason in brackets."""
    design = subject.answer.design
    assert design is not None
    lines = subject.evaluation.cost_lines
    factor = float(rule(subject.data, "estimate_factor", 2.0))
    tally = Tally()
    for slot in design.components:
        note = subject.answer.note_for(slot)
        estimate = note.estimate_usd_month if note else None
        bill = lines[slot]
        title = subject.data.slot(slot).title
        if estimate is None:
            tally.say(
                False,
                f"{title} is unpriced",
                "Give each part an estimate of US dollars a month.",
                evidence=f"{slot}: unpriced",
            )
            continue
        if estimate == 0:
            reason = bool(note and len(words(note.estimate_note)) >= 3)
            near = bill <= 50 and reason
            tally.say(
                1.0 if near else 0.0,
                f"{title} is free in your estimate, {money(bill)} a month on the bill",
                "A part that costs nothing needs its reason in brackets.",
                evidence=f"{slot}: $0",
            )
            continue
        ratio = estimate / bill if bill > 0 else float("inf")
        near = 1 / factor - 1e-9 <= ratio <= factor + 1e-9
        tally.say(
            1.0 if near else 0.5 if 0.1 <= ratio <= 10 else 0.0,
            f"{title}: you say {money(estimate)}, the bill says {money(bill)} a month",
            "Redo the one that is furthest off: units × price × hours, or requests × price.",
            evidence=f"{slot}: {money(estimate)} against {money(bill)}",
        )
    return tally.outcome("Every part has a price, and it is the right size.")


@check(
    "SCL.priced",
    "No part is without a price",
    needs=("design", "notes"),
    compares=True,
    good=examples.note,
    bad="a part without an estimate",
)
def priced(subject: Subject) -> Outcome:
    """Every chosen part has an estimate, $0 with its reason; the bill decides how near it is (U6)."""
    design = subject.answer.design
    assert design is not None
    blind = []
    for slot in design.components:
        note = subject.answer.note_for(slot)
        estimate = note.estimate_usd_month if note else None
        if estimate is None or (estimate == 0 and not (note and words(note.estimate_note))):
            blind.append(subject.data.slot(slot).title)
    if not design.components:
        return Outcome(0.0, "", "The design has no part.", "Choose parts first.")
    if not blind:
        return Outcome(1.0, f"{len(design.components)} parts priced", "Nothing is without a price.")
    return Outcome(
        1 - len(blind) / len(design.components) if len(blind) < len(design.components) else 0.0,
        f"unpriced: {', '.join(blind)}",
        f"{' and '.join(blind)} {'has' if len(blind) == 1 else 'have'} no price.",
        "Give each part an estimate of US dollars a month; $0 needs its reason in brackets.",
    )

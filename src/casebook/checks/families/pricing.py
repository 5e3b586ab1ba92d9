"""The learner's own estimates against the bill: unpriced earns nothing, far off earns half."""

from __future__ import annotations

from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.rubric import case_rule
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import money, words


@check(
    "U6",
    "Every part is priced, and the estimates are near the bill",
    needs=("design", "notes"),
    compares=True,
    good='ComponentNote("serving: Model Ops, because latency, $1,800 a month, 3 weeks")',
    bad="a part without a price, or $100 for everything",
)
def estimates(subject: Subject) -> Outcome:
    """Each estimate within a factor of 2 of its line of the bill; half beyond it; $0 needs a reason in brackets."""
    design = subject.answer.design
    assert design is not None
    lines = subject.evaluation.cost_lines
    factor = float(case_rule(subject.data.id, "estimate_factor", 2.0))
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

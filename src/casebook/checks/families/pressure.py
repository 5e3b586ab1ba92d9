"""Pushbacks: the number that only a re-run shows, a stance that fits what happened, and a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks.finding import Outcome
from casebook.checks.registry import Check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import quoted, words

if TYPE_CHECKING:
    from casebook.facts import CaseData

PREFIX = "PB-"


def pushback_check(check_id: str, data: CaseData) -> Check | None:
    """The check of one pushback of a case; every case with pushbacks has them, without code."""
    found = next((item for item in data.pushbacks if f"{PREFIX}{item.id}" == check_id), None)
    if found is None:
        return None

    def run(subject: Subject) -> Outcome:
        return answered(subject, found.id)

    return Check(
        check_id,
        f"Pushback: {found.title}",
        ("design", "pushbacks"),
        True,
        run,
        f'Pushback("{found.id}: 310 {found.asks.unit}, changes, because two more GPUs")',
        "a stance without the number",
    )


def answered(subject: Subject, pushback_id: str) -> Outcome:
    """The number within the case's tolerance of the re-run; *survives* only where every limit still holds."""
    pushback = next(item for item in subject.data.pushbacks if item.id == pushback_id)
    said = next((item for item in subject.answer.pushbacks if item.id == pushback_id), None)
    if said is None or said.quantity is None:
        return Outcome(
            0.0, "", "This pushback has no number.", "Re-run the kept design under it and write the number you read."
        )
    design = subject.answer.design
    assert design is not None
    rerun = subject.under(design, subject.pushed(pushback_id))
    true = rerun.figure(pushback.asks.metric, 0.99)
    told = said.quantity.value
    if said.quantity.is_time and pushback.asks.unit in ("ms", "hours", "weeks"):
        told = said.quantity.to(pushback.asks.unit)
    elif said.quantity.unit == "percent" and pushback.asks.unit == "share":
        told /= 100
    tally = Tally(evidence=[quoted(f"{said.number}, {said.stance}")])
    right = true == true and abs(told - true) <= float(pushback.asks.tolerance) * abs(true)
    tally.say(
        right,
        f"{said.number} is not what the kept design shows under this pushback",
        "Run the cell above again with the design you kept, and read the number.",
        weight=3,
    )
    holds = all(verdict.ok for verdict in rerun.verdicts)
    lost = [verdict.title for verdict in rerun.verdicts if not verdict.ok]
    if said.stance == "survives":
        fits, why = holds, f"it does not survive: {', '.join(lost)}"
    elif said.stance == "changes":
        fits, why = not holds, "nothing needs to change: every limit still holds"
    elif said.stance == "defended":
        fits, why = said.price_usd_month is not None or "$" in said.because, "a defence names its price"
    else:
        fits, why = False, "no stance is taken"
    if right:
        tally.say(
            fits, why, "Take the stance that fits the re-run: survives, changes, or defended at a price.", weight=2
        )
        tally.say(len(words(said.because)) >= 3, "no reason is given", "Say because of what.")
    else:
        # A stance that rests on another number cannot be held against the re-run.
        tally.say(False, "so neither stance nor reason can count", weight=3)
    return tally.outcome("Number, stance and reason fit the re-run.")

"""Pushbacks: the number that only a re-run shows, a stance that fits what happened, and a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks.finding import Outcome
from casebook.checks.kind import Params, PushbackId, kind
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import quoted, words
from casebook.facts import near_miss

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

PREFIX = "PB-"


class Told(Params):
    """``pushback``: id of the case's pushback; where it is left out, the check's own id without ``PB-``."""

    id: str = ""
    pushback: PushbackId = ""

    @property
    def named(self) -> str:
        return self.pushback or self.id.removeprefix(PREFIX)


def _example(data: CaseData, told: Told) -> str:
    found = next(item for item in data.pushbacks if item.id == told.named)
    return f'Pushback("{found.id}: 310 {found.asks.unit}, changes, because …")'


def _title(data: CaseData, told: Told) -> str:
    return f"Pushback: {next(item for item in data.pushbacks if item.id == told.named).title}"


def _verify(data: CaseData, told: Told) -> str:
    known = [item.id for item in data.pushbacks]
    return "" if told.named in known else f"there is no pushback {told.named!r}. {near_miss(told.named, known)}"


@kind(
    "pushback",
    _title,
    Told,
    needs=("design", "pushbacks"),
    compares=True,
    example=_example,
    verify=_verify,
)
def pushback(subject: Subject, told: Told) -> Outcome:
    """The number of the re-run, the stance that fits it, and a reason."""
    return answered(subject, told.named)


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
    quantile = next((float(t.quantile) for t in subject.data.targets if t.quantile is not None), 0.99)
    true = rerun.figure(pushback.asks.metric, quantile if pushback.asks.metric == "latency_ms" else None)
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

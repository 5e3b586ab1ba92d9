"""The table of units against latency and money, held against the kept design."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from casebook.checks.casefile import latency_target
from casebook.checks.finding import Outcome
from casebook.checks.formula import value as formula_value
from casebook.checks.kind import Formula, Params, kind
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import money
from casebook.facts.base import Number

if TYPE_CHECKING:
    from casebook.facts.case import CaseData


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

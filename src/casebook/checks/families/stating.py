"""What the learner says in numbers, held against the kept design: figures in their units, quantities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks.board import is_shown, near
from casebook.checks.casefile import slots_named
from casebook.checks.families.keeping import shown
from casebook.checks.finding import Outcome
from casebook.checks.formula import value as formula_value
from casebook.checks.kind import Formula, Params, ScenarioId, SlotId, kind
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import quoted
from casebook.design import Conditions
from casebook.facts.base import Number

if TYPE_CHECKING:
    from casebook.answer import Answer, Quantity
    from casebook.facts.case import CaseData

_FIELDS = {
    "audit": "audits",
    "prediction.p99_ms": "prediction",
    "prediction.cost_usd_month": "prediction",
    "prediction.review_queue_hours": "prediction",
    "tradeoff.delta": "tradeoff",
    "tradeoff.cost_usd_month": "tradeoff",
    "sizing.estimate": "sizing",
    "sizing.observed": "sizing",
}
_TIMES = ("ms", "s", "min", "hours", "days", "weeks", "months")


class Figure(Params):
    """A number the learner states: ``where`` audit (``Audit("<id>", …)``, the default), assumption.<topic>,
    note.<slot>, or a field such as tradeoff.cost_usd_month; within ``tolerance`` (a share) of ``formula`` over the
    kept design, in ``unit``, in ``scenario``. ``what`` names it in a sentence.
    """

    id: str = ""
    what: str
    formula: Formula
    unit: str = ""
    where: str = "audit"
    tolerance: Number = 0.05  # type: ignore[assignment]
    scenario: ScenarioId = ""
    name: str = ""

    @property
    def key(self) -> str:
        """The id under which the learner writes it."""
        return self.name or self.id


def _figure_needs(told: Figure) -> tuple[str, ...]:
    head = told.where.partition(".")[0]
    field = {"assumption": "assumptions", "note": "notes"}.get(head) or _FIELDS[told.where]
    return (field, "design") if isinstance(told.formula, str) else (field,)


def _figure_verify(data: CaseData, told: Figure) -> str:
    head, _, rest = told.where.partition(".")
    if told.where in _FIELDS or (head == "assumption" and rest) or (head == "note" and slots_named(data, rest)):
        return ""
    known = ", ".join((*_FIELDS, "assumption.<topic>", "note.<slot>"))
    return f"nothing can be stated in {told.where!r}. Choose one of {known}"


def _figure_example(data: CaseData, told: Figure) -> str:
    head, _, rest = told.where.partition(".")
    unit = {"percent": " %", "usd": " $"}.get(told.unit, f" {told.unit}" if told.unit else "")
    if told.where == "audit":
        return f'Audit("{told.key}", "…{unit}")'
    if head == "assumption":
        return f'Assumption("{rest}: …{unit}", because="…")'
    return f"{told.where} = …{unit}"


def stated(answer: Answer, told: Figure) -> tuple[str, float | Quantity | None]:
    """What the learner wrote, and its number: a quantity, or a plain number in the field's own unit."""
    head, _, rest = told.where.partition(".")
    if told.where == "audit":
        audit = next((item for item in answer.audits if item.id == told.key), None)
        return (str(audit.value), audit.quantity) if audit else ("", None)
    if head == "assumption":
        topic = rest.replace("-", " ")
        found = next((a for a in answer.assumptions if a.topic.strip().lower().replace("-", " ") == topic), None)
        return (found.statement, found.quantity) if found else ("", None)
    if head == "note":
        note = answer.note_for(rest)
        return (str(note.estimate_usd_month), note.estimate_usd_month) if note else ("", None)
    if head == "sizing":
        last = answer.sizing[-1]
        quantity = last.estimate_quantity if rest == "estimate" else last.observed_quantity
        return str(getattr(last, rest)), quantity
    record = getattr(answer, head)
    value: float | Quantity | None = record.delta_quantity if rest == "delta" else getattr(record, rest)
    return str(getattr(record, rest)), value


def in_unit(value: float | Quantity | None, unit: str) -> float | None:
    """The number in the unit; a bare number is taken to be in it; None where it cannot be."""
    if value is None or isinstance(value, float | int):
        return None if value is None else float(value)
    if value.is_time:
        return value.to(unit) if unit in _TIMES and not value.per else None
    if unit == "share":
        return value.value / 100 if value.unit == "percent" else value.value if not value.unit else None
    if unit == "percent":
        return value.value if value.unit in ("percent", "") else None
    if unit in ("usd_month", "usd/month"):
        return value.usd_month if value.usd_month is not None else value.value if value.unit in ("usd", "") else None
    if unit.startswith("usd"):
        return value.value if value.unit in ("usd", "") else None
    return None if value.unit in ("percent", "usd") else value.value


@kind(
    "figure-stated",
    "The number is that of the kept design",
    Figure,
    needs_of=_figure_needs,
    compares=True,
    example=_figure_example,
    verify=_figure_verify,
)
def figure_stated(subject: Subject, told: Figure) -> Outcome:
    """The stated number within the tolerance of the formula's value for the learner's own design."""
    text, value = stated(subject.answer, told)
    number = in_unit(value, told.unit)
    if value is None or number is None:
        missing = "has no number" if value is None else f"is not in {told.unit or 'the unit asked for'}"
        return Outcome(
            0.0,
            quoted(text) if text else "",
            f"{told.what[:1].upper()}{told.what[1:]} {missing}.",
            f"Write {_figure_example(subject.data, told)}.",
        )
    if isinstance(told.formula, str):
        conditions = Conditions.of(subject.data, told.scenario) if told.scenario else subject.conditions
        design = subject.answer.design
        assert design is not None
        true = formula_value(told.formula, subject.under(design, conditions))
    else:
        true = float(told.formula)
    good = near(number, true, float(told.tolerance)) or (true == 0 and abs(number) < 1e-9)
    return Outcome(
        float(good),
        quoted(text),
        f"{told.what[:1].upper()}{told.what[1:]}: {shown(true, told.unit)}."
        if good
        else f"{told.what[:1].upper()}{told.what[1:]} is not {text} for the design you kept.",
        "" if good else "Work it out from the figures of the board you kept, units beside the numbers.",
    )


class Quantities(Params):
    """At least ``at_least`` different quantities in ``fields`` (the beginning of a field's name, such as tradeoff or
    close.design) or in the note of ``slot``; ``shown`` of them are figures of the kept design.
    """

    fields: tuple[str, ...] = ()
    slot: SlotId = ""
    at_least: Number = 3  # type: ignore[assignment]
    shown: Number = 1  # type: ignore[assignment]


def _quantity_needs(told: Quantities) -> tuple[str, ...]:
    parts = ("notes",) if told.slot else tuple(dict.fromkeys(name.partition(".")[0] for name in told.fields))
    return (*parts, "design") if told.shown else parts


def _quantity_verify(data: CaseData, told: Quantities) -> str:
    from casebook.answer import PART_NAMES

    wrong = [name for name in told.fields if name.partition(".")[0].partition("[")[0] not in PART_NAMES]
    if wrong:
        return f"an answer has no part {wrong[0]!r}. Choose one of {', '.join(PART_NAMES)}"
    return "" if told.fields or told.slot else "neither fields nor slot is given. Give one of them"


@kind(
    "quantities-in",
    "It is said in numbers, and they are those of the board",
    Quantities,
    needs_of=_quantity_needs,
    compares=True,
    example=lambda data, told: f"{float(told.at_least):g} figures with units, {float(told.shown):g} read off the board",
    verify=_quantity_verify,
)
def quantities_in(subject: Subject, told: Quantities) -> Outcome:
    """Different quantities, counted; some of them the kept design shows."""
    texts = [text for name, text in subject.answer.text_fields() if any(name.startswith(f) for f in told.fields)]
    for slot in slots_named(subject.data, told.slot) if told.slot else ():
        note = subject.answer.note_for(slot)
        texts += [note.because, note.impact, note.estimate_note] if note else []
    from casebook.answer import find_quantities

    found = {(q.value, q.unit): q for text in texts for q in find_quantities(text) if q.unit}
    tally = Tally(evidence=[str(quantity) for quantity in found.values()][:4])
    wanted, real = int(told.at_least), int(told.shown)
    tally.say(
        min(1.0, len(found) / wanted) if wanted else 1.0,
        f"{len(found)} of {wanted} numbers with a unit",
        "Say it in numbers: capacity, time, money.",
    )
    if real:
        there = [q for q in found.values() if is_shown(q, subject.evaluation)]
        tally.say(
            min(1.0, len(there) / real),
            f"{len(there)} of {real} of them are figures the kept design shows",
            "Read them off the board.",
        )
    return tally.outcome("It is said in numbers, and the board shows them.")

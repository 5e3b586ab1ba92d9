"""Audits of the source: one number each, recomputed from the article's own figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks.finding import Outcome
from casebook.checks.kind import AuditId, Params, kind
from casebook.checks.subject import Subject

if TYPE_CHECKING:
    from casebook.facts.case import CaseData
    from casebook.facts.story import Audit


class Told(Params):
    """``audit``: the audit of the case (its id, or that of its fact); the check's own id where it is left out."""

    id: AuditId


def _example(data: CaseData, told: Told) -> str:
    found = audit_of(data, told.id)
    return f'Audit("{found.id}", …) in {found.unit}'


def audit_of(data: CaseData, name: str) -> Audit:
    """The audit with this id, or whose fact is ``<article>.<id>``."""
    return next(item for item in data.audits if name in (item.id, item.fact, item.fact.partition(".")[2]))


def _title(data: CaseData, told: Told) -> str:
    return audit_of(data, told.id).title


@kind("audit", _title, Told, needs=("audits",), example=_example)
def audit(subject: Subject, told: Told) -> Outcome:
    """The learner's number within the audit's tolerance."""
    found = audit_of(subject.data, told.id)
    names = (found.id, told.id, found.fact)
    said = next((item for item in subject.answer.audits if item.id in names), None)
    quantity = said.quantity if said else None
    if said is None or quantity is None:
        return Outcome(0.0, "", "This question has no number.", "Work it out from the figures in the question.")
    good = abs(quantity.value - float(found.value)) <= float(found.tolerance) * abs(float(found.value))
    return Outcome(
        float(good),
        f"{said.value}",
        found.explains if good else "That is not the number.",
        "" if good else f"It is in {found.unit}. Do one step at a time and keep the units beside the numbers.",
    )

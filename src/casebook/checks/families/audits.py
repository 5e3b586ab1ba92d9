"""Audits of the source: one number each, recomputed from the article's own figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks.finding import Outcome
from casebook.checks.registry import Check
from casebook.checks.subject import Subject

if TYPE_CHECKING:
    from casebook.facts import CaseData


def audit_check(check_id: str, data: CaseData) -> Check | None:
    """The check of the audit whose fact is ``<article>.<check_id>``, e.g. ``X1``."""
    found = next((item for item in data.audits if item.fact == f"{data.article}.{check_id}"), None)
    if found is None:
        return None

    def run(subject: Subject) -> Outcome:
        said = next((item for item in subject.answer.audits if item.id in (found.id, check_id, found.fact)), None)
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

    return Check(
        check_id, found.title, ("audits",), False, run, f'Audit("{found.id}", …) in {found.unit}', "another number"
    )

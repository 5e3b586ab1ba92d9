"""What a check looks at: the answer, its case, and the kept design's Evaluation in graded mode."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from casebook.design import Conditions, Design, Evaluation, evaluate
from casebook.facts import load_case_data

if TYPE_CHECKING:
    from casebook.answer import Answer
    from casebook.facts import CaseData


@dataclass(frozen=True)
class Subject:
    """One answer under judgement. ``scenario`` and ``values`` are the judge's where there are any.

    Evaluations are made when first asked for; all of them are graded runs, so the same answer gets the same
    figures on every machine.
    """

    answer: Answer
    scenario: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> CaseData:
        return load_case_data(self.answer.case_id)

    @cached_property
    def conditions(self) -> Conditions:
        return Conditions.of(self.data, self.scenario)

    @cached_property
    def evaluation(self) -> Evaluation:
        """The kept design in the case's graded scenario. Only for checks that need the field ``design``."""
        assert self.answer.design is not None
        return self.under(self.answer.design, self.conditions)

    @cached_property
    def trials(self) -> tuple[Conditions, ...]:
        """Conditions the design is tried under: the case's own, then the judge's ``conditions`` (never public)."""
        extra = self.values.get("conditions") or ()
        return (self.conditions, *(self.conditions.with_values(values) for values in extra))

    def under(self, design: Design, conditions: Conditions) -> Evaluation:
        return evaluate(design, conditions, graded=True)

    def pushed(self, pushback: str) -> Conditions:
        """The graded scenario with a pushback's change laid over it."""
        found = next(item for item in self.data.pushbacks if item.id == pushback)
        return self.conditions.changed(found.change, found.title)

    def answered(self, name: str) -> bool:
        """True where the learner wrote something in this field of the Answer."""
        value = getattr(self.answer, name)
        return value is not None and value != () and value != ""

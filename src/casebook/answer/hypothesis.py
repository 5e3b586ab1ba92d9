"""Who has the problem, what is decided for them, and which number moves from where to where."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.answer.quantity import Quantity, find_quantities
from casebook.answer.record import Record


@dataclass(frozen=True, slots=True, repr=False)
class Hypothesis(Record):
    """``Hypothesis("for artists who sell, decide what is published: toxic uploads from 1 % of uploads to
    0.7 % of uploads")``, or the five keywords. ``baseline`` and ``target`` are texts with a number and a
    unit.
    """

    persona: str = ""
    decision: str = ""
    metric: str = ""
    baseline: str = ""
    target: str = ""

    EXAMPLE = (
        'Hypothesis("for artists who sell, decide what is published: toxic uploads from 1 % of uploads '
        'to 0.7 % of uploads")'
    )

    def __post_init__(self) -> None:
        self._texts("persona", "decision", "metric", "baseline", "target")
        told = self.persona.casefold()
        if self._others_blank("persona") and (":" in told or " from " in told or ", decide" in told):
            self._read(self.persona)

    def _read(self, typed: str) -> None:
        front, word, change = typed.partition(" from ")
        if not word:
            raise self._wrong("short form", typed, "the metric moves 'from' a number 'to' a number")
        who, colon, metric = front.rpartition(":")
        if not colon:
            raise self._wrong("short form", typed, "a colon stands between the decision and the metric")
        persona, word, decision = who.partition(", decide")
        if not word:
            raise self._wrong("short form", typed, "after the persona, ', decide' names the decision")
        baseline, word, target = change.rpartition(" to ")
        if not word:
            raise self._wrong("short form", typed, "'from' needs its 'to'")
        persona = persona.strip()
        self._set(
            persona=persona[4:].strip() if persona[:4].casefold() == "for " else persona,
            decision=decision.strip(" :,"),
            metric=metric.strip(),
            baseline=baseline.strip(" ,"),
            target=target.strip(" ."),
        )

    @property
    def baseline_quantity(self) -> Quantity | None:
        """The first quantity in ``baseline``, None where there is none."""
        return next(iter(find_quantities(self.baseline)), None)

    @property
    def target_quantity(self) -> Quantity | None:
        """The first quantity in ``target``, None where there is none."""
        return next(iter(find_quantities(self.target)), None)

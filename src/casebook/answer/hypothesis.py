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
        if self.persona[:4].casefold() == "for " and ":" in self.persona and self._others_blank("persona"):
            self._read(self.persona)

    def _read(self, typed: str) -> None:
        who, _, what = typed[4:].partition(":")
        persona, comma, decision = who.partition(", decide ")
        if not comma:
            raise self._wrong("short form", typed, "after the persona, ', decide' names the decision")
        metric, word, change = what.partition(" from ")
        if not word:
            raise self._wrong("short form", typed, "after ':' comes the metric, 'from' a number 'to' a number")
        baseline, word, target = change.rpartition(" to ")
        if not word:
            raise self._wrong("short form", typed, "'from' needs its 'to'")
        self._set(
            persona=persona.strip(),
            decision=decision.strip(),
            metric=metric.strip(),
            baseline=baseline.strip(),
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

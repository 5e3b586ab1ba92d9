"""Gathers small yes/no points into one Outcome, so that a finding names everything that is missing at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from casebook.checks.finding import Outcome


@dataclass(slots=True)
class Tally:
    """Add points with ``say``; ``outcome`` is their weighted share, with every complaint and its remedy."""

    total: float = 0.0
    won: float = 0.0
    evidence: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    fixes: list[str] = field(default_factory=list)

    def say(
        self, good: bool | float, complaint: str = "", fix: str = "", *, evidence: str = "", weight: float = 1.0
    ) -> bool:
        """One point: ``good`` is True, False or a share; the complaint is kept where it is less than all."""
        share = float(good)
        self.total += weight
        self.won += weight * share
        if evidence and evidence not in self.evidence:
            self.evidence.append(evidence)
        if share < 1.0 - 1e-9:
            if complaint:
                self.complaints.append(complaint)
            if fix and fix not in self.fixes:
                self.fixes.append(fix)
        return share >= 1.0 - 1e-9

    def outcome(self, praise: str) -> Outcome:
        """The result: ``praise`` where nothing is missing, else the complaints, the first remedies beside them."""
        share = self.won / self.total if self.total else 0.0
        evidence = "; ".join(self.evidence[:4])
        if share >= 1.0 - 1e-9:
            return Outcome(1.0, evidence, praise)
        shown = self.complaints[:4] + ([f"and {len(self.complaints) - 4} more"] if len(self.complaints) > 4 else [])
        return Outcome(share, evidence, " ".join(_sentence(text) for text in shown), " ".join(self.fixes[:2]))


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else text + "."

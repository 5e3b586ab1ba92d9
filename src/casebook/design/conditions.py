"""The conditions a design is tried under: a scenario of the case, and what a pushback changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.facts import CaseData
    from casebook.facts.scenario import Arrivals


@dataclass(frozen=True, slots=True)
class Conditions:
    """A scenario and its changes. ``facts`` overrides facts of the world, ``targets`` limits by target id,
    ``arrivals`` keys of the scenario's arrivals.

    ``title`` is what a screen shows above the figures.
    """

    case_id: str
    scenario: str
    facts: tuple[tuple[str, float], ...] = ()
    targets: tuple[tuple[str, float], ...] = ()
    arrivals: tuple[tuple[str, float | str], ...] = ()
    title: str = field(default="", compare=False)

    @classmethod
    def of(cls, data: CaseData, scenario: str = "") -> Conditions:
        """The plain scenario; the case's first where none is named. ``KeyError`` for an unknown one."""
        found = data.scenario(scenario or default_scenario(data))
        return cls(data.id, found.id, title=found.title)

    def changed(self, change: Any, title: str = "") -> Conditions:
        """These conditions with a pushback's ``change`` (scenario, targets, facts, arrivals) laid over them."""
        facts = dict(self.facts) | {name: float(value) for name, value in change.facts.items()}
        targets = dict(self.targets) | {name: float(value) for name, value in change.targets.items()}
        return replace(
            self,
            scenario=change.scenario or self.scenario,
            facts=tuple(sorted(facts.items())),
            targets=tuple(sorted(targets.items())),
            arrivals=_laid_over(self.arrivals, change.arrivals),
            title=title or self.title,
        )

    def with_values(self, values: Mapping[str, Any]) -> Conditions:
        """These conditions with a judge's ``facts``, ``targets`` and ``arrivals`` (mappings) laid over them."""
        facts = dict(self.facts) | {str(k): float(v) for k, v in dict(values.get("facts") or {}).items()}
        targets = dict(self.targets) | {str(k): float(v) for k, v in dict(values.get("targets") or {}).items()}
        return replace(
            self,
            scenario=str(values.get("scenario") or self.scenario),
            facts=tuple(sorted(facts.items())),
            targets=tuple(sorted(targets.items())),
            arrivals=_laid_over(self.arrivals, dict(values.get("arrivals") or {})),
        )

    def fact(self, name: str, otherwise: float) -> float:
        return dict(self.facts).get(name, otherwise)

    def arrivals_of(self, data: CaseData) -> Arrivals:
        """How requests arrive in the scenario, with what was changed laid over it."""
        plain = data.scenario(self.scenario).arrivals
        if not self.arrivals:
            return plain
        given = {key: value for key, value in plain.model_dump().items() if value is not None}
        return type(plain).model_validate(given | dict(self.arrivals))


def _laid_over(
    before: tuple[tuple[str, float | str], ...], change: Mapping[str, Any]
) -> tuple[tuple[str, float | str], ...]:
    new = {key: value if isinstance(value, str) else float(value) for key, value in change.items()}
    return tuple(sorted((dict(before) | new).items()))


def default_scenario(data: CaseData) -> str:
    """The case's ``default_scenario``, else ``launch`` where the case has it, else its first."""
    if data.default_scenario:
        return data.default_scenario
    ids = [scenario.id for scenario in data.scenarios]
    return "launch" if "launch" in ids else ids[0]

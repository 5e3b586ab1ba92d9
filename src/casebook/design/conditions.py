"""The conditions a design is tried under: a scenario of the case, and what a pushback changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.facts import CaseData


@dataclass(frozen=True, slots=True)
class Conditions:
    """A scenario and its changes. ``facts`` overrides facts of the world, ``targets`` limits by target id.

    ``title`` is what a screen shows above the figures.
    """

    case_id: str
    scenario: str
    facts: tuple[tuple[str, float], ...] = ()
    targets: tuple[tuple[str, float], ...] = ()
    title: str = field(default="", compare=False)

    @classmethod
    def of(cls, data: CaseData, scenario: str = "") -> Conditions:
        """The plain scenario; the case's first where none is named. ``KeyError`` for an unknown one."""
        found = data.scenario(scenario or default_scenario(data))
        return cls(data.id, found.id, title=found.title)

    def changed(self, change: Any, title: str = "") -> Conditions:
        """These conditions with a pushback's ``change`` (scenario, targets, facts) laid over them."""
        facts = dict(self.facts) | {name: float(value) for name, value in change.facts if value is not None}
        targets = dict(self.targets) | {name: float(value) for name, value in change.targets.items()}
        return replace(
            self,
            scenario=change.scenario or self.scenario,
            facts=tuple(sorted(facts.items())),
            targets=tuple(sorted(targets.items())),
            title=title or self.title,
        )

    def with_values(self, values: Mapping[str, Any]) -> Conditions:
        """These conditions with a judge's ``facts`` and ``targets`` (mappings) laid over them."""
        facts = dict(self.facts) | {str(k): float(v) for k, v in dict(values.get("facts") or {}).items()}
        targets = dict(self.targets) | {str(k): float(v) for k, v in dict(values.get("targets") or {}).items()}
        return replace(
            self,
            scenario=str(values.get("scenario") or self.scenario),
            facts=tuple(sorted(facts.items())),
            targets=tuple(sorted(targets.items())),
        )

    def fact(self, name: str, otherwise: float) -> float:
        return dict(self.facts).get(name, otherwise)


def default_scenario(data: CaseData) -> str:
    """``launch`` where the case has it, else its first scenario."""
    ids = [scenario.id for scenario in data.scenarios]
    return "launch" if "launch" in ids else ids[0]

"""A case as the rest of the project uses it: its data, its palette, and designs made on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casebook.design.conditions import Conditions
from casebook.design.design import Design
from casebook.facts import case_ids, load_case_data

if TYPE_CHECKING:
    from casebook.facts import CaseData


@dataclass(frozen=True)
class Case:
    """One case. Everything in it comes from ``seeds/``; ``data`` is the whole record."""

    id: str

    @property
    def data(self) -> CaseData:
        return load_case_data(self.id)

    @property
    def title(self) -> str:
        return self.data.title

    @property
    def scenarios(self) -> tuple[str, ...]:
        return tuple(scenario.id for scenario in self.data.scenarios)

    def design(self, **kwargs: Any) -> Design:
        """A design on this palette; ``DesignError`` lists the options where one is unknown."""
        return Design.from_kwargs(self.id, **kwargs)

    def preset(self, preset_id: str) -> Design:
        """A design that the case names, e.g. ``reference``."""
        preset = self.data.preset(preset_id)
        return Design.from_kwargs(self.id, **preset.choices, **{k: float(v) for k, v in preset.knobs.items()})

    @property
    def reference(self) -> Design:
        """The first preset whose role is ``reference``: the design drawn in ``diagrams/``."""
        found = next(preset for preset in self.data.presets if preset.role == "reference")
        return self.preset(found.id)

    def conditions(self, scenario: str = "", pushback: str = "") -> Conditions:
        """A scenario's conditions, with a pushback's change laid over them where one is named."""
        made = Conditions.of(self.data, scenario)
        if pushback:
            found = next((item for item in self.data.pushbacks if item.id == pushback), None)
            if found is None:
                raise KeyError(
                    f"{self.id} has no pushback {pushback!r}; "
                    f"it has {', '.join(item.id for item in self.data.pushbacks)}"
                )
            made = made.changed(found.change, found.title)
        return made


def cases() -> tuple[str, ...]:
    """Ids of all cases, in alphabetical order."""
    return case_ids()


def load_case(case_id: str) -> Case:
    """The case with this id; an error that lists the ids for an unknown one."""
    load_case_data(case_id)
    return Case(case_id)

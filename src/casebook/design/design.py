"""A design: one option for every slot of a case, and a number for every knob of those options."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from casebook.facts import load_case_data, near_miss

if TYPE_CHECKING:
    from casebook.design.parts import Edge, Part
    from casebook.facts import CaseData
    from casebook.facts.palette import Option


class DesignError(ValueError):
    """A choice that the palette does not offer; the message lists what it does offer."""


@dataclass(frozen=True)
class Design:
    """Slot → option and knob → number of one case. Made by ``Design.from_kwargs`` or ``case.design(...)``.

    Equal designs are equal objects; ``repr`` is the line of Python that makes the design again.
    """

    case_id: str
    choices: Mapping[str, str]
    knobs: Mapping[str, float]

    @classmethod
    def from_kwargs(cls, case_id: str, /, **kwargs: Any) -> Design:
        """A design from slots and knobs by name, e.g. ``serving="triton-l4", replicas=2``.

        A slot that is left out takes its option ``none``, or its first where the slot must be filled; a knob
        that is left out takes its default. ``DesignError`` for an unknown name or a value out of range.
        """
        data = load_case_data(case_id)
        slots = {slot.id: slot for slot in data.slots}
        choices: dict[str, str] = {}
        for slot in data.slots:
            wanted = kwargs.get(slot.id.replace("-", "_"), kwargs.get(slot.id))
            if wanted is None:
                wanted = next((option.id for option in slot.options if option.none), slot.options[0].id)
            options = [option.id for option in slot.options]
            if wanted not in options:
                raise DesignError(
                    f"{slot.id}={wanted!r} is not on the palette of {case_id}. "
                    f"Options for {slot.id}: {', '.join(options)}."
                )
            choices[slot.id] = wanted
        available = _knobs_of(data, choices)
        knobs = {name: float(knob.default) for name, knob in available.items()}
        for name, value in kwargs.items():
            if name in slots or name.replace("_", "-") in slots:
                continue
            if name not in available:
                raise DesignError(_unknown_knob(data, name, choices, available))
            knobs[name] = _in_range(name, value, available[name])
        return cls(case_id, choices, knobs)

    def as_kwargs(self) -> dict[str, str | float]:
        """Slots and knobs as ``case.design(...)`` takes them; whole numbers are ints."""
        slots: dict[str, str | float] = {slot.replace("-", "_"): option for slot, option in self.choices.items()}
        return slots | {name: _tidy(value) for name, value in self.knobs.items()}

    def __repr__(self) -> str:
        return f"case.design({', '.join(f'{name}={value!r}' for name, value in self.as_kwargs().items())})"

    def __hash__(self) -> int:
        return hash(self.key)

    def __reduce__(self) -> tuple[Any, ...]:
        return Design, (self.case_id, dict(self.choices), dict(self.knobs))

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """The design as nested tuples: what caches and comparisons go by."""
        return self.case_id, tuple(sorted(self.choices.items())), tuple(sorted(self.knobs.items()))

    @property
    def data(self) -> CaseData:
        return load_case_data(self.case_id)

    def option(self, slot: str) -> Option:
        """The option chosen for ``slot``."""
        return self._chosen[slot]

    @cached_property
    def _chosen(self) -> dict[str, Option]:
        """The options by slot, looked up once: a search asks for them a hundred times a design."""
        data = self.data
        return {slot: data.option(slot, option) for slot, option in self.choices.items()}

    @cached_property
    def components(self) -> tuple[str, ...]:
        """Slots that are really filled, in the order of the palette."""
        return tuple(slot.id for slot in self.data.slots if not self.option(slot.id).none)

    def changed(self, **kwargs: Any) -> Design:
        """The same design with other choices; knobs that no longer apply fall away."""
        new = self.as_kwargs() | kwargs
        data = self.data
        choices = {slot.id: str(new.get(slot.id.replace("-", "_"), self.choices[slot.id])) for slot in data.slots}
        known = _knobs_of(data, choices) if _all_known(data, choices) else {}
        slots = {slot.id.replace("-", "_") for slot in data.slots}
        keep = {name: value for name, value in new.items() if name in slots or name in known or name in kwargs}
        return Design.from_kwargs(self.case_id, **keep)

    def differences(self, other: Design) -> tuple[str, ...]:
        """Names of slots and knobs in which two designs differ (knobs only one of them has do not count)."""
        slots = [slot for slot in self.choices if self.choices[slot] != other.choices.get(slot)]
        knobs = [
            name for name in self.knobs if name in other.knobs and not math.isclose(self.knobs[name], other.knobs[name])
        ]
        return (*slots, *knobs)

    def parts(self) -> tuple[Part, ...]:
        """The components of the picture."""
        from casebook.design.parts import parts_of

        return parts_of(self)

    def edges(self) -> tuple[Edge, ...]:
        """The arrows of the picture; an empty slot is bridged."""
        from casebook.design.parts import edges_of

        return edges_of(self)


def knobs_of(data: CaseData, choices: Mapping[str, str]) -> dict[str, Any]:
    """Every knob that applies to these choices: the case's own, then those of the chosen options."""
    return _knobs_of(data, choices)


def _knobs_of(data: CaseData, choices: Mapping[str, str]) -> dict[str, Any]:
    knobs = dict(data.knobs)
    for slot, option in choices.items():
        knobs.update(data.option(slot, option).knobs)
    return knobs


def _all_known(data: CaseData, choices: Mapping[str, str]) -> bool:
    return all(option in {o.id for o in data.slot(slot).options} for slot, option in choices.items())


def _in_range(name: str, value: Any, knob: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise DesignError(
            f"{name}={value!r} is not a number. Write one between {float(knob.min):g} and {float(knob.max):g}."
        )
    if not knob.min <= value <= knob.max:
        raise DesignError(
            f"{name}={value!r} is out of range. {knob.title} goes from {float(knob.min):g} to "
            f"{float(knob.max):g} {knob.unit}".rstrip()
            + "."
        )
    if float(knob.step).is_integer() and not float(value).is_integer():
        raise DesignError(f"{name}={value!r} must be a whole number ({knob.title}).")
    return float(value)


def _unknown_knob(data: CaseData, name: str, choices: Mapping[str, str], available: Mapping[str, Any]) -> str:
    homes = [f"{slot.id}={option.id!r}" for slot in data.slots for option in slot.options if name in option.knobs]
    if homes:
        return f"{name} does not apply to the options you chose; it belongs to {', '.join(homes)}."
    names = [slot.id for slot in data.slots] + list(available)
    return f"{data.id} has no slot or knob {name!r}. {near_miss(name, names)}"


def _tidy(value: float) -> float:
    return int(value) if float(value).is_integer() else value

"""What is searched: the options of every slot, and for each knob the part it plays and the values it may take."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from casebook.design import Design
from casebook.design.design import knobs_of
from casebook.design.sketch import sketch
from casebook.search.errors import SearchError

if TYPE_CHECKING:
    from casebook.design import Conditions
    from casebook.facts import CaseData

MOST_COUNTED = 20_000  # combinations of options


def thinned(step: int) -> int:
    """The next step up that has no small factor: taken regularly, it passes over no option and no value each time."""
    step = max(1, step)
    while math.gcd(step, 2 * 3 * 5 * 7) > 1:
        step += 1
    return step


Role = Literal["count", "people", "hours", "priced", "free"]


@dataclass(frozen=True)
class Space:
    """Every combination of options, and for knobs a grid of at most ``grid`` values.

    ``only`` narrows slots to some options and knobs to some values, e.g. ``{"serving": ["triton-l4"]}``.
    Roles: ``count`` units on the request path (as few as will do), ``people`` and ``hours`` of a shift (likewise),
    ``priced`` what moves the bill or the quality (gridded), ``free`` what moves the latency alone (tried).
    """

    conditions: Conditions
    data: CaseData
    grid: int = 9
    only: Mapping[str, Sequence[str | float]] = field(default_factory=dict)
    extra: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    _roles: dict[tuple[str, str], Role] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.grid < 2:
            raise SearchError(f"a grid of {self.grid} values is no grid. Give 2 or more.")
        slots = {slot.id: slot for slot in self.data.slots}
        knobs = set(self.data.knobs) | {k for slot in self.data.slots for o in slot.options for k in o.knobs}
        for name, values in self.only.items():
            if name not in slots and name not in knobs:
                raise SearchError(f"{self.data.id} has no slot or knob {name!r}. Slots: {', '.join(slots)}.")
            if not values:
                raise SearchError(f"nothing is left of {name!r}. Name one value at least.")
            if name in slots:
                offered = [option.id for option in slots[name].options]
                for value in values:
                    if value not in offered:
                        raise SearchError(f"{name} offers no {value!r}. Options: {', '.join(offered)}.")

    @property
    def offered(self) -> list[list[str]]:
        """Options of each slot that may be chosen."""
        return [
            [option.id for option in slot.options if slot.id not in self.only or option.id in self.only[slot.id]]
            for slot in self.data.slots
        ]

    def choices(self, step: int = 1) -> Iterator[dict[str, str]]:
        """Every combination of options in the order of the palette, or every ``step``-th."""
        offered, names = self.offered, [slot.id for slot in self.data.slots]
        for place in range(0, math.prod(map(len, offered)), step):
            chosen = []
            for options in reversed(offered):
                place, here = divmod(place, len(options))
                chosen.append(options[here])
            yield dict(zip(names, reversed(chosen), strict=True))

    def holds(self, design: Design) -> bool:
        """Whether a design keeps to ``only``."""
        return all(
            design.choices[name] in values if name in design.choices else design.knobs.get(name, values[0]) in values
            for name, values in self.only.items()
        )

    def roles(self, choices: Mapping[str, str]) -> dict[str, Role]:
        """Part that each knob of these choices plays."""
        named: dict[str, Role] = {}
        for slot, option_id in choices.items():
            option = self.data.option(slot, option_id)
            if option.staffing is not None:
                named[option.staffing.people] = "people"
                named[option.staffing.hours] = "hours"
            # Units that are paid for and serve no station of the path move a figure of quality: they are priced.
            if option.capacity.per:
                named.setdefault(option.capacity.per, "count")
        for counter in [name for name, role in named.items() if role == "count"]:
            if self._judged(counter, choices):
                named[counter] = "priced"
        return {knob: named.get(knob) or self._role(knob, choices) for knob in knobs_of(self.data, choices)}

    def _judged(self, counter: str, choices: Mapping[str, str]) -> bool:
        """Whether a count moves a figure of a target that needs no run: then fewer units are not the same, cheaper."""
        owner = next((f"{s}={o}" for s, o in choices.items() if counter in self.data.option(s, o).knobs), "")
        key = (f"judged {counter}", owner)
        if key not in self._roles:
            here = knobs_of(self.data, choices)[counter]
            values = {name: float(k.default) for name, k in knobs_of(self.data, choices).items()}
            told = []
            for end in (float(here.min), float(here.max)):
                figures = sketch(Design(self.data.id, dict(choices), values | {counter: end}), self.conditions)
                early = figures.quality_model.figures
                told.append([early.get(target.metric.removeprefix("quality.")) for target in self.data.targets])
            self._roles[key] = "priced" if told[0] != told[1] else "count"
        return self._roles[key] == "priced"

    def _role(self, knob: str, choices: Mapping[str, str]) -> Role:
        """Priced where the bill or a figure of quality moves when the knob goes from one end to the other.

        Asked once for a knob of an option, with the first other options it is met with.
        """
        owner = next((f"{s}={o}" for s, o in choices.items() if knob in self.data.option(s, o).knobs), "")
        key = (knob, owner)
        if key in self._roles:
            return self._roles[key]
        here = knobs_of(self.data, choices)[knob]
        values = {name: float(k.default) for name, k in knobs_of(self.data, choices).items()}
        figures = []
        for end in (float(here.min), float(here.max)):
            one = sketch(Design(self.data.id, dict(choices), values | {knob: end}), self.conditions)
            figures.append((one.cost_usd_month, tuple(sorted(one.quality_model.figures.items()))))
        role: Role = "free" if figures[0] == figures[1] else "priced"
        self._roles[key] = role
        return role

    def values(self, knob: str, choices: Mapping[str, str]) -> tuple[float, ...]:
        """Grid of a knob: evenly spread over its range on its own steps, with its default and what others chose."""
        if knob in self.only:
            return tuple(float(value) for value in self.only[knob])
        one = knobs_of(self.data, choices)[knob]
        low, high, step = float(one.min), float(one.max), float(one.step)
        steps = round((high - low) / step)
        spread = {round(i * steps / (self.grid - 1)) for i in range(self.grid)}
        grid = {round(low + i * step, 10) for i in spread} | {float(one.default)}
        grid |= {value for value in self.extra.get(knob, ()) if low <= value <= high}
        return tuple(sorted(grid))

    def trials(self, knob: str, choices: Mapping[str, str]) -> tuple[float, ...]:
        """Values of a free knob, the default first, then its lowest and four times the default."""
        if knob in self.only:
            return tuple(float(value) for value in self.only[knob])
        one = knobs_of(self.data, choices)[knob]
        default, low, high = float(one.default), float(one.min), float(one.max)
        return tuple(dict.fromkeys((default, low, min(high, 4.0 * default))))

    def size(self) -> float:
        """How many designs the space has if every knob took all its steps (they are never listed).

        Of a very large palette every so manieth combination is counted, and the rest is taken to be like it.
        """
        total = 0.0
        counts = math.prod(map(len, self.offered))
        step = thinned(counts // MOST_COUNTED)
        looked = 0
        for choices in self.choices(step):
            looked += 1
            total += math.prod(
                len(self.only[name]) if name in self.only
                else round((float(knob.max) - float(knob.min)) / float(knob.step)) + 1
                for name, knob in knobs_of(self.data, choices).items()
            )
        return total * counts / looked

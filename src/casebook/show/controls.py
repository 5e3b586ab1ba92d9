"""The board's controls: scenario, preset, one radio list a slot behind its chip, one slider a knob."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from casebook.design.design import knobs_of
from casebook.show.svg import esc

if TYPE_CHECKING:
    from casebook.design import Case, Design

CUSTOM = "custom"


class Controls:
    """Every control of one board by name: `scenario`, `preset`, `slot:<id>` and `knob:<name>`.

    `on_touch(name)` is called after a person (or a test) moved a control; not while `show` sets them. Every
    callback runs inside `guard`, which tells what it raises.
    """

    def __init__(
        self, case: Case, on_touch: Callable[[str], None], guard: Callable[[Callable[[], None]], None]
    ) -> None:
        self._case, self._data, self._on_touch, self._guard = case, case.data, on_touch, guard
        self._setting = False
        self.scenario = widgets.Dropdown(
            options=[(item.title, item.id) for item in self._data.scenarios], description="Scenario"
        )
        self.preset = widgets.Dropdown(
            options=[("your own", CUSTOM), *((item.title, item.id) for item in self._data.presets)],
            description="Start from",
        )
        self.slots = {
            slot.id: widgets.RadioButtons(options=[(option.title, option.id) for option in slot.options])
            for slot in self._data.slots
        }
        self.knobs = {name: self._slider(knob) for name, knob in self._every_knob().items()}
        self.chips = {slot.id: widgets.Button() for slot in self._data.slots}
        self.panel = widgets.VBox()
        self._summary = widgets.HTML()
        self.open_slot = next((slot.id for slot in self._data.slots if len(slot.options) > 1), self._data.slots[0].id)
        for slot_id, chip in self.chips.items():
            chip.add_class("cb-chip")
            chip.on_click(self._opener(slot_id))
        self.panel.add_class("cb-panel")
        self._listen()

    @property
    def all(self) -> dict[str, Any]:
        """Name → widget with a `value`, so that a program can set each one once."""
        named: dict[str, Any] = {"scenario": self.scenario, "preset": self.preset}
        named |= {f"slot:{slot}": control for slot, control in self.slots.items()}
        return named | {f"knob:{name}": control for name, control in self.knobs.items()}

    def choices(self) -> dict[str, str]:
        """Slot → option as the controls show them."""
        return {slot: str(control.value) for slot, control in self.slots.items()}

    def design(self) -> Design:
        """The design that the controls show."""
        known = knobs_of(self._data, self.choices())
        values = {name: self.knobs[name].value for name in known}
        return self._case.design(
            **{slot.replace("-", "_"): option for slot, option in self.choices().items()}, **values
        )

    def show(self, design: Design) -> None:
        """Set every control to a design without calling `on_touch`."""
        self._setting = True
        try:
            for slot, option in design.choices.items():
                self.slots[slot].value = option
            self._fit_knobs()
            for name, value in design.knobs.items():
                self.knobs[name].value = type(self.knobs[name].value)(value)
            self._name_preset(design)
        finally:
            self._setting = False
        self.repaint()

    def set_scenario(self, scenario: str) -> None:
        """Choose a scenario without calling `on_touch`."""
        self._setting = True
        try:
            self.scenario.value = scenario
        finally:
            self._setting = False

    def _opener(self, slot_id: str) -> Callable[[Any], None]:
        return lambda _: self._guard(lambda: self.open(slot_id))

    def open(self, slot_id: str) -> None:
        """Open one chip and close the others."""
        self.open_slot = slot_id
        self.repaint()

    def repaint(self) -> None:
        """Write the chips and fill the panel of the open one."""
        choices = self.choices()
        for slot in self._data.slots:
            option = self._data.option(slot.id, choices[slot.id])
            chip = self.chips[slot.id]
            count = int(self.knobs[option.capacity.per].value) if option.capacity.per else 1
            chip.description = f"{slot.title}\n{option.title}" + (f" ×{count}" if count > 1 else "")
            chip.tooltip = slot.question
            (chip.add_class if slot.id == self.open_slot else chip.remove_class)("cb-open")
            (chip.add_class if option.none else chip.remove_class)("cb-empty")
        slot = self._data.slot(self.open_slot)
        option = self._data.option(slot.id, choices[slot.id])
        summary = f'<p class="cb-summary">{esc(option.summary)}</p>'
        if self._summary.value != summary:
            self._summary.value = summary
        wanted = (
            self._question(slot.id, slot.question),
            self.slots[slot.id],
            self._summary,
            *(self.knobs[name] for name in option.knobs),
            *(self.knobs[name] for name in self._data.knobs),
        )
        if wanted != self.panel.children:
            self.panel.children = wanted

    def _question(self, slot_id: str, question: str) -> Any:
        if not hasattr(self, "_questions"):
            self._questions: dict[str, Any] = {}
        if slot_id not in self._questions:
            self._questions[slot_id] = widgets.HTML(f'<p class="cb-question">{esc(question)}</p>')
        return self._questions[slot_id]

    def _every_knob(self) -> dict[str, Any]:
        knobs = dict(self._data.knobs)
        for slot in self._data.slots:
            for option in slot.options:
                for name, knob in option.knobs.items():
                    knobs.setdefault(name, knob)
        return knobs

    def _slider(self, knob: Any) -> Any:
        whole = float(knob.step).is_integer() and float(knob.min).is_integer()
        kind = widgets.IntSlider if whole else widgets.FloatSlider
        cast = int if whole else float
        extra = {} if whole else {"readout_format": ".2f"}
        slider = kind(
            value=cast(knob.default),
            min=cast(knob.min),
            max=cast(knob.max),
            step=cast(knob.step),
            description=_label(knob),
            continuous_update=True,
            **extra,
        )
        slider.tooltip = " ".join(
            part for part in (knob.title, f"({knob.unit})" if knob.unit else "", knob.help) if part
        )
        slider.add_class("cb-knob")
        return slider

    def _fit_knobs(self) -> None:
        """Give each slider the ends that the chosen option allows, widening before narrowing."""
        for name, knob in knobs_of(self._data, self.choices()).items():
            slider = self.knobs[name]
            cast = type(slider.value)
            low, high = cast(knob.min), cast(knob.max)
            slider.description = _label(knob)
            if (slider.min, slider.max) == (low, high):
                continue
            slider.min, slider.max = min(slider.min, low), max(slider.max, high)
            slider.value = min(max(slider.value, low), high)
            slider.min, slider.max = low, high

    def _name_preset(self, design: Design) -> None:
        named = next((item.id for item in self._data.presets if self._case.preset(item.id) == design), CUSTOM)
        if self.preset.value != named:
            self.preset.value = named

    def _listen(self) -> None:
        def touch(name: str) -> Callable[[Any], None]:
            return lambda _: self._guard(lambda: self._moved(name))

        for name, control in self.all.items():
            control.observe(touch(name), names="value")

    def _moved(self, name: str) -> None:
        # Asked in its turn: a person may move a control in the very moment in which a cell shows a design.
        if not self._setting:
            self._touched(name)

    def _touched(self, name: str) -> None:
        if name == "preset" and self.preset.value != CUSTOM:
            self.show(self._case.preset(self.preset.value))
        if name.startswith("slot:"):
            self._quietly(lambda: self._defaults(name.removeprefix("slot:")))
        # The figures first: they are what the eye waits for.
        self._on_touch(name)
        if name not in ("preset", "scenario"):
            self._quietly(lambda: self._name_preset(self.design()))
        self.repaint()

    def _quietly(self, step: Callable[[], None]) -> None:
        """Set controls without taking it for a touch."""
        self._setting = True
        try:
            step()
        finally:
            self._setting = False

    def _defaults(self, slot: str) -> None:
        """A newly chosen option starts from its own ends; a knob it shares with the old one keeps its value."""
        self._fit_knobs()
        self.open_slot = slot


def _label(knob: Any) -> str:
    short = {"share": "", "sd above the mean clean score": ""}.get(knob.unit, knob.unit)
    extra = f" ({short})" if short and short.lower() not in knob.title.lower() else ""
    return f"{knob.title}{extra}"

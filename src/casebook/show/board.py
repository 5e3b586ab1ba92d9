"""The board: controls, headline, figures and picture of one design, and `keep`, which turns it into code."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable
from importlib import resources
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from casebook.design import Conditions, evaluate
from casebook.show.controls import Controls
from casebook.show.costs import bill_series, volume_series
from casebook.show.figures import BillFigure, LatencyFigure, VolumeFigure
from casebook.show.headline import binding_line, headline, verdict_words
from casebook.show.legend import bill_legend
from casebook.show.picture import icon_sheet
from casebook.show.pulse import Pulse
from casebook.show.rewrite import CellWriter, keep_call
from casebook.show.series import latency_series
from casebook.show.sketching import architecture_svg
from casebook.show.stills import board_html, latency_limit
from casebook.show.svg import content_id, esc

if TYPE_CHECKING:
    from casebook.design import Case, Design, Evaluation

QUICK_REQUESTS = 20_000
REST_REQUESTS = 100_000
_WRITER = CellWriter()


class Board:
    """A case's controls beside what they do.

    `scenario`: id of the scenario to start with. `preset`: id of the design to start from (the case's plain one
    where empty). `notes`: the answer's `ComponentNote`s, for owner badges. `cover`: words to show instead of the
    board until `uncover()` is called. `errors` lists every exception of a callback, newest last; the board shows
    the newest. `controls` gives every control by name, each with a `value`.
    """

    def __init__(self, case: Case, scenario: str | Conditions = "", *, name: str = "board", preset: str = "",
                 notes: Iterable[Any] = (), cover: str = "") -> None:
        self.case, self.name = case, name
        self.errors: list[Exception] = []
        self._notes, self._cover = tuple(notes), cover
        given = scenario if isinstance(scenario, Conditions) else case.conditions(scenario)
        self._given = given
        self._touched, self._kept, self._busy = False, None, False
        self._shown: dict[str, Any] = {}
        self._graded: Evaluation | None = None
        self._controls = Controls(case, self._on_touch)
        self._assemble()
        data = case.data
        first = preset or next((item.id for item in data.presets if item.role == "plain"), data.presets[0].id)
        self._controls.show(case.preset(first))
        self._controls.set_scenario(given.scenario)
        self._refresh()

    # what a program may ask --------------------------------------------------------------------------------
    @property
    def controls(self) -> dict[str, Any]:
        """Name → control: `scenario`, `preset`, `slot:<id>`, `knob:<name>`."""
        return self._controls.all

    @property
    def design(self) -> Design:
        """The design that the controls show now."""
        return self._controls.design()

    @property
    def kept(self) -> Design | None:
        """The design that was kept last, or None."""
        return self._kept

    @property
    def conditions(self) -> Conditions:
        """The scenario that the controls show, with the changes the board was opened under."""
        chosen = str(self._controls.scenario.value)
        return self._given if chosen == self._given.scenario else self.case.conditions(chosen)

    @property
    def evaluation(self) -> Evaluation:
        """What the shown design does, over 100,000 requests."""
        return evaluate(self.design, self.conditions, requests=REST_REQUESTS)

    @property
    def notes(self) -> tuple[Any, ...]:
        """The notes that give the parts their owners."""
        return self._notes

    @notes.setter
    def notes(self, notes: Iterable[Any]) -> None:
        self._notes = tuple(notes)
        self._refresh()

    def uncover(self) -> None:
        """Show the board where it was covered."""
        self._cover = ""
        self._lay()

    def keep(self, **kwargs: str | float) -> Design | None:
        """Keep the design that the controls show, as code.

        After a control was touched: returns what the controls show and rewrites its own cell with it. Untouched:
        sets the controls to its arguments and returns them. Untouched and without arguments: None, "not
        answered". Raises `DesignError` where an argument is not on the palette.
        """
        if self._touched:
            design = self.design
            head = f"{self.name}.keep"
            frame = sys._getframe(1)
            done = _WRITER.write(_shell(), frame, design.as_kwargs())
            print("Kept." if done else "Kept. Put this line into the cell, so that it is still there tomorrow:")
            if done:
                print("If the cell above did not change, paste this into it:")
            print(keep_call(head, design.as_kwargs()))
        elif kwargs:
            design = self.case.design(**kwargs)
            self._controls.show(design)
        else:
            print(f"Not answered yet: change something on the board, then run this cell again. "
                  f"A cell that reads {self.name}.keep() without a choice counts as blank.")
            return None
        self._kept, self._touched = design, False
        self._refresh()
        return design

    # how it looks ------------------------------------------------------------------------------------------
    def _assemble(self) -> None:
        data = self.case.data
        icons = [option.icon for slot in data.slots for option in slot.options if option.icon]
        style = f"<style>{resources.files('casebook.show').joinpath('board.css').read_text('utf-8')}"
        style += f".{self._still_class}{{display:none}}</style>"
        self._style = widgets.HTML(style + icon_sheet(icons))
        self._state, self._tiles, self._binding = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._diagram, self._fault = widgets.HTML(), widgets.HTML()
        self._latency_words, self._bill_words, self._volume_words = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._spoken = widgets.HTML()
        self._latency, self._bill, self._volume = LatencyFigure(), BillFigure(), VolumeFigure()
        self._pulse = Pulse()
        self._pulse.observe(lambda change: self._guard(self._settle), names="rested")
        omits = "; ".join(text[:1].lower() + text[1:] for text in data.leaves_out)
        controls = self._controls
        head = _box("cb-head", widgets.HTML(f'<span class="cb-title">{esc(data.title)}</span>'), controls.scenario,
                    controls.preset, self._state)
        figures = _box("cb-figures", _box("cb-figure", self._latency.widget, self._latency_words),
                       _box("cb-figure", self._bill.widget, self._bill_words))
        right = _box("cb-right", self._tiles, self._binding, figures)
        foot = _box("cb-foot", _box("cb-figure", self._volume.widget, self._volume_words),
                    widgets.HTML(f'<p class="cb-omits"><b>The model leaves out:</b> {esc(omits)}.</p>'))
        self._body = (head, _box("cb-chips", *controls.chips.values()), self._fault,
                      _box("cb-main", controls.panel, right), self._diagram, foot, self._spoken)
        self._root = _box("cb-board")
        self._lay()

    def _lay(self) -> None:
        if self._cover:
            cover = widgets.HTML(f'<p class="cb-cover">{esc(self._cover)}</p>')
            self._root.children = (self._style, cover)
        else:
            self._root.children = (self._style, *self._body, self._pulse)

    @property
    def _still_class(self) -> str:
        return content_id("cb-still", self.case.id, self.name)

    def still(self) -> str:
        """The board as a still page of HTML, complete without script or network."""
        return board_html(self.evaluation, self._notes)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """The live widgets, and for places without them the still picture."""
        bundle = dict(self._root._repr_mimebundle_() or {})
        bundle["text/plain"] = f"{self.name}: {self.design!r}"
        bundle["text/html"] = self.still()
        return bundle

    def __repr__(self) -> str:
        return f"<board {self.name!r} of {self.case.id}: {self.design!r}>"

    # what happens when something moves ---------------------------------------------------------------------
    def _on_touch(self, name: str) -> None:
        if name != "scenario":
            self._touched = True
        self._guard(self._refresh)

    def _guard(self, step: Any) -> None:
        """Run a callback; what it raises is shown on the board and kept in `errors`, never swallowed."""
        try:
            step()
        except Exception as error:
            self.errors.append(error)
            self._put(self._fault, f'<div class="cb-fault" role="alert"><b>The board could not follow.</b> '
                                   f"{esc(type(error).__name__)}: {esc(error)}</div>")
        else:
            self._put(self._fault, "")

    def _refresh(self) -> None:
        """A quick run for the moving curve; the page is asked to say when the controls have come to rest."""
        self._graded = None
        ev = evaluate(self.design, self.conditions, requests=QUICK_REQUESTS)
        self._draw(ev)
        self._put(self._tiles, headline(ev))
        self._pulse.tick += 1

    def _draw(self, ev: Evaluation) -> None:
        limit_ms, label = latency_limit(ev)
        kept = self._kept
        kept_ev = evaluate(kept, self.conditions, requests=REST_REQUESTS) if kept else None
        shown = latency_series(ev, limit_ms, label, ev.design.data.unit.request)
        self._latency.update(shown, kept_ev.latency_ms(0.99) if kept_ev and kept_ev.stable else None)
        self._put(self._diagram, '<div class="cb-scroll" tabindex="0" role="region" aria-label="Architecture">'
                                 f"{architecture_svg(ev.design, ev, self._notes, with_icons=False)}</div>")
        bill = bill_series(ev)
        self._bill.update(bill, bill_series(kept_ev) if kept_ev else None)
        self._put(self._latency_words, f'<p class="cb-alt">{esc(shown.words())}</p>')
        self._put(self._bill_words, bill_legend(bill))
        self._put(self._binding, binding_line(ev))
        self._put(self._state, self._state_words())

    def _settle(self) -> None:
        """The controls rest: the longer run for the curve now, the graded run beside the page's own path."""
        tick = self._pulse.tick
        if self._pulse.rested != tick or self._graded is not None:
            return
        design, conditions = self.design, self.conditions
        ev = evaluate(design, conditions, requests=REST_REQUESTS)
        self._draw(ev)
        curve = volume_series(ev)
        self._volume.update(curve)
        self._put(self._volume_words, f'<p class="cb-alt">{esc(curve.words())}</p>')

        def grade() -> None:
            judged = evaluate(design, conditions, graded=True)
            if self._pulse.tick == tick:
                self._graded = judged
                self._put(self._tiles, headline(judged))
                self._put(self._spoken, _spoken(judged))

        threading.Thread(target=self._guard, args=(grade,), name="casebook-graded", daemon=True).start()

    def _put(self, widget: Any, html: str) -> None:
        """Send markup only where it changed."""
        if widget.value != html:
            widget.value = html

    def _state_words(self) -> str:
        if self._kept is None:
            look, words = "new", "not kept yet"
        elif self._kept == self.design:
            look, words = "kept", "✓ kept"
        else:
            look, words = "changed", "● changed since you kept it"
        return f'<span class="cb-state cb-{look}" role="status">{words}</span>'


def _spoken(ev: Evaluation) -> str:
    """The verdicts for a screen reader, said once when they stand."""
    words = " ".join(verdict_words(verdict) for verdict in ev.verdicts)
    return f'<p class="cb-spoken" role="status" aria-live="polite">{esc(words)}</p>'


def _box(name: str, *children: Any) -> Any:
    box = widgets.VBox(children)
    box.add_class(name)
    return box


def _shell() -> Any:
    """The running notebook, or None."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None

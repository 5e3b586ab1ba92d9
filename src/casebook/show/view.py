"""The board's page: every widget that shows something, laid out; it knows nothing of keeping or running."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from casebook.show.costs import bill_series, volume_series
from casebook.show.figures import LatencyFigure
from casebook.show.headline import binding_line, columns, headline, verdict_words
from casebook.show.legend import bill_legend
from casebook.show.money_figures import BillFigure, VolumeFigure
from casebook.show.own_figures import own_figures_html
from casebook.show.picture import icon_sheet
from casebook.show.pulse import Pulse
from casebook.show.series import latency_series
from casebook.show.sketching import architecture_svg
from casebook.show.stills import latency_limit
from casebook.show.svg import esc

if TYPE_CHECKING:
    from casebook.design import Evaluation
    from casebook.facts import CaseData
    from casebook.show.controls import Controls

_STATES = {"new": "not kept yet", "kept": "✓ kept", "changed": "● changed since you kept it"}


@dataclass(frozen=True, slots=True)
class Widths:
    """Room in px: of the latency figure, the figure of cost against volume, and the architecture."""

    latency: float
    volume: float
    architecture: float


def widths(board_px: float) -> Widths:
    """What the style sheet makes of a board's width."""
    beside = board_px - 314.0 if board_px > 900 else board_px
    latency = (beside - 8.0) * 1.25 / 2.25 if board_px > 620 else beside
    # A telephone gets the picture a little smaller rather than one box a row.
    return Widths(latency - 14.0, board_px - 14.0, board_px - 2.0 if board_px > 620 else board_px / 0.85)


class View:
    """`root` is the widget to display. Markup is sent only where it changed, icons once.

    `estimates_first`: what a part costs is told only once it has an estimate.
    """

    def __init__(
        self, data: CaseData, controls: Controls, still_class: str, *, estimates_first: bool = False
    ) -> None:
        self._estimates_first, self._scope = estimates_first, still_class
        icons = [option.icon for slot in data.slots for option in slot.options if option.icon]
        css = resources.files("casebook.show").joinpath("board.css").read_text("utf-8")
        # The live board hides the still picture that follows it in the notebook.
        css += f".{still_class},.jp-OutputArea-child:has(.{still_class}){{display:none}}"
        self._style = widgets.HTML(f"<style>{css}</style>{icon_sheet(icons)}")
        self._state, self._tiles, self._binding, self._spoken = (widgets.HTML() for _ in range(4))
        self._diagram, self._fault, self._own = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._latency_words, self._bill_words, self._volume_words = (widgets.HTML() for _ in range(3))
        self._latency, self._volume = LatencyFigure(), VolumeFigure()
        self._bill = BillFigure(amounts=not estimates_first)
        self.pulse = Pulse()
        title = widgets.HTML(f'<span class="cb-title">{esc(data.title)}</span>')
        figures = _box(
            "cb-figures",
            _box("cb-figure", self._latency.widget, self._latency_words),
            _box("cb-figure", self._bill.widget, self._bill_words),
        )
        right = _box("cb-right", self._tiles, self._binding, figures)
        self._left_out = widgets.HTML(_omits(data.leaves_out))
        volume = _box("cb-figure", self._volume.widget, self._volume_words)
        chips = _box("cb-chips", *controls.chips.values())
        chips.add_class(f"cb-cols-{columns(len(controls.chips), 7)}")
        self._body = (
            _box("cb-head", title, controls.scenario, controls.preset, self._state),
            chips,
            self._fault,
            _box("cb-main", controls.panel, right),
            self._diagram,
            _box("cb-foot", self._own, volume, self._left_out),
            self._spoken,
        )
        self.root = _box("cb-board")

    def lay(self, cover: str = "") -> None:
        """Show the board, or only these words in its place."""
        if cover:
            words = widgets.HTML(f'<p class="cb-cover">{esc(cover)}</p>')
            self.root.children = (self._style, words)
        else:
            self.root.children = (self._style, *self._body, self.pulse)

    def draw(self, ev: Evaluation, kept: Evaluation | None, notes: Iterable[Any], state: str) -> None:
        """Everything that moves with a slider; the latency figure goes first, it is what people watch."""
        limit_ms, label = latency_limit(ev)
        shown = latency_series(ev, limit_ms, label, ev.design.data.unit.request)
        kept_ms = kept.latency_ms(0.99) if kept is not None and kept.stable else None
        self._latency.update(shown, kept_ms, self._wide.latency)
        self.architecture(ev, notes)
        bill = bill_series(ev)
        self._bill.update(bill, bill_series(kept) if kept is not None else None)
        _put(self._latency_words, f'<p class="cb-alt">{esc(shown.words())}</p>')
        _put(self._bill_words, bill_legend(bill, self._withheld(ev, notes)))
        _put(self._binding, binding_line(ev))
        _put(self._left_out, _omits(ev.leaves_out))
        self.state(state)

    def architecture(self, ev: Evaluation, notes: Iterable[Any]) -> None:
        """The picture, laid out for the width that the page told."""
        room = self._wide.architecture
        picture = architecture_svg(ev.design, ev, notes, with_icons=False, width_px=room, scope=self._scope)
        _put(
            self._diagram,
            f'<div class="cb-scroll" tabindex="0" role="region" aria-label="Architecture">{picture}</div>',
        )

    @property
    def _wide(self) -> Widths:
        return widths(float(self.pulse.width_px))

    def _withheld(self, ev: Evaluation, notes: Iterable[Any]) -> frozenset[str]:
        if not self._estimates_first:
            return frozenset()
        estimated = {note.slot.replace("_", "-") for note in notes if note.estimate_usd_month is not None}
        return frozenset(ev.design.components) - estimated

    def state(self, state: str) -> None:
        """`new`, `kept` or `changed`."""
        _put(self._state, f'<span class="cb-state cb-{state}" role="status">{_STATES[state]}</span>')

    def verdicts(self, ev: Evaluation) -> None:
        """The headline tiles; a graded evaluation is also said aloud to screen readers."""
        _put(self._tiles, headline(ev))
        if ev.graded:
            words = " ".join(verdict_words(verdict) for verdict in ev.verdicts)
            _put(self._spoken, f'<p class="cb-spoken" role="status" aria-live="polite">{esc(words)}</p>')

    def below(self, ev: Evaluation, kept: Evaluation | None) -> None:
        """What lies below the fold, drawn at rest: cost against volume, and the case's own figures after `keep`."""
        curve = volume_series(ev)
        self._volume.update(curve, self._wide.volume)
        _put(self._own, "" if kept is None else own_figures_html(ev, kept))
        _put(self._volume_words, f'<p class="cb-alt">{esc(curve.words())}</p>')

    def remember(self) -> None:
        """What the figures show is kept in their state, for a page that draws them only now."""
        for figure in (self._latency, self._bill, self._volume):
            figure.widget.remember()

    def fault(self, error: Exception | None) -> None:
        """Say what went wrong, or take it away."""
        words = "" if error is None else f"{type(error).__name__}: {error}"
        alarm = f'<div class="cb-fault" role="alert"><b>The board could not follow.</b> {esc(words)}</div>'
        _put(self._fault, alarm if words else "")


def _omits(left_out: Iterable[str]) -> str:
    told = "; ".join(text[:1].lower() + text[1:] for text in left_out)
    return f'<p class="cb-omits"><b>The model leaves out:</b> {esc(told)}.</p>'


def _put(widget: Any, html: str) -> None:
    if widget.value != html:
        widget.value = html


def _box(name: str, *children: Any) -> Any:
    box = widgets.VBox(children)
    box.add_class(name)
    return box

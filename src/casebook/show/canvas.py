"""What every live figure stands on: a bare plotly FigureWidget, and one message for a step."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import plotly.graph_objects as go
import traitlets

from casebook.show.colours import INK
from casebook.show.plotly_once import FIGURE_SCRIPT, carrier

FONT_SIZE = 12
_FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, sans-serif"


class Figure(go.FigureWidget):  # type: ignore[misc]
    """A FigureWidget that the page hears of once it is whole, with plotly's script from the `carrier`.

    The constructor of FigureWidget tells the page of an empty figure and fills it by a second message; a busy
    page draws between the two and stays empty, because its script takes no notice of the filling.
    """

    _esm = FIGURE_SCRIPT
    carrier = traitlets.Unicode("").tag(sync=True)
    _whole = False

    def open(self) -> None:
        """Tell the page, but not before `tell`."""
        if self._whole:
            super().open()

    def tell(self) -> None:
        """The figure is whole: the page may hear of it."""
        self.remember()
        self.carrier = f"IPY_MODEL_{carrier().model_id}"
        self._whole = True
        self.open()

    def remember(self) -> None:
        """Put what the figure shows into its state, from which the page draws it where it comes into view again."""
        self._widget_layout = deepcopy(self._layout_obj._props)
        self._widget_data = deepcopy(self._data)


def canvas(traces: list[Any], **layout: Any) -> Figure:
    """A figure on no paper of its own: the page's theme shows through and its style sheet colours the text."""
    # Given at once: otherwise plotly first builds its own default template, for ten times as long.
    figure = Figure(data=traces, layout={"template": "none"})
    figure._config = {
        **figure._config,
        "displayModeBar": False,
        "responsive": True,
        "scrollZoom": False,
        "doubleClick": False,
        "showTips": False,
    }
    figure.update_layout(
        autosize=True,
        showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": _FONT, "size": FONT_SIZE, "color": INK},
        title={
            "font": {"size": 13},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 7, "l": 1},
        },
        hovermode="closest",
        hoverlabel={"font": {"size": FONT_SIZE, "family": _FONT}},
        dragmode=False,
        **layout,
    )
    figure.tell()
    figure.tell()
    return figure


def move(figure: Figure, style: dict[str, list[Any]], layout: dict[str, Any]) -> None:
    """One message for all traces, each property given for every one of them.

    `batch_update` leaves out what did not change; plotly.js 4.1 takes the gap for a deletion and draws
    such a trace against 0, 1, 2, … (seen in the page), so it is not used.
    """
    figure.plotly_update(restyle_data=style, relayout_data=layout, trace_indexes=list(range(len(figure.data))))

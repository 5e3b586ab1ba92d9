"""What every live figure stands on: a bare plotly FigureWidget, and one message for a step."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from casebook.show.colours import INK

FONT_SIZE = 12
_FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, sans-serif"


def canvas(traces: list[Any], **layout: Any) -> go.FigureWidget:
    """A figure on no paper of its own: the page's theme shows through and its style sheet colours the text."""
    # Given at once: otherwise plotly first builds its own default template, for ten times as long.
    figure = go.FigureWidget(data=traces, layout={"template": "none"})
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
    return figure


def move(figure: go.FigureWidget, style: dict[str, list[Any]], layout: dict[str, Any]) -> None:
    """One message for all traces, each property given for every one of them.

    `batch_update` leaves out what did not change; plotly.js 4.1 takes the gap for a deletion and draws
    such a trace against 0, 1, 2, … (seen in the page), so it is not used.
    """
    figure.plotly_update(restyle_data=style, relayout_data=layout, trace_indexes=list(range(len(figure.data))))

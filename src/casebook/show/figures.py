"""The live figure of the latency: its traces are fixed, so that a step is one small update."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from casebook.show.canvas import FONT_SIZE, canvas, move
from casebook.show.colours import BLUE, GREEN, INK, VERMILION
from casebook.show.series import LatencySeries, shaded, tick

_TICKS = [10.0**power for power in range(-1, 10)]


class LatencyFigure:
    """Distribution of the waiting time with p50, p95, p99, the band of p99 and the target."""

    def __init__(self, height_px: int = 180) -> None:
        flat = {"hoverinfo": "skip", "cliponaxis": False}
        self.widget = canvas(
            [
                go.Scatter(
                    fill="toself",
                    mode="lines",
                    line={"width": 0},
                    fillcolor="rgba(230,159,0,0.26)",
                    fillpattern={
                        "shape": "/",
                        "fgcolor": "rgba(120,80,0,0.55)",
                        "size": 7,
                        "solidity": 0.25,
                        "fillmode": "overlay",
                    },
                    **flat,
                ),
                go.Scatter(
                    fill="tozeroy",
                    mode="lines",
                    line={"color": BLUE, "width": 2},
                    fillcolor="rgba(0,114,178,0.22)",
                    hovertemplate="%{x:.3g} ms<extra></extra>",
                ),
                go.Scatter(mode="lines", line={"color": INK, "width": 1.6}, name="marks", **flat),
                go.Scatter(mode="lines", line={"color": VERMILION, "width": 2, "dash": "dash"}, **flat),
                go.Scatter(mode="lines", line={"color": GREEN, "width": 2, "dash": "dot"}, **flat),
                go.Scatter(mode="text", textposition="top center", textfont={"size": FONT_SIZE}, **flat),
            ],
            height=height_px,
            margin={"l": 8, "r": 8, "t": 28, "b": 22},
            title_text="How long a verdict takes",
            xaxis={
                "type": "log",
                "tickvals": _TICKS,
                "ticktext": [tick(value) for value in _TICKS],
                "showgrid": False,
                "zeroline": False,
                "ticks": "outside",
                "range": [1, 4],
                "fixedrange": True,
            },
            yaxis={"range": [0, 1.32], "visible": False, "fixedrange": True},
        )
        self._range: tuple[float, float] | None = None
        self._title = "How long a verdict takes"

    def update(self, series: LatencySeries, kept_p99_ms: float | None = None) -> None:
        """Move everything in one message; the axis is touched only where its ends change."""
        marks = series.marks
        lines_x = [value for mark in marks for value in (mark.value_ms, mark.value_ms, None)]
        box_x = [
            value
            for mark in marks[-1:]
            for low, high in [shaded(series, mark)]
            for value in (low, low, high, high, low)
        ]
        labels = [mark.label for mark in marks]
        label_x, label_y = [mark.value_ms for mark in marks], _stagger(series)
        if series.limit_ms is not None:
            labels.append(series.limit_label)
            label_x.append(series.limit_ms)
            label_y.append(1.12 if _clear(series, series.limit_ms) else 1.0)
        if kept_p99_ms is not None:
            labels.append("kept")
            label_x.append(kept_p99_ms)
            label_y.append(0.78)
        limit_x = [] if series.limit_ms is None else [series.limit_ms] * 2
        kept_x = [] if kept_p99_ms is None else [kept_p99_ms] * 2
        xs = [box_x, series.x_ms.astype(np.float32), lines_x, limit_x, kept_x, label_x]
        ys = [
            [0, 1.0, 1.0, 0, 0] if box_x else [],
            series.height.astype(np.float32),
            [0, 1.0, None] * len(marks),
            [0, 1.12] if limit_x else [],
            [0, 0.78] if kept_x else [],
            label_y,
        ]
        axis: dict[str, Any] = {} if self._title == series.title else {"title.text": series.title}
        self._title = series.title
        if self._range != (series.low_ms, series.high_ms):
            self._range = (series.low_ms, series.high_ms)
            axis["xaxis.range"] = [float(np.log10(series.low_ms)), float(np.log10(series.high_ms))]
        move(self.widget, {"x": xs, "y": ys, "text": ["", "", "", "", "", labels]}, axis)


def _stagger(series: LatencySeries) -> list[float]:
    """Heights for the quantile labels: one that would cover its neighbour goes a row up."""
    heights: list[float] = []
    span = float(np.log10(series.high_ms / series.low_ms))
    for place, mark in enumerate(series.marks):
        close = (
            place > 0
            and heights[-1] == 1.0
            and (float(np.log10(mark.value_ms / series.marks[place - 1].value_ms)) / span < 0.09)
        )
        heights.append(1.14 if close else 1.0)
    return heights


def _clear(series: LatencySeries, value_ms: float) -> bool:
    """Whether a label at this place would stand over a quantile label of the first row."""
    span = float(np.log10(series.high_ms / series.low_ms))
    return any(abs(float(np.log10(value_ms / mark.value_ms))) / span < 0.2 for mark in series.marks)

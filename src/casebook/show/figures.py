"""The live figure of the latency: its traces are fixed, so that a step is one small update."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from casebook.show.canvas import FONT_SIZE, canvas, move
from casebook.show.colours import BLUE, GREEN, INK, VERMILION
from casebook.show.labels import rows_above
from casebook.show.series import LatencySeries, axis_ticks, shaded, tick

_ROW_PX = 14.0  # a row of words


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
            margin={"l": 8, "r": 8, "t": 26, "b": 24},
            title_text="",
            xaxis={
                "type": "log",
                "showgrid": False,
                "zeroline": False,
                "ticks": "outside",
                "range": [1, 4],
                "fixedrange": True,
            },
            yaxis={"range": [0, 1.32], "visible": False, "fixedrange": True},
        )
        self._range: tuple[float, float] | None = None
        self._roof, self._inner_px = 1.32, height_px - 50.0
        self._title = ""

    def update(self, series: LatencySeries, kept_p99_ms: float | None = None, width_px: float = 430.0) -> None:
        """Move everything in one message; the axis is touched only where its ends change.

        `width_px` is the figure's own width in the page, for the places of the words.
        """
        marks = series.marks
        lines_x = [value for mark in marks for value in (mark.value_ms, mark.value_ms, None)]
        box_x = [
            value
            for mark in marks[-1:]
            for low, high in [shaded(series, mark)]
            for value in (low, low, high, high, low)
        ]
        labels = [mark.label for mark in marks]
        label_x = [mark.value_ms for mark in marks]
        if series.limit_ms is not None:
            labels.append(series.limit_label)
            label_x.append(series.limit_ms)
        if kept_p99_ms is not None:
            labels.append("kept p99")
            label_x.append(kept_p99_ms)
        inner_px = width_px - 16.0
        span = float(np.log10(series.high_ms / series.low_ms))
        spots = rows_above(labels, [inner_px * float(np.log10(x / series.low_ms)) / span for x in label_x], inner_px)
        # Every row of words is as high as its letters, however many there are; the curve gets the rest.
        count = 1 + max((spot.row for spot in spots), default=0)
        roof = 1.0 / (1.0 - _ROW_PX * count / self._inner_px)
        row = roof * _ROW_PX / self._inner_px
        heights = [1.0 + row * spot.row for spot in spots]
        tops = dict(zip(labels, heights, strict=True))
        sides = [f"top {spot.side}" for spot in spots]
        limit_x = [] if series.limit_ms is None else [series.limit_ms] * 2
        kept_x = [] if kept_p99_ms is None else [kept_p99_ms] * 2
        xs = [box_x, series.x_ms.astype(np.float32), lines_x, limit_x, kept_x, label_x]
        ys = [
            [0, 1.0, 1.0, 0, 0] if box_x else [],
            series.height.astype(np.float32),
            [y for mark in marks for y in (0, tops[mark.label], None)],
            [0, tops[series.limit_label]] if limit_x else [],
            [0, tops["kept p99"]] if kept_x else [],
            heights,
        ]
        axis: dict[str, Any] = {} if self._title == series.title else {"title.text": series.title}
        self._title = series.title
        if roof != self._roof:
            self._roof = roof
            axis["yaxis.range"] = [0, roof]
        if self._range != (series.low_ms, series.high_ms):
            self._range = (series.low_ms, series.high_ms)
            ticks = axis_ticks(series.low_ms * 1.05, series.high_ms / 1.05)  # words at the very ends are not drawn
            axis["xaxis.range"] = [float(np.log10(series.low_ms)), float(np.log10(series.high_ms))]
            axis["xaxis.tickvals"], axis["xaxis.ticktext"] = ticks, [tick(value) for value in ticks]
        places = ["top center"] * 5 + [sides]
        move(self.widget, {"x": xs, "y": ys, "text": ["", "", "", "", "", labels], "textposition": places}, axis)

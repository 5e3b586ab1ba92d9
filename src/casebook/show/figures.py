"""The live figures: plotly FigureWidgets whose traces are fixed, so that a step is one small update."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from casebook.show.colours import BLUE, GREEN, INK, VERMILION, fill
from casebook.show.series import BillSeries, LatencySeries, VolumeSeries, money, shaded, short_count, tick

FONT_SIZE = 12
_FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, sans-serif"
_POOL = 12


def _canvas(traces: list[Any], **layout: Any) -> go.FigureWidget:
    """A figure on no paper of its own: the page's theme shows through and its style sheet colours the text."""
    figure = go.FigureWidget(data=traces)
    figure._config = {
        **figure._config,
        "displayModeBar": False,
        "responsive": True,
        "scrollZoom": False,
        "doubleClick": False,
        "showTips": False,
    }
    figure.update_layout(
        template="none",
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
            "pad": {"t": 7, "l": 8},
        },
        hovermode="closest",
        hoverlabel={"font": {"size": FONT_SIZE, "family": _FONT}},
        dragmode=False,
        **layout,
    )
    return figure


class LatencyFigure:
    """Distribution of the waiting time with p50, p95, p99, the band of p99 and the target."""

    def __init__(self, height_px: int = 180) -> None:
        flat = {"hoverinfo": "skip", "cliponaxis": False}
        self.widget = _canvas(
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
        axis: dict[str, Any] = {}
        if self._range != (series.low_ms, series.high_ms):
            self._range = (series.low_ms, series.high_ms)
            axis["xaxis.range"] = [float(np.log10(series.low_ms)), float(np.log10(series.high_ms))]
        _move(self.widget, {"x": xs, "y": ys, "text": ["", "", "", "", "", labels]}, axis)


class BillFigure:
    """The bill as a stacked bar, and the kept design's bill under it; ``amounts`` under the pointer or not."""

    def __init__(self, height_px: int = 180, *, amounts: bool = True) -> None:
        hover = "%{data.name}: $%{x:,.0f}" if amounts else "%{data.name}"
        bars = [
            go.Bar(
                orientation="h",
                marker={
                    "color": fill(place).colour,
                    "pattern": {
                        "shape": fill(place).pattern,
                        "fgcolor": "#ffffff",
                        "size": 7,
                        "solidity": 0.28,
                        "fillmode": "overlay",
                    },
                    "line": {"width": 0.6, "color": "#ffffff"},
                },
                hovertemplate=f"{hover}<extra></extra>",
                width=0.62,
            )
            for place in range(_POOL)
        ]
        self.widget = _canvas(
            bars,
            height=height_px,
            barmode="stack",
            margin={"l": 46, "r": 10, "t": 28, "b": 22},
            title_text="Cost a month, part by part",
            xaxis={
                "showgrid": True,
                "gridcolor": "rgba(128,128,128,0.25)",
                "zeroline": False,
                "tickprefix": "$",
                "tickformat": "~s",
                "nticks": 5,
                "fixedrange": True,
                "rangemode": "tozero",
            },
            yaxis={
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
                "range": [0.4, 1.6],
                "tickvals": [1, 0],
                "ticktext": ["now", "kept"],
            },
        )
        self._shown: tuple[BillSeries, BillSeries | None] | None = None
        self._two = False

    def update(self, series: BillSeries, kept: BillSeries | None = None) -> None:
        """Show a bill, and the kept one under it. Nothing is sent where nothing changed."""
        if (series, kept) == self._shown:
            return
        self._shown = (series, kept)
        keys = list(
            dict.fromkeys([line.key for line in series.lines] + [line.key for line in (kept or series).lines])
        )
        now = {line.key: line for line in series.lines}
        then = {line.key: line for line in kept.lines} if kept else {}
        rows = []
        for place in range(_POOL):
            key = keys[place] if place < len(keys) else ""
            pair = [now[key].usd_month if key in now else 0.0, then[key].usd_month if key in then else 0.0]
            shown = now.get(key) or then.get(key)
            rows.append((pair, shown.title if shown else ""))
        axis: dict[str, Any] = {}
        if (kept is not None) != self._two:
            self._two = kept is not None
            axis["yaxis.range"] = [-0.6, 1.6] if self._two else [0.4, 1.6]
        style: dict[str, list[Any]] = {
            "x": [pair for pair, _ in rows],
            "y": [[1, 0]] * _POOL,
            "name": [name for _, name in rows],
        }
        _move(self.widget, style, axis)


class VolumeFigure:
    """Cost of one request against volume, both logarithmic, the scenarios marked."""

    def __init__(self, height_px: int = 230) -> None:
        self.widget = _canvas(
            [
                go.Scatter(
                    mode="lines",
                    line={"color": BLUE, "width": 2},
                    hovertemplate="%{x:,.0f} a day: $%{y:.4f}<extra></extra>",
                ),
                go.Scatter(
                    mode="markers+text",
                    textposition="top center",
                    textfont={"size": FONT_SIZE},
                    marker={"size": 9, "color": "#ffffff", "line": {"width": 1.6, "color": INK}},
                    hovertemplate="%{text}: $%{y:.4f}<extra></extra>",
                    cliponaxis=False,
                ),
                go.Scatter(
                    mode="markers", marker={"size": 13, "color": GREEN, "symbol": "diamond"}, hoverinfo="skip"
                ),
                go.Scatter(
                    mode="lines", line={"color": VERMILION, "width": 2, "dash": "dash"}, hoverinfo="skip"
                ),
                go.Scatter(
                    mode="text",
                    textposition="top right",
                    textfont={"size": FONT_SIZE},
                    hoverinfo="skip",
                    cliponaxis=False,
                ),
            ],
            height=height_px,
            margin={"l": 56, "r": 24, "t": 30, "b": 24},
            title_text="Cost of one request against volume",
            xaxis={
                "type": "log",
                "showgrid": False,
                "zeroline": False,
                "ticks": "outside",
                "tickvals": _COUNTS,
                "ticktext": [f"{short_count(count)} a day" for count in _COUNTS],
                "fixedrange": True,
            },
            yaxis={
                "type": "log",
                "tickvals": _PRICES,
                "ticktext": [f"${price:g}" for price in _PRICES],
                "gridcolor": "rgba(128,128,128,0.25)",
                "zeroline": False,
                "fixedrange": True,
            },
        )

    def update(self, series: VolumeSeries) -> None:
        """Move the curve and the marks in one message."""
        ends = [float(series.volumes_per_day[0]), float(series.volumes_per_day[-1])]
        limit = series.limit_usd_per_request
        style: dict[str, list[Any]] = {
            "x": [
                series.volumes_per_day.astype(np.float32),
                [mark[1] for mark in series.marks],
                [series.here[0]],
                ends if limit else [],
                ends[:1] if limit else [],
            ],
            "y": [
                series.usd_per_request.astype(np.float32),
                [mark[2] for mark in series.marks],
                [series.here[1]],
                [limit, limit] if limit else [],
                [limit] if limit else [],
            ],
            "text": ["", [mark[0] for mark in series.marks], "", "", [f"target {money(limit, 3)}"] if limit else []],
        }
        _move(self.widget, style, {"title.text": f"Cost of one {series.unit} against volume, this design unchanged"})


def _move(figure: go.FigureWidget, style: dict[str, list[Any]], layout: dict[str, Any]) -> None:
    """One message for all traces, each property given for every one of them.

    `batch_update` leaves out what did not change; plotly.js 4.1 takes the gap for a deletion and draws
    such a trace against 0, 1, 2, … (seen in the page), so it is not used.
    """
    figure.plotly_update(restyle_data=style, relayout_data=layout, trace_indexes=list(range(len(figure.data))))


_TICKS = [10.0**power for power in range(-1, 10)]
_COUNTS = [10**power for power in range(2, 10)]
_PRICES = [step * 10.0**power for power in range(-5, 2) for step in (1, 2, 5)]


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

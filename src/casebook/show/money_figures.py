"""The live figures of money: the bill part by part, and one request against volume."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from casebook.show.canvas import FONT_SIZE, canvas, move
from casebook.show.colours import BLUE, GREEN, INK, VERMILION, fill
from casebook.show.series import BillSeries, VolumeSeries, money, short_count

_POOL = 16
_COUNTS = [10**power for power in range(2, 10)]
_PRICES = [step * 10.0**power for power in range(-5, 2) for step in (1, 2, 5)]


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
        self.widget = canvas(
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
        move(self.widget, style, axis)


class VolumeFigure:
    """Cost of one request against volume, both logarithmic, the scenarios marked."""

    def __init__(self, height_px: int = 230) -> None:
        self.widget = canvas(
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
        move(self.widget, style, {"title.text": f"Cost of one {series.unit} against volume, this design unchanged"})

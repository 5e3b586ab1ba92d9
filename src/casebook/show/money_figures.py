"""The live figures of money: the bill part by part, and one request against volume."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from casebook.show.canvas import FONT_SIZE, canvas, move
from casebook.show.colours import BLUE, GREEN, INK, VERMILION, fill
from casebook.show.labels import sides_of_points
from casebook.show.series import BillSeries, VolumeSeries, axis_ticks, plain, short_count, unit_price
from casebook.show.svg import shorten, text_width

_POOL = 16
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 40, 30, 24


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
        self._height = float(height_px)
        self._axis: dict[str, Any] = {}
        self.widget = canvas(
            [
                go.Scatter(
                    mode="lines",
                    line={"color": BLUE, "width": 2},
                    hovertemplate="%{x:,.0f} a day: $%{y:,.3~g}<extra></extra>",
                ),
                go.Scatter(
                    mode="markers+text",
                    textposition="top center",
                    textfont={"size": FONT_SIZE},
                    marker={"size": 9, "color": "#ffffff", "line": {"width": 1.6, "color": INK}},
                    hovertemplate="%{text}: $%{y:,.3~g}<extra></extra>",
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
            margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
            title_text="",
            xaxis={
                "type": "log",
                "showgrid": False,
                "zeroline": False,
                "ticks": "outside",
                "tickangle": 0,
                "fixedrange": True,
            },
            yaxis={
                "type": "log",
                "gridcolor": "rgba(128,128,128,0.25)",
                "zeroline": False,
                "fixedrange": True,
            },
        )

    def update(self, series: VolumeSeries, width_px: float = 1060.0) -> None:
        """Move the curve and the marks in one message; `width_px` is the figure's own width in the page."""
        pack, marks = series.pack, series.grouped()
        volumes, prices = series.volumes_per_day, series.usd_per_request * pack
        limit = None if series.limit_usd_per_request is None else series.limit_usd_per_request * pack
        seen = [float(price) for price in prices if price > 0] + ([limit] if limit else [])
        ends = [float(volumes[0]), float(volumes[-1])]
        low, high = (math.log10(min(seen, default=1.0)), math.log10(max(seen, default=1.0)))
        low, high = low - 0.08 * (high - low) - 0.1, high + 0.14 * (high - low) + 0.12
        room = (max(width_px - _LEFT - _RIGHT, 120.0), self._height - _TOP - _BOTTOM)

        def at(volume: float, usd: float) -> tuple[float, float]:
            x = math.log10(volume / ends[0]) / math.log10(ends[1] / ends[0])
            return room[0] * x, room[1] * (high - math.log10(max(usd, 1e-12))) / (high - low)

        curve = [at(float(v), float(usd)) for v, usd in zip(volumes, prices, strict=True)]
        points = [at(volume, usd * pack) for _, volume, usd in marks]
        # On a telephone only the scenario that is shown has its name; the sentence below tells all.
        named = [room[0] > 320 or volume == series.here[0] for _, volume, _ in marks]
        cut = [shorten(title, room[0] * 0.6, FONT_SIZE) for title, _, _ in marks]
        words = [word if told else "" for word, told in zip(cut, named, strict=True)]
        if limit:
            words.append(f"target {unit_price(limit)}")
            points.append((0.0, at(ends[0], limit)[1]))
        sides = sides_of_points(words[: len(marks)], points[: len(marks)], room, curve)
        target_side = sides_of_points(words, points, room, curve)[-1] if limit else ""
        style: dict[str, list[Any]] = {
            "x": [
                volumes.astype(np.float32),
                [mark[1] for mark in marks],
                [series.here[0]],
                ends if limit else [],
                ends[:1] if limit else [],
            ],
            "y": [
                prices.astype(np.float32),
                [mark[2] * pack for mark in marks],
                [series.here[1] * pack],
                [limit, limit] if limit else [],
                [limit] if limit else [],
            ],
            "text": ["", words[: len(marks)], "", "", words[len(marks) :]],
            "textposition": [
                "top center",
                sides,
                "top center",
                "top center",
                [f"{'bottom' if target_side.startswith('bottom') else 'top'} right"] if limit else [],
            ],
        }
        fits = text_width(series.title, 13) < width_px - 16
        counts = [count for count in axis_ticks(ends[0], ends[1]) if count >= 1]
        per = " a day" if room[0] > 90 * len(counts) else ""
        ticks = axis_ticks(10.0**low, 10.0**high)
        axis: dict[str, Any] = {
            "title.text": series.title if fits else series.title.replace(" against", "<br>against"),
            "xaxis.range": [math.log10(ends[0]), math.log10(ends[1])],
            "xaxis.tickvals": counts,
            "xaxis.ticktext": [f"{short_count(count)}{per}" for count in counts],
            "yaxis.range": [low, high],
            "yaxis.tickvals": ticks,
            "yaxis.ticktext": [f"${plain(price)}" for price in ticks],
        }
        move(self.widget, style, {key: value for key, value in axis.items() if self._axis.get(key) != value})
        self._axis = axis

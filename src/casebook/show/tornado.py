"""The tornado: what moves the tail and the bill most, one bar a knob or a source, the widest on top."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from casebook.show.colours import BLUE, INK, VERMILION

if TYPE_CHECKING:
    from casebook.search import Bar, Tornado

MOST = 10


def tornado_figure(tornado: Tornado, figure: str = "tail", most: int = MOST) -> go.Figure:
    """Bars around the design as it is; ``figure`` is ``tail`` (ms) or ``cost`` (USD a month).

    The end of the knob's low setting is blue, of its high setting red. A setting that cannot keep up has no end
    to draw: its bar stops at the widest other one and says so. Bars that move nothing are left out.
    """
    if figure not in ("tail", "cost"):
        raise ValueError(f"no figure {figure!r}: write 'tail' or 'cost'")
    tail = figure == "tail"
    middle = tornado.tail_ms if tail else tornado.cost_usd_month
    read: Callable[[Bar], tuple[float, float]] = (lambda b: b.tail_ms) if tail else (lambda b: b.cost_usd_month)
    bars = [bar for bar in (tornado.bars if tail else tornado.by_cost()) if read(bar)[0] != read(bar)[1]][:most]
    ends = [abs(end - middle) for bar in bars for end in read(bar) if math.isfinite(end)]
    widest = max([*ends, 0.05 * middle]) if math.isfinite(middle) else max([*ends, 1.0])
    base = middle if math.isfinite(middle) else 0.0
    unit = "ms" if tail else "USD a month"
    made = go.Figure()
    for which, name, colour in ((0, "low setting", BLUE), (1, "high setting", VERMILION)):
        lengths, words = [], []
        for bar in bars:
            end = read(bar)[which]
            lengths.append(end - base if math.isfinite(end) else widest)
            words.append(
                f"{(bar.low, bar.high)[which]:g} {bar.unit}".strip()
                + (f": {end:,.0f} {unit}" if math.isfinite(end) else ": cannot keep up")
            )
        made.add_bar(
            y=[bar.title for bar in bars], x=lengths, base=base, orientation="h", name=name, marker_color=colour,
            text=["cannot keep up" if not math.isfinite(read(bar)[which]) else "" for bar in bars],
            textposition="inside", customdata=words, hovertemplate="%{y} at %{customdata}<extra></extra>",
        )
    made.add_vline(x=base, line={"color": INK, "width": 1})
    made.update_layout(
        template="none", barmode="overlay", height=90 + 26 * max(1, len(bars)),
        title=f"What moves {'the slowest requests' if tail else 'the bill'} most (now {middle:,.0f} {unit})"
        if math.isfinite(middle) else "What moves it most (the design as it is cannot keep up)",
        xaxis_title=f"p{tornado.quantile * 100:g}, ms" if tail else "USD a month",
        yaxis={"autorange": "reversed", "automargin": True},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        margin={"l": 10, "r": 10, "t": 70, "b": 45}, font={"size": 12, "color": INK},
    )
    return made

"""The front as a picture to zoom in: bill against tail latency, quality as colour, the learner's design as a star."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from casebook.show.colours import INK, VERMILION
from casebook.show.front_still import metric_name, words

if TYPE_CHECKING:
    from casebook.search import Front


def front_figure(front: Front, limit_ms: float | None = None, best: object | None = None) -> go.Figure:
    """Every design that keeps up as a small dot, those that nothing beats as large ones.

    ``limit_ms`` draws the promise of latency as a line; ``best`` is the design to ring as the cheapest that meets
    everything. Both axes are logarithmic: bills and tails differ by factors, not by sums.
    """
    shown = {i: point for i, point in enumerate(front.points) if point.stable}
    rest = [i for i in shown if i not in front.best]
    name = metric_name(front)
    colour = [front.points[i].quality for i in front.best]
    made = go.Figure()

    for which, label, marker in (
        (rest, "beaten", {"size": 5, "color": "#9aa5b1", "opacity": 0.6}),
        (list(front.best), "nothing beats it", {
            "size": 11, "color": colour, "colorscale": "Viridis", "showscale": True, "colorbar": {"title": name},
            "reversescale": not front.higher, "line": {"width": 1, "color": "white"}}),
    ):
        made.add_scatter(
            x=[front.points[i].cost_usd_month for i in which], y=[front.points[i].tail_ms for i in which],
            mode="markers", name=label, marker=marker, text=[words(front, i) for i in which],
            hovertemplate="%{text}<extra></extra>",
        )
    ringed = next((i for i, point in shown.items() if best is not None and point.design == best), None)
    for place, label, symbol in ((ringed, "cheapest that meets all", "circle-open"), (front.learner, "yours", "star")):
        if place is not None and place in shown:
            made.add_scatter(
                x=[front.points[place].cost_usd_month], y=[front.points[place].tail_ms], mode="markers", name=label,
                marker={"size": 18, "symbol": symbol, "color": VERMILION, "line": {"width": 2, "color": VERMILION}},
                text=[words(front, place)], hovertemplate="%{text}<extra></extra>",
            )
    if limit_ms is not None and shown:
        bills = [point.cost_usd_month for point in shown.values()]
        # A trace and not a line of the layout: on a logarithmic axis the layout's label would stand at 10 to the limit.
        made.add_scatter(x=[min(bills), max(bills)], y=[limit_ms, limit_ms], mode="lines", hoverinfo="skip",
                         name=f"promise: {limit_ms:g} ms", line={"color": INK, "width": 1, "dash": "dash"})
    made.update_layout(
        template="none", height=420, font={"size": 12, "color": INK},
        title="What can be had: bill, tail and quality (one run each)",
        xaxis={"type": "log", "title": "USD a month"}, yaxis={"type": "log", "title": f"p{front.quantile * 100:g}, ms"},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}, margin={"l": 70, "r": 10, "t": 80, "b": 50},
    )
    return made

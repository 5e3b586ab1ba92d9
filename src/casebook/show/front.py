"""The front as a picture and in words: bill against tail, quality as colour, the learner's design as a star."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from casebook.show.colours import FAINT_INK, GREY, INK, RULE, VERMILION
from casebook.show.plots import frame
from casebook.show.series import money, tick
from casebook.show.svg import content_id, el, esc, join, num, text, text_width

if TYPE_CHECKING:
    from casebook.search import Front, Point

WIDTH, HEIGHT = 760, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 78.0, 24.0, 74.0, 52.0
# Viridis, dark to light, in four steps: seen by colour-blind people, and in grey.
_STEPS = ((68, 1, 84), (49, 104, 142), (53, 183, 121), (253, 231, 37))


def front_picture(front: Front, limit_ms: float | None = None, best: object | None = None) -> str:
    """Bill against tail, both logarithmic; quality as colour; the learner's design a star, the cheapest a ring.

    A point's words stand under the pointer. What was ruled out without a run stands at its bound, as a small dot.
    """
    shown = [i for i, point in enumerate(front.points) if point.stable]
    if not shown:
        nothing = text(WIDTH / 2, HEIGHT / 2, "no design that was looked at can keep up", 14, text_anchor="middle")
        return frame("What can be had", "No design can keep up.", [nothing], WIDTH, HEIGHT)
    points = front.points
    x = Scale.over([points[i].cost_usd_month for i in shown], _LEFT, WIDTH - _RIGHT)
    tails = [points[i].tail_ms for i in shown] + ([limit_ms] if limit_ms is not None else [])
    y = Scale.over(tails, HEIGHT - _BOTTOM, _TOP)
    good = [points[i].quality for i in front.best]
    low, high = (min(good), max(good)) if good else (0.0, 1.0)
    rows = [axes(x, y, f"p{front.quantile * 100:g} of the latency")]
    if limit_ms is not None:
        at = y.place(limit_ms)
        rows.append(el("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=at, y2=at, stroke=VERMILION, stroke_width="2",
                       stroke_dasharray="6 4"))
        rows.append(text(WIDTH - _RIGHT, at - 6, f"target {tick(limit_ms)}", 12, fill="#a34600", text_anchor="end",
                         font_weight="600"))
    for i in shown:
        if i not in front.best:
            rows.append(_dot(x, y, points[i], 2.6, GREY, words(front, i)))
    for i in front.best:
        share = (points[i].quality - low) / (high - low) if high > low else 1.0
        rows.append(_dot(x, y, points[i], 6.5, _colour(share if front.higher else 1.0 - share), words(front, i)))
    ringed = next((i for i in shown if best is not None and points[i].design == best), None)
    if ringed is not None:
        cx, cy = x.place(points[ringed].cost_usd_month), y.place(points[ringed].tail_ms)
        rows.append(el("circle", cx=cx, cy=cy, r="11", fill="none", stroke=INK, stroke_width="2"))
    if front.learner in shown:
        assert front.learner is not None
        own = points[front.learner]
        rows.append(_star(x.place(own.cost_usd_month), y.place(own.tail_ms), words(front, front.learner)))
    rows.append(_key(front, low, high, ringed is not None, front.learner in shown))
    return frame("What can be had: bill, tail and quality", front_words(front), rows, WIDTH, HEIGHT)


def words(front: Front, i: int) -> str:
    """One point in words."""
    point = front.points[i]
    parts = " · ".join(point.design.choices[slot] for slot in point.design.components)
    tail = f"{'at least ' if point.at_least else ''}{tick(point.tail_ms)}" if point.stable else "cannot keep up"
    return f"{parts}: {money(point.cost_usd_month)} a month, {tail}, {metric_name(front)} {point.quality:.3g}"


def metric_name(front: Front) -> str:
    """The quality figure as people read it."""
    return front.metric.removeprefix("quality.").replace("_", " ")


def front_words(front: Front) -> str:
    """The picture in two or three sentences."""
    if not front.best:
        return "No design that was looked at can keep up."
    first, last = front.points[front.best[0]], front.points[front.best[-1]]
    said = (f"{len(front.points)} designs were looked at; nothing beats {len(front.best)} of them in bill, tail and "
            f"{metric_name(front)} at once. They cost {money(first.cost_usd_month)} to "
            f"{money(last.cost_usd_month)} a month.")
    if front.learner is None:
        return said
    if not front.points[front.learner].stable:
        return f"{said} Yours cannot keep up."
    if front.learner in front.best:
        return f"{said} Yours is one of them: whatever is better in one costs something in another."
    count = len(front.beating_learner)
    return f"{said} {count} of them {'beats' if count == 1 else 'beat'} yours or equal it in everything."


class Scale:
    """Logarithms of values between two coordinates, with round numbers to mark."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self._start, self._end = low, high, start, end

    @classmethod
    def over(cls, values: list[float], start: float, end: float) -> Scale:
        low, high = min(values), max(values)
        room = max(0.06 * math.log(high / low), 0.04)
        return cls(low * math.exp(-room), high * math.exp(room), start, end)

    def place(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self._start + (self._end - self._start) * share

    def marks(self) -> list[float]:
        """Two to seven round values: 1, 2, 5 times a power of ten, or finer where the range is narrow."""
        for ladder in ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)):
            powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            found = [step * 10.0**power for power in powers for step in ladder]
            found = [value for value in found if self.low <= value <= self.high]
            if len(found) >= 4:
                return found
        step = 10.0 ** math.floor(math.log10((self.high - self.low) / 2.0))
        first = math.ceil(self.low / step)
        return [k * step for k in range(first, math.floor(self.high / step) + 1)][:7]


def axes(x: Scale, y: Scale, tail: str, height: float = HEIGHT, top: float = _TOP) -> str:
    """Bill along the base, tail up the side, each with its marks."""
    base = height - _BOTTOM
    rows = [el("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=base, y2=base, stroke=FAINT_INK)]
    for value in x.marks():
        at = x.place(value)
        rows.append(el("line", x1=at, x2=at, y1=base, y2=base + 4, stroke=FAINT_INK))
        rows.append(text(at, base + 18, money(value), 12, text_anchor="middle", fill=FAINT_INK))
    for value in y.marks():
        at = y.place(value)
        rows.append(el("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=at, y2=at, stroke=RULE))
        rows.append(text(_LEFT - 8, at + 4, tick(value), 12, text_anchor="end", fill=FAINT_INK))
    rows.append(text(WIDTH - _RIGHT, base + 38, "USD a month", 12, text_anchor="end", fill=FAINT_INK))
    rows.append(text(16, top - 12, tail, 12, fill=FAINT_INK))
    return join(rows)


def _dot(x: Scale, y: Scale, point: Point, radius: float, colour: str, said: str) -> str:
    return el("circle", el("title", esc(said)), cx=x.place(point.cost_usd_month), cy=y.place(point.tail_ms), r=radius,
              fill=colour, stroke="#ffffff", stroke_width="0.8")


def _star(cx: float, cy: float, said: str) -> str:
    corners = []
    for k in range(10):
        radius, angle = (11.0, 4.6)[k % 2], math.pi * (k / 5.0 - 0.5)
        corners.append(f"{num(cx + radius * math.cos(angle))},{num(cy + radius * math.sin(angle))}")
    return el("polygon", el("title", esc(f"yours: {said}")), points=" ".join(corners), fill=VERMILION, stroke="#ffffff",
              stroke_width="1.4")


def _colour(share: float) -> str:
    place = min(max(share, 0.0), 1.0) * (len(_STEPS) - 1)
    k = min(int(place), len(_STEPS) - 2)
    mixed = (round(a + (b - a) * (place - k)) for a, b in zip(_STEPS[k], _STEPS[k + 1], strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _key(front: Front, low: float, high: float, ring: bool, star: bool) -> str:
    """What the signs mean, in one row under the title."""
    mark = content_id("cb-shade", front.metric)
    ends = (low, high) if front.higher else (high, low)
    stops = join(el("stop", offset=f"{round(100 * k / 3)}%", stop_color=_colour(k / 3)) for k in range(4))
    rows = [el("defs", el("linearGradient", stops, id=mark))]
    at = 16.0
    said = f"nothing beats it; {metric_name(front)} from {ends[0]:.3g}"
    rows.append(text(at, 44, said, 12))
    at += text_width(said, 12) + 4
    rows.append(el("rect", x=at, y=34.0, width=60, height=12, fill=f"url(#{mark})"))
    rows.append(text(at + 64, 44, f"to {ends[1]:.3g}", 12))
    at += 64 + text_width(f"to {ends[1]:.3g}", 12) + 20
    rows.append(el("circle", cx=at, cy=40.0, r="3", fill=GREY))
    rows.append(text(at + 8, 44, "beaten", 12))
    at += 8 + text_width("beaten", 12) + 24
    if star:
        rows += [_star(at, 40.0, "your design"), text(at + 14, 44, "yours", 12)]
        at += 14 + text_width("yours", 12) + 26
    if ring:
        rows.append(el("circle", cx=at, cy=40.0, r="8", fill="none", stroke=INK, stroke_width="2"))
        rows.append(text(at + 13, 44, "cheapest that meets all", 12))
    return join(rows)

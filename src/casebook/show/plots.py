"""Still pictures of the figures as SVG, for exports, reopened notebooks and mail: no script, no network."""

from __future__ import annotations

import math
from collections.abc import Callable

from casebook.show.colours import BLUE, FAINT_INK, GREEN, INK, ORANGE, PAPER, RULE, VERMILION, Fill, fill
from casebook.show.labels import rows_above, sides_of_points
from casebook.show.series import (
    BillSeries,
    LatencySeries,
    VolumeSeries,
    axis_ticks,
    money,
    plain,
    shaded,
    short_count,
    tick,
)
from casebook.show.svg import FONT, content_id, el, esc, hatching, join, num, shorten, text

WIDTH, HEIGHT = 470, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 16, 44, 34


def latency_picture(series: LatencySeries) -> str:
    """The distribution with its quantile marks, the band of the last one, and the target as a dashed line."""
    lo, hi = math.log10(series.low_ms), math.log10(series.high_ms)
    inner = WIDTH - _LEFT - _RIGHT
    base = HEIGHT - _BOTTOM

    def x_of(value_ms: float) -> float:
        share = (math.log10(max(value_ms, 1e-6)) - lo) / (hi - lo)
        return _LEFT + inner * min(max(share, 0.0), 1.0)

    told = [(mark.label, mark.value_ms) for mark in series.marks]
    told += [] if series.limit_ms is None else [(series.limit_label, series.limit_ms)]
    spots = rows_above([label for label, _ in told], [x_of(ms) - _LEFT for _, ms in told], inner, 13.0)
    top = _TOP + 14.0 * max((spot.row for spot in spots), default=0)
    tall = base - top
    points = " ".join(
        f"{num(x_of(float(x)))},{num(base - tall * 0.86 * float(y))}"
        for x, y in zip(series.x_ms, series.height, strict=True)
    )
    area = el(
        "polygon",
        points=f"{_LEFT},{base} {points} {WIDTH - _RIGHT},{base}",
        fill=BLUE,
        fill_opacity="0.22",
        stroke=BLUE,
        stroke_width="1.6",
    )
    rows = [_axis(series, x_of, base), area]
    for last in series.marks[-1:]:
        left, right = (x_of(end) for end in shaded(series, last))
        rows.append(
            el(
                "rect",
                x=left,
                y=top,
                width=max(right - left, 1.0),
                height=float(tall),
                fill=ORANGE,
                fill_opacity="0.35",
            )
        )
    if not series.marks:
        rows.append(
            text(
                WIDTH / 2,
                top + 12,
                "not stable: the line never stops growing",
                13,
                text_anchor="middle",
                font_weight="600",
                fill="#a34600",
            )
        )
    for mark, spot in zip(series.marks, spots, strict=False):
        x, high = x_of(mark.value_ms), top - 14.0 * spot.row
        rows.append(el("line", x1=x, x2=x, y1=high, y2=float(base), stroke=INK, stroke_width="1.4"))
        rows.append(_over(x, high, mark.label, spot.side, INK))
    if series.limit_ms is not None:
        x, high = x_of(series.limit_ms), top - 14.0 * spots[-1].row
        rows.append(
            el("line", x1=x, x2=x, y1=high, y2=float(base), stroke=VERMILION, stroke_width="2", stroke_dasharray="6 4")
        )
        rows.append(_over(x, high, series.limit_label, spots[-1].side, "#a34600"))
    return frame(series.title, series.words(), rows)


def bill_picture(series: BillSeries) -> str:
    """The bill as one stacked bar with a labelled list beside it."""
    lines = [line for line in series.lines if line.usd_month > 0]
    total = sum(line.usd_month for line in lines) or 1.0
    top, tall, bar = float(_TOP), float(HEIGHT - _TOP - 14), 64.0
    rows, y = [], top
    step = min(24.0, tall / max(len(lines), 1))
    for place, line in enumerate(lines):
        share = tall * line.usd_month / total
        rows.append(_hatched(_LEFT, y, bar, max(share, 0.8), fill(place)))
        y += share
        label_y = top + step * place + 12
        rows.append(_hatched(_LEFT + bar + 18, label_y - 10, 14, 12, fill(place)))
        words = shorten(line.title, WIDTH - 200, 12)
        rows.append(text(_LEFT + bar + 40, label_y, words, 12))
        rows.append(
            text(WIDTH - _RIGHT, label_y, money(line.usd_month), 12, text_anchor="end", font_weight="600")
        )
    return frame(f"Cost a month: {money(series.total_usd_month)}", series.words(), rows)


def volume_picture(series: VolumeSeries) -> str:
    """Cost of one request (or of a pack of them) against requests a day, both logarithmic, the scenarios marked."""
    pack, marks = series.pack, series.grouped()
    xs = [math.log10(float(value)) for value in series.volumes_per_day]
    prices = [max(float(value) * pack, 1e-9) for value in series.usd_per_request]
    target = series.limit_usd_per_request * pack if series.limit_usd_per_request else None
    seen = [math.log10(price) for price in [*prices, *((target,) if target else ())]]
    low, high = min(seen) - 0.12, max(seen) + 0.16
    left, base, tall = 70.0, float(HEIGHT - _BOTTOM), float(HEIGHT - _TOP - _BOTTOM)
    room = (WIDTH - left - _RIGHT, tall)

    def at(volume: float, usd: float) -> tuple[float, float]:
        x = left + room[0] * (math.log10(volume) - xs[0]) / (xs[-1] - xs[0])
        return x, base - tall * (math.log10(max(usd, 1e-9)) - low) / (high - low)

    pairs = [at(float(v), usd) for v, usd in zip(series.volumes_per_day, prices, strict=True)]
    rows = [el("line", x1=left, x2=float(WIDTH - _RIGHT), y1=base, y2=base, stroke=RULE)]
    for power in range(math.ceil(xs[0]), math.floor(xs[-1]) + 1):
        x, _ = at(10.0**power, 1.0)
        rows.append(text(x, base + 18, short_count(10**power), 12, text_anchor="middle", fill=FAINT_INK))
    for price in axis_ticks(10.0**low, 10.0**high):
        _, y = at(10 ** xs[0], price)
        rows.append(el("line", x1=left, x2=float(WIDTH - _RIGHT), y1=y, y2=y, stroke=RULE))
        rows.append(text(left - 8, y + 4, f"${plain(price)}", 12, text_anchor="end", fill=FAINT_INK))
    rows.append(
        el(
            "polyline",
            points=" ".join(f"{num(x)},{num(y)}" for x, y in pairs),
            fill="none",
            stroke=BLUE,
            stroke_width="2",
        )
    )
    if target:
        _, y = at(10 ** xs[0], target)
        rows.append(
            el(
                "line",
                x1=left,
                x2=float(WIDTH - _RIGHT),
                y1=y,
                y2=y,
                stroke=VERMILION,
                stroke_width="2",
                stroke_dasharray="6 4",
            )
        )
        rows.append(
            text(WIDTH - _RIGHT, y - 5, "target", 12, fill="#a34600", text_anchor="end", font_weight="600")
        )
    words = [shorten(title, room[0] * 0.62, 12) for title, _, _ in marks]
    points = [at(volume, usd * pack) for _, volume, usd in marks]
    local = [(x - left, y - (base - tall)) for x, y in points]
    curve = [(x - left, y - (base - tall)) for x, y in pairs]
    sides = sides_of_points(words, local, room, curve)
    for (_, volume, _), word, (x, y), side in zip(marks, words, points, sides, strict=True):
        here = abs(volume - series.here[0]) < 1e-6 * volume
        rows.append(
            el(
                "circle",
                cx=x,
                cy=y,
                r="6" if here else "4.5",
                fill=GREEN if here else "#ffffff",
                stroke=INK,
                stroke_width="1.5",
            )
        )
        upright, _, across = side.partition(" ")
        anchor, shift = {"center": ("middle", 0), "right": ("start", 8), "left": ("end", -8)}[across]
        drop = {"top": -10, "bottom": 20, "middle": 4}[upright]
        rows.append(text(x + shift, y + drop, word, 12, text_anchor=anchor))
    return frame(f"{series.title} (a day)", series.words(), rows)


def _over(x: float, y: float, words: str, side: str, ink: str) -> str:
    """Words above the upper end of a line, or beside it where `side` says so."""
    anchor, shift = {"center": ("middle", 0.0), "left": ("end", -4.0), "right": ("start", 4.0)}[side]
    return text(x + shift, y - 4, words, 12, text_anchor=anchor, font_weight="600", fill=ink)


def _axis(series: LatencySeries, x_of: Callable[[float], float], base: float) -> str:
    rows = [
        el("line", x1=float(_LEFT), x2=float(WIDTH - _RIGHT), y1=float(base), y2=float(base), stroke=RULE)
    ]
    for value in axis_ticks(series.low_ms, series.high_ms):
        x = x_of(value)
        anchor = "start" if x < _LEFT + 12 else "end" if x > WIDTH - _RIGHT - 12 else "middle"
        rows.append(el("line", x1=x, x2=x, y1=float(base), y2=float(base) + 4, stroke=FAINT_INK))
        rows.append(text(x, base + 18, tick(value), 12, text_anchor=anchor, fill=FAINT_INK))
    return join(rows)


def _hatched(x: float, y: float, width: float, height: float, look: Fill) -> str:
    """A rectangle in a colour, with strokes over it where the fill has a pattern."""
    rows = [
        el(
            "rect",
            x=float(x),
            y=float(y),
            width=float(width),
            height=float(height),
            fill=look.colour,
            stroke="#ffffff",
            stroke_width="0.6",
        )
    ]
    mark, strokes = hatching("cb-hatch", look.pattern, 8, "1.6")
    if strokes:
        rows.append(
            el("rect", x=float(x), y=float(y), width=float(width), height=float(height), fill=f"url(#{mark})")
        )
        rows.insert(0, strokes)
    return join(rows)


def frame(title: str, words: str, rows: list[str], width: int = WIDTH, height: int = HEIGHT) -> str:
    """One picture on its own paper; `words` say the same for those who cannot see it."""
    mark = content_id("cb-plot", title, words)
    return el(
        "svg",
        el("title", esc(title), id=f"{mark}-t"),
        el("desc", esc(words), id=f"{mark}-d"),
        el("rect", width=width, height=height, rx="10", fill=PAPER),
        text(_LEFT, 20, title, 14, font_weight="600"),
        *rows,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        style="max-width:100%;height:auto",
        role="img",
        aria_labelledby=f"{mark}-t {mark}-d",
        class_="cb-plot",
        font_family=FONT,
        fill=INK,
    )

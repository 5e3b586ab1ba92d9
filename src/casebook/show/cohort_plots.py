"""Two pictures of a cohort: how the scores lie, and where the kept designs lie between bill and tail."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from casebook.show.colours import BLUE, FAINT_INK, GREY, INK, VERMILION
from casebook.show.front import Scale, axes
from casebook.show.plots import frame
from casebook.show.series import money, tick
from casebook.show.svg import el, esc, text

WIDTH, HEIGHT = 760, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 78.0, 24.0, 56.0, 52.0
BIN = 10  # percentage points


def scores_picture(percents: Sequence[float]) -> str:
    """A histogram in ten steps of ten points; the count stands on each bar."""
    counts = [0] * (100 // BIN)
    for percent in percents:
        counts[min(int(percent // BIN), len(counts) - 1)] += 1
    title = "Machine-graded points, after caps"
    said = f"{len(percents)} scored submissions in steps of ten per cent: " + ", ".join(
        f"{BIN * i} to {BIN * (i + 1)} %: {count}" for i, count in enumerate(counts) if count
    )
    most = max(counts, default=0)
    if not most:
        return frame(title, "Nobody has a score yet.", [_empty("nobody has a score yet")], WIDTH, HEIGHT)
    base, wide = HEIGHT - _BOTTOM, (WIDTH - _LEFT - _RIGHT) / len(counts)
    rows = [el("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=base, y2=base, stroke=FAINT_INK)]
    for i, count in enumerate(counts):
        at, tall = _LEFT + i * wide, (base - _TOP) * count / most
        rows.append(text(at, base + 18, f"{BIN * i}", 12, text_anchor="middle", fill=FAINT_INK))
        if count:
            rows.append(el("rect", x=at + 2, y=base - tall, width=wide - 4, height=tall, rx="3", fill=BLUE))
            rows.append(text(at + wide / 2, base - tall - 6, count, 12, text_anchor="middle", font_weight="600"))
    rows.append(text(WIDTH - _RIGHT, base + 18, "100", 12, text_anchor="middle", fill=FAINT_INK))
    rows.append(text(WIDTH - _RIGHT, base + 38, "% of the machine-graded points", 12, text_anchor="end",
                     fill=FAINT_INK))
    return frame(title, said, rows, WIDTH, HEIGHT)


def designs_picture(placed: Sequence[Any], tail: str, limit_ms: float | None, reference: str) -> str:
    """Bill against tail, both logarithmic. Full: nothing in the cohort beats it; hollow: something does.

    ``placed`` are `CohortReport.placed`; a design that cannot keep up has no place and is counted in words.
    """
    title = "Where the kept designs lie"
    able = [spot for spot in placed if math.isfinite(spot.tail_ms)]
    lost = sum(not math.isfinite(spot.tail_ms) for spot in placed)
    if not able:
        return frame(title, "No kept design can keep up.", [_empty("no kept design can keep up")], WIDTH, HEIGHT + 60)
    tall = HEIGHT + 60
    x = Scale.over([spot.cost_usd_month for spot in able], _LEFT, WIDTH - _RIGHT)
    y = Scale.over([s.tail_ms for s in able] + ([limit_ms] if limit_ms else []), tall - _BOTTOM, _TOP + 16)
    rows = [axes(x, y, tail, tall, _TOP)]
    if limit_ms:
        at = y.place(limit_ms)
        rows.append(el("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=at, y2=at, stroke=VERMILION, stroke_width="2",
                       stroke_dasharray="6 4"))
        rows.append(text(WIDTH - _RIGHT, at - 6, f"target {tick(limit_ms)}", 12, fill="#a34600", text_anchor="end",
                         font_weight="600"))
    for spot in sorted(able, key=lambda spot: (spot.best, spot.name == reference)):
        own = spot.name == reference
        said = f"{spot.name}: {money(spot.cost_usd_month)} a month, {tick(spot.tail_ms)}, {spot.bottleneck} fills first"
        shade = INK if own else BLUE
        rows.append(
            el("circle", el("title", esc(said)), cx=x.place(spot.cost_usd_month), cy=y.place(spot.tail_ms),
               r="7" if own else "5.5", fill=shade if spot.best else "#ffffff", fill_opacity="0.85",
               stroke=shade if spot.best or own else GREY, stroke_width="2")
        )
    words = f"{len(able)} designs that keep up; {sum(spot.best for spot in able)} of them are beaten by none."
    if lost:
        words += f" {lost} cannot keep up and are not drawn."
    return frame(title, words, rows, WIDTH, tall)


def _empty(words: str) -> str:
    return text(WIDTH / 2, HEIGHT / 2, words, 14, text_anchor="middle")

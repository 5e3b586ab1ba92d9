"""The tornado as a picture and in words: one bar a knob or a source, the widest on top."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from casebook.show.colours import BLUE, FAINT_INK, INK, RULE, VERMILION
from casebook.show.plots import frame
from casebook.show.series import money, tick
from casebook.show.svg import el, esc, join, shorten, text

if TYPE_CHECKING:
    from casebook.search import Bar, Tornado

WIDTH, ROW, MOST = 512, 26, 8
_LEFT, _RIGHT, _TOP, _BOTTOM = 238.0, 60.0, 52.0, 12.0
LEAST = 0.001  # a bar that moves less than this share of the figure is told in words, not drawn


def moving(tornado: Tornado, figure: str, most: int = MOST) -> list[Bar]:
    """The bars that move ``figure`` ("tail" or "cost"), the widest first; ``most`` of them at most."""
    if figure not in ("tail", "cost"):
        raise ValueError(f"no figure {figure!r}: write 'tail' or 'cost'")
    middle = middle_of(tornado, figure)
    bars = tornado.bars if figure == "tail" else tornado.by_cost()
    least = LEAST * middle if math.isfinite(middle) else 0.0
    return [bar for bar in bars if swing(bar, figure) > least][:most]


def swing(bar: Bar, figure: str) -> float:
    return bar.tail_swing_ms if figure == "tail" else bar.cost_swing_usd_month


def ends_of(bar: Bar, figure: str) -> tuple[float, float]:
    return bar.tail_ms if figure == "tail" else bar.cost_usd_month


def middle_of(tornado: Tornado, figure: str) -> float:
    return tornado.tail_ms if figure == "tail" else tornado.cost_usd_month


def amount(value: float, figure: str) -> str:
    """A figure as people read it; what cannot keep up has none."""
    if not math.isfinite(value):
        return "cannot keep up"
    return tick(value) if figure == "tail" else money(value)


def tornado_picture(tornado: Tornado, figure: str = "tail", most: int = MOST) -> str:
    """Bars from the figure as it is to what the low (blue) and the high setting (red) make of it."""
    bars, middle = moving(tornado, figure, most), middle_of(tornado, figure)
    height = int(_TOP + ROW * max(1, len(bars)) + _BOTTOM)
    what = f"p{tornado.quantile * 100:g} of the latency" if figure == "tail" else "the bill of a month"
    kind = "Sources" if tornado.bars and tornado.bars[0].kind == "source" else "Knobs"
    title = f"{kind} that move {what} (now {amount(middle, figure)})"
    if not bars:
        nothing = text(16, _TOP + 12, "nothing here moves it by more than a thousandth", 13, fill=FAINT_INK)
        return frame(title, tornado_words(tornado, figure), [nothing], WIDTH, height)
    base = middle if math.isfinite(middle) else 0.0
    reach = [abs(end - base) for bar in bars for end in ends_of(bar, figure) if math.isfinite(end)]
    widest = max([*reach, 0.02 * abs(base), 1e-9])
    centre = (_LEFT + WIDTH - _RIGHT) / 2.0
    half = (WIDTH - _RIGHT - _LEFT) / 2.0
    rows = [el("line", x1=centre, x2=centre, y1=_TOP - 4, y2=height - _BOTTOM, stroke=INK),
            text(16, 40, "low setting", 12, fill=BLUE, font_weight="600"),
            text(92, 40, "high setting", 12, fill=VERMILION, font_weight="600")]
    for place, bar in enumerate(bars):
        top = _TOP + ROW * place
        rows.append(el("line", x1=16.0, x2=WIDTH - 16.0, y1=top + ROW - 2, y2=top + ROW - 2, stroke=RULE))
        rows.append(text(16, top + 16, shorten(bar.title, _LEFT - 70, 12), 12))
        rows.append(_bar(bar, figure, base, centre, half / widest, top))
    return frame(title, tornado_words(tornado, figure), rows, WIDTH, height)


def _bar(bar: Bar, figure: str, base: float, centre: float, scale: float, top: float) -> str:
    """Both ends of one bar; where both lie on one side the shorter one stands in front."""
    rows = []
    sides = []
    for end, setting, colour in zip(ends_of(bar, figure), (bar.low, bar.high), (BLUE, VERMILION), strict=True):
        length = (end - base) * scale if math.isfinite(end) else (WIDTH - _RIGHT - centre)
        sides.append((length, end, setting, colour))
    for length, end, setting, colour in sorted(sides, key=lambda side: -abs(side[0])):
        if abs(length) >= 0.3:
            words = f"{bar.title} at {setting:g} {bar.unit}".rstrip() + f": {amount(end, figure)}"
            rows.append(el("rect", el("title", esc(words)), x=centre + min(length, 0.0), y=top + 3, width=abs(length),
                           height=ROW - 9.0, fill=colour, fill_opacity="1" if math.isfinite(end) else "0.45"))
    left, right = min(side[0] for side in sides), max(side[0] for side in sides)
    for at, anchor, gap in ((left, "end", -5.0), (right, "start", 5.0)):
        told = [side for side in sides if side[0] == at and at * gap > 0.3]
        if told:
            rows.append(text(centre + at + gap, top + 16, _short(told[0][1], figure), 12, text_anchor=anchor))
    return join(rows)


def _short(value: float, figure: str) -> str:
    return amount(value, figure) if math.isfinite(value) else "too slow"


def tornado_words(tornado: Tornado, figure: str = "tail") -> str:
    """The widest bars in words."""
    bars = moving(tornado, figure, 3)
    what = "the slowest requests" if figure == "tail" else "the bill"
    if not bars:
        return f"Nothing here moves {what} by more than a thousandth."
    told = "; ".join(
        f"{bar.title}, {bar.low:.4g} to {bar.high:.4g}: "
        f"{amount(ends_of(bar, figure)[0], figure)} to {amount(ends_of(bar, figure)[1], figure)}" for bar in bars
    )
    now = amount(middle_of(tornado, figure), figure)
    return f"What moves {what} most, everything else as it is (now {now}): {told}."


def still(tornadoes: Sequence[Tornado]) -> str:
    """Tail and bill of each tornado, side by side where there is room."""
    pictures = join(tornado_picture(one, figure) for one in tornadoes for figure in ("tail", "cost"))
    return f'<div style="display:flex;flex-wrap:wrap;align-items:flex-start;gap:8px">{pictures}</div>'

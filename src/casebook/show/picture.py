"""The architecture picture as SVG: groups, cards and arrows, laid out by Graphviz."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from casebook.show.boxes import Sketch
from casebook.show.card import card
from casebook.show.colours import FAINT_INK, INK, PAPER, RULE
from casebook.show.diagram import icon
from casebook.show.rows import MARGIN_PX, ROOM_PX, Area, Arrangement, arrange
from casebook.show.svg import FONT, content_id, el, esc, join, num, shorten, text, text_width
from casebook.show.wires import STROKES, arcs, crossings, heads, routed

_LEGEND_ROW = 20


@functools.lru_cache(maxsize=256)
def draw(sketch: Sketch, with_icons: bool = True, width_px: float = ROOM_PX, scope: str = "") -> str:
    """The picture as one `<svg>`; the same sketch gives the same bytes, and the second time no work.

    With `with_icons=False` the icons are only referred to: put `icon_sheet` into the page once. Boxes that do
    not fit into `width_px` go into further rows; the page may shrink the picture, never cut it. `scope` tells two
    of the same picture in one page apart: one that is hidden would take the arrow heads of the other with it.
    """
    if not sketch.boxes:
        return _empty(sketch)
    made = arrange(sketch, width_px)
    hanging = [arcs(made, place) for place in range(len(made.rows))]
    last = hanging[-1]
    legend = _legend(sketch, max(min(width_px, 1e6) - 2 * MARGIN_PX, made.width))
    width = max(made.width, legend.width, min(420.0, width_px)) + 2 * MARGIN_PX
    shift = (width - made.width) / 2
    depth = max(last.bottom - made.height, 0.0)
    # The legend stands beside the arcs where there is room, else under them.
    beside = last.left + shift > legend.width + 2 * MARGIN_PX
    foot = max(depth, legend.height + 4) if beside else depth + legend.height + 4
    height = made.height + MARGIN_PX + foot + 6
    body = join(
        (
            _groups(sketch, made),
            join(routed(arrow, curve) for arrow, curve in made.curves),
            crossings(made),
            join(card(box, *made.centres[box.slot]) for box in sketch.boxes),
            join(piece.markup for piece in hanging),
        )
    )
    mark = content_id("cb-arch", sketch, num(width), scope)
    return el(
        "svg",
        el("title", esc(sketch.title), id=f"{mark}-t"),
        el("desc", esc(sketch.summary()), id=f"{mark}-d"),
        _icon_symbols(sketch) if with_icons else "",
        heads(mark, {arrow.kind for arrow in sketch.arrows}),
        el("rect", width=num(width), height=num(height), rx="10", fill=PAPER),
        el("g", body, transform=f"translate({num(shift)} {num(MARGIN_PX)})").replace("url(#head-", f"url(#{mark}-"),
        el("g", legend.markup, transform=f"translate({num(MARGIN_PX)} {num(height - legend.height + 10)})"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {num(width)} {num(height)}",
        width=num(width),
        height=num(height),
        style="max-width:100%;height:auto",
        role="img",
        aria_labelledby=f"{mark}-t {mark}-d",
        class_="cb-arch",
        font_family=FONT,
        fill=INK,
    )


def icon_sheet(names: Iterable[str]) -> str:
    """A hidden `<svg>` that defines each icon once for the whole page."""
    symbols = {
        found.symbol: _symbol(found.symbol, found.data_uri)
        for found in (icon(name) for name in sorted(set(names)))
        if found is not None
    }
    return el(
        "svg",
        join(symbols[key] for key in sorted(symbols)),
        xmlns="http://www.w3.org/2000/svg",
        width="0",
        height="0",
        style="position:absolute",
        aria_hidden="true",
    )


def _icon_symbols(sketch: Sketch) -> str:
    found = {pic.symbol: pic.data_uri for pic in (icon(box.icon) for box in sketch.boxes) if pic is not None}
    return el("defs", join(_symbol(key, found[key]) for key in sorted(found))) if found else ""


def _symbol(key: str, data_uri: str) -> str:
    return el("symbol", el("image", href=data_uri, width="64", height="64"), id=key, viewBox="0 0 64 64")


def _groups(sketch: Sketch, made: Arrangement) -> str:
    rows = []
    for area in made.areas:
        group, title = sketch.groups[area.group]
        x, y, width = area.x, area.y, area.width
        if area.continued and text_width(f"{title}, continued", 12, bold=True) < width - 14:
            title = f"{title}, continued"
        rows.append(el("rect", x=x, y=y, width=width, height=area.height, rx="10", fill="#f3efe3", stroke=RULE))
        rows.append(
            text(
                x + 10,
                y + 17,
                shorten(title, width - 14, 12, bold=True),
                12,
                font_weight="600",
                fill=FAINT_INK,
            )
        )
        inside = [box for box in sketch.boxes if box.group == group and _within(made.centres[box.slot], area)]
        labels = ", ".join(box.annotation for box in inside if box.annotation)
        room = width - 26 - text_width(title, 12, bold=True)
        if labels and room > 40:
            rows.append(
                text(
                    x + width - 10,
                    y + 17,
                    shorten(labels, room, 12),
                    12,
                    fill=FAINT_INK,
                    font_style="italic",
                    text_anchor="end",
                )
            )
    return join(rows)


def _within(centre: tuple[float, float], area: Area) -> bool:
    return area.x <= centre[0] <= area.x + area.width and area.y <= centre[1] <= area.y + area.height


@dataclass(frozen=True, slots=True)
class _Legend:
    markup: str
    width: float
    height: float


def _legend(sketch: Sketch, room: float) -> _Legend:
    """What the kinds of arrows mean, in as many rows as the room asks for."""
    kinds = [kind for kind in STROKES if any(arrow.kind == kind for arrow in sketch.arrows)]
    x, y, widest, rows = 0.0, 0.0, 0.0, []
    for kind in kinds:
        colour, dash, stroke, words = STROKES[kind]
        wide = 31 + text_width(words, 12)
        if x > 0 and x + wide > room:
            x, y = 0.0, y + _LEGEND_ROW
        rows.append(
            el(
                "path",
                d=f"M{num(x)} {num(y - 4)}h26",
                stroke=colour,
                stroke_width=num(stroke),
                fill="none",
                stroke_dasharray=dash or None,
            )
        )
        rows.append(text(x + 31, y, words, 12, fill=FAINT_INK))
        widest, x = max(widest, x + wide), x + wide + 10
    return _Legend(join(rows), widest, y + _LEGEND_ROW)


def _empty(sketch: Sketch) -> str:
    words = "Nothing chosen yet: open a chip above and choose a part."
    return el(
        "svg",
        el("title", esc(sketch.title)),
        el("rect", width=420, height=90, rx="10", fill=PAPER),
        text(210, 50, words, 13, text_anchor="middle", fill=FAINT_INK),
        xmlns="http://www.w3.org/2000/svg",
        viewBox="0 0 420 90",
        width=420,
        height=90,
        role="img",
        class_="cb-arch",
        font_family=FONT,
    )

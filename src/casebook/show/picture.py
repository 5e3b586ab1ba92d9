"""The architecture picture as SVG: groups, cards and arrows, laid out by Graphviz."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from casebook.show.boxes import Arrow, Sketch
from casebook.show.card import card
from casebook.show.colours import BLUE, FAINT_INK, GREEN, INK, PAPER, RULE, VERMILION
from casebook.show.diagram import CARD_HEIGHT, cluster_name, dot_source, icon, node_ids, spine
from casebook.show.layout import Curve, Layout, lay_out
from casebook.show.svg import FONT, content_id, el, esc, join, num, shorten, text, text_width

_MARGIN = 12
_LEGEND_HEIGHT = 24
_ARC_DEPTH = 26
_STROKES = {
    "request": (INK, "", 1.8, "waited for"),
    "async": (BLUE, "7 4", 1.8, "not waited for"),
    "feedback": (GREEN, "2 4", 2.2, "feedback"),
    "data": (FAINT_INK, "10 3 2 3", 1.4, "data"),
    "overflow": (VERMILION, "3 3", 1.8, "overflow"),
    "fanout": (INK, "", 1.8, "all at once"),
}


@functools.lru_cache(maxsize=256)
def draw(sketch: Sketch, with_icons: bool = True) -> str:
    """The picture as one `<svg>`; the same sketch gives the same bytes, and the second time no work.

    With `with_icons=False` the icons are only referred to: put `icon_sheet` into the page once.
    """
    if not sketch.boxes:
        return _empty(sketch)
    layout = lay_out(dot_source(sketch))
    ids = node_ids(sketch)
    arcs = _arcs(sketch, layout, ids)
    legend = _legend(sketch)
    width = max(layout.width, legend.width, 420.0) + 2 * _MARGIN
    shift = (width - layout.width) / 2
    # The legend stands beside the arcs where there is room, else under them.
    beside = arcs.left + shift > legend.width + 2 * _MARGIN
    foot = max(arcs.depth, _LEGEND_HEIGHT) if beside else arcs.depth + _LEGEND_HEIGHT
    height = layout.height + _MARGIN + foot + 6
    body = join(
        (
            _groups(sketch, layout),
            join(_arrow(arrow, layout, ids) for arrow in spine(sketch)),
            join(card(box, *layout.nodes[ids[box.slot]]) for box in sketch.boxes),
            arcs.markup,
        )
    )
    mark = content_id("cb-arch", sketch)
    return el(
        "svg",
        el("title", esc(sketch.title), id=f"{mark}-t"),
        el("desc", esc(sketch.summary()), id=f"{mark}-d"),
        _icon_symbols(sketch) if with_icons else "",
        _arrow_heads(mark, {arrow.kind for arrow in sketch.arrows}),
        el("rect", width=num(width), height=num(height), rx="10", fill=PAPER),
        el("g", body, transform=f"translate({num(shift)} {_MARGIN})").replace("url(#head-", f"url(#{mark}-"),
        el("g", legend.markup, transform=f"translate({_MARGIN} {num(height - 10)})"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {num(width)} {num(height)}",
        width=num(width),
        height=num(height),
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


def _arrow_heads(mark: str, drawn: set[str]) -> str:
    return el(
        "defs",
        join(
            el(
                "marker",
                el("path", d="M0 0 8 4 0 8z", fill=colour),
                id=f"{mark}-{kind}",
                viewBox="0 0 8 8",
                refX="7.4",
                refY="4",
                markerWidth="8",
                markerHeight="8",
                orient="auto",
                markerUnits="userSpaceOnUse",
            )
            for kind, (colour, _, _, _) in _STROKES.items()
            if kind not in ("overflow", "fanout") or kind in drawn
        ),
    )


def _groups(sketch: Sketch, layout: Layout) -> str:
    rows = []
    for place, (group, title) in enumerate(sketch.groups):
        area = layout.clusters.get(cluster_name(place))
        if area is None:
            continue
        x, y, width, height = area
        rows.append(el("rect", x=x, y=y, width=width, height=height, rx="10", fill="#f3efe3", stroke=RULE))
        rows.append(
            text(
                x + 10,
                y + 17,
                shorten(title, width - 20, 12, bold=True),
                12,
                font_weight="600",
                fill=FAINT_INK,
            )
        )
        labels = ", ".join(box.annotation for box in sketch.boxes if box.group == group and box.annotation)
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


def _arrow(arrow: Arrow, layout: Layout, ids: dict[str, str]) -> str:
    curve = _find(layout.curves, ids.get(arrow.src, ""), ids.get(arrow.dst, ""))
    if curve is None:
        return ""
    colour, dash, width, words = _STROKES.get(arrow.kind, _STROKES["data"])
    first, *rest = curve.points
    path = f"M{num(first[0])} {num(first[1])}C" + " ".join(f"{num(x)} {num(y)}" for x, y in rest)
    if curve.tip is not None:
        path += f"L{num(curve.tip[0])} {num(curve.tip[1])}"
    kind = arrow.kind if arrow.kind in _STROKES else "data"
    return el(
        "path",
        el("title", esc(words)),
        d=path,
        fill="none",
        stroke=colour,
        stroke_width=num(width),
        stroke_dasharray=dash or None,
        marker_end=f"url(#head-{kind})",
    )


def _find(curves: tuple[Curve, ...], src: str, dst: str) -> Curve | None:
    return next((curve for curve in curves if curve.src == src and curve.dst == dst), None)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Markup with its extent in px: `left` is the leftmost x, `depth` how far it hangs below the row."""

    markup: str
    width: float = 0.0
    left: float = 1e9
    depth: float = 0.0


def _arcs(sketch: Sketch, layout: Layout, ids: dict[str, str]) -> _Piece:
    """Arrows that skip a box or close a loop, as arcs below the row; the longest hangs lowest."""
    straight = set(spine(sketch))
    loose = [
        arrow for arrow in sketch.arrows if arrow not in straight and {arrow.src, arrow.dst} <= ids.keys()
    ]
    rows, left, depth = [], 1e9, 0.0
    for place, arrow in enumerate(loose):
        (x1, y1), (x2, y2) = layout.nodes[ids[arrow.src]], layout.nodes[ids[arrow.dst]]
        forth = 1 if x2 > x1 else -1
        x1, x2 = x1 + (12 + 14 * place) * forth, x2 - (12 + 14 * place) * forth
        y1, y2 = y1 + CARD_HEIGHT / 2, y2 + CARD_HEIGHT / 2
        low = _ARC_DEPTH + 14 * place
        colour, dash, width, words = _STROKES.get(arrow.kind, _STROKES["data"])
        floor = max(y1, y2) + low
        path = (
            f"M{num(x1)} {num(y1)}V{num(floor - 8)}q0 8 {8 * forth} 8"
            f"H{num(x2 - 8 * forth)}q{8 * forth} 0 {8 * forth} -8V{num(y2)}"
        )
        kind = arrow.kind if arrow.kind in _STROKES else "data"
        rows.append(
            el(
                "path",
                el("title", esc(words)),
                d=path,
                fill="none",
                stroke=colour,
                stroke_width=num(width),
                stroke_dasharray=dash or None,
                marker_end=f"url(#head-{kind})",
            )
        )
        left, depth = min(left, x1, x2), max(depth, floor + 6 - layout.height)
    return _Piece(join(rows), left=left, depth=depth)


def _legend(sketch: Sketch) -> _Piece:
    kinds = [kind for kind in _STROKES if any(arrow.kind == kind for arrow in sketch.arrows)]
    x, rows = 0.0, []
    for kind in kinds:
        colour, dash, stroke, words = _STROKES[kind]
        rows.append(
            el(
                "path",
                d=f"M{num(x)} -4h26",
                stroke=colour,
                stroke_width=num(stroke),
                fill="none",
                stroke_dasharray=dash or None,
            )
        )
        rows.append(text(x + 31, 0, words, 12, fill=FAINT_INK))
        x += 31 + text_width(words, 12) + 10
    return _Piece(join(rows), width=x)


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

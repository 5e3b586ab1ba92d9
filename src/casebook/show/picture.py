"""The architecture picture as SVG: cards with icon, owner badge and load, laid out by Graphviz."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from casebook.show.boxes import Arrow, Box, Sketch
from casebook.show.colours import BLUE, FAINT_INK, GREEN, INK, ORANGE, PAPER, RULE, VERMILION
from casebook.show.diagram import CARD_HEIGHT, CARD_WIDTH, cluster_name, dot_source, icon, node_ids
from casebook.show.layout import Curve, Layout, lay_out
from casebook.show.svg import FONT, content_id, el, esc, join, num, shorten, text, text_width, wrap

_MARGIN = 12
_LEGEND_HEIGHT = 26
_STROKES = {
    "request": (INK, "", 1.8, "request, waited for"),
    "async": (BLUE, "7 4", 1.8, "later, not waited for"),
    "feedback": (GREEN, "2 4", 2.2, "feedback"),
    "data": (FAINT_INK, "10 3 2 3", 1.4, "data"),
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
    width = max(layout.width, 420.0) + 2 * _MARGIN
    height = layout.height + 2 * _MARGIN + _LEGEND_HEIGHT
    shift = _MARGIN + max(0.0, (420.0 - layout.width) / 2)
    body = join((
        _groups(sketch, layout),
        join(_arrow(arrow, layout, ids) for arrow in sketch.arrows),
        join(_card(box, *layout.nodes[ids[box.slot]]) for box in sketch.boxes),
    ))
    mark = content_id("cb-arch", sketch)
    return el(
        "svg",
        el("title", esc(sketch.title), id=f"{mark}-t"),
        el("desc", esc(sketch.summary()), id=f"{mark}-d"),
        _icon_symbols(sketch) if with_icons else "",
        _arrow_heads(mark),
        el("rect", width=num(width), height=num(height), rx="10", fill=PAPER),
        el("g", body, transform=f"translate({num(shift)} {_MARGIN})").replace("url(#head-", f"url(#{mark}-"),
        _legend(sketch, width, height),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {num(width)} {num(height)}",
        width=num(width), height=num(height), role="img", aria_labelledby=f"{mark}-t {mark}-d",
        class_="cb-arch", font_family=FONT, fill=INK,
    )


def icon_sheet(names: Iterable[str]) -> str:
    """A hidden `<svg>` that defines each icon once for the whole page."""
    symbols = {found.symbol: _symbol(found.symbol, found.data_uri)
               for found in (icon(name) for name in sorted(set(names))) if found is not None}
    return el("svg", join(symbols[key] for key in sorted(symbols)), xmlns="http://www.w3.org/2000/svg",
              width="0", height="0", style="position:absolute", aria_hidden="true")


def _icon_symbols(sketch: Sketch) -> str:
    found = {pic.symbol: pic.data_uri for pic in (icon(box.icon) for box in sketch.boxes) if pic is not None}
    return el("defs", join(_symbol(key, found[key]) for key in sorted(found))) if found else ""


def _symbol(key: str, data_uri: str) -> str:
    return el("symbol", el("image", href=data_uri, width="64", height="64"), id=key, viewBox="0 0 64 64")


def _arrow_heads(mark: str) -> str:
    return el("defs", join(
        el("marker", el("path", d="M0 0 8 4 0 8z", fill=colour), id=f"{mark}-{kind}", viewBox="0 0 8 8",
           refX="7.4", refY="4", markerWidth="8", markerHeight="8", orient="auto",
           markerUnits="userSpaceOnUse")
        for kind, (colour, _, _, _) in _STROKES.items()))


def _groups(sketch: Sketch, layout: Layout) -> str:
    rows = []
    for place, (group, title) in enumerate(sketch.groups):
        area = layout.clusters.get(cluster_name(place))
        if area is None:
            continue
        x, y, width, height = area
        rows.append(el("rect", x=x, y=y, width=width, height=height, rx="10", fill="#f3efe3", stroke=RULE))
        rows.append(text(x + 10, y + 17, shorten(title, width - 20, 12, bold=True), 12, font_weight="600",
                         fill=FAINT_INK))
        labels = ", ".join(box.annotation for box in sketch.boxes if box.group == group and box.annotation)
        room = width - 32 - text_width(title, 12, bold=True)
        if labels and room > 40:
            rows.append(text(x + width - 10, y + 17, shorten(f"+ {labels}", room, 12), 12, fill=FAINT_INK,
                             font_style="italic", text_anchor="end"))
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
    return el("path", el("title", esc(words)), d=path, fill="none", stroke=colour, stroke_width=num(width),
              stroke_dasharray=dash or None, marker_end=f"url(#head-{kind})")


def _find(curves: tuple[Curve, ...], src: str, dst: str) -> Curve | None:
    return next((curve for curve in curves if curve.src == src and curve.dst == dst), None)


def _card(box: Box, x_centre: float, y_centre: float) -> str:
    left, top = x_centre - CARD_WIDTH / 2, y_centre - CARD_HEIGHT / 2
    edge = VERMILION if box.bottleneck or not box.owner else FAINT_INK
    rows = wrap(box.title, CARD_WIDTH - 56, 13, 2, bold=True)
    parts = [
        el("rect", width=CARD_WIDTH, height=CARD_HEIGHT, rx="8", fill="#ffffff", stroke=edge,
           stroke_width="3" if box.bottleneck else "1.4", stroke_dasharray=None if box.owner else "6 4"),
        _icon(box),
        text(48, 21, shorten(box.slot_title, CARD_WIDTH - 54, 12), 12, fill=FAINT_INK),
        join(text(48, 37 + 15 * place, row, 13, font_weight="600") for place, row in enumerate(rows)),
        _badge(box), _load(box), _flags(box),
    ]
    hint = f"{box.slot_title}: {box.title}" + (f" ({box.annotation})" if box.annotation else "")
    return el("g", el("title", esc(hint)), *parts, transform=f"translate({num(left)} {num(top)})")


def _icon(box: Box) -> str:
    found = icon(box.icon)
    if found is not None:
        return el("use", href=f"#{found.symbol}", x="9", y="11", width="32", height="32")
    letter = box.slot_title[:1].upper() or "?"
    return (el("rect", x="9", y="11", width="32", height="32", rx="6", fill="#e6e1d3")
            + text(25, 33, letter, 16, text_anchor="middle", font_weight="700", fill=FAINT_INK))


def _badge(box: Box) -> str:
    words = shorten(box.owner, CARD_WIDTH - 36, 12) if box.owner else "nobody"
    wide = text_width(words, 12) + 16
    looks = {"fill": "#e8f3ee", "stroke": GREEN} if box.owner else {
        "fill": "#fff4ee", "stroke": VERMILION, "stroke_dasharray": "4 3"}
    return (el("rect", x=9.0, y=61.0, width=wide, height=19.0, rx="9.5", stroke_width="1", **looks)
            + text(17, 74.8, words, 12))


def _load(box: Box) -> str:
    """A bar at the foot of the card and the busy share in figures; a label where no load is known."""
    base = CARD_HEIGHT - 8.0
    if box.load is None:
        return ""
    share = min(max(box.load, 0.0), 1.0)
    shown = "overloaded" if box.load > 1 else f"{box.load * 100:.0f} % busy"
    width = CARD_WIDTH - 24.0 - text_width(shown, 12)
    colour = VERMILION if box.bottleneck else BLUE
    return (el("rect", x=9.0, y=base - 7, width=width, height=5.0, rx="2.5", fill="#e6e1d3")
            + el("rect", x=9.0, y=base - 7, width=max(width * share, 2.0), height=5.0, rx="2.5", fill=colour)
            + text(CARD_WIDTH - 9, base, shown, 12, text_anchor="end"))


def _flags(box: Box) -> str:
    """Labels on the upper edge of the card: what is worst about it, and how many there are of it."""
    rows, words, fill, ink = [], "", VERMILION, "#ffffff"
    if box.bottleneck:
        words = "▲ bottleneck"
    elif box.exotic:
        words, fill, ink = "! unusual", ORANGE, INK
    if words:
        wide = text_width(words, 12, bold=True) + 12
        rows.append(el("rect", x=9.0, y=-11.0, width=wide, height=19.0, rx="4", fill=fill))
        rows.append(text(9 + wide / 2, 3, words, 12, font_weight="700", fill=ink, text_anchor="middle"))
    if box.replicas > 1:
        times = f"×{box.replicas}"
        wide = text_width(times, 12, bold=True) + 14
        rows.append(el("rect", x=CARD_WIDTH - wide + 5, y=-11.0, width=wide, height=19.0, rx="9.5", fill=INK))
        rows.append(text(CARD_WIDTH + 5 - wide / 2, 3, times, 12, font_weight="700", fill="#ffffff",
                         text_anchor="middle"))
    return join(rows)


def _legend(sketch: Sketch, width: float, height: float) -> str:
    kinds = [kind for kind in _STROKES if any(arrow.kind == kind for arrow in sketch.arrows)]
    x, y, rows = float(_MARGIN), height - 11, []
    for kind in kinds:
        colour, dash, stroke, words = _STROKES[kind]
        rows.append(el("path", d=f"M{num(x)} {num(y - 4)}h26", stroke=colour, stroke_width=num(stroke), fill="none",
                       stroke_dasharray=dash or None))
        rows.append(text(x + 31, y, words, 12, fill=FAINT_INK))
        x += 31 + text_width(words, 12) + 16
    note = "bar: share of time busy"
    if any(box.load is not None for box in sketch.boxes) and x + text_width(note, 12) < width - _MARGIN:
        rows.append(text(width - _MARGIN, y, note, 12, fill=FAINT_INK, text_anchor="end"))
    return join(rows)


def _empty(sketch: Sketch) -> str:
    words = "Nothing chosen yet: open a chip above and choose a part."
    return el("svg", el("title", esc(sketch.title)), el("rect", width=420, height=90, rx="10", fill=PAPER),
              text(210, 50, words, 13, text_anchor="middle", fill=FAINT_INK),
              xmlns="http://www.w3.org/2000/svg", viewBox="0 0 420 90", width=420, height=90, role="img",
              class_="cb-arch", font_family=FONT)

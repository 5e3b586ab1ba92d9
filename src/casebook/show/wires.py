"""Arrows as paths: those that Graphviz routed, arcs below a row, and ways between rows."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.show.boxes import Arrow
from casebook.show.colours import BLUE, FAINT_INK, GREEN, INK, VERMILION
from casebook.show.diagram import CARD_HEIGHT, CARD_WIDTH
from casebook.show.layout import Curve
from casebook.show.rows import ARC_DEPTH_PX, ARC_STEP_PX, Arrangement, foot_of
from casebook.show.svg import el, esc, join, num

# Kind → colour, dashes, width in px, and what it means.
STROKES = {
    "request": (INK, "", 1.8, "waited for"),
    "async": (BLUE, "7 4", 1.8, "not waited for"),
    "feedback": (GREEN, "2 4", 2.2, "feedback"),
    "data": (FAINT_INK, "10 3 2 3", 1.4, "data"),
    "overflow": (VERMILION, "3 3", 1.8, "overflow"),
    "fanout": (INK, "", 1.8, "all at once"),
}
_HALF_WIDTH, _HALF_HEIGHT = CARD_WIDTH / 2, CARD_HEIGHT / 2
_CORNER = 7.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Markup with its extent in px: `left` is the leftmost x, `bottom` the lowest y."""

    markup: str
    left: float = 1e9
    bottom: float = 0.0


def heads(mark: str, drawn: set[str]) -> str:
    """The arrow heads as markers whose ids begin with `mark`."""
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
            for kind, (colour, _, _, _) in STROKES.items()
            if kind not in ("overflow", "fanout") or kind in drawn
        ),
    )


def routed(arrow: Arrow, curve: Curve) -> str:
    """An arrow along the curve that Graphviz found."""
    first, *rest = curve.points
    path = f"M{num(first[0])} {num(first[1])}C" + " ".join(f"{num(x)} {num(y)}" for x, y in rest)
    if curve.tip is not None:
        path += f"L{num(curve.tip[0])} {num(curve.tip[1])}"
    return _stroke(arrow, path)


def arcs(made: Arrangement, row: int) -> Piece:
    """Arrows of one row that skip a box or close a loop, as arcs below it; the later hang lower."""
    rows, left, bottom = [], 1e9, 0.0
    for place, arrow in enumerate(made.rows[row].loose):
        x1, x2 = made.centres[arrow.src][0], made.centres[arrow.dst][0]
        forth = 1 if x2 > x1 else -1
        shift = (12 + ARC_STEP_PX * place) * forth
        floor = foot_of(made, arrow) + ARC_DEPTH_PX + ARC_STEP_PX * place
        start = _down(made, arrow.src, x1 + shift, floor, place)
        end = _down(made, arrow.dst, x2 - shift, floor, place)
        points = [*start, *reversed(end)]
        rows.append(_stroke(arrow, _rounded(points)))
        left, bottom = min(left, *(x for x, _ in points)), max(bottom, floor + 6)
    return Piece(join(rows), left, bottom)


def crossings(made: Arrangement) -> str:
    """Arrows from one row to another: down a gap between columns, along between the rows, and in from the side."""
    rows = []
    used: dict[int, int] = {}
    for arrow in made.crossing:
        src, dst = made.row_of(arrow.src), made.row_of(arrow.dst)
        (x1, y1), (x2, y2) = made.centres[arrow.src], made.centres[arrow.dst]
        down = dst > src
        gap = dst - 1 if down else dst
        place = used.get(gap, 0)
        used[gap] = place + 1
        nudge = 3.0 * (place % 4) - 4.0
        lower = made.rows[gap + 1].top
        along = lower - 12.0 - 10.0 * place
        if down and src == gap and _free_below(made, arrow.src):
            out = x1 + 14.0 * (place % 3 - 1)
            points = [(out, y1 + _HALF_HEIGHT), (out, along)]
        else:
            out, level = x1 + _HALF_WIDTH + 12.0 + nudge, y1 + (16.0 if down else -16.0)
            points = [(x1 + _HALF_WIDTH, level), (out, level), (out, along)]
        side = -1.0 if down else 1.0
        into, level = x2 + side * (_HALF_WIDTH + 12.0 + nudge), y2 + (-18.0 if down else 22.0) + 6.0 * (place % 3)
        points += [(into, along), (into, level), (x2 + side * _HALF_WIDTH, level)]
        rows.append(_stroke(arrow, _rounded(points)))
    return join(rows)


def _free_below(made: Arrangement, slot: str) -> bool:
    """Whether no box of the same row stands under this one."""
    x, y = made.centres[slot]
    others = made.rows[made.row_of(slot)].slots - {slot}
    return not any(abs(made.centres[one][0] - x) < 2 and made.centres[one][1] > y for one in others)


def _down(made: Arrangement, slot: str, x: float, floor: float, place: int) -> list[tuple[float, float]]:
    """From a box to the level `floor`: out of its foot, or past the boxes under it through the gap on its right."""
    centre_x, centre_y = made.centres[slot]
    if _free_below(made, slot):
        return [(x, centre_y + _HALF_HEIGHT), (x, floor)]
    out, level = centre_x + _HALF_WIDTH + 12.0 - 3.0 * (place % 3), centre_y + 24.0
    return [(centre_x + _HALF_WIDTH, level), (out, level), (out, floor)]


def _rounded(points: list[tuple[float, float]]) -> str:
    """A path of straight pieces with round corners."""
    made = [f"M{num(points[0][0])} {num(points[0][1])}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(_CORNER, _far(before, here) / 2, _far(here, after) / 2)
        a, b = _towards(here, before, reach), _towards(here, after, reach)
        made.append(f"L{num(a[0])} {num(a[1])}Q{num(here[0])} {num(here[1])} {num(b[0])} {num(b[1])}")
    made.append(f"L{num(points[-1][0])} {num(points[-1][1])}")
    return "".join(made)


def _far(a: tuple[float, float], b: tuple[float, float]) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _towards(a: tuple[float, float], b: tuple[float, float], reach: float) -> tuple[float, float]:
    far = _far(a, b) or 1.0
    return a[0] + (b[0] - a[0]) * reach / far, a[1] + (b[1] - a[1]) * reach / far


def _stroke(arrow: Arrow, path: str) -> str:
    colour, dash, width, words = STROKES.get(arrow.kind, STROKES["data"])
    kind = arrow.kind if arrow.kind in STROKES else "data"
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

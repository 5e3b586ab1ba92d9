"""Where each box of a picture stands: one row where the width allows it, else several, read like lines of text."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, replace

from casebook.show.boxes import Arrow, Sketch
from casebook.show.diagram import CARD_HEIGHT, CARD_WIDTH, cluster_name, dot_source, node_ids, spine
from casebook.show.layout import Curve, Layout, lay_out

ROOM_PX = 1094.0  # what the board offers in a window of 1280 px
MARGIN_PX = 12.0
ARC_DEPTH_PX, ARC_STEP_PX = 26.0, 14.0
_SHRINK = 1.06  # so much too wide is made smaller by the page rather than broken


@dataclass(frozen=True, slots=True)
class Area:
    """A group's ground in px; `continued` where the group began in a row above."""

    group: int
    continued: bool
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of boxes from `top` to `bottom` px; `loose` are its arrows that run below it."""

    top: float
    bottom: float
    slots: frozenset[str]
    loose: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Everything in px, y downwards: centre of each slot's box, groups, drawn arrows, and those between rows."""

    width: float
    height: float
    centres: dict[str, tuple[float, float]]
    areas: tuple[Area, ...]
    curves: tuple[tuple[Arrow, Curve], ...]
    rows: tuple[Row, ...]
    crossing: tuple[Arrow, ...]

    def row_of(self, slot: str) -> int:
        """The number of the row that holds a slot, from 0."""
        return next(place for place, row in enumerate(self.rows) if slot in row.slots)


def arrange(sketch: Sketch, width_px: float = ROOM_PX) -> Arrangement:
    """Boxes in as few rows as fit into `width_px`; raises `LayoutError` where no Graphviz is at hand."""
    bare = replace(sketch, boxes=tuple(replace(box, load=None, owner=None) for box in sketch.boxes))
    return _arrange(bare, width_px)


@functools.lru_cache(maxsize=128)
def _arrange(sketch: Sketch, width_px: float) -> Arrangement:
    whole = lay_out(dot_source(sketch))
    room = max(width_px - 2 * MARGIN_PX, CARD_WIDTH + 18.0)
    if whole.width <= room * _SHRINK:
        return _stack(sketch, ((sketch, whole),))
    columns = _columns(sketch, whole)
    groups = {box.slot: box.group for box in sketch.boxes}
    made: tuple[tuple[Sketch, Layout], ...] = ()
    for most in range(len(columns) - 1, 0, -1):
        if most * CARD_WIDTH > room * _SHRINK and most > 1:
            continue
        lines = _broken(columns, most, groups)
        parts = tuple(_part(sketch, {slot for column in line for slot in column}) for line in lines)
        made = tuple((part, lay_out(dot_source(part))) for part in parts)
        if all(layout.width <= room * _SHRINK for _, layout in made):
            break
    return _stack(sketch, made or ((sketch, whole),))


def _columns(sketch: Sketch, layout: Layout) -> list[list[str]]:
    """Slots by their place from left to right."""
    at: dict[int, list[str]] = {}
    for slot, node in node_ids(sketch).items():
        at.setdefault(round(layout.nodes[node][0]), []).append(slot)
    return [at[x] for x in sorted(at)]


def _broken(columns: list[list[str]], most: int, groups: dict[str, str]) -> list[list[list[str]]]:
    """Lines of at most `most` columns: as few as can be, the fewest groups torn, then the most even ones."""
    count = -(-len(columns) // most)
    best: tuple[tuple[int, int], tuple[int, ...]] | None = None
    for cuts in itertools.combinations(range(1, len(columns)), count - 1):
        ends = (0, *cuts, len(columns))
        sizes = [b - a for a, b in itertools.pairwise(ends)]
        if max(sizes) > most:
            continue
        named = [{groups[slot] for column in columns[a:b] for slot in column} for a, b in itertools.pairwise(ends)]
        torn = sum(len(one & other) for one, other in itertools.combinations(named, 2))
        cost = (torn, max(sizes) - min(sizes))
        if best is None or cost < best[0]:
            best = (cost, ends)
    ends = best[1] if best else (0, len(columns))
    return [columns[a:b] for a, b in itertools.pairwise(ends)]


def _part(sketch: Sketch, slots: set[str]) -> Sketch:
    return replace(
        sketch,
        boxes=tuple(box for box in sketch.boxes if box.slot in slots),
        arrows=tuple(arrow for arrow in sketch.arrows if {arrow.src, arrow.dst} <= slots),
    )


def _stack(sketch: Sketch, lines: tuple[tuple[Sketch, Layout], ...]) -> Arrangement:
    """The lines one under the other, left edges together, with room for the arrows between them."""
    home = {box.slot: place for place, (part, _) in enumerate(lines) for box in part.boxes}
    crossing = tuple(
        arrow for arrow in sketch.arrows if {arrow.src, arrow.dst} <= home.keys() and home[arrow.src] != home[arrow.dst]
    )
    centres: dict[str, tuple[float, float]] = {}
    areas: list[Area] = []
    curves: list[tuple[Arrow, Curve]] = []
    rows: list[Row] = []
    top, seen = 0.0, set[int]()
    for place, (part, layout) in enumerate(lines):
        ids = node_ids(part)
        centres |= {slot: (layout.nodes[node][0], layout.nodes[node][1] + top) for slot, node in ids.items()}
        for group, _ in enumerate(sketch.groups):
            found = layout.clusters.get(cluster_name(group))
            if found is not None:
                x, y, width, height = found
                areas.append(Area(group, group in seen, x, y + top, width, height))
                seen.add(group)
        straight = spine(part)
        for arrow in straight:
            curve = _curve(layout, ids[arrow.src], ids[arrow.dst], top)
            if curve is not None:
                curves.append((arrow, curve))
        loose = tuple(arrow for arrow in part.arrows if arrow not in straight)
        rows.append(Row(top, top + layout.height, frozenset(ids), loose))
        top += layout.height
        if place < len(lines) - 1:
            below = ARC_DEPTH_PX + ARC_STEP_PX * len(loose) if loose else 0.0
            passing = sum(1 for arrow in crossing if _gap(home, arrow) == place)
            top += below + 18.0 + 10.0 * passing
    width = max(layout.width for _, layout in lines)
    return Arrangement(width, top, centres, tuple(areas), tuple(curves), tuple(rows), crossing)


def _gap(home: dict[str, int], arrow: Arrow) -> int:
    """The space between rows in which an arrow runs sideways: the one above its end, or under it."""
    return home[arrow.dst] - 1 if home[arrow.dst] > home[arrow.src] else home[arrow.dst]


def _curve(layout: Layout, src: str, dst: str, down: float) -> Curve | None:
    found = next((curve for curve in layout.curves if curve.src == src and curve.dst == dst), None)
    if found is None:
        return None
    tip = None if found.tip is None else (found.tip[0], found.tip[1] + down)
    return Curve(src, dst, tuple((x, y + down) for x, y in found.points), tip)


def foot_of(made: Arrangement, arrow: Arrow) -> float:
    """The lowest edge of the boxes between the two ends of an arrow of one row, px: an arc runs below it."""
    x1, x2 = sorted((made.centres[arrow.src][0], made.centres[arrow.dst][0]))
    row = made.rows[made.row_of(arrow.src)]
    between = [made.centres[slot] for slot in row.slots if x1 - 1 <= made.centres[slot][0] <= x2 + 1]
    return max(y for _, y in between) + CARD_HEIGHT / 2

"""Where the words of a plot stand so that none covers another: rows above a line, and sides of a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casebook.show.svg import text_width

LINE_PX = 15.0
SIDES = ("top center", "bottom center", "top right", "top left", "bottom right", "bottom left", "middle right")
_GAP_PX = 6.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A word's place: `row` counts upwards from 0; `side` is left, center or right of its point (the word's own)."""

    row: int
    side: str


def rows_above(words: Sequence[str], xs_px: Sequence[float], width_px: float, size: float = 12.0) -> list[Spot]:
    """For each word over its x the lowest row in which it covers no word and no other line.

    A word stands over its line or, where that is crowded or near an edge of `width_px`, beside it.
    """
    taken: list[list[tuple[float, float]]] = []
    spots: dict[int, Spot] = {}
    for place in sorted(range(len(words)), key=lambda one: xs_px[one]):
        others = [x for one, x in enumerate(xs_px) if one != place]
        spots[place], box = _lowest(xs_px[place], text_width(words[place], size), others, taken, width_px)
        while len(taken) <= spots[place].row:
            taken.append([])
        taken[spots[place].row].append(box)
    return [spots[place] for place in range(len(words))]


def _lowest(
    x: float, wide: float, others: Sequence[float], taken: Sequence[list[tuple[float, float]]], width_px: float
) -> tuple[Spot, tuple[float, float]]:
    """The spot of a word `wide` px over `x`, and its left and right end."""
    ends = {"center": (x - wide / 2, x + wide / 2), "left": (x - wide - 3, x - 3), "right": (x + 3, x + wide + 3)}
    fitting = [side for side, (low, high) in ends.items() if low >= -8 and high <= width_px + 8] or ["center"]
    for row in range(len(taken) + 1):
        boxes = taken[row] if row < len(taken) else []
        for side in fitting:
            low, high = ends[side]
            covered = any(low - _GAP_PX < end and start < high + _GAP_PX for start, end in boxes)
            # Lines that end in a higher row pass through this one.
            crossed = row < 2 and any(low - 1 < line < high + 1 for line in others)
            if not covered and not crossed:
                return Spot(row, side), ends[side]
    return Spot(len(taken), fitting[0]), ends[fitting[0]]


def sides_of_points(
    words: Sequence[str],
    points_px: Sequence[tuple[float, float]],
    room_px: tuple[float, float],
    curve_px: Sequence[tuple[float, float]] = (),
    size: float = 12.0,
) -> list[str]:
    """For each point the side (plotly's names) on which its word covers no other word, no point and little curve.

    `room_px` is width and height of the plot; y runs downwards. The first side that is clear is taken, else the
    least bad one.
    """
    boxes: list[tuple[float, float, float, float]] = []
    chosen = []
    for word, (x, y) in zip(words, points_px, strict=True):
        wide = text_width(word, size)
        best, least = SIDES[0], 1e9
        for side in SIDES:
            box = _box(side, x, y, wide)
            bad = 40.0 * sum(_meet(box, other) for other in boxes)
            bad += 40.0 * (box[0] < -4 or box[2] > room_px[0] + 12) + 20.0 * (box[1] < -10 or box[3] > room_px[1] + 2)
            bad += 8.0 * sum(_inside(box, point) for point in points_px if point != (x, y))
            bad += 1.0 * sum(_inside(box, point) for point in curve_px)
            if bad < least:
                best, least = side, bad
        boxes.append(_box(best, x, y, wide))
        chosen.append(best)
    return chosen


def _box(side: str, x: float, y: float, wide: float) -> tuple[float, float, float, float]:
    upright, _, across = side.partition(" ")
    top = {"top": y - 8 - LINE_PX, "bottom": y + 8, "middle": y - LINE_PX / 2}[upright]
    left = {"center": x - wide / 2, "right": x + 8, "left": x - 8 - wide}[across]
    return left, top, left + wide, top + LINE_PX


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] + 4 and b[0] < a[2] + 4 and a[1] < b[3] and b[1] < a[3]


def _inside(box: tuple[float, float, float, float], point: tuple[float, float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]

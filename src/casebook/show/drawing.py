"""A drawn design of an exercise as a picture: the same cards and arrows as on the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.show.boxes import Arrow, Box, Sketch
from casebook.show.picture import draw

if TYPE_CHECKING:
    from casebook.facts.drill import Drawing


def drawing_svg(title: str, drawing: Drawing) -> str:
    """The picture as one SVG. A box without an owner is dashed and says "nobody"."""
    boxes = tuple(
        Box(box.id, box.title, box.says or box.title, "", "all", owner=box.owner or None) for box in drawing.boxes
    )
    arrows = tuple(Arrow(src, dst, kind) for src, dst, kind in drawing.edges)
    return draw(Sketch(title, boxes, arrows, ()))

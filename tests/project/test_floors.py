"""The floors of the house, read from the source: each room imports only what lies below it, and lightly."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "casebook"
FLOORS = [
    {"engine", "facts", "jail"},
    {"economics"},
    {"machines"},
    {"design"},
    {"search"},
    {"answer"},
    {"checks", "drills"},
    {"show"},
    {"course"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
DOORS = {"__init__", "public", "lean"}  # not rooms: the public names, fetched when first used; what keeps imports light
SCREEN = {"ipywidgets", "plotly", "diagrams", "nbgrader", "IPython", "anywidget"}
HEAVY = {
    "numba",
    "plotly",
    "ipywidgets",
    "diagrams",
    "scipy",
    "nbgrader",
    "pandas",
    "IPython",
    "pydantic",
    "yaml",
}


def room_of(path: Path) -> str:
    inside = path.relative_to(SRC)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything imported anywhere in a module, in functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def trespasses(room: str, source: str) -> list[str]:
    """Imports that climb a floor, cross between the two ground rooms, or bring the screen below ``show``."""
    found = []
    for line, name in imports(source):
        parts = name.split(".")
        other = parts[1] if parts[0] == "casebook" and len(parts) > 1 else None
        if other in LEVEL and other != room and LEVEL[other] >= LEVEL[room]:
            found.append(f"line {line}: {room} imports casebook.{other}, which does not lie below it")
        if parts[0] in SCREEN and LEVEL[room] < LEVEL["show"]:
            found.append(f"line {line}: {room} imports {parts[0]}, which belongs to show and above")
    return found


def modules() -> list[Path]:
    return sorted(path for path in SRC.rglob("*.py") if room_of(path) not in DOORS)


def test_every_module_stands_on_a_floor() -> None:
    assert {room_of(path) for path in modules()} <= set(LEVEL)
    rooms = {room_of(path) for path in modules()}
    assert {"facts", "engine", "economics", "design", "search", "answer", "checks", "show", "course"} <= rooms


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SRC).as_posix())
def test_a_room_imports_only_what_lies_below_it(path: Path) -> None:
    assert trespasses(room_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("design", "from casebook.checks import grade"),
        ("engine", "def f():\n    from casebook.facts import catalog"),
        ("checks", "import plotly.graph_objects as go"),
        ("answer", "if True:\n    from IPython.display import HTML"),
        ("facts", "import casebook.economics.bill"),
        ("machines", "from casebook.design import Design"),
    ],
)
def test_a_trespass_is_found(room: str, source: str) -> None:
    assert len(trespasses(room, source)) == 1
    assert trespasses("commands", source) == []


def loaded_by(statement: str) -> set[str]:
    """Top-level packages in memory after ``statement`` in a fresh interpreter."""
    code = f"{statement}\nimport sys, json\nprint(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_casebook_is_light() -> None:
    assert HEAVY & loaded_by("import casebook") == set()


def test_help_loads_no_notebook_machinery() -> None:
    assert SCREEN & loaded_by("from casebook.cli import overview; overview()") == set()


def test_a_case_is_priced_and_simulated_without_a_screen() -> None:
    work = (
        "import casebook; case = casebook.load_case('stability-moderation')\n"
        "ev = casebook.evaluate(case.reference, requests=2000)\nassert ev.cost_usd_month > 0"
    )
    assert SCREEN & loaded_by(work) == set()

"""The seven packages the project must build on are declared as run-time dependencies, and used."""

from __future__ import annotations

import ast
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEVEN = ("jupyterlab", "nbgrader", "ipywidgets", "plotly", "diagrams", "papermill", "nbmake")


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {re.split(r"[^A-Za-z0-9_-]", line, maxsplit=1)[0].lower() for line in project["dependencies"]}


def imported(source: str) -> set[str]:
    """Top-level packages that a module imports, or starts as ``python -m package``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.List | ast.Tuple):
            words = [item.value if isinstance(item, ast.Constant) else None for item in node.elts]
            found.update(str(word) for flag, word in pairwise(words) if flag == "-m")
            found.update("nbmake" for word in words if word == "--nbmake")  # pytest loads it by its flag
    return found


def used_by_source() -> set[str]:
    return set().union(*(imported(path.read_text(encoding="utf-8")) for path in (ROOT / "src").rglob("*.py")))


@pytest.mark.parametrize("package", SEVEN)
def test_it_is_declared_and_pinned(package: str) -> None:
    assert package in declared()
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert re.search(rf"^{package}==", pins, re.M)


@pytest.mark.parametrize("package", [name for name in SEVEN if name != "nbmake"])
def test_it_is_used_in_the_source(package: str) -> None:
    assert package in used_by_source()


def test_nbmake_runs_the_notebooks_inside_pytest() -> None:
    tests = (path for path in (ROOT / "tests").rglob("test_*.py") if path.name != Path(__file__).name)
    assert any("nbmake" in imported(path.read_text(encoding="utf-8")) for path in tests)


def test_mentions_do_not_count_as_use() -> None:
    assert imported("import plotly.io\nrun([sys.executable, '-m', 'jupyterlab'])") == {"plotly", "jupyterlab"}
    assert imported('"""uses papermill"""\nname = "papermill"') == set()


def test_constraints_hold_pins_and_no_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*==\S+( ;.*)?$", line) for line in lines)
    assert not any("://" in line or line.startswith("-") for line in lines)


def test_numba_is_left_out_only_where_it_has_no_wheel() -> None:
    [line] = [x for x in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if x.startswith("numba=")]
    from packaging.requirements import Requirement

    marker = Requirement(line).marker
    assert marker is not None
    machines = {("darwin", "x86_64"): False, ("darwin", "arm64"): True, ("linux", "x86_64"): True}
    for (system, machine), wanted in machines.items():
        assert marker.evaluate({"sys_platform": system, "platform_machine": machine}) is wanted

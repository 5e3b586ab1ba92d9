"""What is built: in step with its text, clean, short enough, and every worked example works."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casebook import answer as records
from casebook.course.build import build, strays
from casebook.facts.prose import articles_of, bare_figures

ROOT = Path(__file__).resolve().parents[2]
BUILT = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("source/*/*.ipynb")])
WALKTHROUGHS = [
    path
    for path in sorted(ROOT.glob("notebooks/*.ipynb"))
    if {"case", "cases"} & set(json.loads(path.read_text(encoding="utf-8"))["metadata"]["casebook"])
]
SPAN = re.compile(r"`([A-Z][A-Za-z]+\([^`]*\))`")


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def answer_cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in cells(path) if cell["metadata"].get("casebook", {}).get("answer")]


def blanks(code: str) -> Iterator[ast.expr]:
    """Places a learner fills in: empty texts, None and empty lists."""
    for node in ast.walk(ast.parse(code)):
        empty = isinstance(node, ast.Constant) and (
            node.value is None or (isinstance(node.value, str) and not node.value.strip())
        )
        if empty or (isinstance(node, ast.List) and not node.elts):
            yield node


def test_notebooks_are_in_step_with_their_text() -> None:
    built = build(ROOT, check=True)
    assert [item.target for item in built if item.changed] == []
    assert strays(ROOT, built) == []


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.stem)
def test_nothing_of_a_run_is_in_git(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert set(notebook["metadata"]) <= {"casebook", "kernelspec", "language_info"}
    assert notebook["nbformat"] == 4
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
            ast.parse(source(cell))
        assert "{{" not in source(cell) and "[[" not in source(cell)


@pytest.mark.parametrize("path", WALKTHROUGHS, ids=lambda path: path.stem)
def test_a_walkthrough_is_short(path: Path) -> None:
    written = answer_cells(path)
    fields = {cell["id"]: sum(1 for _ in blanks(source(cell))) for cell in written}
    asked_beside = {f"answer-{part}" for part in ("phases", "data-plan", "time-plan", "table")}
    steps = {name: count for name, count in fields.items() if name not in asked_beside}
    assert 6 <= len(steps) <= 12
    assert sum(steps.values()) <= 40, steps
    assert all(count for name, count in fields.items() if name != "answer-design")  # there a board is the blank


@pytest.mark.parametrize("path", WALKTHROUGHS, ids=lambda path: path.stem)
def test_code_that_only_shows_is_hidden(path: Path) -> None:
    for cell in cells(path):
        if cell["cell_type"] == "code" and not cell["metadata"].get("casebook", {}).get("answer"):
            assert cell["metadata"]["jupyter"]["source_hidden"], cell["id"]


@pytest.mark.parametrize("path", WALKTHROUGHS, ids=lambda path: path.stem)
def test_every_kind_of_form_has_a_worked_example_above_it(path: Path) -> None:
    shown: set[str] = set()
    for cell in cells(path):
        text = source(cell)
        if cell["cell_type"] == "markdown":
            shown |= {span.split("(")[0] for span in SPAN.findall(text)}
            if "| goal |" in text:
                shown.add("Close")
        elif cell["metadata"].get("casebook", {}).get("answer"):
            used = {
                node.func.id
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert used <= shown, f"{cell['id']}: no example of {', '.join(sorted(used - shown))}"


@pytest.mark.parametrize("path", WALKTHROUGHS, ids=lambda path: path.stem)
def test_every_worked_example_is_understood(path: Path) -> None:
    names = {name: getattr(records, name) for name in records.RECORDS}
    found = [
        span for cell in cells(path) if cell["cell_type"] == "markdown" for span in SPAN.findall(source(cell))
    ]
    assert len(found) >= 12
    for span in found:
        made = eval(span, {"__builtins__": {}}, names)  # our own committed text
        assert not made.is_blank, span
        assert eval(repr(made), {"__builtins__": {}}, names) == made, span


def test_a_weak_and_a_strong_line_stand_before_each_step() -> None:
    text = "\n".join(source(cell) for cell in cells(ROOT / "notebooks" / "01-stability.ipynb"))
    assert text.count("**A** or **B**?") >= 9
    assert text.count("<details>") == text.count("</details>") == text.count("**A** or **B**?")


def test_no_figure_of_a_seed_is_typed_bare() -> None:
    for path in sorted((ROOT / "authored").rglob("*.py")):
        found = [
            f"{path.name}: {figure.text} ({figure.seed_id})"
            for figure in bare_figures(
                "\n".join(
                    line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")
                ),
                articles=articles_of(path.name),
            )
        ]
        assert found == []

"""The sample cohort: people/*.yaml as submissions; each says what its writer misunderstood."""

from __future__ import annotations

import ast
import copy
import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ASSIGNMENT = "stability-moderation"
FOLDER = Path(__file__).parent / "people"
Notebook = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """One writer: ``fields`` maps a variable of the notebook to the lines they typed for it."""

    name: str
    misunderstood: str
    fields: dict[str, str]
    prose: str
    mischief: tuple[str, ...]
    hand: dict[str, Any] | None


def people() -> list[Person]:
    """Everyone in the cohort, by name."""
    return [_person(path) for path in sorted(FOLDER.glob("*.yaml"))]


def _person(path: Path) -> Person:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    unknown = set(data) - {"misunderstood", "fields", "prose", "mischief", "hand"}
    if unknown:
        raise ValueError(f"{path.name}: {', '.join(sorted(unknown))} is not a key of a sample submission")
    return Person(
        path.stem,
        data["misunderstood"],
        {name: text.rstrip() for name, text in data["fields"].items()},
        (data.get("prose") or "").rstrip(),
        tuple(data.get("mischief", ())),
        data.get("hand"),
    )


def hand_in(person: Person, release: Notebook) -> bytes:
    """The notebook file that ``person`` hands in, made from the released one."""
    notebook = copy.deepcopy(release)
    used: set[str] = set()
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("solution") and cell["cell_type"] == "code":
            cell["source"] = _typed_in(cell["source"], person.fields, used)
        elif marks.get("solution") and person.prose:
            cell["source"] = person.prose
    if left := set(person.fields) - used:
        raise ValueError(f"{person.name}.yaml: the notebook has no place for {', '.join(sorted(left))}")
    for trick in person.mischief:
        notebook = MISCHIEF[trick](notebook)
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    return (_cut_short(person) if "cut-short" in person.mischief else text).encode()


def _cut_short(person: Person) -> str:
    """The first cells of a notebook that ends in the middle of a line."""
    source = "\n".join(person.fields.values())
    cell = {"cell_type": "code", "id": "answer-frame", "metadata": {}, "outputs": [], "source": source}
    text = json.dumps({"cells": [cell, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    return text[: len(text) * 3 // 5]


def _typed_in(source: str, fields: dict[str, str], used: set[str]) -> str:
    """An answer cell with the learner's lines in place of the blank form's; what only displays stays."""
    lines, out, done = source.splitlines(), [], 0
    for node in ast.parse(source).body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name = node.targets[0].id
        if name in fields and name not in used:
            out += lines[done : node.lineno - 1] + fields[name].splitlines()
            done = node.end_lineno or node.lineno
            used.add(name)
    return "\n".join(out + lines[done:])


def _tamper_checker(notebook: Notebook) -> Notebook:
    """Full points typed into every test cell, and the package's own grader patched in a cell of one's own."""
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade") and not marks.get("solution"):
            cell["source"] = f"{marks['points']}"
            cell["outputs"] = [_result(str(marks["points"]))]
            marks["points"] = 1000.0
    patch = "import casebook.checks\ncasebook.checks.grade = lambda *a, **k: 1000.0"
    return _with_own_cell(notebook, patch)


def _override_eq(notebook: Notebook) -> Notebook:
    """A number that equals everything and is larger than everything."""
    equal = (
        "class Everything(float):\n"
        "    __eq__ = __gt__ = __ge__ = lambda self, other: True\n"
        "    __hash__ = float.__hash__\n\n"
        "score = points = Everything(1e9)"
    )
    return _with_own_cell(notebook, equal)


def _double_cells(notebook: Notebook) -> Notebook:
    """Two answer cells copied, the copies standing before the originals with an older try in them."""
    answers = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    for cell in answers[2:4]:
        older = copy.deepcopy(cell) | {"source": "# an older try\n", "id": f"{cell['id'][:50]}-older"}
        notebook["cells"].insert(notebook["cells"].index(cell), older)
    return notebook


def _another_notebook(notebook: Notebook) -> Notebook:
    """What lay in the same folder: somebody's statistics homework."""
    cells = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Homework 3: the mean"},
        {
            "cell_type": "code",
            "id": "mean",
            "metadata": {"nbgrader": {"grade_id": "mean", "grade": False, "solution": True, "locked": False}},
            "source": "def mean(numbers):\n    return sum(numbers) / len(numbers)",
            "outputs": [],
            "execution_count": 3,
        },
    ]
    return notebook | {"cells": cells}


def _with_own_cell(notebook: Notebook, source: str) -> Notebook:
    own = {
        "cell_type": "code",
        "id": "my-own",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": 1,
    }
    notebook["cells"].insert(3, own)
    return notebook


def _result(text: str) -> dict[str, Any]:
    return {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": text},
    }


MISCHIEF: dict[str, Callable[[Notebook], Notebook]] = {
    "tamper-checker": _tamper_checker,
    "override-eq": _override_eq,
    "double-cells": _double_cells,
    "another-notebook": _another_notebook,
    "cut-short": lambda notebook: notebook,
}


def lay_out(course: Path, assignment: str = ASSIGNMENT) -> list[str]:
    """Put everyone's notebook into ``course``'s autograde/submitted; returns the names."""
    release = course / "release" / assignment / f"{assignment}.ipynb"
    notebook = json.loads(release.read_text(encoding="utf-8"))
    for person in people():
        folder = course / "autograde" / "submitted" / person.name / assignment
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{assignment}.ipynb").write_bytes(hand_in(person, notebook))
    return [person.name for person in people()]


def hand_grades(cell: str = "prose-close") -> str:
    """What a reader gave the prose, as the table that ``casebook grade --hand`` takes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["student", "cell", "points", "comment"])
    for person in people():
        if person.hand:
            writer.writerow([person.name, cell, person.hand["points"], person.hand["comment"]])
    return out.getvalue()

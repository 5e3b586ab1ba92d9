"""A course folder with a small master, made by program: what the grading tests release and grade."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CONFIG = Path(__file__).resolve().parents[2] / "nbgrader_config.py"
ASSIGNMENT = "stability-moderation"


def cell(kind: str, grade_id: str, source: str, **marks: Any) -> dict[str, Any]:
    """One cell of a master; ``marks`` are nbgrader's grade, solution, locked and points."""
    full = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False} | marks
    made: dict[str, Any] = {
        "cell_type": kind,
        "id": grade_id[:60],
        "metadata": {"nbgrader": full | {"grade_id": grade_id}},
        "source": source,
    }
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def answer(name: str, solution: str) -> dict[str, Any]:
    source = f"{name} = None\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    return cell("code", f"answer-{name}", source, solution=True)


def check(cell_id: str, points: float) -> dict[str, Any]:
    source = f"from casebook.course import check_cell\ncheck_cell({ASSIGNMENT!r}, {cell_id!r}, globals())"
    return cell("code", f"check-{cell_id}", source, grade=True, locked=True, points=points)


def prose(name: str, solution: str, points: float) -> dict[str, Any]:
    return cell("markdown", f"prose-{name}", solution, grade=True, solution=True, points=points)


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def course_with(
    folder: Path, master: dict[str, Any], values: str = "assignment: stability-moderation\n"
) -> Path:
    """A course folder holding ``master``, the shipped nbgrader_config.py and a judge's file."""
    (folder / "source" / ASSIGNMENT).mkdir(parents=True)
    (folder / "autograde" / "judge").mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG.read_text())
    (folder / "autograde" / "judge" / f"{ASSIGNMENT}.yaml").write_text(values)
    path = folder / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.write_text(json.dumps(master, indent=1))
    return folder


def filled(release: dict[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """The released notebook as a learner would hand it in: ``answers`` maps grade ids to cell text."""
    made = json.loads(json.dumps(release))
    for item in made["cells"]:
        grade_id = item["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            item["source"] = answers[grade_id]
    return made

"""Filled cells → a notebook: stable ids, no outputs, no widget state, nbgrader's marks, the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casebook.course.build_text import AuthoredError, AuthoredText, TextCell

CELL_ID = re.compile(r"^[a-z0-9][a-z0-9-]{0,63}$")
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
Solver = Callable[[Sequence[str]], Sequence[str]]


def notebook_from(
    text: AuthoredText,
    cells: Sequence[TextCell],
    mode: str,
    points: Mapping[str, float],
    solve: Solver | None = None,
    cases: Sequence[str] = (),
) -> dict[str, Any]:
    """The notebook as a dict (nbformat 4.5). ``points``: cell name → points of its test cell;
    ``solve`` gives the solution lines of the named parts, in an assignment; ``cases`` are those it works through."""
    head = text.head
    casebook: dict[str, Any] = {key: head[key] for key in ("case", "rubric") if head.get(key)} | {"mode": mode}
    if cases and not head.get("case"):
        casebook["cases"] = list(cases)
    return {
        "cells": [_cell(cell, mode, points, solve) for cell in cells],
        "metadata": {
            "casebook": casebook,
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def notebook_bytes(notebook: Mapping[str, Any]) -> bytes:
    """As nbformat writes it, so that opening and saving changes nothing."""
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _cell(cell: TextCell, mode: str, points: Mapping[str, float], solve: Solver | None) -> dict[str, Any]:
    if not CELL_ID.match(cell.id):
        raise AuthoredError(
            cell.file,
            cell.line,
            f"the id {cell.id!r} is no cell id",
            "Use small letters, digits and hyphens, 64 at most.",
        )
    metadata = _metadata(cell, mode, points)
    source = cell.text
    if "answer" in cell.options and mode == "assignment" and solve is not None:
        source = with_solution(source, solve(cell.options["answer"].split(",")))
    made: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": cell.id,
        "metadata": metadata,
        "source": source.splitlines(keepends=True),
    }
    if cell.kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


def _metadata(cell: TextCell, mode: str, points: Mapping[str, float]) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if "hidden" in cell.flags:
        metadata["jupyter"] = {"source_hidden": True}
    if tags := cell.options.get("tags"):
        metadata["tags"] = tags.split(",")
    if "answer" in cell.options:
        metadata["casebook"] = {"answer": True}
    if mode == "walkthrough":
        if "locked" in cell.flags:
            metadata["editable"] = False
        return metadata
    grade: dict[str, Any] | None = None
    if "answer" in cell.options:
        grade = {"grade": False, "solution": True, "locked": False}
    elif "check" in cell.options:
        name = cell.options["check"]
        if name not in points:
            raise AuthoredError(
                cell.file,
                cell.line,
                f"no check is worth points in the cell {name!r}",
                f"Cells of the rubric: {', '.join(sorted(points)) or 'none'}.",
            )
        grade = {"grade": True, "solution": False, "locked": True, "points": points[name]}
    elif "prose" in cell.options:
        name = cell.options["prose"]
        if name not in points:
            raise AuthoredError(
                cell.file, cell.line, f"{name!r} is worth no points", "Name it in rubrics.yaml."
            )
        grade = {"grade": True, "solution": True, "locked": False, "points": points[name]}
    elif "locked" in cell.flags:
        grade = {"grade": False, "solution": False, "locked": True}
    if grade is not None:
        metadata["nbgrader"] = grade | {
            "grade_id": cell.id,
            "schema_version": 3,
            "task": False,
            "cell_type": cell.kind,
        }
    return metadata


def with_solution(source: str, solution: Sequence[str]) -> str:
    """The blank form, then the solution in nbgrader's marks, then the lines that only show (``work.…``)."""
    lines = source.splitlines()
    cut = len(lines)
    while cut and (not lines[cut - 1].strip() or lines[cut - 1].startswith("work.")):
        cut -= 1
    return "\n".join([*lines[:cut], BEGIN, *solution, END, *lines[cut:]])

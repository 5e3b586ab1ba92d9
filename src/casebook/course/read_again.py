"""Whether a text that a person has graded was changed afterwards: its points stay, and wait for a second look.

What was read is remembered as a digest a cell, beside the records; only a changed text counts, not a changed rubric.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from casebook.course.records import write_whole
from casebook.course.settings import Course

_QUOTED = re.compile(r"\A<pre[^>]*>(.*)</pre>\Z", re.DOTALL)


def digests(notebook: NotebookNode) -> dict[str, str]:
    """Cell → digest of the text as it was typed, for every written cell that people grade."""
    found = {}
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader") or {}
        if cell.cell_type == "markdown" and marks.get("grade") and marks.get("solution"):
            quoted = _QUOTED.match(cell.source)
            text = unescape(quoted.group(1)) if quoted else cell.source
            found[str(marks["grade_id"])] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return found


def flag_changed(course: Course, assignment: str, student: str, now: dict[str, str], grade: Callable[..., Any]) -> None:
    """Mark what a person graded and the learner changed since as needing a person again; ``grade`` finds a row."""
    before = _remembered(_path(course, assignment, student))
    for cell, digest in now.items():
        row = grade(cell)
        if row.manual_score is not None and before.get(cell, digest) != digest:
            row.needs_manual_grade = True


def remember(course: Course, assignment: str, student: str, now: dict[str, str]) -> None:
    """Keep ``now`` for the next time; after the gradebook has been saved, so that a kill between loses no mark."""
    path = _path(course, assignment, student)
    if _remembered(path) != now:
        write_whole(path, json.dumps(now, sort_keys=True) + "\n")


def _path(course: Course, assignment: str, student: str) -> Path:
    record = course.record(student, assignment)
    return record.parent / ".read" / record.name


def _remembered(path: Path) -> dict[str, str]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in data.items()} if isinstance(data, dict) else {}

"""The answer cells of a notebook, out of a file or a dict that may hold anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

MAX_NOTEBOOK_BYTES = 20_000_000
MAX_CELLS = 2_000
MAX_ANSWER_CELLS = 100
MAX_SOURCE_CHARS = 20_000
PREFIX = "answer-"


class NotANotebook(ValueError):
    """The file or dict holds no notebook; the message says what it holds."""


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """A code cell the learner answers in: its name (grade_id or id) and its source."""

    name: str
    source: str


def answer_cells(notebook: str | PathLike[str] | Mapping[str, Any]) -> tuple[AnswerCell, ...]:
    """The answer cells in order: code cells whose nbgrader grade_id or cell id begins with ``answer-``, or
    whose metadata say ``casebook: {answer: true}``. `NotANotebook` where there is no list of cells.
    """
    if not isinstance(notebook, Mapping):
        notebook = _load(Path(notebook))
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise NotANotebook("it has no list of cells; a notebook of format 4 belongs here")
    if len(cells) > MAX_CELLS:
        raise NotANotebook(f"it has {len(cells):,} cells and {MAX_CELLS:,} is the limit")
    found: list[AnswerCell] = []
    for at, cell in enumerate(cells):
        if isinstance(cell, Mapping) and cell.get("cell_type") == "code":
            name = _answer_name(cell, at)
            if name is not None:
                found.append(AnswerCell(name, _source(cell.get("source"))))
    if len(found) > MAX_ANSWER_CELLS:
        raise NotANotebook(f"it has {len(found)} answer cells and {MAX_ANSWER_CELLS} is the limit")
    return tuple(found)


def _load(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > MAX_NOTEBOOK_BYTES:
            raise NotANotebook(f"it is larger than {MAX_NOTEBOOK_BYTES // 1_000_000} MB; clear its outputs and save")
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NotANotebook(f"it cannot be opened ({error.strerror or 'no reason given'})") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, NotANotebook):
            raise
        raise NotANotebook("it is not valid JSON; open it in JupyterLab and save it again") from None
    if not isinstance(data, dict):
        raise NotANotebook("it holds no notebook")
    return data


def _answer_name(cell: Mapping[str, Any], at: int) -> str | None:
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    grader = metadata.get("nbgrader")
    grade_id = grader.get("grade_id") if isinstance(grader, Mapping) else None
    own_id = cell.get("id")
    names = [name[:100] for name in (grade_id, own_id) if isinstance(name, str) and name]
    casebook = metadata.get("casebook")
    marked = metadata.get("casebook.answer") is True or (
        isinstance(casebook, Mapping) and casebook.get("answer") is True
    )
    for name in names:
        if name.startswith(PREFIX):
            return name
    return (names[0] if names else f"cell {at + 1}") if marked else None


def _source(source: object) -> str:
    if isinstance(source, str):
        return source
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return ""

"""Rewrites the call `board.keep(...)` in the cell that is running, so that a choice becomes code."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any

_WIDE = 92


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call stands in a cell: first line, last line (both from 1) and columns (from 0, in characters)."""

    line: int
    column: int
    end_line: int
    end_column: int


def keep_call(head: str, arguments: Mapping[str, str | float], indent: str = "") -> str:
    """The call as Python, e.g. `board.keep(serving="triton-l4", replicas=2)`; long ones get lines of their own."""
    pairs = [
        f"{name}={json.dumps(value) if isinstance(value, str) else repr(value)}"
        for name, value in arguments.items()
    ]
    flat = f"{head}({', '.join(pairs)})"
    if len(indent) + len(flat) <= _WIDE:
        return flat
    rows, row = [], indent + "    "
    for pair in pairs:
        if len(row) + len(pair) + 1 > _WIDE and row.strip():
            rows.append(row.rstrip())
            row = indent + "    "
        row += f"{pair}, "
    rows.append(row.rstrip())
    return "\n".join([f"{head}(", *rows, f"{indent})"])


def calling_place(frame: FrameType) -> Place | None:
    """Where the running call of this frame stands in its source; None where Python does not know."""
    positions = list(frame.f_code.co_positions())
    place = frame.f_lasti // 2
    if place >= len(positions):
        return None
    line, end_line, column, end_column = positions[place]
    if line is None or end_line is None or column is None or end_column is None:
        return None
    return Place(line, column, end_line, end_column)


def rewritten(cell: str, place: Place, arguments: Mapping[str, str | float]) -> tuple[int, int, str] | None:
    """(start, end, new text) of the `….keep(...)` call at this place of the cell, or None if it is not there."""
    try:
        tree = ast.parse(cell)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "keep"
            and node.lineno == place.line
            and node.col_offset == place.column
            and node.end_lineno == place.end_line
        ):
            start = _offset(cell, node.lineno, node.col_offset)
            end = _offset(cell, node.end_lineno, node.end_col_offset or 0)
            line = cell.splitlines()[node.lineno - 1]
            indent = line[: len(line) - len(line.lstrip())]
            head = ast.get_source_segment(cell, node.func) or "board.keep"
            return start, end, keep_call(head, arguments, indent)
    return None


def _offset(cell: str, line: int, column_bytes: int) -> int:
    rows = cell.splitlines(keepends=True)
    row = rows[line - 1].encode()
    return sum(len(text) for text in rows[: line - 1]) + len(row[:column_bytes].decode(errors="ignore"))


class CellWriter:
    """Collects the edits of one run of a cell, because two boards may keep in the same cell."""

    def __init__(self) -> None:
        self._run: tuple[int, str] | None = None
        self._edits: dict[int, tuple[int, str]] = {}

    def write(self, shell: Any, frame: FrameType, arguments: Mapping[str, str | float]) -> bool:
        """Ask the notebook to replace the cell's text. False where the call cannot be found in the cell."""
        if shell is None or not hasattr(shell, "set_next_input") or not hasattr(shell, "history_manager"):
            return False
        history = shell.history_manager.input_hist_raw
        place = calling_place(frame)
        if not history or place is None:
            return False
        cell = str(history[-1])
        edit = rewritten(cell, place, arguments)
        if edit is None:
            return False
        run = (int(shell.execution_count), cell)
        if self._run != run:
            self._run, self._edits = run, {}
        start, end, words = edit
        self._edits[start] = (end, words)
        text = cell
        for begin in sorted(self._edits, reverse=True):
            stop, new = self._edits[begin]
            text = text[:begin] + new + text[stop:]
        shell.set_next_input(text, replace=True)
        return True

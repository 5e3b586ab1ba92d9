"""The door: a file of unknown origin in, a short list of plain cells out, or a refusal with a reason.

Outputs, attachments, widget state and every other metadata stay outside; nothing here runs anything.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casebook.course.errors import Refused

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
MAX_FILE_BYTES = 40_000_000
MAX_CELLS = 2_000
MAX_CELL_CHARS = 200_000
MAX_SOURCE_CHARS = 2_000_000
MAX_DEPTH = 60
CLEAR_OUTPUTS = "In JupyterLab choose Edit > Clear Outputs of All Cells, save, and hand it in again"
HAND_IN_AGAIN = "Open it in JupyterLab, check that it shows your work, save, and hand it in again"


@dataclass(frozen=True, slots=True)
class HandedCell:
    """One cell as handed in: ``kind`` code, markdown or raw; ids may be missing, wrong or doubled."""

    kind: str
    source: str
    grade_id: str | None
    cell_id: str | None


@dataclass(frozen=True, slots=True)
class Handed:
    """A notebook as handed in, cut down to its cells; ``sha256`` is of the whole file.

    ``case_id`` is the case that the notebook says it is about, if it says so.
    """

    cells: tuple[HandedCell, ...]
    sha256: str
    case_id: str | None = None


def read_bytes(path: Path) -> bytes:
    """The file's bytes; refuses links, pipes, devices, folders and files over 40 MB without reading them.

    In submitted/ the folders of the student and of the assignment may be no links either.
    """
    if path.parents[2:3] and path.parents[2].name == "submitted" and any(up.is_symlink() for up in path.parents[:2]):
        raise Refused("The folder of the submission is a link to another place", HAND_IN_AGAIN)
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        raise Refused("There is no such notebook in the submission", HAND_IN_AGAIN) from error
    except OSError as error:
        raise Refused("The notebook is not an ordinary file (a link, or not readable)", HAND_IN_AGAIN) from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise Refused("The notebook is not an ordinary file", HAND_IN_AGAIN)
        if status.st_size > MAX_FILE_BYTES:
            size, limit = status.st_size / 1e6, MAX_FILE_BYTES / 1e6
            raise Refused(f"The file is {size:.0f} MB; {limit:.0f} MB is the limit", CLEAR_OUTPUTS)
        with os.fdopen(os.dup(handle), "rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    finally:
        os.close(handle)


def open_submission(path: Path) -> Handed:
    """`read_bytes` and `take_in`."""
    return take_in(read_bytes(path))


def take_in(raw: bytes) -> Handed:
    """The cells of a notebook file, or Refused. Work is linear in the size of the file."""
    sha256 = hashlib.sha256(raw).hexdigest()
    if not raw.strip():
        raise Refused("The file is empty", HAND_IN_AGAIN)
    data = _parse(raw)
    if _deeper_than(data, MAX_DEPTH):
        raise Refused(f"The file is nested more than {MAX_DEPTH} levels deep, which no notebook is", HAND_IN_AGAIN)
    version = data.get("nbformat")
    if version != 4 or isinstance(version, bool):
        shown = json.dumps(version)[:40]
        raise Refused(
            f"The notebook is in format {shown}; format 4 is needed",
            "Open it in JupyterLab 4, save it there, and hand it in again",
        )
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise Refused("The file has no list of cells", HAND_IN_AGAIN)
    if len(cells) > MAX_CELLS:
        raise Refused(f"The notebook has {len(cells)} cells; {MAX_CELLS} is the limit", HAND_IN_AGAIN)
    taken = tuple(_cell(number, cell) for number, cell in enumerate(cells, start=1))
    total = sum(len(cell.source) for cell in taken)
    if total > MAX_SOURCE_CHARS:
        raise Refused(
            f"The cells hold {total:,} characters of text; {MAX_SOURCE_CHARS:,} is the limit",
            "Remove what is not your answer and hand it in again",
        )
    return Handed(taken, sha256, _case_id(data))


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Refused(f"The file is not text: byte {error.start} is not valid UTF-8", HAND_IN_AGAIN) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Refused(f"The file is damaged: it stops being a notebook at {where}", HAND_IN_AGAIN) from error
    except (RecursionError, MemoryError) as error:
        raise Refused("The file is nested far deeper than any notebook", HAND_IN_AGAIN) from error
    except ValueError as error:
        raise Refused("The file holds a number that no notebook holds", HAND_IN_AGAIN) from error
    if not isinstance(data, dict):
        raise Refused("The file is not a notebook", HAND_IN_AGAIN)
    return data


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _deeper_than(data: object, limit: int) -> bool:
    """Whether lists and dicts nest deeper than ``limit``; level by level, so it cannot overflow."""
    level: list[object] = [data]
    for _ in range(limit + 1):
        if not level:
            return False
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(value for value in item.values() if isinstance(value, (dict, list)))
            elif isinstance(item, list):
                below.extend(value for value in item if isinstance(value, (dict, list)))
        level = below
    return True


def _cell(number: int, cell: object) -> HandedCell:
    if not isinstance(cell, dict):
        raise Refused(f"Cell {number} is not a cell", HAND_IN_AGAIN)
    kind = cell.get("cell_type")
    if kind not in ("code", "markdown", "raw"):
        raise Refused(f"Cell {number} has an unknown type", HAND_IN_AGAIN)
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Refused(f"The text of cell {number} is not text", HAND_IN_AGAIN)
    if len(source) > MAX_CELL_CHARS:
        raise Refused(
            f"Cell {number} holds {len(source):,} characters; {MAX_CELL_CHARS:,} is the limit for one cell",
            "Shorten it and hand it in again",
        )
    metadata = cell.get("metadata")
    grading = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = grading.get("grade_id") if isinstance(grading, dict) else None
    return HandedCell(kind, plain_text(source), _name(grade_id), _name(cell.get("id")))


def _case_id(data: dict[str, Any]) -> str | None:
    metadata = data.get("metadata")
    ours = metadata.get("casebook") if isinstance(metadata, dict) else None
    return _name(ours.get("case")) if isinstance(ours, dict) else None


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 200 else None


def plain_text(text: str) -> str:
    """``text`` without half characters (lone surrogates) and control characters but tab and newline.

    What a terminal would obey (escape, C1 controls) becomes a replacement character too.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    return CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)

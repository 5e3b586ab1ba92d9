"""A learner's own copies in ``my-work/``: made once, never overwritten.

When a newer version of a notebook appears it is put beside the old one, under another name.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from casebook.course.errors import CourseError, disk_trouble

FOLDER = "my-work"
STATE = ".casebook"
_SKIPPED = {".ipynb_checkpoints", "__pycache__", ".git"}


@dataclass(frozen=True, slots=True)
class Copy:
    """What happened to one file: ``path`` is inside my-work/; ``newer`` lies beside the old one."""

    path: str
    what: Literal["copied", "kept", "newer"]
    beside: str = ""


def refresh(root: Path) -> list[Copy]:
    """Bring ``my-work/`` up to date with notebooks/ and release/ of the course at ``root``.

    A file that is missing is copied. One that is there is never touched: if the course has a version that
    was not offered before, that version is written beside it. Returns one line a file, in name order.
    Raises ``CourseError`` for a disk that refuses.
    """
    work = root / FOLDER
    ledger = work / STATE / "offered.json"
    offered = _read(ledger)
    done = []
    try:
        for path, source in _wanted(root):
            done.append(_bring(work, path, source.read_bytes(), offered))
        _place(ledger, json.dumps(offered, indent=1, sort_keys=True).encode(), replace=True)
    except OSError as error:
        raise disk_trouble(error, str(work)) or CourseError(
            str(work),
            f"the copies could not be made ({error.strerror or error})",
            "Check that the folder can be written to, then start again: nothing of yours was changed.",
        ) from error
    return done


def _wanted(root: Path) -> Iterator[tuple[str, Path]]:
    """Pairs of place in my-work/ and file in the course: notebooks flat, each assignment in its folder."""
    pairs = [(root / "notebooks", ""), (root / "release", "assignments/")]
    for base, prefix in pairs:
        for file in sorted(base.rglob("*")):
            inside = file.relative_to(base)
            if file.is_file() and not file.is_symlink() and not _SKIPPED & set(inside.parts):
                yield prefix + inside.as_posix(), file


def _bring(work: Path, path: str, data: bytes, offered: dict[str, list[str]]) -> Copy:
    mark = hashlib.sha256(data).hexdigest()[:16]
    target = work / path
    seen = offered.setdefault(path, [])
    if not target.exists():
        _place(target, data)
        offered[path] = sorted({*seen, mark})
        return Copy(path, "copied")
    if mark in seen or target.read_bytes() == data:
        offered[path] = sorted({*seen, mark})
        return Copy(path, "kept")
    for number in range(2, 1000):
        beside = target.with_name(f"{target.stem}-newer-{number}{target.suffix}")
        if not beside.exists():
            _place(beside, data)
            offered[path] = sorted({*seen, mark})
            return Copy(path, "newer", beside.relative_to(work).as_posix())
    raise CourseError(str(target), "a thousand newer versions lie beside it", "Delete what you do not need.")


def _place(target: Path, data: bytes, replace: bool = False) -> None:
    """Write a whole file or none: a full disk must not leave half a notebook under its real name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.part")
    try:
        half.write_bytes(data)
        if target.exists() and not replace:  # somebody made it meanwhile: theirs stays
            return
        os.replace(half, target)
    finally:
        half.unlink(missing_ok=True)


def _read(ledger: Path) -> dict[str, list[str]]:
    """What was offered before; an unreadable ledger counts as empty, which at worst puts a file beside."""
    try:
        data = json.loads(ledger.read_text(encoding="utf-8"))
        return {str(path): [str(mark) for mark in marks] for path, marks in data.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}

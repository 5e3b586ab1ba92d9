"""Where collected submissions come to lie: autograde/submitted, nothing overwritten in silence."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from casebook.course.collect_source import Entry, Source
from casebook.course.errors import Refused, disk_trouble
from casebook.course.settings import Course
from casebook.course.slips import MAX_SLIP_BYTES, SECRET, STAMP, slip, slips_in


def lay_out(
    course: Course, assignment: str, name: str, source: Source, chosen: Mapping[str, Entry], replace: bool
) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """Put each student's chosen notebook where the grader looks for it, under the release's ``name``.

    Returns the students by what became of theirs (placed, unchanged, replaced, kept), and (file, why) of the others.
    """
    unmatched: list[tuple[str, str]] = []
    lists: dict[str, list[str]] = {"placed": [], "unchanged": [], "replaced": [], "kept": []}
    lying = {one.parts: one for one in source.entries if one.parts[-1] in (STAMP, SECRET)}
    for student, entry in chosen.items():
        folder = course.submission(student, assignment)
        path = folder / f"{name}.ipynb"
        if folder.is_symlink() or folder.parent.is_symlink() or path.is_symlink():
            unmatched.append((entry.shown, f"{path.relative_to(course.root)} is a link; remove it first"))
            continue
        try:
            raw = source.read(entry)
        except Refused as refused:
            unmatched.append((entry.shown, str(refused)))
            continue
        slips = _slips(source, lying, entry)
        before = path.read_bytes() if path.exists() else None
        if before == raw and slips == slips_in(folder):
            lists["unchanged"].append(student)
        elif before is not None and not replace:
            lists["kept"].append(student)
        else:
            if before is not None and before != raw:
                _keep_aside(course, assignment, student, before)
            _write(path, raw)
            for slip_name in (STAMP, SECRET):
                if slip_name in slips:
                    _write(folder / slip_name, slips[slip_name])
                else:
                    (folder / slip_name).unlink(missing_ok=True)  # it told of the earlier one
            lists["placed" if before is None else "replaced"].append(student)
    return lists, unmatched


def _slips(source: Source, lying: Mapping[tuple[str, ...], Entry], notebook: Entry) -> dict[str, bytes]:
    """The exchange's slips beside a notebook that has a folder of its own, by name."""
    found: dict[str, bytes] = {}
    for slip_name in (STAMP, SECRET) if len(notebook.parts) > 1 else ():
        entry = lying.get((*notebook.parts[:-1], slip_name))
        try:
            raw = slip(slip_name, source.read(entry, MAX_SLIP_BYTES)) if entry else None
        except Refused:
            continue
        if raw is not None:
            found[slip_name] = raw
    return found


def _keep_aside(course: Course, assignment: str, student: str, before: bytes) -> None:
    """What was replaced stays in autograde/replaced, by its content."""
    digest = hashlib.sha256(before).hexdigest()[:12]
    _write(course.autograde / "replaced" / student / assignment / f"{digest}.ipynb", before)


def _write(path: Path, raw: bytes) -> None:
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(raw)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise disk_trouble(error, str(path)) or error from error

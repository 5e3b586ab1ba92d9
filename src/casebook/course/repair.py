"""A submission rebuilt from its release: the learner's answers in the instructor's cells, and the repairs.

Locked cells always come from the release. What cannot be put back in its place refuses the submission.
"""

from __future__ import annotations

import ast
import copy
import json
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casebook.course.errors import CourseError, Refused
from casebook.course.intake import Handed, HandedCell, plain_text

Notebook = dict[str, Any]
Cell = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Release:
    """The student copy that a submission is measured against.

    ``points`` maps the cell id of each test cell (``check-frame`` → ``frame``) to what it is worth;
    ``prose`` lists the grade ids of the hand-graded cells with their points.
    """

    assignment: str
    notebook_name: str
    notebook: Notebook
    text: str
    points: dict[str, float]
    prose: dict[str, float]

    @property
    def case_id(self) -> str:
        return str(self.notebook.get("metadata", {}).get("casebook", {}).get("case", self.assignment))

    @property
    def rubric(self) -> str:
        return str(self.notebook.get("metadata", {}).get("casebook", {}).get("rubric", "stability"))


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """``notebook`` is safe to keep and show; ``repairs`` say, for the learner, what had to be mended.

    ``sequence`` is every code cell in the learner's order (own cells included, locked ones restored):
    what a trusted run executes.
    """

    notebook: Notebook
    repairs: tuple[str, ...]
    sequence: tuple[str, ...]
    touched: frozenset[str]


def load_release(folder: Path) -> Release:
    """The released notebook of an assignment; raises CourseError when there is not exactly one."""
    found = sorted(folder.glob("*.ipynb"))
    if len(found) != 1:
        raise CourseError(
            str(folder),
            f"one released notebook is expected here and {len(found)} were found",
            f"Run: casebook release {folder.name}",
        )
    text = found[0].read_text(encoding="utf-8")
    try:
        notebook = json.loads(text)
        points, prose = {}, {}
        for cell in notebook["cells"]:
            cell["source"] = _source(cell)
            marks = cell.get("metadata", {}).get("nbgrader")
            if marks and marks["grade"] and not marks["solution"]:
                points[str(marks["grade_id"]).removeprefix("check-")] = float(marks["points"])
            elif marks and marks["grade"]:
                prose[str(marks["grade_id"])] = float(marks["points"])
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(
            str(found[0]),
            f"the released notebook is damaged ({error})",
            f"Run: casebook release {folder.name}",
        ) from error
    return Release(folder.name, found[0].stem, notebook, text, points, prose)


def rebuild(release: Release, handed: Handed) -> Rebuilt:
    """``handed``'s answers in ``release``'s cells. Raises Refused when it is another notebook altogether."""
    if handed.case_id is not None and handed.case_id != release.case_id:
        raise Refused(
            f"This is the notebook of {plain_text(handed.case_id)[:60]}, and {release.assignment} is asked for",
            f"Hand in your copy of {release.notebook_name}.ipynb",
        )
    notes: list[str] = []
    slots = {_grade_id(cell): cell for cell in release.notebook["cells"] if _grade_id(cell)}
    found = _claim(slots, handed)
    answers = [grade_id for grade_id, cell in slots.items() if cell["metadata"]["nbgrader"]["solution"]]
    if answers and not any(grade_id in found for grade_id in answers):
        raise Refused(
            f"This is not the notebook of {release.assignment}: none of its answer cells is in it",
            f"Hand in your copy of {release.notebook_name}.ipynb",
        )
    chosen: dict[str, HandedCell] = {}
    lost: list[str] = []
    changed: list[str] = []
    for grade_id, slot in slots.items():
        copies = found.get(grade_id, [])
        if not copies:
            lost.append(grade_id)
        elif slot["metadata"]["nbgrader"]["solution"]:
            chosen[grade_id] = _last_word(grade_id, slot, copies, notes)
        elif any(cell.source.rstrip() != _source(slot).rstrip() or cell.kind != slot["cell_type"] for cell in copies):
            changed.append(grade_id)
    if lost:
        notes.append(f"Missing and put back as released: {', '.join(lost)}.")
    if changed:
        notes.append(f"Locked, changed, and restored to the released text: {', '.join(changed)}.")
    own = _own_cells(release, found, handed)
    if own:
        notes.append(f"{own} code cell{'s' * (own > 1)} of your own {'are' if own > 1 else 'is'} not graded.")
    return Rebuilt(
        _fill(release, chosen),
        tuple(notes),
        tuple(_sequence(release, slots, found, chosen, handed)),
        frozenset(g for g, cell in chosen.items() if cell.source.strip() != _source(slots[g]).strip()),
    )


def blank(release: Release) -> Notebook:
    """The release with no answer in it: what stands in for a submission that was refused."""
    return _fill(release, {})


def _own_cells(release: Release, found: dict[str, list[HandedCell]], handed: Handed) -> int:
    """How many code cells with something in them are neither of the release nor copies of its cells."""
    known = {id(cell) for copies in found.values() for cell in copies}
    released = {_source(cell).strip() for cell in release.notebook["cells"] if not _grade_id(cell)} | {""}
    loose = [cell for cell in handed.cells if cell.kind == "code" and id(cell) not in known]
    return sum(cell.source.strip() not in released for cell in loose)


def _claim(slots: dict[str, Cell], handed: Handed) -> dict[str, list[HandedCell]]:
    """Which handed cells belong to a released one: by grade id, else cell id, else what they assign."""
    found: dict[str, list[HandedCell]] = {}
    loose: list[HandedCell] = []
    for cell in handed.cells:
        if cell.grade_id in slots:
            found.setdefault(str(cell.grade_id), []).append(cell)
        else:
            loose.append(cell)
    by_cell_id = {slot.get("id"): grade_id for grade_id, slot in slots.items()}
    by_names = {
        names: grade_id
        for grade_id, slot in slots.items()
        if slot["metadata"]["nbgrader"]["solution"] and (names := _assigned(_source(slot)))
    }
    for cell in loose:
        home = by_cell_id.get(cell.cell_id) if cell.cell_id else None
        if home is None and cell.kind == "code" and cell.grade_id is None:
            home = by_names.get(_assigned(cell.source))
        if home is not None and home not in found:
            found[home] = [cell]
    return found


def _last_word(grade_id: str, slot: Cell, copies: list[HandedCell], notes: list[str]) -> HandedCell:
    """Of several copies the last one that was filled in: what running the notebook would have left."""
    filled = [cell for cell in copies if cell.source.strip() not in ("", _source(slot).strip())]
    if len(copies) > 1:
        notes.append(f"The cell {grade_id} was there {len(copies)} times; the last one that was filled in counts.")
    cell = (filled or copies)[-1]
    if cell.kind != slot["cell_type"]:
        notes.append(f"The cell {grade_id} had been turned into a {cell.kind} cell; it was turned back.")
    if cell.grade_id != grade_id:
        notes.append(f"The cell {grade_id} had lost its name; it was recognised and put back in its place.")
    return cell


def _fill(release: Release, chosen: dict[str, HandedCell]) -> Notebook:
    notebook = copy.deepcopy(release.notebook)
    for cell in notebook["cells"]:
        grade_id = _grade_id(cell)
        if grade_id in chosen:
            cell["source"] = chosen[grade_id].source
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def _sequence(
    release: Release,
    slots: dict[str, Cell],
    found: dict[str, list[HandedCell]],
    chosen: dict[str, HandedCell],
    handed: Handed,
) -> Iterable[str]:
    """Code cells as they would run, in the learner's order, locked ones as released."""
    home = {id(cell): grade_id for grade_id, copies in found.items() for cell in copies}
    for cell in handed.cells:
        grade_id = home.get(id(cell))
        if grade_id is None:
            if cell.kind == "code":
                yield cell.source
            continue
        slot = slots[grade_id]
        if slot["cell_type"] != "code" or _is_check(slot):
            continue
        if chosen.get(grade_id) is cell:
            yield cell.source
        elif not slot["metadata"]["nbgrader"]["solution"] and cell is found[grade_id][0]:
            yield _source(slot)


def _is_check(cell: Cell) -> bool:
    return bool(cell["metadata"]["nbgrader"]["grade"])


def _grade_id(cell: Cell) -> str:
    return str((cell.get("metadata", {}).get("nbgrader") or {}).get("grade_id") or "")


def _source(cell: Cell) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def _assigned(source: str) -> frozenset[str]:
    """The plain names a cell assigns at its top level; empty when it cannot be parsed."""
    if len(source) > 20_000:
        return frozenset()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    return frozenset(target.id for target in targets if isinstance(target, ast.Name))

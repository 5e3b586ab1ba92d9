"""From the master with solutions to the student copy: made, checked for leaks, kept in step, registered.

The copy is made by nbgrader's own GenerateAssignment, so its gradebook knows every cell.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from casebook.course.assess import public_seeds
from casebook.course.errors import CourseError, disk_trouble
from casebook.course.records import write_whole
from casebook.course.repair import load_release
from casebook.course.settings import CONFIG_NAME, STUB, Course, load_config
from casebook.course.values import leaks, load_values, secrets
from casebook.course.variant import KEY_NAME, key_tokens

BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
MIN_SOLUTION_LINE = 16


@dataclass(frozen=True, slots=True)
class Released:
    """``files`` relative to release/<assignment>; ``changed`` is whether any of them differs from before."""

    assignment: str
    files: tuple[str, ...]
    points: float
    hand_points: float
    changed: bool


def release(course: Course, assignment: str) -> Released:
    """Make release/<assignment> from source/<assignment> and register it in the gradebook.

    Raises CourseError, and writes nothing, when a judge's value or a solution would be handed out.
    """
    course.known_assignment(assignment)
    course.prepare()
    before = _texts(course.release(assignment))
    with tempfile.TemporaryDirectory(prefix="casebook-release-") as draft:
        made = generate(course, assignment, Path(draft))
        _refuse_leaks(course, assignment, made)
        after = _texts(made)
        if after != before:
            target = course.release(assignment)
            draft_copy = target.with_name(f".{assignment}.part")
            try:
                shutil.rmtree(draft_copy, ignore_errors=True)
                shutil.copytree(made, draft_copy)
                shutil.rmtree(target, ignore_errors=True)
                draft_copy.rename(target)
            except OSError as error:
                raise disk_trouble(error, str(target)) or error from error
    _note_registered(course, assignment)
    standard = load_release(course.release(assignment))
    return Released(
        assignment, tuple(after), sum(standard.points.values()), sum(standard.prose.values()), after != before
    )


def register(course: Course, assignment: str) -> None:
    """Make sure the gradebook knows the assignment as it lies in release/; raises CourseError on drift.

    nbgrader makes the copy anew for that, unless nothing of what it is made from has changed since the last time and
    the gradebook still has the same cells.
    """
    from casebook.course.gradebook import cells_worth

    course.prepare()
    worth = cells_worth(course, assignment)
    if worth and _read(_stamp(course, assignment)) == {"made_from": _digest(course, assignment), "worth": worth}:
        return
    with tempfile.TemporaryDirectory(prefix="casebook-release-") as draft:
        made = generate(course, assignment, Path(draft))
        if _texts(made) != _texts(course.release(assignment)):
            raise CourseError(
                str(course.release(assignment)),
                "the released copy is not the one that source/ would give today",
                f"Run: casebook release {assignment} (and tell learners when the change matters to them).",
            )
    _note_registered(course, assignment)


def _note_registered(course: Course, assignment: str) -> None:
    """Remember what the gradebook's cells were made from."""
    from casebook.course.gradebook import cells_worth

    known = {"made_from": _digest(course, assignment), "worth": cells_worth(course, assignment)}
    write_whole(_stamp(course, assignment), json.dumps(known, sort_keys=True))


def _stamp(course: Course, assignment: str) -> Path:
    return course.records / assignment / ".registered"


def _digest(course: Course, assignment: str) -> str:
    """Of everything a student copy is made from and compared with: master, copy, settings, versions."""
    parts = [_texts(course.source(assignment)), _texts(course.release(assignment))]
    settings = course.root / CONFIG_NAME
    parts.append({CONFIG_NAME: settings.read_text(encoding="utf-8") if settings.is_file() else ""})
    parts.append({name: version(name) for name in ("nbgrader", "nbconvert", "nbformat")})
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def generate(course: Course, assignment: str, into: Path) -> Path:
    """Run nbgrader's GenerateAssignment with its output under ``into``; returns the folder it made."""
    from casebook.course.autograde import QuietAssignment, convert

    if not any(course.source(assignment).glob("*.ipynb")):
        raise CourseError(
            str(course.source(assignment)), "there is no master notebook", "Build it first: casebook build"
        )
    config = load_config(course)
    config.CourseDirectory.release_directory = str(into / "release")
    try:
        convert(QuietAssignment, config, assignment)
    except Exception as error:
        raise disk_trouble(error, str(course.gradebook)) or CourseError(
            str(course.source(assignment)),
            f"nbgrader could not make the student copy ({type(error).__name__}: {error})",
            "Look at the cell it names in the master; every graded cell needs an id of its own and points.",
        ) from error
    return into / "release" / assignment


def _refuse_leaks(course: Course, assignment: str, made: Path) -> None:
    values = load_values(course.judge_values(assignment))
    tokens = secrets(values, public_seeds())
    keys = key_tokens(course)
    for name, text in _texts(made).items():
        if Path(name).name == KEY_NAME or any(key in text.lower() for key in keys):
            raise CourseError(
                f"source/{assignment}/{name}",
                "the course's key would be handed out, and with it everybody's code",
                f"Take it out of source/{assignment}; its only place is autograde/judge/{KEY_NAME}.",
            )
        found = leaks(text, tokens)
        if found:
            raise CourseError(
                f"source/{assignment}/{name}",
                f"a value of the judge would be handed out ({len(found)} found, the first in "
                f"{_where(course.judge_values(assignment), found[0])})",
                "Take it out of the master, or out of the judge's file if it is meant to be public.",
            )
        shown = {line.strip("# ") for line in _lines(text, name)}
        for line in _solution_lines(course.source(assignment) / name):
            if line.strip("# ") in shown - {STUB}:
                raise CourseError(
                    f"source/{assignment}/{name}",
                    f"a line of the solution would be handed out: {line[:60]!r}",
                    "Put it between BEGIN SOLUTION and END SOLUTION, and nowhere else.",
                )


def _lines(text: str, name: str) -> set[str]:
    """The lines a learner would see in a released file, without the space around them."""
    if not name.endswith(".ipynb"):
        return {line.strip() for line in text.splitlines()}
    cells = json.loads(text)["cells"]
    return {line.strip() for cell in cells for line in "".join(cell["source"]).splitlines()}


def _where(path: Path, token: str) -> str:
    """The line of the judge's file a value stands in; the value itself is not repeated in a message."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if leaks(line, (token,)):
            return f"{path.name} line {number}"
    return path.name


def _solution_lines(master: Path) -> list[str]:
    """Lines of a master's solutions that are long enough to be somebody's answer."""
    if master.suffix != ".ipynb":
        return []
    found: list[str] = []
    for cell in json.loads(master.read_text(encoding="utf-8"))["cells"]:
        if not cell.get("metadata", {}).get("nbgrader", {}).get("solution"):
            continue
        lines = "".join(cell["source"]).splitlines()
        marked = any(BEGIN in line for line in lines)
        inside = not marked
        outside = {line.strip() for line in _outside(lines)} if marked else set()
        for line in lines:
            if BEGIN in line or END in line:
                inside = BEGIN in line
            elif inside and len(line.strip()) >= MIN_SOLUTION_LINE and line.strip() not in outside:
                found.append(line.strip())
    return found


def _outside(lines: list[str]) -> list[str]:
    kept, inside = [], False
    for line in lines:
        if BEGIN in line or END in line:
            inside = BEGIN in line
        elif not inside:
            kept.append(line)
    return kept


def _texts(folder: Path) -> dict[str, str]:
    """Every file of a folder by its relative name; bytes that are not text are compared through Latin-1."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("latin-1")
        if path.suffix not in (".ipynb", ".py", ".md", ".yaml", ".json", ".csv")
        else path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }

"""Grading a cohort: who is new or changed is judged, one writer fills the gradebook, nobody is dropped.

Killed at any moment, the next run goes on: a record is written only after the gradebook has the grade.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from casebook.course.errors import CourseError, disk_trouble
from casebook.course.outcome import Outcome
from casebook.course.records import Desk, one_desk, students
from casebook.course.release import register
from casebook.course.settings import SAFE_NAME, Course, load_config

AGAIN = ("timeout", "crashed")
Progress = Callable[[Iterable[str]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Graded:
    """One line of the cohort table; ``fresh`` is False when nothing had changed since the last run."""

    student: str
    outcome: Outcome
    fresh: bool


def grade_cohort(
    course: Course,
    assignment: str,
    only: Iterable[str] = (),
    *,
    trusted: bool = False,
    force: bool = False,
    jobs: int = 1,
    progress: Progress = iter,
) -> list[Graded]:
    """Grade every submission of ``assignment`` (or ``only`` these students), in the order of their names.

    ``jobs`` submissions are judged side by side; the gradebook has one writer.

    Whatever a submission holds ends as a status of that student and never stops the others. Raises
    CourseError for what an instructor must mend first: no such assignment, drifted release, full disk.
    """
    course.known_assignment(assignment)
    register(course, assignment)
    everyone = students(course, assignment)
    wanted = sorted(set(only)) or everyone
    for name in wanted:
        if name not in everyone:
            raise CourseError(
                f"student {name!r}",
                f"there is no submission in {course.submitted.relative_to(course.root)}/{name}/{assignment}",
                "Put the notebook there, or check the spelling.",
            )
    if not wanted:
        raise CourseError(
            str(course.submitted),
            f"nobody has handed in {assignment}",
            f"Put each notebook at {course.submitted.relative_to(course.root)}/<student>/{assignment}/.",
        )
    with one_desk(course, assignment) as desk:
        waiting = [path for name in wanted if (path := _to_judge(desk, name, trusted=trusted, force=force))]
        with desk.judging_ahead(waiting, jobs, trusted):
            return [_grade_one(desk, student, trusted=trusted, force=force) for student in progress(wanted)]


def _notebook(desk: Desk, student: str) -> Path:
    return desk.course.submission(student, desk.assignment) / f"{desk.standard.release.notebook_name}.ipynb"


def _to_judge(desk: Desk, student: str, *, trusted: bool, force: bool) -> Path | None:
    """The notebook to judge, or None when there is none or nothing has changed since it was graded."""
    path, filed = _notebook(desk, student), desk.filed(student)
    if not SAFE_NAME.match(student) or not (path.exists() or path.is_symlink()):
        return None
    if filed is None or force or filed.status in AGAIN or (trusted and filed.must_run):
        return path
    return None if filed.key == desk.key(path) and _kept(desk, student) else path


def _grade_one(desk: Desk, student: str, *, trusted: bool, force: bool) -> Graded:
    path = _notebook(desk, student)
    if not SAFE_NAME.match(student):
        told = "Name the folder with letters, digits, dot, dash and underscore, at most 64, and grade again"
        return _without_gradebook(desk, student, f"The folder's name cannot be a student's id. {told}.")
    if not path.exists() and not path.is_symlink():
        found = sorted(item.name for item in path.parent.iterdir())[:5]
        listed = ", ".join(found) if found else "nothing"
        return _without_gradebook(desk, student, f"There is no {path.name} in the submission; it holds: {listed}.")
    filed = desk.filed(student)
    if filed is not None and _to_judge(desk, student, trusted=trusted, force=force) is None:
        return Graded(student, filed, fresh=False)
    outcome = desk.outcome(path, trusted)
    _through_nbgrader(desk, student, trusted)
    return Graded(student, outcome, fresh=True)


def _without_gradebook(desk: Desk, student: str, reason: str) -> Graded:
    """A submission nbgrader cannot take at all: on record with its reason, and with no number anywhere."""
    outcome = Outcome("refused", reason, key=desk.standard.key(reason))
    fresh = desk.filed(student) != outcome
    desk.file(student, outcome)
    return Graded(student, outcome, fresh)


def _kept(desk: Desk, student: str) -> bool:
    name = f"{desk.standard.release.notebook_name}.ipynb"
    return (desk.course.autograded / student / desk.assignment / name).is_file() and desk.course.gradebook.is_file()


def _through_nbgrader(desk: Desk, student: str, trusted: bool) -> None:
    """nbgrader's own Autograde for one student: gradebook and graded notebook, from the Outcome."""
    from casebook.course.autograde import QuietAutograde, convert

    config = load_config(desk.course)
    config.SubmissionExporter.trusted = trusted
    try:
        convert(QuietAutograde, config, desk.assignment, student)
    except Exception as error:
        raise disk_trouble(error, str(desk.course.gradebook)) or CourseError(
            str(Path("autograde") / "submitted" / student),
            f"the grade could not be saved ({type(error).__name__}: {error})",
            "Nothing of the others was changed; mend the cause and run the same command again.",
        ) from error

"""Grading a cohort: who is new or changed is judged, one writer fills the gradebook, nobody is dropped.

Killed at any moment, the next run goes on: a record is written only after the gradebook has the grade.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from casebook.course.errors import CourseError, disk_trouble
from casebook.course.executor import judging_ahead
from casebook.course.gradebook import graded_students, held_open, one_commit
from casebook.course.late import Late, policy_of, set_stamps_aside, settle
from casebook.course.outcome import Outcome
from casebook.course.records import Desk, one_desk, students
from casebook.course.release import register
from casebook.course.running import waits_for_a_run
from casebook.course.settings import SAFE_NAME, Course, load_config

AGAIN = ("timeout", "crashed")
Progress = Callable[[Iterable[str]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Graded:
    """One line of the cohort table; ``fresh`` is False when nothing had changed since the last run.

    ``late`` is None where the policy has no rule for the assignment.
    """

    student: str
    outcome: Outcome
    fresh: bool
    late: Late | None = None


def grade_cohort(
    course: Course,
    assignment: str,
    only: Iterable[str] = (),
    *,
    trusted: bool = False,
    force: bool = False,
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Progress = iter,
) -> list[Graded]:
    """Grade every submission of ``assignment`` (or ``only`` these students), in the order of their names.

    ``jobs`` submissions are judged side by side, or as many as ``scheduler`` (a dask address) has workers for;
    the gradebook has one writer. Penalties for lateness are settled at the end.

    Whatever a submission holds ends as a status of that student and never stops the others. Raises
    CourseError for what an instructor must mend first: no such assignment, drifted release, full disk.
    """
    course.known_assignment(assignment)
    policy_of(course)  # a mistake in it is told before anything is graded
    course.prepare()
    set_stamps_aside(course)
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
    anew = 0 if scheduler else sum(force or not course.record(name, assignment).exists() for name in wanted)
    with one_desk(course, assignment, soon=min(jobs, anew)) as desk:
        run = _Run(desk, trusted, force)
        waiting = [path for name in wanted if (path := run.to_judge(name))]
        # The judges start while nbgrader does: on most machines half of a short run is starting.
        with judging_ahead(desk, waiting, jobs, trusted=trusted, scheduler=scheduler):
            register(course, assignment)
            with held_open(course):
                run.look_into_gradebook()
                graded = [run.grade(student) for student in progress(wanted)]
                lates = settle(course, assignment, only=wanted)
    return [replace(one, late=lates.get(one.student)) for one in graded]


@dataclass(slots=True)
class _Run:
    """One call of `grade_cohort`; ``in_book`` are the students whose grades the gradebook held at its start.

    None: it has not been looked into yet, and what is on record is believed to be in it.
    """

    desk: Desk
    trusted: bool
    force: bool
    in_book: frozenset[str] | None = None

    def look_into_gradebook(self) -> None:
        self.in_book = graded_students(self.desk.course, self.desk.assignment)

    def to_judge(self, student: str) -> Path | None:
        """The notebook to judge, or None when there is none or nothing has changed since it was graded."""
        path, filed = self._notebook(student), self.desk.filed(student)
        if not SAFE_NAME.match(student) or not (path.exists() or path.is_symlink()):
            return None
        if filed is None or self.force or filed.status in AGAIN or waits_for_a_run(filed):
            return path
        return None if filed.key == self.desk.key(path) and self._kept(student) else path

    def grade(self, student: str) -> Graded:
        """Judge one student's notebook where that is needed, and save what came of it."""
        path, desk = self._notebook(student), self.desk
        if not SAFE_NAME.match(student):
            told = "Name the folder with letters, digits, dot, dash and underscore, at most 64, and grade again"
            return _without_gradebook(desk, student, f"The folder's name cannot be a student's id. {told}.")
        if not path.exists() and not path.is_symlink():
            found = sorted(item.name for item in path.parent.iterdir())[:5]
            listed = ", ".join(found) if found else "nothing"
            return _without_gradebook(desk, student, f"There is no {path.name} in the submission; it holds: {listed}.")
        filed = desk.filed(student)
        if filed is not None and self.to_judge(student) is None:
            return Graded(student, filed, fresh=False)
        outcome = desk.outcome(path, self.trusted)
        _through_nbgrader(desk, student, self.trusted)
        return Graded(student, outcome, fresh=True)

    def _notebook(self, student: str) -> Path:
        desk = self.desk
        return desk.course.submission(student, desk.assignment) / f"{desk.standard.release.notebook_name}.ipynb"

    def _kept(self, student: str) -> bool:
        """Whether the graded notebook and the gradebook's rows are still there."""
        kept = self.desk.course.autograded / student / self.desk.assignment / self._notebook(student).name
        return kept.is_file() and (self.in_book is None or student in self.in_book)


def _without_gradebook(desk: Desk, student: str, reason: str) -> Graded:
    """A submission nbgrader cannot take at all: on record with its reason, and with no number anywhere."""
    outcome = Outcome("refused", reason, key=desk.standard.key(reason))
    fresh = desk.filed(student) != outcome
    desk.file(student, outcome)
    return Graded(student, outcome, fresh)


def _through_nbgrader(desk: Desk, student: str, trusted: bool) -> None:
    """nbgrader's own Autograde for one student: gradebook and graded notebook, from the Outcome."""
    from casebook.course.autograde import QuietAutograde, convert

    config = load_config(desk.course)
    config.SubmissionExporter.trusted = trusted
    try:
        with one_commit(desk.course):
            convert(QuietAutograde, config, desk.assignment, student)
    except Exception as error:
        raise disk_trouble(error, str(desk.course.gradebook)) or CourseError(
            str(Path("autograde") / "submitted" / student),
            f"the grade could not be saved ({type(error).__name__}: {error})",
            "Nothing of the others was changed; mend the cause and run the same command again.",
        ) from error

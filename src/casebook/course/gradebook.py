"""What nbgrader's gradebook holds for an assignment, as plain records (the only reader of that database)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casebook.course.errors import CourseError, disk_trouble
from casebook.course.settings import Course


@dataclass(frozen=True, slots=True)
class Mark:
    """One graded cell of one student: the machine's points, a person's, and what it is worth.

    ``again``: what a person graded was changed since; the points are kept and somebody has to look (`read_again`).
    """

    grade_id: str
    auto: float | None
    manual: float | None
    extra: float
    possible: float
    by_machine: bool
    again: bool = False

    @property
    def points(self) -> float | None:
        """A person's decision before the machine's; None while neither has been made."""
        given = self.manual if self.manual is not None else self.auto
        return None if given is None else given + self.extra


@dataclass(frozen=True, slots=True)
class Sheet:
    """All marks of one student for one assignment, and the late penalty in points."""

    student: str
    marks: tuple[Mark, ...]
    late_penalty: float


@dataclass(frozen=True, slots=True)
class HandGrade:
    """A person's points for one hand-graded cell, with a comment for the learner."""

    student: str
    grade_id: str
    points: float
    comment: str = ""


_held: dict[Path, Any] = {}
_afterwards: dict[Path, list[Callable[[], None]]] = {}


@contextmanager
def held_open(course: Course) -> Iterator[None]:
    """Within the block every `opened` of this course is one connection: opening costs more than what is written."""
    if course.root in _held:
        yield
        return
    with opened(course) as gradebook:
        _held[course.root] = gradebook
        try:
            yield
        finally:
            del _held[course.root]


@contextmanager
def opened(course: Course) -> Iterator[Any]:
    """nbgrader's Gradebook at the course's `db_url`. CourseError where a server does not answer or lacks a driver."""
    held = _held.get(course.root)
    if held is None:
        with _opened(course) as gradebook:
            yield gradebook
        return
    try:
        yield held
    except BaseException:
        held.db.rollback()
        raise
    if "commit" not in vars(held.db):  # outside `one_commit`: no transaction stays open while a judge is waited for
        held.db.rollback()


@contextmanager
def one_commit(course: Course) -> Iterator[None]:
    """Within the block nbgrader's many commits write ahead only; at its end all is committed, or nothing.

    Inside `held_open`. A commit waits for the disk, and nbgrader makes eight for one submission.
    """
    db = _held[course.root].db
    db.commit = db.flush
    afterwards = _afterwards[course.root] = []
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    finally:
        del db.commit, _afterwards[course.root]
    db.commit()
    for act in afterwards:
        act()


def after_commit(course: Course, act: Callable[[], None]) -> None:
    """``act`` once what was said to the gradebook is in it: at once, or at the end of `one_commit`."""
    if course.root in _afterwards:
        _afterwards[course.root].append(act)
    else:
        act()


@contextmanager
def _opened(course: Course) -> Iterator[Any]:
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import NoSuchModuleError, OperationalError

    url = course.db_url
    try:
        _say_version(url)
        gradebook = Gradebook(url, "casebook")
    except (ImportError, NoSuchModuleError) as error:
        raise CourseError(
            _without_password(url),
            f"the gradebook's driver is missing ({error})",
            "For PostgreSQL: pip install 'casebook[postgres]'.",
        ) from error
    except OperationalError as error:
        if url.startswith("sqlite"):
            raise
        told = " ".join(str(error.orig).split())[:300]
        raise CourseError(
            _without_password(url),
            f"the gradebook's server cannot be used ({told})",
            "Start it, or mend c.CourseDirectory.db_url in nbgrader_config.py.",
        ) from error
    with gradebook:
        yield gradebook


def _say_version(url: str) -> None:
    """Write into a new gradebook which version of nbgrader's tables it has.

    nbgrader would ask the program alembic, which takes two seconds and goes on when we are killed.
    """
    import nbgrader
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(url)
    try:
        if inspect(engine).get_table_names():
            return
        from alembic.script import ScriptDirectory

        head = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic")).get_current_head()
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": head})
    finally:
        engine.dispose()


def exists(course: Course) -> bool:
    """Whether there is a gradebook to look into; one on a server is made when it is first opened."""
    url = course.db_url
    if not url.startswith("sqlite:///"):
        return True
    return Path(url.removeprefix("sqlite:///")).is_file()


def graded_students(course: Course, assignment: str) -> frozenset[str]:
    """Who has a submission of the assignment in the gradebook."""
    from nbgrader.api import MissingEntry

    if not exists(course):
        return frozenset()
    with opened(course) as gradebook:
        try:
            return frozenset(row.student_id for row in gradebook.find_assignment(assignment).submissions)
        except MissingEntry:
            return frozenset()


def _without_password(url: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)


def sheets(course: Course, assignment: str) -> dict[str, Sheet]:
    """The sheet of every student with a submission in the gradebook; empty without a gradebook."""
    from nbgrader.api import MissingEntry

    if not exists(course):
        return {}
    try:
        with opened(course) as gradebook:
            try:
                submissions = gradebook.find_assignment(assignment).submissions
            except MissingEntry:
                return {}
            return {row.student.id: _sheet(row) for row in submissions}
    except Exception as error:
        raise disk_trouble(error, str(course.gradebook)) or error from error


def knows(course: Course, assignment: str) -> bool:
    """Whether the gradebook has the assignment's cells."""
    from nbgrader.api import MissingEntry

    if not exists(course):
        return False
    with opened(course) as gradebook:
        try:
            return bool(gradebook.find_assignment(assignment).notebooks)
        except MissingEntry:
            return False


def cells_worth(course: Course, assignment: str) -> dict[str, float]:
    """The points of each graded cell that the gradebook has of the assignment; empty where it does not know it."""
    from nbgrader.api import MissingEntry

    if not exists(course):
        return {}
    with opened(course) as gradebook:
        try:
            notebooks = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            return {}
        return {f"{one.name}/{cell.name}": float(cell.max_score) for one in notebooks for cell in one.grade_cells}


def _sheet(row: Any) -> Sheet:
    marks, penalty = [], 0.0
    for notebook in row.notebooks:
        penalty += float(notebook.late_submission_penalty or 0.0)
        for grade in notebook.grades:
            marks.append(
                Mark(
                    grade_id=grade.name,
                    auto=grade.auto_score,
                    manual=grade.manual_score,
                    extra=float(grade.extra_credit or 0.0),
                    possible=float(grade.max_score),
                    by_machine=grade.name.startswith("check-"),
                    again=bool(grade.needs_manual_grade) and grade.manual_score is not None,
                )
            )
    marks.sort(key=lambda mark: mark.grade_id)
    return Sheet(row.student.id, tuple(marks), penalty)


def enter_hand_grades(course: Course, assignment: str, grades: Iterable[HandGrade]) -> int:
    """Enter people's points as formgrader would; returns how many. CourseError for what does not fit."""
    from nbgrader.api import MissingEntry

    entered = 0
    try:
        with opened(course) as gradebook:
            notebooks = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
            for given in grades:
                place = f"the hand grade of {given.student} for {given.grade_id}"
                try:
                    cell = gradebook.find_grade(given.grade_id, notebooks[0], assignment, given.student)
                except MissingEntry as error:
                    raise CourseError(
                        place, "the gradebook has no such cell for that student", "Grade the cohort first."
                    ) from error
                if not 0 <= given.points <= cell.max_score:
                    raise CourseError(
                        place,
                        f"{given.points:g} points are given and the cell is worth {cell.max_score:g}",
                        f"Give between 0 and {cell.max_score:g}.",
                    )
                cell.manual_score, cell.needs_manual_grade = given.points, False
                if given.comment:
                    place_for_words = (given.grade_id, notebooks[0], assignment, given.student)
                    gradebook.find_comment(*place_for_words).manual_comment = given.comment
                entered += 1
            gradebook.db.commit()
    except CourseError:
        raise
    except Exception as error:
        raise disk_trouble(error, str(course.gradebook)) or error from error
    return entered

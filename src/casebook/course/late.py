"""Late work: when a submission came, how late that is, and the penalty in the gradebook, always of today's policy.

A penalty depends on points that people may change in formgrader, so it is settled anew whenever it is read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from casebook.course.errors import CourseError, Refused, disk_trouble
from casebook.course.intake import read_bytes
from casebook.course.policy import Policy, Rule, lasted, shown
from casebook.course.policy_file import load_policy, moment
from casebook.course.records import write_whole
from casebook.course.settings import Course

ASIDE = "timestamp-unreadable.txt"
COLUMNS = ("assignment", "student", "received")
UNKNOWN = "When it came is not known, so nothing was taken off for lateness."


@dataclass(frozen=True, slots=True)
class Received:
    """When a submission came (aware, UTC; None: not known) and who says so; ``trouble`` is for the instructor."""

    at: datetime | None
    source: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Late:
    """One student's lateness: ``late_s`` seconds after ``due`` (None: not known), ``penalty`` in points.

    ``moved`` says that settling changed the penalty that stood in the gradebook.
    """

    student: str
    received: Received
    due: str
    extended: bool
    late_s: float | None
    penalty: float
    moved: bool = False

    @property
    def short(self) -> str:
        """For a line of a table; empty when it came in time."""
        if self.late_s is None:
            return "time not known"
        return f"{lasted(self.late_s)} late" if self.late_s > 0 else ""

    @property
    def words(self) -> str:
        """For the learner and the tables; empty when it came in time."""
        if self.late_s is None:
            return UNKNOWN
        if self.late_s <= 0:
            return ""
        kind = "the extension ended" if self.extended else "it was due"
        cost = f"{round(self.penalty, 4):g} points taken off" if self.penalty else "nothing taken off"
        return f"Handed in {lasted(self.late_s)} after {self.due}, when {kind}: {cost}."


def policy_of(course: Course) -> Policy:
    """The course's policy; CourseError with place and remedy where the file does not fit."""
    return load_policy(course.policy, course.assignments())


def received_table(course: Course) -> dict[tuple[str, str], datetime]:
    """What received.csv says: (assignment, student) → time. It outranks what lies in a submission."""
    path, zone = course.received, policy_of(course).zone
    place = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(place, f"it cannot be read ({error})", "Save it as CSV in UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text))
    if sorted(reader.fieldnames or ()) != sorted(COLUMNS):
        raise CourseError(place, "the columns are not the expected ones", f"Its first line is: {','.join(COLUMNS)}")
    table: dict[tuple[str, str], datetime] = {}
    for number, row in enumerate(reader, 2):
        key = ((row["assignment"] or "").strip(), (row["student"] or "").strip())
        here = f"{place}, line {number}"
        if key in table:
            raise CourseError(here, f"{key[1]!r} stands there twice for {key[0]!r}", "Keep the line that counts.")
        try:
            table[key] = moment(row["received"] or "", zone)
        except ValueError as error:
            told = "Write it like 2026-11-30 23:59, on the clock of the course's time zone."
            raise CourseError(here, f"{row['received']!r} is no date with a time ({error})", told) from None
    return table


def received(
    course: Course, assignment: str, student: str, table: Mapping[tuple[str, str], datetime] | None = None
) -> Received:
    """When it came: from received.csv, else from timestamp.txt as nbgrader's collect lays it; never a file's date."""
    told = received_table(course) if table is None else table
    if (assignment, student) in told:
        return Received(told[assignment, student], course.received.name)
    path = course.submission(student, assignment) / "timestamp.txt"
    if not path.exists() and not path.is_symlink():
        aside = path.with_name(ASIDE)
        there = aside.exists() or aside.is_symlink()
        return Received(None, trouble=f"its time stamp cannot be used and lies in {ASIDE}" if there else "")
    try:
        text = read_bytes(path)[:200].decode("ascii").strip()
        at = moment(text, ZoneInfo("UTC"))  # as nbgrader reads a stamp without a zone
        return Received(at, path.name)
    except (Refused, ValueError) as error:
        return Received(None, trouble=f"its timestamp.txt cannot be used ({error})")


def set_stamps_aside(course: Course) -> tuple[str, ...]:
    """Give time stamps that cannot be used another name, nothing being lost; returns whose, as student/assignment.

    nbgrader reads every stamp when it lists submissions: one that is no time leaves formgrader without a list.
    """
    moved = []
    for folder in sorted(course.submitted.glob("*/*")):
        path, student, assignment = folder / "timestamp.txt", folder.parent.name, folder.name
        if (path.exists() or path.is_symlink()) and received(course, assignment, student, {}).at is None:
            path.rename(path.with_name(ASIDE))
            moved.append(f"{student}/{assignment}")
    return tuple(moved)


def settle(course: Course, assignment: str, only: Iterable[str] | None = None) -> dict[str, Late]:
    """Bring due date, extensions, times and penalties in the gradebook up to date; student → Late.

    Empty where the policy has no rule for the assignment. Then nothing is touched, but for what an earlier rule
    left behind: its dates and penalties go with it.
    """
    rule = policy_of(course).rule(assignment)
    mark = course.records / assignment / ".by-policy"
    if rule is None and not mark.exists():
        return {}
    from casebook.course.gradebook import exists, opened

    if not exists(course):
        return {}
    if rule is None:
        _forget(course, assignment)
        mark.unlink()
        return {}
    if not mark.exists():
        write_whole(mark, "")  # before the gradebook, so that a killed run leaves no penalty without it

    table = received_table(course)
    wanted = None if only is None else set(only)
    found: dict[str, Late] = {}
    try:
        with opened(course) as gradebook:
            row = find_assignment(gradebook, assignment)
            if row is None:
                return {}
            row.duedate = naive(rule.due)
            for submission in row.submissions:
                name = submission.student.id
                if wanted is None or name in wanted:
                    stamp(course, submission, rule)
                    found[name] = _settled(submission, rule, received(course, assignment, name, table))
            gradebook.db.commit()
    except Exception as error:
        raise disk_trouble(error, str(course.gradebook)) or error from error
    return dict(sorted(found.items()))


def _forget(course: Course, assignment: str) -> None:
    """Take what a rule that is no more put into the gradebook out of it."""
    from casebook.course.gradebook import opened

    try:
        with opened(course) as gradebook:
            if row := find_assignment(gradebook, assignment):
                row.duedate = None
                for submission in row.submissions:
                    submission.extension = None
                    for notebook in submission.notebooks:
                        notebook.late_submission_penalty = None
                gradebook.db.commit()
    except Exception as error:
        raise disk_trouble(error, str(course.gradebook)) or error from error


def find_assignment(gradebook: Any, assignment: str) -> Any:
    """The gradebook's row of an assignment, or None."""
    from nbgrader.api import MissingEntry

    try:
        return gradebook.find_assignment(assignment)
    except MissingEntry:
        return None


def stamp(course: Course, submission: Any, rule: Rule | None) -> None:
    """Extension and stamp into a gradebook row; without a rule, extensions are formgrader's business.

    Not the time from received.csv: formgrader takes a row for ungraded whose time is not its timestamp.txt's.
    """
    if rule is not None:
        given = rule.extensions.get(submission.student.id)
        extension = given.until - rule.due if given else None
        if submission.extension != extension:
            submission.extension = extension
    stamped = received(course, submission.assignment.name, submission.student.id, {}).at
    at = naive(stamped) if stamped else None
    if submission.timestamp != at:
        submission.timestamp = at


def stamp_in(gradebook: Any, course: Course, assignment: str, student: str) -> None:
    """`stamp` for one submission in an open gradebook, with the due date of its assignment; committed."""
    rule = policy_of(course).rule(assignment)
    row = gradebook.find_submission(assignment, student)
    if rule is not None:
        row.assignment.duedate = naive(rule.due)
    stamp(course, row, rule)
    gradebook.db.commit()


def seconds_late(course: Course, submission: Any) -> float:
    """As nbgrader counts them, from the time that counts here: received.csv's before the stamp's."""
    at, due = received(course, submission.assignment.name, submission.student.id).at, submission.duedate
    return 0.0 if at is None or due is None else max(0.0, (naive(at) - due).total_seconds())


def _settled(submission: Any, rule: Rule, came: Received) -> Late:
    name, due, before, total = submission.student.id, rule.due_for(submission.student.id), 0.0, 0.0
    late_s = None if came.at is None else max(0.0, (came.at - due).total_seconds())
    for notebook in submission.notebooks:
        old = notebook.late_submission_penalty
        new = points_off(notebook, rule, late_s) or None
        if (old or 0.0) != (new or 0.0):
            notebook.late_submission_penalty = new
        before, total = before + (old or 0.0), total + (new or 0.0)
    extended = name in rule.extensions
    return Late(name, came, shown(due, rule.zone), extended, late_s, total, abs(before - total) > 1e-9)


def points_off(notebook: Any, rule: Rule, late_s: float | None) -> float:
    """The penalty in points for a gradebook's notebook; 0 as long as the machine's part has no score."""
    if not late_s or any(
        grade.name.startswith("check-") and grade.manual_score is None and grade.auto_score is None
        for grade in notebook.grades
    ):
        return 0.0
    score = sum(
        (grade.auto_score or 0.0 if grade.manual_score is None else grade.manual_score) + (grade.extra_credit or 0.0)
        for grade in notebook.grades
    )
    return rule.points_off(late_s, float(score), float(sum(grade.max_score for grade in notebook.grades)))


def notes(course: Course, assignment: str, lates: Mapping[str, Late]) -> list[str]:
    """What the instructor should know: unknown times, unusable stamps, extensions for nobody who handed in.

    ``lates`` is the whole assignment's, as `settle` gives it.
    """
    rule = policy_of(course).rule(assignment)
    if rule is None:
        return []
    untimed: dict[str, list[str]] = {}
    for name, one in lates.items():
        if one.received.at is None:
            untimed.setdefault(one.received.trouble or "when it came is not known", []).append(name)
    told = [
        f"{', '.join(names)}: {why}; no penalty. Put it in autograde/received.csv." for why, names in untimed.items()
    ]
    idle = sorted(set(rule.extensions) - set(lates))
    return told + [f"{name}: has an extension in autograde/policy.yaml and has handed in nothing." for name in idle]


def naive(at: datetime) -> datetime:
    """As nbgrader keeps times: UTC without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None)

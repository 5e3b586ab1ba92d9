"""Regrading on request: who asked for what, why, who decided, and the score before and after, kept for good.

The log is append-only (autograde/records/regrades.jsonl); what is decided is told in the learner's feedback.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.course.errors import CourseError, disk_trouble
from casebook.course.one_at_a_time import alone
from casebook.course.settings import Course

if TYPE_CHECKING:
    from casebook.course.gradebook import HandGrade

LONGEST = 1_000
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Standing:
    """A student's result at one moment: status, whole score and machine part in points (None: no score)."""

    status: str
    score: float | None
    machine_score: float | None


@dataclass(frozen=True, slots=True)
class Regrade:
    """One request: asked and decided on ``day`` (ISO), by the person named; ``after`` is None until it is done."""

    number: int
    assignment: str
    student: str
    day: str
    by: str
    reason: str
    before: Standing
    after: Standing | None = None
    declined: bool = False

    @property
    def words(self) -> str:
        """For tables and feedback: what came of it."""
        if self.declined:
            return f"{self.day}: looked at again by {self.by} and left as it was. {self.reason}"
        change = f"{_points(self.before)} → {_points(self.after)}" if self.after else "not finished"
        return f"{self.day}: graded again by {self.by} ({change}). {self.reason}"


def regrades(course: Course, assignment: str | None = None) -> list[Regrade]:
    """Every request in the order in which they were made; CourseError for a line that is none of ours."""
    found: dict[int, Regrade] = {}
    for number, line in enumerate(_lines(log(course)), 1):
        try:
            data = json.loads(line)
            if data["event"] == "asked":
                body = {name: data[name] for name in ("number", "assignment", "student", "day", "by", "reason")}
                found[data["number"]] = Regrade(**body, before=Standing(**data["before"]), declined=data["declined"])
            else:
                asked = found[data["number"]]
                found[data["number"]] = replace(asked, after=Standing(**data["after"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CourseError(
                f"{log(course).relative_to(course.root)}, line {number}",
                f"this is not a line of the log ({error})",
                "Restore the file from your backup; the log is only ever added to.",
            ) from error
    return [one for _, one in sorted(found.items()) if assignment in (None, one.assignment)]


def log(course: Course) -> Path:
    """Where the log lies."""
    return course.records / "regrades.jsonl"


def told(found: Iterable[Regrade], student: str) -> str:
    """A student's regrades in one line for a table; '' when there are none."""
    return " ".join(one.words for one in found if one.student == student)


def feedback_html(course: Course, assignment: str, student: str) -> str:
    """What the feedback page says about regrades; '' when there are none. Everything is escaped."""
    mine = [one for one in regrades(course, assignment) if one.student == student]
    if not mine:
        return ""
    items = "".join(f"<li>{escape(one.words)}</li>" for one in mine)
    return f"<h2>Graded again</h2><ul>{items}</ul>"


@alone("casebook regrade")
def regrade(
    course: Course,
    assignment: str,
    student: str,
    *,
    reason: str,
    by: str,
    day: str,
    points: Iterable[HandGrade] = (),
    decline: bool = False,
    trusted: bool = False,
) -> Regrade:
    """Grade a student's submission again and log it; ``points`` are entered by hand, ``decline`` changes nothing.

    Interrupted between asking and finishing, the same request goes on under its number. Raises CourseError.
    """
    from casebook.course.cohort import grade_cohort
    from casebook.course.gradebook import enter_hand_grades

    course.known_assignment(assignment)
    reason, by, day = _said(reason, "--reason"), _said(by, "--by"), _day(day)
    given = list(points)
    if decline and given:
        raise CourseError("--decline", "it leaves the grade as it is, and points were given", "Leave one of them out.")
    asked = _unfinished(course, assignment, student, reason, by, day)
    if asked is None:
        before = _standing(course, assignment, student)
        number = len(regrades(course)) + 1
        asked = Regrade(number, assignment, student, day, by, reason, before, declined=decline)
        _append(course, {"event": "asked", **_plain(asked)})
    if not decline:
        grade_cohort(course, assignment, [student], force=True, trusted=trusted)
        if given:
            enter_hand_grades(course, assignment, given)
    after = _standing(course, assignment, student)
    _append(course, {"event": "done", "number": asked.number, "after": asdict(after)})
    return replace(asked, after=after)


def _unfinished(course: Course, assignment: str, student: str, reason: str, by: str, day: str) -> Regrade | None:
    same = (assignment, student, reason, by, day)
    for one in regrades(course, assignment):
        if one.after is None and (one.assignment, one.student, one.reason, one.by, one.day) == same:
            return one
    return None


def _standing(course: Course, assignment: str, student: str) -> Standing:
    from casebook.course.export import lines

    for row in lines(course, assignment):
        if row.student == student:
            return Standing(row.status, row.score, row.machine_score)
    raise CourseError(f"student {student!r}", f"has handed in nothing for {assignment}", "Check the spelling.")


def _append(course: Course, entry: Mapping[str, Any]) -> None:
    """One line more, on the disk before we go on."""
    path = log(course)
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, allow_nan=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(("\n" if torn else "") + text + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise disk_trouble(error, str(path)) or error from error


def _lines(path: Path) -> list[str]:
    """The log's whole lines; one that a crash cut off in the middle was never part of it."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    whole = [line for line in text.split("\n") if line]
    if not text.endswith("\n") and whole:
        whole.pop()
    return [line for line in whole if not _torn(line)]


def _torn(line: str) -> bool:
    return line.startswith("{") and not line.endswith("}")


def _plain(asked: Regrade) -> dict[str, Any]:
    return {name: value for name, value in asdict(asked).items() if name != "after"}


def _said(text: str, option: str) -> str:
    flat = _SPACE.sub(" ", text).strip()
    if not flat or len(flat) > LONGEST or not flat.isprintable():
        problem = "it is empty" if not flat else f"it is longer than {LONGEST} characters or holds odd characters"
        raise CourseError(option, problem, "Give it in plain words; the learner will read it.")
    return flat


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise CourseError("--date", f"{text!r} is no date", "Write it like 2026-11-30.") from None


def _points(standing: Standing | None) -> str:
    if standing is None or standing.score is None:
        machine = None if standing is None else standing.machine_score
        return "no score yet" if machine is None else f"{machine:g} by machine, not complete"
    return f"{standing.score:g} points"

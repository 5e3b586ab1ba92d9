"""Grades out of the gradebook: one line a student, a status on every line, no clock and no database ids.

A failure is exported as an empty score with its status and reason, never as a 0.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.course.gradebook import Sheet, sheets
from casebook.course.intake import plain_text
from casebook.course.late import Late, settle
from casebook.course.outcome import Outcome
from casebook.course.records import students
from casebook.course.regrades import regrades, told
from casebook.course.repair import load_release
from casebook.course.settings import Course

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One student's result. ``score`` is empty until machine and people have graded everything."""

    assignment: str
    student: str
    status: str
    reason: str
    score: float | None
    possible: float
    machine_score: float | None
    machine_possible: float
    score_before_caps: float | None
    caps: str
    hand_score: float | None
    hand_possible: float
    late_penalty: float
    how: str
    repairs: str
    received: str = ""
    late: str = ""
    regraded: str = ""


def lines(course: Course, assignment: str, lates: Mapping[str, Late] | None = None) -> list[Line]:
    """The result of everyone who handed in or is in the gradebook, by name.

    ``lates`` is what `settle` gave a moment ago for the whole assignment; without it penalties are settled here.
    """
    course.known_assignment(assignment)
    release = load_release(course.release(assignment))
    if lates is None:
        lates = settle(course, assignment)  # points may have been changed in formgrader since
    again = regrades(course, assignment)
    book = sheets(course, assignment)
    everyone = sorted({*students(course, assignment), *book})
    machine, hand = math.fsum(release.points.values()), math.fsum(release.prose.values())
    made = [_line(course, assignment, name, book.get(name), machine, hand) for name in everyone]
    return [_of_time(replace(row, regraded=told(again, row.student)), lates.get(row.student)) for row in made]


def _of_time(row: Line, late: Late | None) -> Line:
    """When it came (UTC, to the second) and what lateness cost, in words."""
    if late is None:
        return row
    at = late.received.at
    return replace(row, received=at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else "", late=late.words)


def _line(
    course: Course,
    assignment: str,
    student: str,
    sheet: Sheet | None,
    machine_possible: float,
    hand_possible: float,
) -> Line:
    outcome = filed(course, assignment, student)
    status, reason = (outcome.status, outcome.reason) if outcome else ("needs-manual", "Not graded yet.")
    marks = sheet.marks if sheet and outcome else ()
    machine = _sum([mark.points for mark in marks if mark.by_machine]) if marks else None
    waiting = [mark.grade_id for mark in marks if not mark.by_machine and mark.points is None]
    hand = None if waiting else _sum([mark.points for mark in marks if not mark.by_machine])
    penalty = sheet.late_penalty if sheet else 0.0
    if outcome and not outcome.scored and machine is not None:
        status, reason = (
            "graded",
            f"Graded by a person. The machine had said: {outcome.status}. {reason}".strip(),
        )
    if machine is not None and waiting:
        told = f"Waits for a reader: {', '.join(waiting)}."
        status, reason = "needs-manual", f"{told} {reason}".strip()
    again = [mark.grade_id for mark in marks if mark.again]
    if machine is not None and again:
        told = f"Changed after a person had graded it: {', '.join(again)}. Read it again (formgrader: Resolve)."
        status, reason = "needs-manual", f"{told} {reason}".strip()
    complete = machine is not None and hand is not None and not again
    return Line(
        assignment=assignment,
        student=student,
        status=status,
        reason=reason,
        score=_rounded(max((machine or 0.0) + (hand or 0.0) - penalty, 0.0)) if complete else None,
        possible=_round(machine_possible + hand_possible),
        machine_score=_rounded(machine),
        machine_possible=_round(machine_possible),
        score_before_caps=_rounded(outcome.score_before_caps) if outcome and machine is not None else None,
        caps="; ".join(f"{cap.id} at {cap.limit:g}: {cap.cause}" for cap in outcome.caps) if outcome else "",
        hand_score=_rounded(hand) if marks else None,
        hand_possible=_round(hand_possible),
        late_penalty=_round(penalty),
        how=outcome.how if outcome else "",
        repairs=" ".join(outcome.repairs) if outcome else "",
    )


def filed(course: Course, assignment: str, student: str) -> Outcome | None:
    """A student's record, or None when there is none (or a damaged one, which is as good as none)."""
    try:
        return Outcome.from_json(course.record(student, assignment).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def to_csv(rows: list[Line]) -> str:
    """The lines as CSV; a cell that a spreadsheet would take for a formula is quoted with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [field.name for field in fields(Line)]
    writer.writerow(names)
    for row in rows:
        data = asdict(row)
        writer.writerow([_cell(data[name]) for name in names])
    return out.getvalue()


def to_json(rows: list[Line]) -> str:
    """The lines as JSON with sorted keys; a missing score is null."""
    text = json.dumps([asdict(row) for row in rows], sort_keys=True, indent=1, ensure_ascii=False)
    return plain_text(text) + "\n"  # a folder's name may hold bytes that are no text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    text = plain_text(str(value)).replace("\n", " ")
    return f"'{text}" if text.startswith(FORMULA) else text


def _sum(values: list[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    return math.fsum(numbers) if len(numbers) == len(values) else None


def _round(value: float) -> float:
    return round(value + 0.0, 4)


def _rounded(value: float | None) -> float | None:
    return None if value is None else _round(value)


if TYPE_CHECKING:
    pass
else:

    def __getattr__(name: str) -> Any:
        """`StatusExport` is made when asked for, so that exporting does not need nbgrader's plugins."""
        if name != "StatusExport":
            raise AttributeError(name)
        from nbgrader.plugins import ExportPlugin

        class StatusExport(ExportPlugin):
            """What ``nbgrader export`` writes in a Casebook course: the same file as ``casebook export``."""

            def export(self, gradebook: Any) -> None:
                """Write grades.csv (or ``--to``) for the chosen assignments."""
                course = Course(Path(self.parent.coursedir.root))
                chosen = [str(name) for name in self.assignment] or [row.name for row in gradebook.assignments]
                wanted = {str(name) for name in self.student}
                rows = [row for name in sorted(chosen) for row in lines(course, name)]
                kept = [row for row in rows if not wanted or row.student in wanted]
                Path(self.to or "grades.csv").write_text(to_csv(kept), encoding="utf-8", newline="")

        globals()["StatusExport"] = StatusExport
        return StatusExport

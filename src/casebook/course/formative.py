"""Feedback before the deadline: the same judging, the same page, and no grade anywhere.

Nothing is written to the gradebook, the records or the graded notebooks; what counts is graded later, from anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from casebook.course.errors import CourseError, Refused
from casebook.course.executor import judging_ahead
from casebook.course.outcome import Outcome
from casebook.course.records import one_desk, students, write_whole
from casebook.course.repair import Release
from casebook.course.settings import SAFE_NAME, Course

if TYPE_CHECKING:
    from casebook.course.cohort import Graded, Progress

TOLD = "<p><b>This is feedback on a draft, not a grade.</b> Hand in again before the deadline; only that counts.</p>"


def give_feedback(
    course: Course,
    assignment: str,
    only: Iterable[str] = (),
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Progress = iter,
) -> tuple[list[Graded], list[Path]]:
    """Judge everyone who handed in (or ``only`` these) and write autograde/formative/<student>/<assignment>.html.

    Raises CourseError for an assignment or a student that is not there.
    """
    from casebook.course.cohort import Graded

    course.known_assignment(assignment)
    everyone = students(course, assignment)
    wanted = sorted(set(only)) or everyone
    if missing := [name for name in wanted if name not in everyone]:
        raise CourseError(f"student {missing[0]!r}", f"has handed in nothing for {assignment}", "Check the spelling.")
    if not wanted:
        raise CourseError(str(course.submitted), f"nobody has handed in {assignment}", "Run: casebook collect")
    graded: list[Graded] = []
    written: list[Path] = []
    with one_desk(course, assignment) as desk:
        release = desk.standard.release
        paths = {name: course.submission(name, assignment) / f"{release.notebook_name}.ipynb" for name in wanted}
        there = {name: path for name, path in paths.items() if path.is_file() and SAFE_NAME.match(name)}
        with judging_ahead(desk, there.values(), jobs, scheduler=scheduler):
            for name in progress(wanted):
                if name not in there:
                    told = "There is no notebook of the expected name, or the folder's name cannot be a student's id."
                    graded.append(Graded(name, Outcome("refused", told), fresh=True))
                    continue
                outcome = desk.outcome(there[name])
                graded.append(Graded(name, outcome, fresh=True))
                target = course.autograde / "formative" / name / f"{assignment}.html"
                write_whole(target, _page(release, there[name], outcome, name))
                written.append(target)
    return graded, written


def _page(release: Release, path: Path, outcome: Outcome, student: str) -> str:
    """The feedback page, with the machine's points as they would be and the prose unread."""
    from casebook.course.feedback import page
    from casebook.course.gradebook import Mark
    from casebook.course.preprocessor import judged

    by_machine = [
        Mark(
            f"check-{name}",
            cell.points if (cell := outcome.cell(name)) and outcome.scored else None,
            None,
            0.0,
            worth,
            True,
        )
        for name, worth in release.points.items()
    ]
    by_hand = [Mark(name, None, None, 0.0, worth, False) for name, worth in release.prose.items()]
    marks = {mark.grade_id: mark for mark in (*by_machine, *by_hand)}
    try:
        return page(judged(release, path, outcome), marks, 0.0, release.assignment, student, told=TOLD)
    except Refused as refused:
        return page(
            judged(release, path, Outcome("refused", str(refused))), marks, 0.0, release.assignment, student, told=TOLD
        )

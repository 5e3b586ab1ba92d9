"""`make demo`: build, release, grade the sample cohort, write feedback, table and export, say where to look.

    python -m tests.cohort.demo [--into FOLDER] [--refresh-golden]

Nothing of the real course is touched: everything happens in a copy (default: demo-out/, ignored by git).
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from casebook.commands.grade import table, with_progress
from casebook.course.build import build
from casebook.course.cohort import grade_cohort
from casebook.course.errors import CourseError
from casebook.course.export import Line, lines, to_csv, to_json
from casebook.course.feedback import write_feedback
from casebook.course.gradebook import enter_hand_grades
from casebook.course.hand import read_grades
from casebook.course.records import write_whole
from casebook.course.release import release
from casebook.course.settings import CONFIG_NAME, Course
from tests.cohort.people import ASSIGNMENT, hand_grades, lay_out

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "expected.csv"


def copy_course(into: Path) -> Course:
    """A course of its own in ``into``: the masters, settings and judge's values, and no student yet."""
    shutil.rmtree(into, ignore_errors=True)
    (into / "autograde").mkdir(parents=True)
    shutil.copytree(ROOT / "source", into / "source")
    private = shutil.ignore_patterns("*.key")  # a clone in which somebody tries out codes has a key of its own
    shutil.copytree(ROOT / "autograde" / "judge", into / "autograde" / "judge", ignore=private)
    shutil.copy(ROOT / CONFIG_NAME, into / CONFIG_NAME)
    return Course(into)


def graded_sample(into: Path) -> Course:
    """The sample cohort in ``into``: released, handed in, graded by machine and by hand."""
    course = copy_course(into)
    release(course, ASSIGNMENT)
    lay_out(course.root)
    grade_cohort(course, ASSIGNMENT, jobs=2)
    hand_grade(course)
    return course


def hand_grade(course: Course) -> int:
    """Enter the sample's hand grades; returns how many."""
    path = course.autograde / "hand-grades.csv"
    write_whole(path, hand_grades())
    return enter_hand_grades(course, ASSIGNMENT, read_grades(path, course, ASSIGNMENT))


def scores(rows: list[Line]) -> str:
    """The end of the line for each student, as a table: machine, by hand, together."""
    shown = [("student", "status", "machine", "by hand", "score", "of")]
    for row in rows:
        numbers = [row.machine_score, row.hand_score, row.score]
        texts = ["" if number is None else f"{number:g}" for number in numbers]
        shown.append((row.student, row.status, *texts, f"{row.possible:g}"))
    widths = [max(len(line[i]) for line in shown) for i in range(6)]
    return "\n".join(
        "  ".join(
            text.ljust(w) if i < 2 else text.rjust(w) for i, (text, w) in enumerate(zip(line, widths, strict=True))
        )
        for line in shown
    )


def main(argv: list[str] | None = None) -> int:
    """0 fine, 1 something to mend."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "demo-out", help="folder for the copy of the course")
    parser.add_argument("--refresh-golden", action="store_true", help="write tests/cohort/expected.csv anew")
    args = parser.parse_args(argv)
    try:
        return _demo(args.into.resolve(), args.refresh_golden)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1


def _demo(into: Path, refresh: bool) -> int:
    changed = [item.target for item in build(ROOT) if item.changed]
    print(f"build     {'in step' if not changed else 'made anew: ' + ', '.join(changed)}")
    course = copy_course(into)
    made = release(course, ASSIGNMENT)
    print(f"release   release/{ASSIGNMENT}: {made.points:g} points by machine, {made.hand_points:g} by hand")
    names = lay_out(course.root)
    print(f"submitted {len(names)} sample submissions\n")
    graded = grade_cohort(course, ASSIGNMENT, jobs=2, progress=lambda items: with_progress(items, "grading"))
    print(table(graded))
    print(f"\nby hand   {hand_grade(course)} closes read and graded (tests/cohort/people)\n")
    pages = write_feedback(course, ASSIGNMENT, progress=lambda items: with_progress(items, "feedback"))
    rows = lines(course, ASSIGNMENT)
    print(scores(rows))
    exports = course.autograde / "exports"
    write_whole(exports / f"{ASSIGNMENT}.csv", to_csv(rows))
    write_whole(exports / f"{ASSIGNMENT}.json", to_json(rows))
    if refresh:
        write_whole(GOLDEN, to_csv(rows))
        print(f"\nrefreshed {GOLDEN.relative_to(ROOT)}")
    best = max((row for row in rows if row.score is not None), key=lambda row: row.score or 0.0)
    page = next(path for path in pages if best.student in path.parts)
    print(f"\nlook at   {page} (the best one's feedback, one of {len(pages)})")
    print(f"          {exports / (ASSIGNMENT + '.csv')} (grades, a status on every line)")
    print(f"          casebook lab --instructor, started in {course.root} (formgrader on this cohort)")
    return 0


if __name__ == "__main__":
    sys.exit(main())

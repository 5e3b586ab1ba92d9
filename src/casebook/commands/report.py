"""`casebook report`: one offline page on how a cohort did, or the same as a notebook or JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

HELP = "write the page on how a cohort did: scores, hard checks, designs, look-alikes, who is missing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("assignment", help="name of a folder in release/")
    parser.add_argument("--to", metavar="FILE", type=Path, help="where to write it (default: ASSIGNMENT-report.html)")
    parser.add_argument("--people", type=Path, metavar="CSV", help="the class list (column 'student'): who is missing")
    parser.add_argument("--no-names", action="store_true", help="numbers instead of names, for a page shown to a class")
    parser.add_argument("--notebook", action="store_true", help="a notebook of the same questions, to go on from")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON instead")
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: found from here upwards)")


def run(args: argparse.Namespace) -> int:
    """0 written, 1 bad input."""
    from casebook.commands.grade import with_progress
    from casebook.course.cohort_report import cohort_report
    from casebook.course.errors import CourseError
    from casebook.course.lms import read_people
    from casebook.course.records import write_whole
    from casebook.course.settings import Course

    try:
        course = Course.find(args.course)
        people = sorted(read_people(args.people)) if args.people else []
        if args.notebook:
            from casebook.course.report_notebook import notebook_text

            course.known_assignment(args.assignment)
            path = args.to or Path(f"{args.assignment}-report.ipynb")
            write_whole(path.resolve(), notebook_text(args.assignment, people))
            print(f"wrote {path}; open it in the course folder")
            return 0
        told = cohort_report(course, args.assignment, people, progress=lambda names: with_progress(names, "designs"))
        if args.json:
            print(json.dumps(told.to_data(), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False))
            return 0
        from casebook.show.cohort_page import cohort_html

        everyone = sorted({*(line.student for line in told.lines), *told.missing})
        names = {student: f"S{at:02d}" for at, student in enumerate(everyone, 1)} if args.no_names else None
        path = args.to or Path(f"{args.assignment}-report.html")
        write_whole(path.resolve(), cohort_html(told, names))
        print(f"wrote {path}: {len(told.lines)} submissions, {len(told.scored)} scored")
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0

"""`casebook regrade`: grade one submission again on request, with a reason that is kept and told to the learner."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casebook.course.gradebook import HandGrade

HELP = "grade one student again on request; who decided, why and what it changed is kept"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("assignment", help="name of a folder in release/")
    parser.add_argument("student", nargs="?", help="whose submission (not with --list)")
    parser.add_argument("--reason", help="why; the learner will read it in the feedback")
    parser.add_argument("--by", metavar="NAME", help="who decided")
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="when it was decided")
    parser.add_argument(
        "--points",
        action="append",
        default=[],
        metavar="CELL=POINTS",
        help="also set the points of a cell by hand, like prose-close=8 (repeatable)",
    )
    parser.add_argument("--decline", action="store_true", help="keep the request and its answer, change nothing")
    parser.add_argument(
        "--trusted", action="store_true", help="as for casebook grade: run what computes with your rights, no jail"
    )
    parser.add_argument("--list", action="store_true", help="print the log of the assignment")
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: found from here upwards)")
    parser.add_argument("--json", action="store_true", help="print the log's entries as JSON")


def run(args: argparse.Namespace) -> int:
    """0 done, 1 bad input."""
    from casebook.course.errors import CourseError
    from casebook.course.records import TRUSTED_WARNING
    from casebook.course.regrades import regrade, regrades
    from casebook.course.settings import Course

    if args.trusted:
        print(TRUSTED_WARNING, file=sys.stderr)
    try:
        course = Course.find(args.course)
        if args.list:
            course.known_assignment(args.assignment)
            found = [one for one in regrades(course, args.assignment) if args.student in (None, one.student)]
        else:
            _complete(args)
            found = [
                regrade(
                    course,
                    args.assignment,
                    args.student,
                    reason=args.reason,
                    by=args.by,
                    day=args.date,
                    points=[_points(args.student, text) for text in args.points],
                    decline=args.decline,
                    trusted=args.trusted,
                )
            ]
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        from dataclasses import asdict

        print(json.dumps([asdict(one) for one in found], sort_keys=True, indent=1, ensure_ascii=False))
        return 0
    for one in found:
        print(f"{one.number}. {one.student}, {one.words}")
    if not args.list:
        print(f"Now write the page anew: casebook feedback {args.assignment} --student {args.student}")
    elif not found:
        print("Nobody has been graded again.")
    return 0


def _complete(args: argparse.Namespace) -> None:
    from casebook.course.errors import CourseError

    for value, name in ((args.student, "STUDENT"), (args.reason, "--reason"), (args.by, "--by"), (args.date, "--date")):
        if not value:
            raise CourseError("casebook regrade", f"{name} is missing", "See: casebook regrade --help")


def _points(student: str, text: str) -> HandGrade:
    from casebook.course.errors import CourseError
    from casebook.course.gradebook import HandGrade

    cell, _, number = text.partition("=")
    try:
        return HandGrade(student, cell, float(number))
    except ValueError:
        raise CourseError("--points", f"{text!r} is not CELL=POINTS", "Write it like --points prose-close=8.") from None

"""`casebook feedback`: one page for each graded submission, with findings and the way to mend them."""

from __future__ import annotations

import argparse
import json
import sys

HELP = "write each learner's feedback page (findings, evidence, how to mend them)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("assignment", help="name of a folder in release/")
    parser.add_argument("--student", action="append", default=[], metavar="ID", help="only this student (repeatable)")
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: found from here upwards)")
    parser.add_argument("--json", action="store_true", help="print the written files as JSON")


def run(args: argparse.Namespace) -> int:
    """0 written, 1 bad input."""
    from casebook.commands.grade import with_progress
    from casebook.course.errors import CourseError
    from casebook.course.feedback import write_feedback
    from casebook.course.settings import Course

    try:
        course = Course.find(args.course)
        written = write_feedback(
            course, args.assignment, args.student, progress=lambda items: with_progress(items, "feedback")
        )
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    names = [path.relative_to(course.root).as_posix() for path in written]
    if args.json:
        print(json.dumps(names, indent=1))
    else:
        print(f"{len(names)} feedback pages in autograde/feedback/<student>/{args.assignment}/")
    return 0

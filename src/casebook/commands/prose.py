"""`casebook prose`: what people have to read, with the items to look for and graded samples, and a form to fill in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "one page of the written answers that wait for a reader, and a form for their points"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("assignment", help="name of a folder in release/")
    parser.add_argument("--to", metavar="HTML", type=Path, help="where to write the page")
    parser.add_argument(
        "--form", metavar="CSV", type=Path, help="where to write the form (then: casebook grade --hand)"
    )
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: found from here upwards)")


def run(args: argparse.Namespace) -> int:
    """0 written, 1 bad input."""
    from casebook.course.errors import CourseError
    from casebook.course.hand import form, page, waiting
    from casebook.course.records import write_whole
    from casebook.course.settings import Course

    try:
        course = Course.find(args.course)
        course.known_assignment(args.assignment)
        count = len(waiting(course, args.assignment))
        if args.form is not None and args.form.exists():
            raise CourseError(str(args.form), "it is there already", "Move it away: it may hold somebody's points.")
        if args.to is not None:
            write_whole(args.to.resolve(), page(course, args.assignment))
        if args.form is not None:
            write_whole(args.form.resolve(), form(course, args.assignment))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    told = " and ".join(str(path) for path in (args.to, args.form) if path is not None)
    print(f"{count} texts wait for a reader" + (f"; see {told}" if told else "; add --to page.html --form form.csv"))
    return 0

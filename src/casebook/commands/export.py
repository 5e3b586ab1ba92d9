"""`casebook export`: the grades of an assignment as CSV, JSON or a platform's import file, nobody as a silent 0."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casebook.course.export import Line

HELP = "write the grades as CSV, JSON, or for Canvas or Moodle (no clock, no ids: the same answers give the same bytes)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    from casebook.course.lms import PLATFORMS

    parser.add_argument("assignment", help="name of a folder in release/")
    parser.add_argument("--to", metavar="FILE", help="where to write it (default: print it)")
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: found from here upwards)")
    parser.add_argument("--json", action="store_true", help="JSON instead of CSV")
    parser.add_argument("--for", dest="platform", choices=PLATFORMS, help="the import file of a learning platform")
    parser.add_argument("--people", type=Path, metavar="CSV", help="how the platform knows the students (with --for)")


def run(args: argparse.Namespace) -> int:
    """0 exported, 1 bad input."""
    from casebook.course.errors import CourseError
    from casebook.course.export import lines, to_csv, to_json
    from casebook.course.records import write_whole
    from casebook.course.settings import Course

    try:
        rows = lines(Course.find(args.course), args.assignment)
        count = len(rows)
        if args.platform:
            text, count = _for_platform(args, rows)
        else:
            text = to_json(rows) if args.json else to_csv(rows)
        if args.to:
            write_whole(Path(args.to).resolve(), text)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    if args.to:
        print(f"{count} lines in {args.to}")
    else:
        sys.stdout.write(text)
    return 0


def _for_platform(args: argparse.Namespace, rows: list[Line]) -> tuple[str, int]:
    """The import file and its length; who is not in it is named on stderr."""
    from casebook.course.lms import read_people, upload

    made = upload(args.platform, rows, read_people(args.people) if args.people else None)
    for student, why in made.left_out:
        print(f"left out: {student} ({why})", file=sys.stderr)
    return made.text, made.rows

"""`casebook export`: the grades of an assignment as CSV or JSON, a status on every line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "write the grades as CSV or JSON (no clock, no ids: the same answers give the same bytes)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("assignment", help="name of a folder in release/")
    parser.add_argument("--to", metavar="FILE", help="where to write it (default: print it)")
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: found from here upwards)")
    parser.add_argument("--json", action="store_true", help="JSON instead of CSV")


def run(args: argparse.Namespace) -> int:
    """0 exported, 1 bad input."""
    from casebook.course.errors import CourseError
    from casebook.course.export import lines, to_csv, to_json
    from casebook.course.records import write_whole
    from casebook.course.settings import Course

    try:
        rows = lines(Course.find(args.course), args.assignment)
        text = to_json(rows) if args.json else to_csv(rows)
        if args.to:
            write_whole(Path(args.to).resolve(), text)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    if args.to:
        print(f"{len(rows)} lines in {args.to}")
    else:
        sys.stdout.write(text)
    return 0

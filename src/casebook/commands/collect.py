"""`casebook collect`: submissions from the exchange, a folder or a platform's zip to where the grader looks."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casebook.course.collect import Collected

HELP = "take submissions from the exchange, a folder or a zip of Canvas or Moodle; nobody is lost or overwritten"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    from casebook.course.collect import NAMINGS

    parser.add_argument("assignment", help="name of a folder in release/")
    parser.add_argument(
        "--from", dest="place", type=Path, metavar="FOLDER-OR-ZIP", help="where they lie (default: nbgrader's exchange)"
    )
    parser.add_argument("--people", type=Path, metavar="CSV", help="how the platform knows the students")
    parser.add_argument("--naming", choices=NAMINGS, help="whose file names these are (default: seen from the names)")
    parser.add_argument("--replace", action="store_true", help="replace what lies there; the earlier one is kept aside")
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: found from here upwards)")
    parser.add_argument("--json", action="store_true", help="print what became of them as JSON")


def run(args: argparse.Namespace) -> int:
    """0 everybody's is in place, 1 bad input, 2 some could not be matched, or were kept back."""
    from casebook.course.collect import collect
    from casebook.course.errors import CourseError
    from casebook.course.lms import read_people
    from casebook.course.settings import Course

    try:
        course = Course.find(args.course)
        people = read_people(args.people) if args.people else None
        got = collect(course, args.assignment, args.place, people=people, naming=args.naming, replace=args.replace)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        from dataclasses import asdict

        print(json.dumps(asdict(got), sort_keys=True, indent=1, ensure_ascii=False))
    else:
        _tell(got)
    return 2 if got.unmatched or got.kept else 0


def _tell(got: Collected) -> None:
    for file, why in got.unmatched:
        print(f"not taken: {file} ({why})")
    for note in got.notes:
        print(note)
    for student in got.replaced:
        print(f"{student}: replaced; the earlier one is in autograde/replaced")
    if got.kept:
        print(f"kept as they are, a different one came: {', '.join(got.kept)} (to take it: --replace)")
    counts = (len(got.placed), len(got.replaced), len(got.unchanged), len(got.kept), len(got.unmatched))
    print("{} new, {} replaced, {} unchanged, {} kept back, {} not taken.".format(*counts))

"""`casebook release`: the student copy of an assignment from its master."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

HELP = "make the student copy of an assignment (release/) from its master (source/)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("assignment", nargs="+", help="name of a folder in source/")
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: found from here upwards)")
    parser.add_argument("--json", action="store_true", help="print what was made as JSON")


def run(args: argparse.Namespace) -> int:
    """0 made, 1 refused with a reason."""
    from casebook.course.errors import CourseError
    from casebook.course.release import release
    from casebook.course.settings import Course

    try:
        course = Course.find(args.course)
        made = [release(course, name) for name in args.assignment]
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps([asdict(one) for one in made], sort_keys=True, indent=1))
        return 0
    for one in made:
        news = "made" if one.changed else "unchanged"
        print(f"release/{one.assignment}: {news}; {one.points:g} points by machine, {one.hand_points:g} by hand")
    return 0

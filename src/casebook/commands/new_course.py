"""``casebook new-course FOLDER [ASSIGNMENT …]``: a private course folder, with values of the judge nobody else has."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

HELP = "begin a private course: chosen assignments, fresh values for the judge"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("folder", type=Path, help="where to make it; it must not exist, or be empty")
    parser.add_argument("assignment", nargs="*", help="names of folders in source/ (default: all there are)")
    parser.add_argument(
        "--from", dest="clone", type=Path, metavar="FOLDER",
        help="a clone of the project to take masters from (default: the one you are in, or that is installed)",
    )  # fmt: skip
    parser.add_argument(
        "--codes", action="store_true", help="also a key: every student gets numbers of their own (casebook roster)"
    )
    parser.add_argument("--json", action="store_true", help="print what was made as JSON")


def run(args: argparse.Namespace) -> int:
    """0 made; 1 where something is in the way or an assignment is unknown."""
    from casebook.course.new_course import find_clone, new_course

    made = new_course(args.folder, args.assignment, find_clone(args.clone), codes=args.codes)
    if args.json:
        told = {"folder": str(made.folder), "assignments": list(made.assignments), "files": list(made.files)}
        print(json.dumps(told, indent=1, sort_keys=True))
        return 0
    print(f"{args.folder}: {len(made.files)} files, {len(made.assignments)} assignments")
    for name in made.assignments:
        print(f"  {name}")
    if not made.assignments:
        print("No masters: the installed package does not carry solutions. Once more with --from CLONE, or copy")
        print("source/NAME and release/NAME from a clone, and write autograde/judge/NAME.yaml.")
    fresh = "judge's values and the course's key are" if args.codes else "judge's values are"
    print(f"\nThe {fresh} new: no other course has them. What to do next: README.md")
    return 0

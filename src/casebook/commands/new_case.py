"""``casebook new-case ID --article SCL``: the files of a new case, which work at once and say what to write where."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from casebook.commands._words import BadInput

HELP = "begin a new case: its file, its strong answer, its notebook and its assignment"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("id", help="two or more words of small letters: photo-tagging")
    parser.add_argument("--article", required=True, help="whose rubric reads it: STB, SCL, STU, GEN or MJ")
    parser.add_argument("--title", default="", help="what the case is called")
    parser.add_argument("--root", type=Path, default=None, help="the course folder (default: the one you are in)")
    parser.add_argument("--json", action="store_true", help="print the files' names as JSON")


def run(args: argparse.Namespace) -> int:
    """0, or 1 for a name or article that does not do, and for files that are there already."""
    from casebook.course.scaffold import ScaffoldError, scaffold, write
    from casebook.course.settings import Course

    root = Path(args.root) if args.root is not None else Course.find().root
    if not (root / "seeds" / "cases").is_dir():
        raise BadInput(f"{root} has no folder seeds/cases. Run the command in a clone of the project.")
    try:
        names = write(root, scaffold(args.id, args.article, args.title))
    except ScaffoldError as error:
        raise BadInput(str(error)) from None
    if args.json:
        print(json.dumps({"written": list(names)}))
        return 0
    print("\n".join(f"written  {name}" for name in names))
    print(f"\nIt works as it is. Look at it:            casebook show {args.id}")
    print("Then replace the texts in ‹ ›, one by one: casebook validate lists them.")
    print("Build notebook and assignment:             casebook build")
    print("How it goes on, step by step:              docs/new-case.md")
    return 0

"""``casebook build``: authored text → notebooks and assignments, cases → reference pictures; ``--check``: in step?"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

HELP = "build notebooks/, source/, diagrams/ and the facilitators' pages (--check: are they in step?)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit code 2 when a rebuild differs"
    )
    parser.add_argument(
        "--root", type=Path, default=None, help="the course folder (default: the one you are in)"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """0 built or in step, 1 a mistake in authored text or seeds, 2 ``--check`` found a difference."""
    from casebook.course.build import build, strays
    from casebook.course.build_text import AuthoredError
    from casebook.course.errors import CourseError
    from casebook.course.facilitator import differing
    from casebook.course.settings import Course
    from casebook.facts import SeedError

    try:
        root = Path(args.root) if args.root is not None else Course.find().root
        built = build(root, check=args.check)
    except (AuthoredError, SeedError, CourseError) as error:
        print(f"casebook build: {error}", file=sys.stderr)
        return 1
    differ = [item.target for item in built if item.changed]
    left = strays(root, built)
    drawn = [*_pictures(root / "diagrams", args.check), *differing(root, args.check)]
    differ += drawn
    if args.json:
        print(
            json.dumps(
                {"built": [item.target for item in built], "changed": differ, "strays": left}, indent=1
            )
        )
    else:
        word = "differs" if args.check else "written"
        for item in built:
            print(f"{word if item.changed else 'in step':8} {item.target}  (from {item.origin})")
        for name in drawn:
            print(f"{word:8} {name}")
        for name in left:
            print(f"stray    {name}  (no authored text makes it: remove it, or write its text)")
        if args.check and differ:
            print("Run 'casebook build' and commit what it writes.")
    return 2 if args.check and (differ or left) else 0


def _pictures(folder: Path, check: bool) -> list[str]:
    """Reference pictures that differ (and are written, unless ``check``); a course without the folder has none."""
    if not folder.is_dir():
        return []
    from casebook.show.reference import drifted_references, write_references

    differ = [f"{folder.name}/{case_id}.svg" for case_id in drifted_references(folder)]
    if differ and not check:
        write_references(folder)
    return differ

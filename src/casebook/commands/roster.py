"""``casebook roster ASSIGNMENT --people people.csv``: a code for every student, and which numbers it stands for."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casebook.commands._words import BadInput, table

if TYPE_CHECKING:
    from casebook.course.settings import Course

HELP = "print each student's code: it sets some numbers of the case for that student alone"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("assignment", nargs="?", default="", help="name of a folder in source/ or release/")
    parser.add_argument("--people", type=Path, metavar="CSV", help="who gets one: a column 'student', as for export")
    parser.add_argument("--new-key", action="store_true", help="first make the course's key, if there is none")
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: found from here upwards)")
    parser.add_argument("--json", action="store_true", help="print codes and numbers as JSON")


def run(args: argparse.Namespace) -> int:
    """0, or 1 for what has to be mended first: no key, no such assignment, a list that cannot be read."""
    from casebook.course.settings import Course
    from casebook.course.variant import make_key

    course = Course.find(args.course)
    if args.new_key:
        path = make_key(course)
        if not args.json:
            print(f"made  {path.relative_to(course.root)}: keep a copy, and show it to nobody")
        if not args.assignment:
            return 0
    if not args.assignment or args.people is None:
        raise BadInput("Name the assignment and the people: casebook roster stability-moderation --people people.csv")
    rows = listed(course, args.assignment, args.people)
    if args.json:
        print(json.dumps(rows, indent=1, sort_keys=True))
        return 0
    shown = [(row["student"], row["code"], f"{row['variant']}", row["short"]) for row in rows]
    print(table(("student", "code", "variant", "their own numbers"), shown, (2,)))
    print(f"\n{len(rows)} codes. Send everybody their own; the code is typed at the top of the assignment.")
    return 0


def listed(course: Course, assignment: str, people: Path) -> list[dict[str, Any]]:
    """Student, name, code, variant and what differs from the printed text, in the order of the list."""
    from casebook.course.intake import plain_text
    from casebook.course.lms import read_people
    from casebook.course.repair import load_release
    from casebook.course.variant import roster
    from casebook.course.workbook_variant import changes, short, told
    from casebook.facts import load_case_data
    from casebook.facts.variant_id import COUNT, variant_id

    case_id = load_release(course.release(course.known_assignment(assignment))).case_id
    if load_case_data(case_id).variants is None:
        raise BadInput(f"{case_id} has no variants: everybody has the printed numbers. See docs/variants.md.")
    known = read_people(people)
    cases = {number: load_case_data(variant_id(case_id, number)) for number in range(1, COUNT + 1)}
    return [
        {
            "student": plain_text(student).replace("\n", " "),
            "name": plain_text(known[student].name).replace("\n", " "),
            "code": code.text,
            "variant": code.variant,
            "numbers": [told(item) for item in changes(cases[code.variant])],
            "short": short(cases[code.variant]),
        }
        for student, code in roster(course, case_id, known)
    ]

"""`casebook grade`: grade everyone who handed in an assignment, and print the cohort's table."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casebook.course.cohort import Graded
    from casebook.course.late import Late
    from casebook.course.settings import Course

HELP = "grade a cohort: read, judge, save; a status with a reason for every submission"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("assignment", help="name of a folder in release/")
    parser.add_argument("--student", action="append", default=[], metavar="ID", help="only this student (repeatable)")
    parser.add_argument(
        "--jobs", type=int, default=min(2, os.cpu_count() or 1), metavar="N", help="judges working side by side"
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="judge on the workers of a dask scheduler (tcp://host:port) instead"
    )
    parser.add_argument("--force", action="store_true", help="grade again even what has not changed")
    parser.add_argument(
        "--trusted",
        action="store_true",
        help="run notebooks whose answers compute, with your rights and no jail: only for people you trust",
    )
    parser.add_argument(
        "--kernels", choices=("auto", "warm", "cold"), default="auto",
        help="jailed kernels for notebooks whose answers compute: auto (the default) warms up once there are several",
    )
    parser.add_argument(
        "--accept-code", action="append", default=[], metavar="ID",
        help="let the code (or none) in this student's notebook count, though it is not theirs (repeatable)",
    )
    parser.add_argument(
        "--formative", action="store_true", help="feedback on drafts, into autograde/formative: no grade is written"
    )
    parser.add_argument(
        "--hand",
        metavar="CSV",
        help="enter hand grades from a table with the columns student, cell, items, points, comment (casebook prose)",
    )
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: found from here upwards)")
    parser.add_argument("--json", action="store_true", help="print the table as JSON")


def run(args: argparse.Namespace) -> int:
    """0 everyone has a score or a person will give one, 1 bad input, 2 somebody's submission failed."""
    from casebook.course.errors import CourseError
    from casebook.course.export import lines
    from casebook.course.kernels import choice
    from casebook.course.late import notes
    from casebook.course.one_at_a_time import alone
    from casebook.course.records import TRUSTED_WARNING
    from casebook.course.settings import Course

    if args.trusted:
        print(TRUSTED_WARNING, file=sys.stderr)
    choice.want(args.kernels)
    choice.prepare()
    try:
        course = Course.find(args.course)
        if args.formative:
            return _formative(args, course)
        graded, lates = alone("casebook grade")(_graded)(course, args.assignment, args)
        for note in notes(course, args.assignment, lates):
            print(note, file=sys.stderr)
        rows = {row.student: row for row in lines(course, args.assignment, lates)}
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        from dataclasses import asdict

        print(json.dumps([asdict(rows[one.student]) for one in graded], sort_keys=True, indent=1))
    else:
        print(table(graded))
        if read := sum(rows[one.student].status == "needs-manual" and one.outcome.scored for one in graded):
            print(f"{read} of them wait for a person to read their prose: formgrader, or casebook prose.")
    failed = any(one.outcome.status in ("refused", "timeout", "crashed") for one in graded)
    return 2 if failed else 0


def _graded(course: Course, assignment: str, args: argparse.Namespace) -> tuple[list[Graded], dict[str, Late]]:
    """All that writes, in the order in which it has to be: codes, the judging, hand grades, names, penalties."""
    from casebook.course.cohort import grade_cohort
    from casebook.course.gradebook import enter_hand_grades
    from casebook.course.hand import read_grades
    from casebook.course.late import settle
    from casebook.course.names import names_into_gradebook
    from casebook.course.variant import accept

    if args.accept_code:
        accept(course, assignment, args.accept_code)
    graded = grade_cohort(
        course,
        assignment,
        args.student,
        trusted=args.trusted,
        force=args.force,
        jobs=args.jobs,
        scheduler=args.scheduler,
        progress=lambda items: with_progress(items, "grading"),
    )
    if args.hand:
        entered = enter_hand_grades(course, assignment, read_grades(Path(args.hand), course, assignment))
        print(f"{entered} hand grades entered", file=sys.stderr)
    if told := names_into_gradebook(course):
        print(told, file=sys.stderr)
    lates = settle(course, assignment)
    return [replace(one, late=lates.get(one.student, one.late)) for one in graded], lates


def _formative(args: argparse.Namespace, course: Course) -> int:
    """Pages for drafts; 0 written, 2 some drafts cannot be graded as they are."""
    from casebook.course.formative import give_feedback

    graded, written = give_feedback(
        course,
        args.assignment,
        args.student,
        jobs=args.jobs,
        scheduler=args.scheduler,
        progress=lambda items: with_progress(items, "reading"),
    )
    if args.json:
        print(json.dumps([path.relative_to(course.root).as_posix() for path in written], indent=1))
    else:
        print(table(graded))
        print(f"{len(written)} pages in autograde/formative/<student>/{args.assignment}.html; no grade was written.")
    return 2 if any(one.outcome.status in ("refused", "timeout", "crashed") for one in graded) else 0


def with_progress(items: Iterable[str], what: str) -> Iterable[str]:
    """``items`` with a bar and an estimate on stderr; silent when stderr is not a terminal."""
    from tqdm import tqdm

    return tqdm(list(items), desc=what, unit=" submission", disable=not sys.stderr.isatty(), leave=False)


def table(graded: list[Graded]) -> str:
    """The cohort as aligned text: status, machine part before and after caps, remarks."""
    from casebook.course.render import points

    timed = any(one.late for one in graded)
    head: tuple[str, ...] = ("student", "status", "points", "of", "before caps", *(["late"] if timed else []), "remark")
    body = []
    for one in graded:
        outcome = one.outcome
        score = "" if outcome.score is None else points(outcome.score)
        before = "" if outcome.score_before_caps is None else points(outcome.score_before_caps)
        remark = outcome.reason or "; ".join(cap.cause for cap in outcome.caps) or "; ".join(outcome.repairs)
        possible = "" if outcome.possible is None else points(outcome.possible)
        late = one.late.short if one.late else ""
        taken = [f"-{points(one.late.penalty)}" if one.late and one.late.penalty else ""] if timed else []
        remark = "; ".join(part for part in (late, remark) if part)
        body.append((_short(one.student, 40), outcome.status, score, possible, before, *taken, _short(remark, 80)))
    widths = [max(len(row[i]) for row in (head, *body)) for i in range(len(head) - 1)]
    shown = [
        "  ".join(
            cell.rjust(w) if i >= 2 else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=False))
        )
        + "  "
        + row[-1]
        for row in (head, *body)
    ]
    counts = Counter(one.outcome.status for one in graded)
    fresh = sum(one.fresh for one in graded)
    ran = [one for one in graded if one.outcome.how in ("run", "jailed")]
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    old = len(graded) - fresh
    end = f"{len(graded)} submissions: {told}. {fresh} graded now, {old} unchanged, "
    end += f"{len(ran)} had to be run{_because(ran)}."
    if timed:
        end += f" {sum(bool(one.late and one.late.penalty) for one in graded)} with a penalty for lateness."
    return "\n".join(line.rstrip() for line in (*shown, "", end))


def _because(ran: list[Graded]) -> str:
    """Which cells made notebooks run, the most frequent first."""
    cells = Counter(cell for one in ran for cell in one.outcome.must_run)
    told = ", ".join(f"{_short(cell, 40)} in {count}" for cell, count in cells.most_common(6))
    jailed = sum(one.outcome.how == "jailed" for one in ran)
    where = "" if not ran else ", in a jail" if jailed == len(ran) else f", {jailed} of them in a jail"
    return f"{where} (because of {told})" if told else where


def _short(text: str, width: int) -> str:
    flat = "".join(char if char.isprintable() else "?" for char in " ".join(text.split()))
    return flat if len(flat) <= width else flat[: width - 1] + "…"

"""Seconds for each graded submission: `casebook grade` beside stock `nbgrader autograde`, same submissions.

    python benchmarks/bench_grading.py [--submissions 6] [--rounds 3]

Stock runs every notebook in a kernel; ours reads it. Both include program start and gradebook.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from casebook.course.release import release
from casebook.course.settings import CONFIG_NAME
from tests.cohort.demo import copy_course
from tests.cohort.people import ASSIGNMENT, hand_in, people

STOCK_CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.submitted_directory = "autograde/submitted"
c.CourseDirectory.autograded_directory = "autograde/autograded"
c.CourseDirectory.db_url = "sqlite:///{root}/autograde/gradebook.db"
c.Execute.timeout = 300
"""
HONEST = ("amara", "dana", "emil", "kemi", "lars", "mina")


def prepare(folder: Path, count: int) -> Path:
    """A released course with ``count`` honest submissions."""
    course = copy_course(folder)
    release(course, ASSIGNMENT)
    path = course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    writers = [person for person in people() if person.name in HONEST]
    for number in range(count):
        target = course.submission(f"student-{number:03d}", ASSIGNMENT)
        target.mkdir(parents=True)
        (target / f"{ASSIGNMENT}.ipynb").write_bytes(hand_in(writers[number % len(writers)], notebook))
    return folder


def timed(command: list[str], folder: Path) -> float:
    """Seconds of wall clock for one command run in ``folder``; it must succeed."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def fresh(folder: Path, into: Path, stock: bool) -> Path:
    """A copy of the prepared course, with stock's settings or ours."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(folder, into)
    if stock:
        (into / CONFIG_NAME).write_text(STOCK_CONFIG.format(root=str(into)), encoding="utf-8")
    return into


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    python = sys.executable
    ours = [python, "-m", "casebook", "grade", ASSIGNMENT]
    stock = [python, "-m", "nbgrader", "autograde", ASSIGNMENT]
    ways = {"stock nbgrader": stock, "casebook grade": ours, "nbgrader, our settings": stock}
    whole: dict[str, list[float]] = {name: [] for name in ways}
    again: dict[str, list[float]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory(prefix="casebook-bench-") as name:
        folder = prepare(Path(name) / "course", args.submissions)
        for _ in range(args.rounds):  # interleaved, so that a busy minute hits all of them
            for way, command in ways.items():
                run = fresh(folder, Path(name) / "run", stock=way == "stock nbgrader")
                whole[way].append(timed(command, run))
                again[way].append(timed(command, run))  # nothing left to do: what starting costs
    each = {way: statistics.median(values) / args.submissions for way, values in whole.items()}
    start = {way: statistics.median(values) for way, values in again.items()}
    more = {way: each[way] - start[way] / args.submissions for way in ways}
    if args.json:
        measured = {"submissions": args.submissions, "seconds_each": each, "start_s": start, "one_more_s": more}
        print(json.dumps(measured, indent=1))
        return 0
    print(f"{args.submissions} submissions, medians of {args.rounds} rounds, in seconds")
    print(f"  {'':24} {'each':>7} {'':>8} {'start':>7} {'one more':>9}")
    for way in ways:
        times = f"{each['stock nbgrader'] / each[way]:5.1f} x"
        gain = f"{more['stock nbgrader'] / more[way]:5.1f} x"
        print(f"  {way:24} {each[way]:7.2f} {times:>8} {start[way]:7.2f} {more[way]:9.2f} {gain:>8}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

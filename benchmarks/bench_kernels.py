"""Seconds for a submission that must be run: stock `nbgrader autograde`, the jail cold, warm with 1 and 2 workers.

    python benchmarks/bench_kernels.py [--submissions 8] [--rounds 3] [--json]

The same notebooks, in turns, medians; program start, judge and gradebook included. Stock runs them without any jail.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from bench_grading import HONEST, fresh, timed

from casebook.course.release import release
from tests.cohort.demo import copy_course
from tests.cohort.people import ASSIGNMENT, hand_in, people
from tests.jail.computing import computing

STOCK = "stock nbgrader"
FIRST = "student-000"
COLD_AT_MOST = 1.1
WARM_AT_LEAST = 6.0


def prepare(folder: Path, count: int) -> Path:
    """A released course with ``count`` submissions, every one of which must be run."""
    course = copy_course(folder)
    release(course, ASSIGNMENT)
    blank = json.loads((course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
    writers = [person for person in people() if person.name in HONEST]
    for number in range(count):
        target = course.submission(f"student-{number:03d}", ASSIGNMENT)
        target.mkdir(parents=True)
        notebook = computing(json.loads(hand_in(writers[number % len(writers)], blank)))
        (target / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


def ways() -> dict[str, list[str]]:
    """Name and command of each way to grade."""
    python = sys.executable
    ours = [python, "-m", "casebook", "grade", ASSIGNMENT]
    return {
        STOCK: [python, "-m", "nbgrader", "autograde", ASSIGNMENT],
        "jail, cold": [*ours, "--kernels", "cold", "--jobs", "1"],
        "jail, warm": [*ours, "--kernels", "warm", "--jobs", "1"],
        "jail, warm, 2 workers": [*ours, "--kernels", "warm", "--jobs", "2"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.submissions < 2:
        raise SystemExit("--submissions must be 2 or more: one alone says nothing about the next one")
    whole: dict[str, list[float]] = {name: [] for name in ways()}
    first: dict[str, list[float]] = {name: [] for name in ways()}
    with tempfile.TemporaryDirectory(prefix="casebook-bench-") as name:
        folder = prepare(Path(name) / "course", args.submissions)
        for _ in range(args.rounds):  # interleaved, so that a busy minute hits all of them
            for way, command in ways().items():
                run = fresh(folder, Path(name) / "run", stock=way == STOCK)
                first[way].append(timed([*command, "--student", FIRST], run))
                run = fresh(folder, Path(name) / "run", stock=way == STOCK)
                whole[way].append(timed(command, run))
    each = {way: statistics.median(taken) / args.submissions for way, taken in whole.items()}
    alone = {way: statistics.median(taken) for way, taken in first.items()}
    more = {way: (each[way] * args.submissions - alone[way]) / (args.submissions - 1) for way in each}
    if args.json:
        told = {
            "submissions": args.submissions,
            "rounds": args.rounds,
            "each_s": each,
            "first_s": alone,
            "one_more_s": more,
            "times_stock": {way: more[STOCK] / more[way] for way in more},
        }
        print(json.dumps(told, indent=1))
        return 0
    print(f"{args.submissions} submissions that must be run, medians of {args.rounds} rounds, in seconds")
    print(f"  {'':24} {'each':>7} {'':>8} {'the first':>10} {'one more':>9}")
    for way in each:
        gain, throughput = each[STOCK] / each[way], more[STOCK] / more[way]
        print(f"  {way:24} {each[way]:7.2f} {gain:6.1f} x {alone[way]:10.2f} {more[way]:9.2f} {throughput:6.1f} x")
    print(f"wanted of one more: cold at most {COLD_AT_MOST:g} x stock's time, warm with 2 workers {WARM_AT_LEAST:g} x")
    return 0


if __name__ == "__main__":
    sys.exit(main())

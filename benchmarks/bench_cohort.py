"""Reading a cohort beside stock nbgrader, and a thousand mixed submissions in one go.

    python benchmarks/bench_cohort.py [--submissions 40] [--rounds 3] [--thousand 1000] [--json] [--write]

No two answers are alike. The first cohort is like a class (three sizes of each architecture, see cohort_of.py), in the
second every system is another, so that nothing simulated for one person serves the next. Program start, judge and
gradebook are included in "each"; "one more" leaves the start out. ``--write`` puts the table into docs/grading.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_grading import fresh, timed
from cohort_of import OTHERS, lay_out

from tests.cohort.people import ASSIGNMENT

GRADE = [sys.executable, "-m", "casebook", "grade", ASSIGNMENT, "--jobs"]
STOCK = "stock nbgrader autograde"
CLASS, ALL = "a class", "every system another"
WAYS = {
    STOCK: (CLASS, [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT]),
    "casebook grade --jobs 1": (CLASS, [*GRADE, "1"]),
    "casebook grade --jobs 2": (CLASS, [*GRADE, "2"]),
    f"casebook grade --jobs 1, {ALL}": (ALL, [*GRADE, "1"]),
    f"casebook grade --jobs 2, {ALL}": (ALL, [*GRADE, "2"]),
}
GOALS = {"casebook grade --jobs 1": 12.0, "casebook grade --jobs 2": 20.0}


def reading(count: int, rounds: int) -> dict[str, Any]:
    """Seconds a submission for each way, medians of interleaved rounds, and how many times faster than stock."""
    taken: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory(prefix="casebook-bench-") as name:
        folders = {
            cohort: lay_out(Path(name) / cohort.replace(" ", "-"), count, stock=True, sizes=sizes).root
            for cohort, sizes in ((CLASS, 3), (ALL, OTHERS))
        }
        for _ in range(rounds):
            for way, (cohort, command) in WAYS.items():
                run = fresh(folders[cohort], Path(name) / "run", stock=way == STOCK)
                taken[way].append((timed(command, run), timed(command, run)))
    each = {way: statistics.median(whole for whole, _ in times) / count for way, times in taken.items()}
    more = {way: statistics.median(whole - again for whole, again in times) / count for way, times in taken.items()}
    return {
        "submissions": count,
        "rounds": rounds,
        "each_s": each,
        "one_more_s": more,
        "times": {way: each[STOCK] / each[way] for way in WAYS},
        "times_one_more": {way: more[STOCK] / more[way] for way in WAYS},
    }


CHILD = """
import json, sys, time
from casebook.course.cohort import grade_cohort
from casebook.course.settings import Course

ends = []
def watch(names):
    for name in names:
        yield name
        ends.append(time.perf_counter())

course = Course.find(sys.argv[1])
begin = time.perf_counter()
graded = grade_cohort(course, sys.argv[2], jobs=2, progress=watch)
ends = [begin, *ends]
print(json.dumps({
    "whole_s": time.perf_counter() - begin,
    "steps_s": [after - before for before, after in zip(ends, ends[1:])],
    "statuses": [row.outcome.status for row in graded],
    "how": [row.outcome.how for row in graded],
    "fresh": sum(row.fresh for row in graded),
}))
"""


def thousand(count: int) -> dict[str, Any]:
    """``count`` submissions, 5 % hostile, 10 % that must be run, two workers; then once more with nothing changed."""
    with tempfile.TemporaryDirectory(prefix="casebook-bench-") as name:
        course = lay_out(Path(name) / "course", count, must_run=count // 10, hostile=count // 20)
        first, second = (_graded(course.root) for _ in range(2))
    steps = sorted(first["steps_s"])
    return {
        "submissions": count,
        "whole_s": first["whole_s"],
        "per_minute": 60.0 * count / first["whole_s"],
        "median_s": statistics.median(steps),
        "p99_s": steps[min(len(steps) - 1, int(0.99 * len(steps)))],
        "slowest_s": steps[-1],
        "peak_mb": first["peak_mb"],
        "again_s": second["whole_s"],
        "again_fresh": second["fresh"],
        "statuses": {status: first["statuses"].count(status) for status in sorted(set(first["statuses"]))},
        "how": {how: first["how"].count(how) for how in sorted(set(first["how"]))},
    }


def _graded(root: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", CHILD, str(root), ASSIGNMENT], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"grading ended with {done.returncode}:\n{done.stderr[-3000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024.0  # the largest process of all
    return told


def _rounds(count: int) -> str:
    return "one round" if count == 1 else f"medians of {count} interleaved rounds"


def page(read: dict[str, Any], many: dict[str, Any] | None) -> str:
    """The measurement as markdown, goals beside what was measured."""
    from tests.hostile.tables import table

    head = ("way", "seconds each", "faster", "one more", "faster", "goal")
    rows = [
        (
            way,
            f"{read['each_s'][way]:.2f}",
            f"{read['times'][way]:.1f}×",
            f"{read['one_more_s'][way]:.2f}",
            f"{read['times_one_more'][way]:.1f}×",
            f"{GOALS[way]:g}×" if way in GOALS else "",
        )
        for way in WAYS
    ]
    told = [
        f"{read['submissions']} submissions, no two answers alike, {_rounds(read['rounds'])}. "
        "*Each* includes the program's start; *one more* is what a further submission costs. In the class three "
        "sizes of each architecture occur; where every system is another, nothing simulated for one person serves "
        "the next.",
        table(head, rows),
    ]
    if many:
        counted = ", ".join(f"{count} {status}" for status, count in many["statuses"].items())
        ways = ", ".join(f"{count} {how}" for how, count in many["how"].items())
        told.append(
            f"**{many['submissions']:,} submissions** of mixed quality in one go, 5 % hostile, 10 % that must be run, "
            f"two workers: {many['whole_s'] / 60:.1f} minutes ({many['per_minute']:.0f} a minute); the median took "
            f"{many['median_s']:.2f} s, the slowest per cent {many['p99_s']:.1f} s or more, the slowest "
            f"{many['slowest_s']:.1f} s; the largest process had {many['peak_mb']:.0f} MB. Statuses: {counted}; "
            f"{ways}. A second run with nothing changed graded {many['again_fresh']} anew and ended "
            f"after {many['again_s']:.1f} s."
        )
    return "\n\n".join(told)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--thousand", type=int, default=0, metavar="N", help="also N mixed submissions in one go")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/grading.md")
    args = parser.parse_args()
    begin = time.perf_counter()
    many = thousand(args.thousand) if args.thousand else None  # first: it is the one that meets something new
    if many:
        print(json.dumps(many), file=sys.stderr)
    read = reading(args.submissions, args.rounds)
    if args.json:
        print(json.dumps({"reading": read, "thousand": many}, indent=1))
        return 0
    text = page(read, many)
    print(text)
    if args.write:
        from tests.hostile.tables import write

        write("speed", text)
    print(f"\n{time.perf_counter() - begin:.0f} s in all", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""``casebook smoke``: every notebook headless, blank and with a strong answer; every control of every board."""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from casebook.commands._words import BadInput, table

if TYPE_CHECKING:
    from casebook.course.smoke import Job, Result

HELP = "run every notebook headless (blank, and with a strong answer) and move every control"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--course", metavar="FOLDER", help="the course folder (default: looked for from here)")
    parser.add_argument("--answers", metavar="FOLDER", help="folder of <case>.strong.json (default: tests/answers)")
    parser.add_argument("--only", metavar="WORD", default="", help="only what has this word in its name or kind")
    parser.add_argument("--jobs", type=int, default=2, help="how many notebooks at once (default: 2)")
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write the results as JUnit XML, too")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")


def run(args: argparse.Namespace) -> int:
    """0 everything ran and showed what it should, 1 bad input, 2 something did not."""
    from casebook.course.settings import Course
    from casebook.course.smoke import jobs, junit

    root = Course.find(args.course).root
    answers = Path(args.answers) if args.answers else root / "tests" / "answers"
    wanted = [job for job in jobs(root, answers) if args.only in job.name or args.only in job.what]
    if not wanted:
        raise BadInput(f"nothing to run has {args.only!r} in its name. Leave --only out to see everything.")
    if not 1 <= args.jobs <= 64:
        raise BadInput(f"--jobs {args.jobs} is outside 1 to 64.")
    results = attempt_all(wanted, args.jobs)
    if args.junit:
        args.junit.parent.mkdir(parents=True, exist_ok=True)
        args.junit.write_text(junit(results), encoding="utf-8")
    failed = [result for result in results if result.trouble]
    if args.json:
        plain = [
            {
                "name": r.job.name,
                "what": r.job.what,
                "ok": not r.trouble,
                "trouble": r.trouble,
                "showed": r.showed,
                "seconds": round(r.seconds, 2),
            }
            for r in results
        ]
        print(json.dumps(plain, indent=1, ensure_ascii=False))
    else:
        rows = [
            (r.job.name, r.job.what, "FAILED" if r.trouble else "ok", f"{r.seconds:.1f} s", r.showed) for r in results
        ]
        print(table(("name", "as", "", "took", "showed"), rows, (3,)))
        for result in failed:
            print(f"\n{result.job.name} ({result.job.what}): {result.trouble}")
        print(f"\n{len(results)} tried, {len(failed)} failed.")
    return 2 if failed else 0


def attempt_all(wanted: list[Job], at_once: int) -> list[Result]:
    """Every job's result in the order asked for, with progress on stderr when it is a terminal.

    Notebooks run beside each other, each in a kernel of its own; boards live in this process, one at a time.
    """
    from tqdm import tqdm

    from casebook.course.smoke import attempt

    done: dict[int, Result] = {}
    with tqdm(total=len(wanted), desc="smoke", unit=" run", disable=not sys.stderr.isatty(), leave=False) as bar:
        # Processes, not threads: papermill changes the working folder of the whole process for each run.
        with ProcessPoolExecutor(at_once, get_context("spawn")) as pool:
            running = {i: pool.submit(attempt, job) for i, job in enumerate(wanted) if job.path is not None}
            for i, future in running.items():
                done[i] = future.result()
                bar.update()
        for i, job in enumerate(wanted):
            if job.path is None:
                done[i] = attempt(job)
                bar.update()
    return [done[i] for i in range(len(wanted))]

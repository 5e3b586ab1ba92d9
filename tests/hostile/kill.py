"""`python -m tests.hostile.kill --times 50 --seed 0 [--write]`: the coordinator killed at random moments, run again.

What the second run leaves (export, records, graded notebooks, gradebook's grades) must be what an undisturbed one left.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from casebook.course.export import lines, to_csv, to_json
from casebook.course.gradebook import sheets
from casebook.course.outcome import Outcome
from casebook.course.settings import Course
from tests.cohort.people import ASSIGNMENT, hand_in, people
from tests.hostile.cohort import new_course
from tests.hostile.tables import table, write
from tests.hostile.watch import Watched, watched

SIZE = 12
SOON_S = 0.05  # no Python is over before it
OTHERS = {1: "noor", 4: "otto", 7: "ivo"}
KEY = re.compile(r'"key": "[0-9a-f]{64}"')  # seeds that somebody saves meanwhile change it, and nothing else


@dataclass(frozen=True, slots=True)
class Killed:
    """One round: when the kill came and whom it hit, how far the run had come, and what is wrong afterwards."""

    number: int
    after_s: float
    whole_group: bool
    was_running: bool
    on_record: int
    wrong: tuple[str, ...]


def grade(jobs: int) -> list[str]:
    """The command that is killed, with so many judges."""
    return [sys.executable, "-m", "casebook", "grade", ASSIGNMENT, "--jobs", str(jobs)]


def cohort(folder: Path, size: int = SIZE) -> Course:
    """A course with ``size`` hand-ins that nobody has graded: strong ones that differ in their prose, and, in between,
    one to refuse, one that is damaged and one that has to be run. Few designs, so that little time goes into judging.
    """
    course = new_course(folder)
    released = json.loads((course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
    by_name = {person.name: person for person in people()}
    strong = by_name["amara"]
    for number in range(size):
        writer = by_name[OTHERS.get(number, strong.name)]
        writer = replace(writer, prose=f"{writer.prose} Hand-in {number}.") if writer is strong else writer
        place = course.submission(f"s{number:02d}", ASSIGNMENT)
        place.mkdir(parents=True)
        (place / f"{ASSIGNMENT}.ipynb").write_bytes(hand_in(writer, released))
    return course


def left(course: Course) -> dict[str, str]:
    """Everything a run leaves that somebody reads: export, records, graded notebooks, the gradebook's marks."""
    rows = lines(course, ASSIGNMENT)
    found = {"export.csv": to_csv(rows), "export.json": to_json(rows)}
    for path in sorted(course.records.glob("*/.read/*.json")):
        found[f"read: {path.name}"] = path.read_text(encoding="utf-8")
    for path in sorted(course.records.glob("*/*.json")):
        found[path.name] = Outcome.from_json(path.read_text(encoding="utf-8")).with_key("").to_json()
    for path in sorted(path for path in course.autograded.rglob("*") if path.is_file()):
        found[str(path.relative_to(course.root))] = KEY.sub("", path.read_text(encoding="utf-8"))
    for name, sheet in sorted(sheets(course, ASSIGNMENT).items()):
        found[f"gradebook: {name}"] = repr((sorted(sheet.marks, key=lambda mark: mark.grade_id), sheet.late_penalty))
    return found


def half_records(course: Course) -> list[str]:
    """Records that are not whole, before anybody mends them."""
    wrong = []
    for path in sorted(course.records.glob("*/*.json")):
        try:
            Outcome.from_json(path.read_text(encoding="utf-8"))
        except ValueError:
            wrong.append(f"half a record: {path.name}")
    return wrong


class Rounds:
    """An undisturbed run to compare with, and as many disturbed ones as are asked for."""

    def __init__(self, folder: Path, size: int = SIZE) -> None:
        self.folder = folder
        self.fresh = cohort(folder / "fresh", size)
        self.undisturbed, self.wanted = self._undisturbed()

    def _undisturbed(self) -> tuple[Watched, dict[str, str]]:
        plain = self._copy("plain")
        run = watched(grade(2), plain.root)
        if run.code not in (0, 2):
            raise RuntimeError(f"the undisturbed run ended with {run.code}:\n{run.err}")
        return run, left(plain)

    def _copy(self, name: str) -> Course:
        into = self.folder / name
        shutil.rmtree(into, ignore_errors=True)
        shutil.copytree(self.fresh.root, into)
        return Course(into)

    def round(self, number: int, seed: int) -> Killed:
        """One round. When it ends in something else, and so does an undisturbed run by now, because somebody saved the
        grader or its seeds meanwhile, the round says nothing and is done again.
        """
        killed = self._round(number, seed)
        if killed.wrong:
            before = self.wanted
            self.undisturbed, self.wanted = self._undisturbed()
            if self.wanted != before:
                killed = self._round(number, seed)
        return killed

    def _round(self, number: int, seed: int) -> Killed:
        """Kill one run at a random moment, look, run again, compare.

        Where the run was over by then, because the machine was busier when the undisturbed one was timed, nothing has
        been killed yet: it comes in half the time.
        """
        chance = random.Random(f"{seed}:{number}")
        after_s = chance.uniform(0.2, self.undisturbed.seconds)
        whole_group = chance.random() < 0.5
        command = grade(2 - number % 2)
        course = self._copy("disturbed")
        first = watched(command, course.root, kill_after_s=after_s, whole_group=whole_group)
        while first.code >= 0 and after_s > SOON_S:
            after_s /= 2
            course = self._copy("disturbed")
            first = watched(command, course.root, kill_after_s=after_s, whole_group=whole_group)
        wrong = half_records(course) + [f"a process is left after the kill: {line}" for line in first.left]
        on_record = len(list(course.records.glob("*/*.json")))
        second = watched(command, course.root)
        if second.code != self.undisturbed.code:
            wrong.append(f"the second run ended with {second.code}: {second.err[-500:]}")
        wrong += [f"a process is left after the second run: {line}" for line in second.left]
        wrong += different(self.wanted, left(course))
        return Killed(number, after_s, whole_group, first.code < 0, on_record, tuple(wrong))


def different(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    """Where two runs left something different: the name, and the first line that is not the same."""
    told = []
    for name in sorted(wanted.keys() | found.keys()):
        if name not in wanted:
            told.append(f"{name} is too much")
        elif name not in found:
            told.append(f"{name} is missing")
        elif wanted[name] != found[name]:
            pairs = itertools.zip_longest(wanted[name].splitlines(), found[name].splitlines())
            one, other = next(((a, b) for a, b in pairs if a != b), ("", ""))
            told.append(f"{name} is not the same: {str(one)[:150]!r} and now {str(other)[:150]!r}")
    return told


def rounds(times: int, seed: int, folder: Path, size: int = SIZE) -> Iterator[Killed]:
    """``times`` rounds, one after another."""
    made = Rounds(folder, size)
    for number in range(times):
        yield made.round(number, seed)


def rows(found: list[Killed], seed: int, students: int) -> str:
    """The table of docs/grading.md."""
    body = []
    for whom, whole in (("the coordinator alone", False), ("the coordinator and all it started", True)):
        those = [one for one in found if one.whole_group == whole]
        before = Counter("running" if one.was_running else "over" for one in those)
        marks = sorted(one.on_record for one in those) or [0]
        body.append(
            (
                whom,
                str(len(those)),
                str(before["running"]),
                f"{marks[0]} to {marks[-1]}",
                str(sum(not one.wrong for one in those)),
            )
        )
    head = ("killed", "rounds", "hit a running one", f"of {students} on record then", "same result after running again")
    return f"{len(found)} rounds, seed {seed}, a cohort of {students}, one judge or two.\n\n{table(head, body)}"


def main(argv: list[str] | None = None) -> int:
    """0 every round ended as the undisturbed run did, 2 one did not."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.kill", description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print the rounds as JSON")
    parser.add_argument("--write", action="store_true", help="write the table into docs/grading.md")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="casebook-kill-") as scratch:
        found: list[Killed] = []
        with contextlib.suppress(KeyboardInterrupt):  # what was found until then is told
            for one in tqdm(rounds(args.times, args.seed, Path(scratch)), total=args.times, unit=" kill"):
                found.append(one)
    told = rows(found, args.seed, SIZE)
    if args.json:
        print(
            json.dumps([{"number": one.number, "after_s": one.after_s, "wrong": one.wrong} for one in found], indent=1)
        )
    else:
        print(told)
    for one in found:
        for line in one.wrong:
            print(f"round {one.number} (after {one.after_s:.2f} s): {line}", file=sys.stderr)
    if args.write:
        write("killed", told)
    return 2 if any(one.wrong for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())

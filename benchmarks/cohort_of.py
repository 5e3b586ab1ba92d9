"""A cohort of any size for benchmarks: no two kept designs alike, some must be run, some are hostile."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from bench_kernels import computing

from casebook.course.release import release
from casebook.course.settings import Course
from tests.cohort.demo import copy_course
from tests.cohort.people import ASSIGNMENT, Person, hand_in, people

HONEST = ("amara", "dana", "emil", "kemi", "lars", "mina", "fay", "jun", "hana", "bruno", "goran")
OTHERS = 12  # sizes, when hardly two people's systems shall be alike
# Stock nbgrader would be timed on a crash instead of a grading with these.
NOT_FOR_STOCK = ("goran", "jun", "hana")


def writers(*, stock: bool = False) -> list[Person]:
    """The sample's honest writers of mixed quality; with ``stock`` only those whom stock nbgrader can grade."""
    left = NOT_FOR_STOCK if stock else ()
    return [person for person in people() if person.name in HONEST and person.name not in left]


def own_design(person: Person, number: int, sizes: int = 3) -> Person:
    """The same writer with a cut-off that nobody else has, and one of ``sizes`` sizes of what serves.

    A cut-off of one's own makes another answer, and hardly ever another system to simulate; another size does. Three
    sizes are our assumption of a class: most of those who choose the same parts choose about as many of them.
    """
    turn = number // len(HONEST)

    def knob(name: str, moved: Callable[[float], float]) -> None:
        nonlocal design
        design = re.sub(rf"\b{name}=([0-9.]+)", lambda found: f"{name}={moved(float(found[1])):g}", design)

    design = person.fields.get("design", "")
    knob("threshold", lambda value: _moved(value, number))
    knob("replicas", lambda value: min(value + turn % sizes, 64))
    knob("max_batch", lambda value: value if sizes < 4 else max(1, value - turn // sizes % 4))
    knob("cache_share", lambda value: value + 0.01 * (turn % sizes))
    return replace(person, fields={**person.fields, "design": design}) if design else person


def _moved(value: float, number: int) -> float:
    """A different cut-off for each number, within a tenth of what was chosen."""
    return round(value + ((number % 199) - 99) / 1000.0 + (number // 199) / 100_000.0, 5)


def lay_out(
    folder: Path,
    count: int,
    *,
    must_run: int = 0,
    hostile: int = 0,
    seed: int = 0,
    stock: bool = False,
    sizes: int = 3,
) -> Course:
    """A released course with ``count`` submissions in random order: ``must_run`` compute, ``hostile`` are attacks.

    ``sizes`` as in `own_design`; with `OTHERS` nearly every submission is another system.
    """
    course = copy_course(folder)
    release(course, ASSIGNMENT)
    blank = json.loads((course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
    order = ["run"] * must_run + ["hostile"] * hostile + ["read"] * (count - must_run - hostile)
    random.Random(seed).shuffle(order)
    honest = writers(stock=stock)
    for number, how in enumerate(order):
        target = course.submission(f"student-{number:04d}", ASSIGNMENT)
        target.mkdir(parents=True)
        made = hand_in(own_design(honest[number % len(honest)], number, sizes), blank)
        path = target / f"{ASSIGNMENT}.ipynb"
        if how == "hostile":
            _attack(course, target, blank, number)
        elif how == "run":
            path.write_text(json.dumps(computing(json.loads(made))), encoding="utf-8")
        else:
            path.write_bytes(made)
    return course


def _attack(course: Course, target: Path, blank: dict[str, object], number: int) -> None:
    """One kind of the hostile corpus, in turn; those that wait for a time limit are left to the corpus itself."""
    from tests.hostile.cohort import KINDS
    from tests.hostile.kind import READ, Scene

    kinds = [kind for kind in KINDS if kind.how == READ and not kind.student]
    outside = course.root / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "secret.txt").touch()
    for nth in range(len(kinds)):
        with suppress(FileNotFoundError):  # what a few of them copy is only in the corpus
            return kinds[(number + nth) % len(kinds)].make(Scene(course.root, target, outside, blank, 9))

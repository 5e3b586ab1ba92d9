"""The corpus handed in: a course of its own, every kind as one student, strong neighbours before, between and after."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from casebook.course.export import Line, lines
from casebook.course.outcome import Outcome
from casebook.course.settings import CONFIG_NAME, Course
from tests.cohort.people import ASSIGNMENT
from tests.hostile import cells, files, pages, reading, running  # noqa: F401  (each registers its kinds)
from tests.hostile.kind import KINDS, SECRET, Kind, Scene
from tests.hostile.watch import Watched, watched

ROOT = Path(__file__).resolve().parents[2]
EVERY = 8
CELL_S, NOTEBOOK_S = 30, 60  # shorter than in a course: a dozen kinds use up all of it
OTHERS = ("startups-tickets",)
DAY = """
import sys
from casebook.cli import main
from casebook.course.jailed_run import run_in_jail
run_in_jail.__kwdefaults__.update(cell_s=float(sys.argv.pop(1)), notebook_s=int(sys.argv.pop(1)))
name, *shown = sys.argv[1:]
grade = main(["grade", name, "--jobs", "2"])
print("=== feedback", grade)
print("=== export", main(["feedback", name, *(word for student in shown for word in ("--student", student))]))
main(["export", name])
sys.exit(grade)
"""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A course with the corpus in it: ``students`` maps each kind's name to its folder, ``good`` are the neighbours."""

    course: Course
    outside: Path
    students: dict[str, str]
    good: tuple[str, ...]
    kinds: tuple[Kind, ...]
    listener: socket.socket

    def reached(self) -> int:
        """How many connections came in on the socket that nobody may reach."""
        count = 0
        while True:
            try:
                self.listener.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1


def lay_out(folder: Path, kinds: Iterable[Kind] = KINDS) -> Corpus:
    """A new course in ``folder``/course with ``kinds`` handed in, and ``folder``/outside beside it."""
    course = new_course(folder / "course")
    outside = folder / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(SECRET, encoding="utf-8")
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    released = json.loads(_released(course).read_text(encoding="utf-8"))
    port = listener.getsockname()[1]

    def scene(student: str) -> Scene:
        made = course.submitted / student / ASSIGNMENT
        made.mkdir(parents=True)
        return Scene(course.root, made, outside, released, port)

    chosen = tuple(kinds)
    good = ["a-good", "zz-good"]
    for name in good:
        _strong(scene(name))
    students: dict[str, str] = {}
    for at, kind in enumerate(chosen):
        if at and at % EVERY == 0:
            good.append(f"k{at:03d}-good")
            _strong(scene(good[-1]))
        students[kind.name] = kind.student or f"k{at:03d}-{'-'.join(kind.name.split())[:40]}".replace(",", "")
        students[kind.name] = "".join(
            c if c.isalnum() or c in "-._" or kind.student else "" for c in students[kind.name]
        )
        kind.make(scene(students[kind.name]))
    return Corpus(course, outside, students, tuple(sorted(good)), chosen, listener)


def _strong(scene: Scene) -> None:
    scene.write(scene.strong())


def _released(course: Course) -> Path:
    return course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"


def new_course(into: Path) -> Course:
    (into / "autograde" / "judge").mkdir(parents=True)
    for name in (ASSIGNMENT, *OTHERS):
        shutil.copytree(ROOT / "source" / name, into / "source" / name)
        shutil.copytree(ROOT / "release" / name, into / "release" / name)
        shutil.copy(ROOT / "autograde" / "judge" / f"{name}.yaml", into / "autograde" / "judge")
    shutil.copy(ROOT / CONFIG_NAME, into / CONFIG_NAME)
    return Course(into)


def day(course: Course, shown: Sequence[str] = ()) -> Watched:
    """Grade, write feedback (for everybody, or only for those in ``shown``) and export, as one process that was started
    with a secret in its environment.
    """
    env = {"CASEBOOK_CANARY": SECRET, "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]}
    command = [sys.executable, "-c", DAY, str(CELL_S), str(NOTEBOOK_S), ASSIGNMENT, *shown]
    return watched(command, course.root, env=env)


def outcomes(corpus: Corpus) -> dict[str, Outcome | None]:
    """What became of everyone, by student; None where there is no record."""
    found: dict[str, Outcome | None] = {}
    for student in (*corpus.good, *corpus.students.values()):
        try:
            text = corpus.course.record(student, ASSIGNMENT).read_text(encoding="utf-8")
            found[student] = Outcome.from_json(text)
        except (OSError, ValueError):
            found[student] = None
    return found


def exported(corpus: Corpus) -> dict[str, Line]:
    """The export's lines by student."""
    return {row.student: row for row in lines(corpus.course, ASSIGNMENT)}

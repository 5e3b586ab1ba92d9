"""Prose that people grade: the items they look for, graded samples to agree on, and tables of their decisions.

The items of a cell come from autograde/prose/<cell>.yaml, else from the version that Casebook brings.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from casebook.course.errors import CourseError, Refused
from casebook.course.export import filed
from casebook.course.gradebook import HandGrade, sheets
from casebook.course.intake import open_submission
from casebook.course.render import points as shown
from casebook.course.repair import Release, load_release, rebuild
from casebook.course.settings import STUB, Course

COLUMNS = ("student", "cell", "items", "points", "comment")
SHIPPED = Path(__file__).parent / "scaffold"
LEVELS = ("full", "half", "none")
STYLE = """
:root { color-scheme: light dark; } body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .6rem .8rem; border: 1px solid #8886; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top; }
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a reader looks for, and what it is worth in points."""

    id: str
    points: float
    says: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A text graded beforehand: the ``items`` it has and why."""

    level: str
    text: str
    items: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How one written cell is read."""

    cell: str
    items: tuple[Item, ...]
    samples: tuple[Sample, ...]

    def worth(self, names: Iterable[str]) -> float:
        """The points of these items together."""
        had = set(names)
        return sum(item.points for item in self.items if item.id in had)


def reading_of(course: Course, cell: str, possible: float) -> Reading:
    """The items for a cell that is worth ``possible`` points; CourseError where the file does not fit."""
    from casebook.facts.errors import SeedError
    from casebook.facts.files import parse_seed

    own = course.autograde / "prose" / f"{cell}.yaml"
    path = own if own.is_file() else SHIPPED / f"{cell}.yaml"
    place = f"autograde/prose/{cell}.yaml"
    try:
        data = parse_seed(path.read_text(encoding="utf-8"), place)
    except FileNotFoundError:
        raise CourseError(place, "nobody has written what to look for in this cell", "Write it; see docs.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(place, f"it cannot be read ({error})", "Save it as UTF-8 text.") from None
    except SeedError as error:
        raise CourseError(f"{place}, {error.key}", error.problem, error.remedy) from None
    try:
        items = tuple(Item(name, float(one["points"]), str(one["says"])) for name, one in data["items"].items())
        levels = {one["level"]: one for one in data["levels"]}
        samples = tuple(
            Sample(name, str(text["text"]), tuple(levels[name]["has"]), str(text["why"]))
            for name in LEVELS
            for text in levels[name]["samples"]
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        told = "Items have points and says; each level (full, half, none) has and samples, each with text and why."
        raise CourseError(place, f"something is missing or misspelt: {error}", told) from None
    return _fitting(Reading(cell, items, samples), place, possible)


def _fitting(reading: Reading, place: str, possible: float) -> Reading:
    total, known = sum(item.points for item in reading.items), {item.id for item in reading.items}
    if any(item.points <= 0 for item in reading.items) or abs(total - possible) > 1e-9:
        problem = f"its items are worth {total:g} points and the cell {possible:g}"
        raise CourseError(place, problem, "Make them add up, each above 0.")
    for level in LEVELS:
        if sum(sample.level == level for sample in reading.samples) < 2:
            raise CourseError(place, f"the level {level!r} has fewer than two samples", "Write two texts for it.")
    for sample in reading.samples:
        if unknown := set(sample.items) - known:
            told = f"Known: {', '.join(sorted(known))}."
            raise CourseError(place, f"the level {sample.level!r} has an unknown item {min(unknown)!r}", told)
    return reading


def read_grades(path: Path, course: Course, assignment: str) -> list[HandGrade]:
    """Hand grades from a CSV: either ``points``, or ``items`` (names with spaces between, ``-`` for none).

    What was not found is added to the comment, so that the learner reads it. Raises CourseError with file and line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(str(path), f"the file cannot be read ({error})", "Check the path after --hand.") from error
    prose = load_release(course.release(assignment)).prose
    found: list[HandGrade] = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        place = f"{path} line {number}"
        items, given = (row.get("items") or "").strip(), (row.get("points") or "").strip()
        if not items and not given and row.get("student"):
            continue  # a line of the form that nobody has filled in yet
        try:
            if items and given:
                raise ValueError("give items or points, not both")
            comment = (row.get("comment") or "").strip()
            cell = row["cell"]
            if given:
                found.append(HandGrade(row["student"], cell, float(given), comment))
                continue
            if cell not in prose:
                raise ValueError(f"{cell!r} is no written cell of {assignment}")
            found.append(_by_items(row["student"], reading_of(course, cell, prose[cell]), items, comment))
        except (KeyError, TypeError, ValueError) as error:
            told = f"The columns are {', '.join(COLUMNS)}; points is a number, items are names with spaces between."
            raise CourseError(place, f"this is not a hand grade ({error})", told) from error
    return found


def _by_items(student: str, reading: Reading, items: str, comment: str) -> HandGrade:
    names = [] if items == "-" else items.replace(",", " ").split()
    known = [item.id for item in reading.items]
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"{unknown[0]!r} is no item of {reading.cell}; there are {', '.join(known)}")
    missing = " ".join(item.says for item in reading.items if item.id not in names)
    told = f"Not found: {missing}" if missing else ""
    return HandGrade(student, reading.cell, reading.worth(names), " ".join(part for part in (comment, told) if part))


def form(course: Course, assignment: str) -> str:
    """A CSV with a line for every written cell that waits for a reader, to fill in and give to ``--hand``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for student, cell in waiting(course, assignment):
        writer.writerow([student, cell, "", "", ""])
    return out.getvalue()


def waiting(course: Course, assignment: str) -> list[tuple[str, str]]:
    """(student, cell) of every written cell without points in the gradebook, or changed after it had been read.

    A refused notebook is left out: there is nothing of the learner's in it that could be read.
    """
    found = []
    for name, sheet in sorted(sheets(course, assignment).items()):
        record = filed(course, assignment, name)
        if record is None or record.status != "refused":
            cells = [
                mark.grade_id for mark in sheet.marks if not mark.by_machine and (mark.points is None or mark.again)
            ]
            found += [(name, cell) for cell in cells]
    return found


def page(course: Course, assignment: str) -> str:
    """One HTML page: items, graded samples, and every text that waits for a reader. Learners' words are escaped."""
    release = load_release(course.release(assignment))
    readings = [reading_of(course, cell, possible) for cell, possible in release.prose.items()]
    parts = [f"<h1>{escape(assignment)}: to be read by a person</h1>", *map(_how, readings)]
    texts: dict[str, Mapping[str, str]] = {}
    for student, cell in waiting(course, assignment):
        if student not in texts:
            texts[student] = _texts(course, assignment, student, release)
        said = texts[student].get(cell, "")
        body = f"<pre>{escape(said)}</pre>" if said and said != STUB else "<p>Nothing was written.</p>"
        parts.append(f"<h2>{escape(student)} · {escape(cell)}</h2>{body}")
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(assignment)}: to be read</title><style>{STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _how(reading: Reading) -> str:
    head = "".join(f"<th>{name}</th>" for name in ("item", "points", "what to look for"))
    rows = "".join(
        f"<tr><td><code>{escape(item.id)}</code></td><td>{shown(item.points)}</td><td>{escape(item.says)}</td></tr>"
        for item in reading.items
    )
    samples = "".join(
        f"<h3>{escape(sample.level)}: {shown(reading.worth(sample.items))} points</h3><pre>{escape(sample.text)}</pre>"
        f"<p>{escape(sample.why)}</p>"
        for sample in reading.samples
    )
    return (
        f"<h2>How to read {escape(reading.cell)}</h2><table><tr>{head}</tr>{rows}</table>"
        f"<details><summary>Graded samples: read these first</summary>{samples}</details>"
    )


def _texts(course: Course, assignment: str, student: str, release: Release) -> dict[str, str]:
    """A student's written cells as they typed them; empty where the submission could not be taken in."""
    path = course.submission(student, assignment) / f"{release.notebook_name}.ipynb"
    try:
        notebook: dict[str, Any] = rebuild(release, open_submission(path)).notebook
    except Refused:
        return {}
    found = {}
    for cell in notebook["cells"]:
        grade_id = (cell["metadata"].get("nbgrader") or {}).get("grade_id")
        if grade_id in release.prose:
            found[grade_id] = "".join(cell["source"])
    return found

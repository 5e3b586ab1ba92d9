"""Submissions from the exchange, a folder or a platform's zip into autograde/submitted, nobody lost in silence.

A student is found by people.csv or by the folder's name; of several attempts the newest by the platform's own naming
counts; what lies there already is replaced only when asked to, and kept aside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casebook.course.collect_place import lay_out
from casebook.course.collect_source import Entry, Source, opened_source
from casebook.course.errors import CourseError
from casebook.course.lms import Person
from casebook.course.repair import load_release
from casebook.course.settings import SAFE_NAME, Course, load_config

NAMINGS = ("canvas", "moodle", "exchange", "plain")
CANVAS = re.compile(r"(?P<who>[^_/]*)_(?P<late>LATE_)?(?P<user>\d{1,18})_(?P<file_id>\d{1,18})_(?P<file>[^/]+)\Z")
MOODLE = re.compile(
    r"(?P<who>.{1,200}?)_(?P<number>\d{1,18})_assignsubmission_(?P<kind>file|onlinetext)_?(?P<file>.*)\Z"
)
EXCHANGE = re.compile(r"(?P<who>[^/]+?)\+(?P<assignment>[^+/]+)\+(?P<when>[^+/]+)(?:\+[^+/]+)?\Z")
ATTEMPT = re.compile(r"(?:[- ]\(?(\d{1,4})\)?)?\Z")


@dataclass(frozen=True, slots=True)
class Found:
    """A notebook that says who handed it in. ``rank`` sorts attempts; the largest is the newest."""

    entry: Entry
    who: str
    rank: tuple[str, int, int] = ("", 0, 0)
    late: bool = False
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of the lot. ``placed`` and the others are students; ``unmatched`` are (file, why)."""

    placed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    unmatched: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = field(default=())


def collect(
    course: Course,
    assignment: str,
    place: Path | None = None,
    *,
    people: Mapping[str, Person] | None = None,
    naming: str | None = None,
    replace: bool = False,
) -> Collected:
    """Put everybody's newest notebook where the grader looks for it; ``place`` None is nbgrader's exchange.

    Raises CourseError for what cannot be a source; whatever is wrong with one file is told in the result.
    """
    course.known_assignment(assignment)
    course.prepare()
    name = load_release(course.release(assignment)).notebook_name
    by_owner = place is None and _names_by_owner(course)
    if place is None:
        place, naming = _inbound(course), "exchange"
    with opened_source(place) as source:
        naming = naming or _naming(source)
        if naming in ("canvas", "moodle") and people is None:
            raise CourseError(
                str(place),
                f"its files are named by {naming.capitalize()}, which does not know your students' folder names",
                "Add --people people.csv (columns student, name and id); see docs/instructor.md.",
            )
        found, unmatched = _found(source, naming, assignment, name, course.assignments())
        if by_owner:
            found, borrowed = _owned(source, found)
            unmatched += borrowed
        chosen, more, notes = _newest(found, naming, name, people)
        taken = {student: one.entry for student, one in chosen.items()}
        lists, untaken = lay_out(course, assignment, name, source, taken, replace)
        return Collected(
            **{key: tuple(names) for key, names in lists.items()},
            unmatched=(*source.left_out, *unmatched, *more, *untaken),
            notes=tuple(notes),
        )


def _inbound(course: Course) -> Path:
    """Where nbgrader's exchange keeps what learners submitted."""
    config = load_config(course)
    root = Path(str(config.get("Exchange", {}).get("root", "")))
    place = root / str(config.get("CourseDirectory", {}).get("course_id", "casebook")) / "inbound"
    if not place.is_dir():
        told = "Release it there first (nbgrader release_assignment), or give a folder or a zip with --from."
        raise CourseError(str(place), "nobody can have submitted through the exchange: there is no such folder", told)
    return place


def _names_by_owner(course: Course) -> bool:
    """Whether nbgrader's own setting leaves it to the machine's users to say whose a submission is (the default)."""
    return bool(load_config(course).get("ExchangeCollect", {}).get("check_owner", True))


def _owned(source: Source, found: Iterable[Found]) -> tuple[list[Found], list[tuple[str, str]]]:
    """Those that belong to the user they are named after, or to whoever collects; and who the others belong to.

    Everybody may write to the exchange, so a name in it is a claim. Where all servers run as one user (containers
    that share a volume), everything is the collector's own, and nothing can be told from it.
    """
    mine: list[Found] = []
    others: list[tuple[str, str]] = []
    for one in found:
        strangers = sorted(source.owners(one.entry) - {one.who})
        if strangers:
            why = f"it says {one.who} and belongs to the user {strangers[0]}; ask both"
            remedy = "if that is in order here: c.ExchangeCollect.check_owner = False in nbgrader_config.py"
            others.append((one.entry.shown, f"{why} ({remedy})"))
        else:
            mine.append(one)
    return mine, others


def _naming(source: Source) -> str:
    """Whose naming most notebooks follow."""
    notebooks = [entry for entry in source.entries if entry.parts[-1].endswith(".ipynb")]
    moodle = sum(any(MOODLE.match(part) for part in entry.parts) for entry in notebooks)
    canvas = sum(bool(CANVAS.match(entry.parts[-1])) for entry in notebooks)
    half = max(1, (len(notebooks) + 1) // 2)
    return "moodle" if moodle >= half else "canvas" if canvas >= half else "plain"


def _found(
    source: Source, naming: str, assignment: str, name: str, known: Iterable[str]
) -> tuple[list[Found], list[tuple[str, str]]]:
    """Every notebook with the name it carries, and those that carry none."""
    found: list[Found] = []
    unmatched: list[tuple[str, str]] = []
    notebooks = [entry for entry in source.entries if entry.parts[-1].lower().endswith(".ipynb")]
    top = _wrapped(notebooks, set(known)) if naming == "plain" else 0
    for entry in notebooks:
        one = (
            _plain(entry, top, assignment, name, set(known))
            if naming == "plain"
            else _named(entry, naming, assignment, name)
        )
        if one is None:
            unmatched.append((entry.shown, f"its name is not one that {naming} gives"))
        elif one.who:
            found.append(one)
    return found, unmatched


def _wrapped(notebooks: list[Entry], known: set[str]) -> int:
    """1 where one folder holds all the students' folders (as a zip of a folder does), else 0."""
    tops = {entry.parts[0] for entry in notebooks}
    inside = all(len(entry.parts) > 2 and entry.parts[1] not in known for entry in notebooks)
    return 1 if len(tops) == 1 and notebooks and inside else 0


def _plain(entry: Entry, top: int, assignment: str, name: str, known: set[str]) -> Found | None:
    """<student>.ipynb, <student>/<any>.ipynb, or nbgrader's <student>/<assignment>/<any>.ipynb."""
    parts = entry.parts[top:]
    stem, attempt = _attempt(Path(parts[-1]).stem, name)
    if len(parts) == 1:
        return Found(entry, Path(parts[0]).stem)
    if len(parts) == 2 or (len(parts) == 3 and parts[1] == assignment):
        return Found(entry, parts[0], ("", attempt, 0), stem=stem)
    return Found(entry, "") if parts[1] in known else None


def _named(entry: Entry, naming: str, assignment: str, name: str) -> Found | None:
    """Who, which attempt, which file; ``who`` is '' for a file of another assignment; None when it does not fit."""
    stem, attempt = _attempt(Path(entry.parts[-1]).stem, name)
    if naming == "canvas":
        if not (match := CANVAS.match(entry.parts[-1])):
            return None
        stem, attempt = _attempt(Path(match["file"]).stem, name)
        return Found(entry, match["user"], ("", attempt, int(match["file_id"])), bool(match["late"]), stem)
    if naming == "moodle":
        match = next((m for part in entry.parts if (m := MOODLE.match(part))), None)
        if match is None:
            return None
        if match["file"]:
            stem, attempt = _attempt(Path(match["file"]).stem, name)
        return Found(entry, match["who"], ("", attempt, 0), stem=stem)
    if len(entry.parts) < 2 or not (match := EXCHANGE.match(entry.parts[0])):
        return None
    mine = match["assignment"] == assignment and len(entry.parts) == 2
    return Found(entry, match["who"] if mine else "", (match["when"], 0, 0), stem=Path(entry.parts[-1]).stem)


def _attempt(stem: str, name: str) -> tuple[str, int]:
    """``notebook-2`` and ``notebook (2)`` are the second copy of ``notebook``; no number is the first."""
    match = ATTEMPT.search(stem)
    if stem != name and match and match[1]:
        return stem[: match.start()], int(match[1])
    return stem, 0


def _newest(
    found: Iterable[Found], naming: str, name: str, people: Mapping[str, Person] | None
) -> tuple[dict[str, Found], list[tuple[str, str]], list[str]]:
    """Student → the notebook that counts; what could not be matched; remarks."""
    by_student: dict[str, list[Found]] = {}
    unmatched: list[tuple[str, str]] = []
    for one in found:
        student, why = _student(one.who, naming, people)
        if student is None:
            unmatched.append((one.entry.shown, why))
        else:
            by_student.setdefault(student, []).append(one)
    chosen: dict[str, Found] = {}
    notes: list[str] = []
    for student, several in sorted(by_student.items()):
        newest = max(several, key=lambda one: one.rank)
        named = [one for one in several if one.stem == name]
        if named:
            newest = max(named, key=lambda one: one.rank)
        elif len({one.stem for one in several}) > 1:
            files = ", ".join(sorted(one.entry.shown for one in several)[:4])
            unmatched.append((files, f"{student} handed in several notebooks and none is called {name}.ipynb"))
            continue
        same = [one for one in (named or several) if one.rank == newest.rank]
        if len(same) > 1:
            files = ", ".join(sorted(one.entry.shown for one in same)[:4])
            unmatched.append((files, f"nothing says which of them is {student}'s newest"))
            continue
        chosen[student] = newest
        if len(named or several) > 1:
            notes.append(f"{student}: {len(named or several)} attempts, taken was {newest.entry.shown}")
        if newest.late:
            notes.append(f"{student}: the platform says late and not when; put the time in autograde/received.csv")
    return chosen, unmatched, notes


def _student(who: str, naming: str, people: Mapping[str, Person] | None) -> tuple[str | None, str]:
    """The student's id for the name a platform or folder gives; None and why, where that is not certain."""
    if people is None:
        if SAFE_NAME.match(who):
            return who, ""
        return None, "the name cannot be a student's id (letters, digits, dot, dash, underscore, at most 64)"
    keys = {"canvas": ("id",), "moodle": ("name",)}.get(naming, ("student", "login", "sis_id", "email", "id", "name"))
    wanted = [_folded(who)]
    if naming == "moodle":  # a group's name may stand before the person's
        wanted += [_folded(who[at + 1 :]) for at, char in enumerate(who) if char == "-"]
    for text in wanted:
        for key in keys:
            hits = [one.student for one in people.values() if text and _folded(getattr(one, key)) == text]
            if len(hits) > 1:
                return None, f"{len(hits)} people in the list are called {text!r}"
            if hits and SAFE_NAME.match(hits[0]):
                return hits[0], ""
    return None, "nobody in the list of people has that " + " or ".join(keys)


def _folded(text: str) -> str:
    """Two spellings of one name as one: composed, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())

"""Grades as the import files of learning platforms. A student without a score is left out of the file and named.

Leaving out is the only safe way: a blank may be read as a 0, and a text beside it may erase a grade given before.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casebook.course.errors import CourseError
from casebook.course.export import FORMULA, Line

PLATFORMS = ("canvas", "moodle")
PEOPLE_COLUMNS = ("student", "name", "id", "sis_id", "login", "email", "section")
MOST_PEOPLE = 20_000
_NEEDS = {"canvas": ("id", "sis_id", "login"), "moodle": ("email", "id")}


@dataclass(frozen=True, slots=True)
class Person:
    """How the platform knows a student; '' where it was not told. ``student`` is the folder's name."""

    student: str
    name: str = ""
    id: str = ""
    sis_id: str = ""
    login: str = ""
    email: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """The file to import, and who is not in it: (student, why)."""

    text: str
    rows: int
    left_out: tuple[tuple[str, str], ...]


def read_people(path: Path) -> dict[str, Person]:
    """Student → Person from a CSV with a header; its columns are some of ``PEOPLE_COLUMNS``.

    Raises CourseError for an unknown column, a row without a student, a student or platform id told twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(str(path), f"it cannot be read ({error})", "Save it as CSV in UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text))
    unknown = [name for name in reader.fieldnames or () if name not in PEOPLE_COLUMNS]
    if unknown or "student" not in (reader.fieldnames or ()):
        problem = f"the column {unknown[0]!r} is unknown" if unknown else "there is no column 'student'"
        raise CourseError(str(path), problem, f"Columns: {', '.join(PEOPLE_COLUMNS)}; only 'student' has to be there.")
    people: dict[str, Person] = {}
    for number, row in enumerate(reader, 2):
        if number > MOST_PEOPLE:
            raise CourseError(str(path), f"it has more than {MOST_PEOPLE:,} rows", "Give one course at a time.")
        person = Person(**{key: (value or "").strip() for key, value in row.items() if key is not None})
        if not person.student:
            raise CourseError(f"{path}, line {number}", "no student is named", "Fill the column, or delete the row.")
        if person.student in people:
            raise CourseError(f"{path}, line {number}", f"{person.student!r} stands there twice", "Keep one row.")
        people[person.student] = person
    for key in ("id", "sis_id", "login", "email"):
        _no_twice(path, key, people)
    return people


def upload(platform: str, rows: Sequence[Line], people: Mapping[str, Person] | None = None) -> Upload:
    """The file for ``platform`` (canvas or moodle). ``people`` tells how it knows the students.

    Without ``people`` a student's folder name is taken for the login (Canvas) or the ID number (Moodle).
    """
    kept, left_out = [], []
    for row in rows:
        person = (people or {}).get(row.student) if people is not None else _by_folder(platform, row.student)
        if row.score is None:
            left_out.append((row.student, f"{row.status}: {row.reason or 'no score yet'}"))
        elif person is None:
            left_out.append((row.student, "not in the list of people"))
        elif not any(getattr(person, key) for key in _NEEDS[platform]):
            left_out.append((row.student, f"the list of people has none of: {', '.join(_NEEDS[platform])}"))
        else:
            kept.append((row, person))
    made = _canvas(kept) if platform == "canvas" else _moodle(kept)
    return Upload(made, len(kept), tuple(left_out))


def _by_folder(platform: str, student: str) -> Person:
    return Person(student, name=student, login=student) if platform == "canvas" else Person(student, id=student)


def _canvas(rows: Iterable[tuple[Line, Person]]) -> str:
    """Columns of the gradebook's own export; Canvas finds a student by ID, else by SIS user id, else by login."""
    rows = list(rows)
    name = rows[0][0].assignment if rows else "assignment"
    table = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", name]]
    if rows:
        table.append(["    Points Possible", "", "", "", "", _number(rows[0][0].possible)])
    for line, person in rows:
        who = [person.name or line.student, person.id, person.sis_id, person.login, person.section]
        table.append([*map(_safe, who), _number(line.score)])
    return _written(table)


def _moodle(rows: Iterable[tuple[Line, Person]]) -> str:
    """Email or ID number, the grade, and a line of feedback; map the columns when Moodle asks."""
    rows = list(rows)
    name = rows[0][0].assignment if rows else "assignment"
    table = [["ID number", "Email address", f"Assignment: {name} (Real)", f"Assignment: {name} (Feedback)"]]
    for line, person in rows:
        caps = f"{line.caps}. " if line.caps else ""
        said = f"{caps}{line.reason}".strip() or f"{_number(line.score)} of {_number(line.possible)} points"
        table.append([_safe(person.id), _safe(person.email), _number(line.score), _safe(said)])
    return _written(table)


def _written(table: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    return out.getvalue()


def _number(value: float | None) -> str:
    return f"{value or 0.0:.4f}".rstrip("0").rstrip(".") or "0"


def _safe(value: str) -> str:
    """A cell that a spreadsheet would take for a formula is quoted with an apostrophe."""
    text = value.replace("\n", " ").replace("\r", " ")
    return f"'{text}" if text.startswith(FORMULA) else text


def _no_twice(path: Path, key: str, people: Mapping[str, Person]) -> None:
    seen: dict[str, str] = {}
    for person in people.values():
        value = getattr(person, key)
        if value and value in seen:
            raise CourseError(
                str(path),
                f"{seen[value]!r} and {person.student!r} have the same {key} {value!r}",
                "Mend one: a grade would go to the wrong person.",
            )
        if value:
            seen[value] = person.student

"""Students' names from the course's people.csv, for formgrader, whose lists show “None, None” without them.

Names come from a platform on which learners choose them, and formgrader's pages do not escape them: we do.
"""

from __future__ import annotations

from casebook.course.errors import CourseError
from casebook.course.gradebook import exists, opened
from casebook.course.lms import read_people
from casebook.course.settings import Course

PEOPLE = "people.csv"
PLAIN = str.maketrans({"<": "‹", ">": "›", '"': "”", "'": "’", "&": "+", "`": "’"})
LONGEST = 100


def names_into_gradebook(course: Course) -> str:
    """Fill in names and addresses that the gradebook lacks; those set in formgrader stay. '' when all is well.

    Returns the note for an instructor whose people.csv cannot be read: names are no reason not to grade.
    """
    path = course.root / PEOPLE
    if not path.is_file() or not exists(course):
        return ""
    try:
        people = read_people(path)
    except CourseError as error:
        return f"{error} Until then formgrader shows no names from it."
    with opened(course) as gradebook:
        for student in gradebook.students:
            person = people.get(student.id)
            if person is None or student.first_name or student.last_name:
                continue
            if person.name:
                student.first_name, student.last_name = parted(person.name)
            if person.email and not student.email:
                student.email = plain(person.email)
        gradebook.db.commit()
    return ""


def parted(name: str) -> tuple[str, str]:
    """First and last name: around the comma of “Lopez, Ana”, else the last word is the last name.

    formgrader wants both; a single word is the last name, and a dash stands for the first.
    """
    whole = plain(name)
    if "," in whole:
        last, first = whole.split(",", 1)
    else:
        first, _, last = whole.rpartition(" ")
    return first.strip() or "–", last.strip() or "–"


def plain(text: str) -> str:
    """Without what HTML would take for markup, one line, at most 100 characters."""
    flat = " ".join(text.translate(PLAIN).split())
    return "".join(char for char in flat if char.isprintable())[:LONGEST]

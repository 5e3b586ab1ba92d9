"""Names from people.csv for formgrader: filled in where missing, no markup in them, never in the way of grading."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.course.gradebook import opened
from casebook.course.names import PEOPLE, names_into_gradebook, parted
from casebook.course.settings import Course
from tests.course.masters import course_with, small_master


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = Course(course_with(tmp_path / "course", small_master()))
    made.prepare()
    with opened(made) as gradebook:
        for student in ("ada", "ben", "cai"):
            gradebook.update_or_create_student(student)
    return made


def named(course: Course) -> dict[str, tuple[str | None, str | None, str | None]]:
    with opened(course) as gradebook:
        return {one.id: (one.first_name, one.last_name, one.email) for one in gradebook.students}


def test_what_is_missing_is_filled_in_and_what_was_typed_stays(course: Course) -> None:
    with opened(course) as gradebook:
        gradebook.update_or_create_student("ben", first_name="Benedict", last_name="Okoro")
    rows = ["student,name,email", "ada,Ada Maria Osei,ada@example.edu", "ben,Ben Okoro,", "zoe,Zoe Who,"]
    (course.root / PEOPLE).write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert names_into_gradebook(course) == ""
    assert named(course) == {
        "ada": ("Ada Maria", "Osei", "ada@example.edu"),
        "ben": ("Benedict", "Okoro", None),
        "cai": (None, None, None),
    }


def test_a_list_that_cannot_be_read_is_told_and_nothing_else_happens(course: Course) -> None:
    assert names_into_gradebook(course) == ""
    (course.root / PEOPLE).write_text("who,name\nada,Ada\n", encoding="utf-8")
    told = names_into_gradebook(course)
    assert "the column 'who' is unknown" in told
    assert "formgrader shows no names" in told
    assert named(course)["ada"] == (None, None, None)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Lopez Garcia, Ana", "Ana", "Lopez Garcia"),
        ("Prince", "–", "Prince"),
        ("Miles O'Brien", "Miles", "O’Brien"),
        ('<script>alert("x")</script> & Co', "‹script›alert(”x”)‹/script› +", "Co"),
        ("Ada\n\u202eOsei", "Ada", "Osei"),
        ("", "–", "–"),
    ],
)
def test_a_name_in_two_parts_without_markup(name: str, first: str, last: str) -> None:
    assert parted(name) == (first, last)

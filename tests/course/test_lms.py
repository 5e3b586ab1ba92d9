"""Import files for learning platforms: every score arrives, no failure becomes a 0, nobody gets another's grade."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.course.errors import CourseError
from casebook.course.export import Line
from casebook.course.lms import PLATFORMS, read_people, upload

GRADED = Line("case-one", "amara", "graded", "", 71.25, 100.0, 61.25, 90.0, 61.25, "", 10.0, 10.0, 0.0, "read", "")
ROWS = [
    GRADED,
    replace(GRADED, student="bruno", score=0.0, machine_score=0.0, hand_score=0.0),
    replace(GRADED, student="chidi", status="refused", reason="An empty file.", score=None),
    replace(GRADED, student="dana", status="needs-manual", reason="Waits for a reader.", score=None),
]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_only_scores_that_were_given_are_in_the_file(platform: str) -> None:
    made = upload(platform, ROWS)
    assert made.rows == 2
    assert [student for student, _ in made.left_out] == ["chidi", "dana"]
    assert "chidi" not in made.text and "dana" not in made.text


def test_canvas_gets_its_own_columns_and_a_true_zero_stays_one() -> None:
    head, points, first, second = upload("canvas", ROWS).text.splitlines()
    assert head == "Student,ID,SIS User ID,SIS Login ID,Section,case-one"
    assert points == "    Points Possible,,,,,100"
    assert first == "amara,,,amara,,71.25" and second == "bruno,,,bruno,,0"


def test_moodle_never_gets_feedback_without_a_grade() -> None:
    rows = table(upload("moodle", ROWS).text)
    assert [row["Assignment: case-one (Real)"] for row in rows] == ["71.25", "0"]
    assert all(row["Assignment: case-one (Feedback)"] for row in rows)


def people_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_people_are_found_by_the_platforms_ids(tmp_path: Path) -> None:
    people = read_people(people_file(tmp_path, "student,name,id,email\namara,Amara O,1041,a@x.org\nbruno,Bruno B,,\n"))
    made = upload("canvas", ROWS, people)
    assert "Amara O,1041,,,,71.25" in made.text
    assert dict(made.left_out)["bruno"].startswith("the list of people has none of")
    assert table(upload("moodle", ROWS, people).text)[0]["Email address"] == "a@x.org"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,id\nA,1\n", "no column 'student'"),
        ("student,telephone\nA,1\n", "'telephone' is unknown"),
        ("student,id\namara,1\namara,2\n", "stands there twice"),
        ("student,id\namara,1\nbruno,1\n", "the same id"),
        ("student,id\n,1\n", "no student is named"),
    ],
)
def test_a_list_that_could_send_a_grade_to_the_wrong_person_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CourseError, match=words):
        read_people(people_file(tmp_path, text))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_name_cannot_become_a_formula(platform: str, tmp_path: Path) -> None:
    people = read_people(people_file(tmp_path, 'student,name,id,email\namara,"=cmd()",7,+1@x.org\n'))
    text = upload(platform, ROWS[:1], people).text
    assert ",=cmd" not in text and not text.splitlines()[-1].startswith("=") and ",+1@" not in text


@given(st.lists(st.tuples(st.text(max_size=20), st.none() | st.floats(0, 100)), max_size=8))
def test_whatever_the_names_every_score_is_in_the_file_once(rows: list[tuple[str, float | None]]) -> None:
    lines = [replace(GRADED, student=f"s{place}", reason=name, score=score) for place, (name, score) in enumerate(rows)]
    for platform in PLATFORMS:
        made = upload(platform, lines)
        assert made.rows == sum(score is not None for _, score in rows)
        assert made.rows + len(made.left_out) == len(rows)
        assert len(table(made.text)) == made.rows + (platform == "canvas" and made.rows > 0)

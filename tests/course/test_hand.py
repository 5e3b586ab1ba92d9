"""Prose read by people, item by item, and feedback on drafts that leaves no grade behind."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from casebook.cli import main
from casebook.course.cohort import grade_cohort
from casebook.course.errors import CourseError
from casebook.course.export import lines
from casebook.course.feedback import write_feedback
from casebook.course.gradebook import HandGrade, enter_hand_grades, graded_students, opened
from casebook.course.hand import LEVELS, SHIPPED, form, page, read_grades, reading_of
from casebook.course.settings import Course
from tests.course.masters import ASSIGNMENT, filled, full_answers, hand_in, released

EVIL = "</pre><script>alert(1)</script>"


@pytest.fixture(scope="module")
def graded_once(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = Course(tmp_path_factory.mktemp("hand") / "course")
    shutil.copytree(small_release, course.root)
    good = released(course.root)
    hand_in(course.root, "ada", filled(good, full_answers() | {"prose-close": EVIL}))
    hand_in(course.root, "ben", good)
    hand_in(course.root, "dov", "{")
    grade_cohort(course, ASSIGNMENT)
    return course.root


def test_the_shipped_items_add_up_and_every_level_has_its_samples(course: Course) -> None:
    reading = reading_of(course, "prose-close", 10)
    worth = {level: {reading.worth(s.items) for s in reading.samples if s.level == level} for level in LEVELS}
    assert worth == {"full": {10}, "half": {5}, "none": {0}}
    texts = [sample.text for sample in reading.samples]
    assert len(set(texts)) == len(texts) >= 6
    assert all(len(text.split()) >= 25 for text in texts)


def test_the_page_shows_items_samples_and_texts_escaped(course: Course, tmp_path: Path) -> None:
    to, blank = tmp_path / "page.html", tmp_path / "form.csv"
    words = ["prose", ASSIGNMENT, "--course", str(course.root)]
    assert main([*words, "--to", str(to), "--form", str(blank)]) == 0
    text = to.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "Three in ten toxic uploads" in text
    assert "ben · prose-close</h2><p>Nothing was written.</p>" in text
    assert main([*words, "--form", str(blank)]) == 1  # it may hold somebody's points by now
    assert [row["student"] for row in csv.DictReader(io.StringIO(blank.read_text()))] == ["ada", "ben"]


def test_items_become_points_and_what_was_not_found_is_told(course: Course, tmp_path: Path) -> None:
    table = tmp_path / "hand.csv"
    filled_in = form(course, ASSIGNMENT).splitlines()
    filled_in[1] = "ada,prose-close,number tradeoff,,Lead with why."
    filled_in[2] = "ben,prose-close,-,,"
    table.write_text("\n".join(filled_in) + "\n")
    assert main(["grade", ASSIGNMENT, "--course", str(course.root), "--hand", str(table)]) == 2
    rows = {row.student: row for row in lines(course, ASSIGNMENT)}
    assert (rows["ada"].hand_score, rows["ben"].hand_score, rows["dov"].hand_score) == (5, 0, None)
    with opened(course) as gradebook:
        told = gradebook.find_comment("prose-close", ASSIGNMENT, ASSIGNMENT, "ada").comment
    assert told.startswith("Lead with why. Not found: Who does what by when.")
    assert form(course, ASSIGNMENT).splitlines()[1:] == []


def test_a_text_that_was_changed_after_it_had_been_read_waits_again_with_its_points(course: Course) -> None:
    def of_ada() -> tuple[str, float | None, float | None, bool]:
        row = next(row for row in lines(course, ASSIGNMENT) if row.student == "ada")
        return row.status, row.hand_score, row.score, "ada,prose-close,,," in form(course, ASSIGNMENT)

    given = [HandGrade("ada", "prose-close", 5), HandGrade("ada", "check-frame", 1)]
    enter_hand_grades(course, ASSIGNMENT, given)
    grade_cohort(course, ASSIGNMENT, ["ada"], force=True)
    status, hand, score, waits = of_ada()
    assert (status, hand, waits) == ("graded", 5, False)
    assert score is not None
    answers = full_answers() | {"prose-close": "Something else."}
    hand_in(course.root, "ada", filled(released(course.root), answers))
    grade_cohort(course, ASSIGNMENT, ["ada"])
    assert of_ada() == ("needs-manual", 5, None, True)
    grade_cohort(course, ASSIGNMENT, ["ada"], force=True)  # nothing new: the mark stays until a person decides
    assert of_ada() == ("needs-manual", 5, None, True)
    (text,) = (page.read_text(encoding="utf-8") for page in write_feedback(course, ASSIGNMENT, ["ada"]))
    assert "a person has still to read: prose-close" in text
    enter_hand_grades(course, ASSIGNMENT, [HandGrade("ada", "prose-close", 3)])
    assert of_ada() == ("graded", 3, score - 2, False)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ada,prose-close,number,5,", "not both"),
        ("ada,prose-close,humour,,", "'humour' is no item"),
        ("ada,check-frame,number,,", "no written cell"),
        ("ada,prose-close,,many,", "line 2"),
    ],
)
def test_a_line_that_does_not_fit_is_told(course: Course, tmp_path: Path, line: str, told: str) -> None:
    table = tmp_path / "hand.csv"
    table.write_text(f"student,cell,items,points,comment\n{line}\n")
    with pytest.raises(CourseError, match=told):
        read_grades(table, course, ASSIGNMENT)


@pytest.mark.parametrize(
    ("found", "instead", "told"),
    [
        ("points: 3", "points: 4", "items are worth 11"),
        ("has: [number, tradeoff]", "has: [number, humour]", "unknown item 'humour'"),
        ("says: Nobody", "tells: Nobody", "missing or misspelt"),
        ("  - level: half", "  - level: middling", "'half'"),
    ],
)
def test_a_course_may_have_its_own_items_when_they_fit(course: Course, found: str, instead: str, told: str) -> None:
    own = course.autograde / "prose" / "prose-close.yaml"
    own.parent.mkdir()
    text = (SHIPPED / "prose-close.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("says: Nobody walks", "says: OURS. Nobody walks"), encoding="utf-8")
    assert "OURS. Nobody" in page(course, ASSIGNMENT)
    assert found in text
    own.write_text(text.replace(found, instead, 1), encoding="utf-8")
    with pytest.raises(CourseError, match=told):
        reading_of(course, "prose-close", 10)


def test_feedback_on_drafts_leaves_no_grade(
    small_release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = Course(tmp_path / "course")
    shutil.copytree(small_release, course.root)
    hand_in(course.root, "ada", filled(released(course.root), full_answers() | {"prose-close": EVIL}))
    hand_in(course.root, "dov", "{")
    (course.submitted / "gus" / ASSIGNMENT).mkdir(parents=True)
    assert main(["grade", ASSIGNMENT, "--formative", "--course", str(course.root)]) == 2
    assert "no grade was written" in capsys.readouterr().out
    ada, dov = ((course.autograde / "formative" / name / f"{ASSIGNMENT}.html").read_text() for name in ("ada", "dov"))
    assert "feedback on a draft, not a grade" in ada
    assert "Mend it:" in ada
    assert "<script" not in ada
    assert "No score yet" in dov
    assert not list(course.records.glob("*/*.json"))
    assert not list(course.autograded.rglob("*.ipynb"))
    assert graded_students(course, ASSIGNMENT) == frozenset()
    assert all(row.score is None and row.status == "needs-manual" for row in lines(course, ASSIGNMENT))

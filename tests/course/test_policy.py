"""Late work: the policy file, the arithmetic, and one number in gradebook, feedback, table and export."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde

from casebook.cli import main
from casebook.course.autograde import convert
from casebook.course.cohort import grade_cohort
from casebook.course.errors import CourseError
from casebook.course.export import Line, lines
from casebook.course.feedback import write_feedback
from casebook.course.gradebook import HandGrade, enter_hand_grades, opened, sheets
from casebook.course.late import ASIDE, UNKNOWN, received, set_stamps_aside, settle
from casebook.course.policy import DAY_S, Penalty, Share, Step, lasted
from casebook.course.policy_file import load_policy, moment
from casebook.course.settings import Course, load_config
from tests.course.masters import ASSIGNMENT, filled, full_answers, hand_in, released

BERLIN = ZoneInfo("Europe/Berlin")
POLICY = f"""
timezone: Europe/Berlin
assignments:
  {ASSIGNMENT}:
    due: 2026-11-30 23:59
    grace: 15 min
    penalty:
      per_started_day: 10 %
      maximum: 50 %
      not_below: 2 points
    extensions:
      - student: cai
        until: 2026-12-04 12:00
        reason: ill, note seen by the office
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_policy_is_read_on_the_course_clock(tmp_path: Path) -> None:
    rule = load_policy(write(tmp_path, POLICY), [ASSIGNMENT]).rule(ASSIGNMENT)
    assert rule is not None
    assert rule.due == datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    assert rule.due_for("cai") == datetime(2026, 12, 4, 11, 0, tzinfo=UTC)
    assert rule.due_for("ada") == rule.due
    assert rule.points_off(900, 50, 100) == 0
    assert rule.points_off(901, 50, 100) == 10
    assert load_policy(tmp_path / "none.yaml").rules == {}


DUE = "    due: 2026-11-30 23:59\n"


@pytest.mark.parametrize(
    ("found", "instead", "told"),
    [
        ("timezone: Europe/Berlin\n", "", "no time zone"),
        ("Europe/Berlin", "Mars/Olympus", "no time zone"),
        ("2026-11-30 23:59", "2026-11-30", "no date with a time"),
        ("2026-11-30 23:59", "2027-03-28 02:30", "the clock skips"),
        ("2026-11-30 23:59", "2026-11-31 23:59", "no date with a time"),
        ("grace: 15 min", "grace: 15", "no span of time"),
        ("per_started_day: 10 %", "per_started_day: 0.1", "number of points or per cent"),
        ("per_started_day: 10 %", "per_started_day: 110 %", "more than everything"),
        ("per_started_day: 10 %", "per_day: 10 %", "'per_day' is not known"),
        ("      maximum", "      steps: [{after: 1 h, take: 5 %}]\n      maximum", "one of"),
        ("per_started_day: 10 %", "steps: [{after: 2 h, take: 5 %}, {after: 1 h, take: 9 %}]", "no later"),
        ("per_started_day: 10 %", "steps: [{after: 1 h, take: 5 %}, {after: 2 h, take: 4 %}]", "takes less"),
        ("not_below: 2 points", "not_below: 2 %", "points"),
        ("2026-12-04 12:00", "2026-11-30 12:00", "not after the due date"),
        ("reason: ill, note seen by the office", "reason: ''", "reason is empty"),
        ("student: cai", "student: 007", "quotes"),
        ("student: cai", "student: ../cai", "student's id"),
        (DUE, "", "'due' is missing"),
        (DUE, DUE * 2, "second time"),
        (ASSIGNMENT, "week-9", "no such assignment"),
        ("assignments:", "tasks:", "'tasks' is not known"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_a_remedy(tmp_path: Path, found: str, instead: str, told: str) -> None:
    assert found in POLICY
    path = write(tmp_path, POLICY.replace(found, instead, 1))
    with pytest.raises(CourseError, match=told) as error:
        load_policy(path, [ASSIGNMENT])
    assert "policy.yaml" in error.value.place
    assert error.value.remedy


def test_the_hour_that_comes_twice_is_the_later_one() -> None:
    assert moment("2026-10-25 02:30", BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert moment("2026-10-25 02:30 +02:00", BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    stamp = "2026-12-02 03:10:23.948203 Europe/Berlin"  # as nbgrader writes it
    assert moment(stamp, ZoneInfo("UTC")) == datetime(2026, 12, 2, 2, 10, 23, tzinfo=UTC)


def test_steps_a_maximum_and_a_floor() -> None:
    steps = Penalty(steps=(Step(0, Share(5, True)), Step(DAY_S, Share(20, True))), keep_points=40)
    assert steps.points(1, 80, 100) == 5
    assert steps.points(DAY_S, 80, 100) == 5
    assert steps.points(DAY_S + 1, 80, 100) == 20
    assert steps.points(DAY_S + 1, 45, 100) == 5
    assert steps.points(DAY_S + 1, 30, 100) == 0
    earned = Penalty(per_day=Share(10, True), maximum=Share(25, True), of_earned=True)
    assert earned.points(DAY_S * 1.5, 60, 100) == 12
    assert earned.points(DAY_S * 9, 60, 100) == 15


@given(
    late_s=st.floats(allow_nan=True, allow_infinity=True),
    score=st.floats(0, 1e4),
    possible=st.floats(0, 1e4),
    amount=st.floats(0, 100),
    percent=st.booleans(),
    keep=st.floats(0, 1e4),
)
def test_a_penalty_is_never_negative_and_never_more_than_the_score(
    late_s: float, score: float, possible: float, amount: float, percent: bool, keep: float
) -> None:
    off = Penalty(per_day=Share(amount, percent), keep_points=keep).points(late_s, score, possible)
    assert 0 <= off <= score
    assert score - off >= min(score, keep) - 1e-6 * max(1.0, score)


def test_a_span_is_said_as_people_say_it() -> None:
    assert [lasted(s) for s in (0.4, 40, 3_700, 97_300, 172_800)] == [
        "less than a second",
        "40 s",
        "1 h 1 min",
        "1 day 3 h",
        "2 days",
    ]


@pytest.fixture(scope="module")
def graded_once(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ada late, ben in time, cai late but with an extension, dov late and unreadable, eva nobody knows when."""
    course = Course(tmp_path_factory.mktemp("late") / "course")
    shutil.copytree(small_release, course.root)
    good = filled(released(course.root), full_answers())
    for name in ("ada", "ben", "cai", "eva"):
        hand_in(course.root, name, good)
    hand_in(course.root, "dov", "{")
    stamps = {
        "ada": "2026-12-02 03:10:00 Europe/Berlin",
        "ben": "2026-11-30 22:59:00.000000 UTC",
        "dov": "2026-12-05 10:00 UTC",
    }
    for name, text in stamps.items():
        (course.submission(name, ASSIGNMENT) / "timestamp.txt").write_text(text)
    course.received.write_text(f"assignment,student,received\n{ASSIGNMENT},cai,2026-12-04 11:59\n")
    write(course.autograde, POLICY)
    grade_cohort(course, ASSIGNMENT)
    return course.root


def rows(course: Course) -> dict[str, Line]:
    return {row.student: row for row in lines(course, ASSIGNMENT)}


def in_book(course: Course) -> dict[str, float]:
    """The penalties as they stand in nbgrader's gradebook, which is what formgrader shows."""
    return {name: sheet.late_penalty for name, sheet in sheets(course, ASSIGNMENT).items()}


def test_one_penalty_in_gradebook_feedback_table_and_export(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", ASSIGNMENT, "--course", str(course.root)]) == 2
    said = capsys.readouterr()
    found = rows(course)
    full = found["ada"].possible
    expected = min(0.2 * full, (found["ada"].machine_score or 0.0) - 2)
    assert expected > 0
    assert found["ada"].late_penalty == pytest.approx(expected, abs=1e-4)
    assert in_book(course) == pytest.approx({"ada": expected, "ben": 0, "cai": 0, "dov": 0, "eva": 0})
    line = next(text for text in said.out.splitlines() if text.startswith("ada"))
    assert f"-{expected:.4g}"[:4] in line
    assert "1 with a penalty" in said.out
    (page,) = write_feedback(course, ASSIGNMENT, ["ada"])
    assert "1 day 3 h after 2026-11-30 23:59 Europe/Berlin" in page.read_text(encoding="utf-8")
    assert (found["ben"].late, found["cai"].late) == ("", "")
    assert found["eva"].late == UNKNOWN
    assert "eva: when it came is not known" in said.err
    assert found["dov"].score is None


def test_formgrader_sees_due_date_extension_and_who_is_graded(course: Course) -> None:
    with opened(course) as gradebook:
        assert gradebook.find_assignment(ASSIGNMENT).duedate == datetime(2026, 11, 30, 22, 59)
        cai, ada = (gradebook.find_submission(ASSIGNMENT, name) for name in ("cai", "ada"))
        assert cai.extension.total_seconds() == 3 * DAY_S + 12 * 3_600 + 60
        assert cai.timestamp is None  # its time is in received.csv
        assert (cai.total_seconds_late, ada.total_seconds_late) == (0, DAY_S + 3 * 3_600 + 11 * 60)
    shown = NbGraderAPI(config=load_config(course)).get_autograded_students(ASSIGNMENT)
    assert shown == set(rows(course))  # a time that is not the stamp's would show them as not graded


def test_points_by_hand_move_the_penalty_with_them(course: Course) -> None:
    text = POLICY.replace("per_started_day: 10 %", "per_started_day: 10 %\n      of: earned")
    write(course.autograde, text)
    enter_hand_grades(course, ASSIGNMENT, [HandGrade("ada", "prose-close", 10)])
    row = rows(course)["ada"]
    earned = (row.machine_score or 0.0) + 10
    assert row.late_penalty == pytest.approx(0.2 * earned, abs=1e-3)
    assert row.score == pytest.approx(0.8 * earned, abs=1e-3)
    assert in_book(course)["ada"] == pytest.approx(0.2 * earned)


def test_a_new_extension_changes_one_student_and_judges_nobody_again(course: Course) -> None:
    before = rows(course)
    extension = "      - {student: ada, until: 2026-12-06 12:00, reason: a birth}\n"
    write(course.autograde, POLICY + extension)
    again = {one.student: one for one in grade_cohort(course, ASSIGNMENT)}
    assert not any(one.fresh for one in again.values())
    assert [name for name, one in again.items() if one.late and one.late.moved] == ["ada"]
    after = rows(course)
    assert after["ada"].late_penalty == 0
    assert {**after, "ada": None} == {**before, "ada": None}
    assert not any(one.late and one.late.moved for one in grade_cohort(course, ASSIGNMENT))


def test_what_has_no_score_has_no_penalty(course: Course) -> None:
    assert settle(course, ASSIGNMENT)["dov"].penalty == 0
    cells = [mark.grade_id for mark in sheets(course, ASSIGNMENT)["dov"].marks]
    enter_hand_grades(course, ASSIGNMENT, [HandGrade("dov", "prose-close", 10)])
    assert settle(course, ASSIGNMENT)["dov"].penalty == 0
    enter_hand_grades(course, ASSIGNMENT, [HandGrade("dov", cell, 3) for cell in cells])
    assert settle(course, ASSIGNMENT)["dov"].penalty > 0


def test_a_files_own_date_is_never_taken(course: Course) -> None:
    path = course.submission("eva", ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    os.utime(path, (0, 0))
    assert received(course, ASSIGNMENT, "eva").at is None
    stamp = path.with_name("timestamp.txt")
    for text in ("10", "yesterday", "2026-12-02", "", "2026-12-02 03:10 Mars/Olympus", "9" * 10_000):
        stamp.write_text(text)
        assert received(course, ASSIGNMENT, "eva").at is None
        assert received(course, ASSIGNMENT, "eva").trouble
    stamp.unlink()
    stamp.symlink_to("/etc/hostname")
    assert received(course, ASSIGNMENT, "eva").at is None


def test_a_stamp_that_is_no_time_is_set_aside_and_told(course: Course) -> None:
    stamp = course.submission("eva", ASSIGNMENT) / "timestamp.txt"
    stamp.unlink(missing_ok=True)
    stamp.write_text("99999-12-31 25:61:61")
    assert set_stamps_aside(course) == (f"eva/{ASSIGNMENT}",)
    assert not stamp.exists() and stamp.with_name(ASIDE).read_text() == "99999-12-31 25:61:61"
    assert ASIDE in received(course, ASSIGNMENT, "eva").trouble
    assert set_stamps_aside(course) == ()
    stamp.symlink_to("nowhere")
    assert set_stamps_aside(course) == (f"eva/{ASSIGNMENT}",)
    assert not stamp.is_symlink()
    stamp.with_name(ASIDE).unlink()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("student,received\neva,2026-12-02 10:00\n", "columns"),
        (f"assignment,student,received\n{ASSIGNMENT},eva,soon\n", "line 2"),
        (
            f"assignment,student,received\n{f'{ASSIGNMENT},eva,2026-12-02 10:00' + chr(10)}" * 1
            + f"{ASSIGNMENT},eva,2026-12-03 10:00\n",
            "twice",
        ),
    ],
)
def test_a_mistake_in_received_csv_is_told(
    course: Course, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    course.received.write_text(text)
    assert main(["export", ASSIGNMENT, "--course", str(course.root)]) == 1
    assert told in capsys.readouterr().err


def test_without_a_rule_nbgraders_own_penalties_hold(course: Course) -> None:
    course.policy.unlink()
    config = course.root / "nbgrader_config.py"
    own = 'c.LateSubmissionPlugin.penalty_method = "zero"'
    config.write_text(f"{config.read_text(encoding='utf-8')}\n{own}\n", encoding="utf-8")
    grade_cohort(course, ASSIGNMENT, ["ada"])
    before = sheets(course, ASSIGNMENT)["ada"]
    with opened(course) as gradebook:
        gradebook.find_assignment(ASSIGNMENT).duedate = datetime(2020, 1, 1)
        gradebook.db.commit()
    grade_cohort(course, ASSIGNMENT, ["ada"], force=True)
    earned = sum(mark.auto or 0.0 for mark in before.marks)
    assert earned > 0
    assert in_book(course)["ada"] == pytest.approx(earned)


def test_stock_nbgrader_gives_the_same_penalty(course: Course) -> None:
    ours = in_book(course)
    shutil.rmtree(course.autograded)
    course.gradebook.unlink()
    (course.submission("ada", ASSIGNMENT) / "timestamp.txt").unlink()
    with course.received.open("a") as file:
        file.write(f"{ASSIGNMENT},ada,2026-12-02 03:10\n")
    convert(Autograde, load_config(course), ASSIGNMENT, "ada")  # the class behind nbgrader's command
    assert in_book(course) == pytest.approx({"ada": ours["ada"]})


def test_without_a_policy_nothing_is_said_about_time(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert in_book(course)["ada"] > 0
    course.policy.unlink()
    row = rows(course)["ada"]
    assert (row.late, row.received, row.late_penalty) == ("", "", 0)
    with opened(course) as gradebook:  # from now on these dates are formgrader's business
        assert gradebook.find_assignment(ASSIGNMENT).duedate is None
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2027-01-01 12:00 UTC")
    settle(course, ASSIGNMENT)
    with opened(course) as gradebook:
        assert gradebook.find_assignment(ASSIGNMENT).duedate == datetime(2027, 1, 1, 12)
    assert main(["grade", ASSIGNMENT, "--course", str(course.root), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)[0]["late"] == ""

"""Regrading on request: the log is only added to, goes on after a crash, and the learner reads what came of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from casebook.cli import main
from casebook.course import regrades as room
from casebook.course.cohort import grade_cohort
from casebook.course.errors import CourseError
from casebook.course.export import lines
from casebook.course.feedback import write_feedback
from casebook.course.gradebook import HandGrade
from casebook.course.regrades import log, regrade, regrades
from casebook.course.settings import Course
from tests.course.masters import ASSIGNMENT, filled, full_answers, hand_in, released

REASON = "The <b>close</b> was read without its last line"


@pytest.fixture(scope="module")
def graded_once(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = Course(tmp_path_factory.mktemp("regrade") / "course")
    shutil.copytree(small_release, course.root)
    hand_in(course.root, "ada", filled(released(course.root), full_answers()))
    grade_cohort(course, ASSIGNMENT)
    return course.root


def test_a_regrade_keeps_who_why_before_and_after(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["regrade", ASSIGNMENT, "ada", "--course", str(course.root)]
    said = ["--reason", REASON, "--by", "Dr. Osei", "--date", "2026-12-07", "--points", "prose-close=8"]
    assert main([*words, *said]) == 0
    assert "Dr. Osei" in capsys.readouterr().out
    assert main([*words, "--reason", "Same again", "--by", "Dr. Osei", "--date", "2026-12-08", "--decline"]) == 0
    first, second = regrades(course, ASSIGNMENT)
    assert first.before.score is None
    assert first.before.machine_score is not None
    assert first.after is not None
    assert first.after.score == pytest.approx(first.before.machine_score + 8)
    assert second.declined
    assert second.before == second.after == first.after
    capsys.readouterr()
    assert main(["regrade", ASSIGNMENT, "--list", "--json", "--course", str(course.root)]) == 0
    assert [one["number"] for one in json.loads(capsys.readouterr().out)] == [1, 2]
    (page,) = write_feedback(course, ASSIGNMENT)
    text = page.read_text(encoding="utf-8")
    assert "Graded again" in text
    assert "2026-12-07" in text
    assert "The &lt;b&gt;close&lt;/b&gt; was read" in text
    (row,) = lines(course, ASSIGNMENT)
    assert "Dr. Osei" in row.regraded
    assert row.score == first.after.score


def test_one_that_was_interrupted_goes_on_under_its_number(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"reason": REASON, "by": "Dr. Osei", "day": "2026-12-07"}

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = lines(course, ASSIGNMENT)[0].machine_score
    hand_in(course.root, "ada", released(course.root))  # an empty notebook now
    with monkeypatch.context() as patch:
        patch.setattr("casebook.course.gradebook.enter_hand_grades", killed)
        with pytest.raises(KeyboardInterrupt):
            regrade(course, ASSIGNMENT, "ada", points=[HandGrade("ada", "prose-close", 1)], **asked)
    assert regrades(course)[0].after is None
    with log(course).open("a") as file:
        file.write('{"event": "done", "num')  # the power went in the middle of a line
    done = regrade(course, ASSIGNMENT, "ada", points=[HandGrade("ada", "prose-close", 1)], **asked)
    assert done.number == 1
    assert done.before.machine_score == before
    assert done.after is not None
    assert done.after.score == 1
    assert regrades(course) == [done]


def test_the_log_is_only_added_to(course: Course) -> None:
    regrade(course, ASSIGNMENT, "ada", reason="First", by="A", day="2026-12-07", decline=True)
    first = log(course).read_bytes()
    regrade(course, ASSIGNMENT, "ada", reason="Second", by="B", day="2026-12-08", decline=True)
    assert log(course).read_bytes().startswith(first)
    log(course).write_text("not ours}\n")
    with pytest.raises(CourseError, match="line 1"):
        regrades(course)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": " \n "}, "empty"),
        ({"reason": "x" * (room.LONGEST + 1)}, "longer"),
        ({"by": "\x1b[31mme"}, "odd characters"),
        ({"day": "today"}, "no date"),
        ({"student": "nobody"}, "handed in nothing"),
        ({"assignment": "week-9"}, "no such assignment"),
        ({"decline": True, "points": [HandGrade("ada", "prose-close", 1)]}, "leaves the grade"),
    ],
)
def test_a_request_that_does_not_fit_is_told_and_not_logged(
    course: Course, change: dict[str, object], told: str
) -> None:
    asked: dict[str, object] = {
        "assignment": ASSIGNMENT,
        "student": "ada",
        "reason": REASON,
        "by": "Dr. Osei",
        "day": "2026-12-07",
    }
    with pytest.raises(CourseError, match=told):
        regrade(course, **(asked | change))  # type: ignore[arg-type]
    assert not log(course).exists()


@pytest.mark.parametrize("left_out", ["--reason", "--by", "--date"])
def test_nothing_is_made_up(course: Course, left_out: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = {"--reason": "r", "--by": "b", "--date": "2026-12-07"}
    options = [word for name, value in given.items() if name != left_out for word in (name, value)]
    assert main(["regrade", ASSIGNMENT, "ada", "--course", str(course.root), *options]) == 1
    assert f"{left_out} is missing" in capsys.readouterr().err

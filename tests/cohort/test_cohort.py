"""The sample cohort, graded whole: every status, the expected export byte for byte, and what it is made of."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest

from casebook.course.cohort import grade_cohort
from casebook.course.export import Line, lines, to_csv
from casebook.course.gradebook import sheets
from casebook.course.outcome import Outcome
from casebook.course.settings import Course
from tests.cohort.demo import GOLDEN, graded_sample
from tests.cohort.people import ASSIGNMENT, MISCHIEF, people


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return graded_sample(tmp_path_factory.mktemp("cohort") / "course")


@pytest.fixture(scope="module")
def rows(course: Course) -> dict[str, Line]:
    return {row.student: row for row in lines(course, ASSIGNMENT)}


def outcome(course: Course, name: str) -> Outcome:
    return Outcome.from_json(course.record(name, ASSIGNMENT).read_text(encoding="utf-8"))


def test_at_least_ten_writers_who_share_less_than_half() -> None:
    cohort = people()
    assert len(cohort) >= 10
    assert set(MISCHIEF) == {trick for person in cohort for trick in person.mischief}
    assert all(len(person.misunderstood.split()) >= 8 for person in cohort)
    for one, other in itertools.combinations(cohort, 2):
        same = sum(one.fields[name] == other.fields.get(name) for name in one.fields)
        assert 2 * same <= min(len(one.fields), len(other.fields)), (one.name, other.name)


def test_the_export_is_the_expected_one(course: Course) -> None:
    assert to_csv(lines(course, ASSIGNMENT)) == GOLDEN.read_text(encoding="utf-8"), (
        "when the change is meant: python -m tests.cohort.demo --refresh-golden"
    )


def test_nobody_is_dropped_and_no_failure_is_a_number(rows: dict[str, Line]) -> None:
    assert list(rows) == sorted(person.name for person in people())
    for name in ("ivo", "otto"):
        assert (rows[name].status, rows[name].score, rows[name].machine_score) == ("refused", None, None)
        assert rows[name].reason
    assert rows["noor"].status == "needs-manual"
    assert "answer-estimate" in rows["noor"].reason
    assert rows["chidi"].machine_score == 0.0
    assert rows["chidi"].score is None


def test_the_strong_are_ahead_and_the_form_filler_is_not(rows: dict[str, Line]) -> None:
    machine = {name: row.machine_score for name, row in rows.items() if row.machine_score is not None}
    assert machine["amara"] == max(machine.values()) >= 85
    assert machine["fay"] <= 35
    assert all(machine[name] < machine["emil"] < machine["jun"] for name in ("bruno", "goran", "hana", "fay"))


def test_tampering_brings_nothing_and_is_told(course: Course, rows: dict[str, Line]) -> None:
    assert (rows["goran"].machine_score or 0.0) < 30
    assert "restored" in rows["goran"].repairs
    assert (rows["hana"].machine_score or 0.0) < 30
    marks = {mark.grade_id: mark.possible for mark in sheets(course, ASSIGNMENT)["goran"].marks}
    assert math.fsum(marks.values()) == rows["amara"].possible


def test_doubled_cells_cost_nothing_and_are_told(rows: dict[str, Line]) -> None:
    assert "2 times" in rows["jun"].repairs
    assert (rows["jun"].machine_score or 0.0) > 80


def test_a_cap_holds_in_every_cell_and_points_by_hand_stand_on_top(course: Course, rows: dict[str, Line]) -> None:
    capped, row = outcome(course, "dana"), rows["dana"]
    assert capped.caps
    assert capped.score_before_caps is not None
    limit = min(cap.limit for cap in capped.caps)
    assert capped.score_before_caps > limit
    assert math.fsum(cell.points for cell in capped.cells) == pytest.approx(limit)
    factors = {round(cell.points / cell.before_caps, 9) for cell in capped.cells if cell.before_caps}
    assert len(factors) == 1
    assert row.machine_score == pytest.approx(limit, abs=1e-4)
    assert row.score == pytest.approx(limit + (row.hand_score or 0.0), abs=1e-4)


def test_grading_again_changes_nothing(course: Course) -> None:
    before = to_csv(lines(course, ASSIGNMENT))
    again = grade_cohort(course, ASSIGNMENT)
    assert not any(one.fresh for one in again)
    assert to_csv(lines(course, ASSIGNMENT)) == before


def test_graded_notebooks_hold_no_output_of_a_learner(course: Course) -> None:
    kept = Path(course.autograded / "goran" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8")
    assert "casebook.checks.grade = lambda" not in kept

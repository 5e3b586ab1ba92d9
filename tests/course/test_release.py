"""The committed student copies are what their masters give today, and hold nothing that is not the learner's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casebook.checks import load_rubric
from casebook.course.assess import public_seeds
from casebook.course.release import release
from casebook.course.repair import load_release
from casebook.course.settings import Course
from casebook.course.values import leaks, load_values, secrets
from tests.cohort.demo import copy_course
from tests.course.masters import ROOT

ASSIGNMENTS = sorted(path.name for path in (ROOT / "source").glob("*") if path.is_dir())


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, str]:
    """Every assignment, released anew in a copy of the course."""
    course = copy_course(tmp_path_factory.mktemp("release") / "course")
    release(course, request.param)
    return course, request.param


def test_there_is_something_to_release() -> None:
    assert ASSIGNMENTS


def test_the_committed_copy_is_in_step_with_its_master(fresh: tuple[Course, str]) -> None:
    course, assignment = fresh
    made = {path.name: path.read_bytes() for path in course.release(assignment).iterdir()}
    kept = {path.name: path.read_bytes() for path in (ROOT / "release" / assignment).glob("*.*")}
    assert kept == made, f"run: casebook release {assignment}"


def test_a_copy_has_no_output_no_solution_and_no_value_of_the_judge(fresh: tuple[Course, str]) -> None:
    course, assignment = fresh
    text = load_release(course.release(assignment)).text
    cells = json.loads(text)["cells"]
    assert all(cell.get("outputs", []) == [] for cell in cells)
    assert not any("BEGIN " in "".join(cell["source"]) for cell in cells)
    tokens = secrets(load_values(course.judge_values(assignment)), public_seeds())
    assert leaks(text, tokens) == []


def test_no_hidden_test_and_no_stub_that_raises(fresh: tuple[Course, str]) -> None:
    text = load_release(fresh[0].release(fresh[1])).text
    assert "HIDDEN TESTS" not in text
    assert "raise " not in text


def test_points_by_machine_and_by_hand_are_those_of_the_rubric(fresh: tuple[Course, str]) -> None:
    found = load_release(fresh[0].release(fresh[1]))
    of_case = load_rubric(found.rubric, found.case_id)
    assert found.points == {cell.id: cell.points for cell in of_case.cells}
    assert found.prose == dict(of_case.hand_graded)


def test_a_second_release_changes_nothing(fresh: tuple[Course, str]) -> None:
    course, assignment = fresh
    before = {path: path.stat().st_mtime_ns for path in Path(course.release(assignment)).iterdir()}
    assert not release(course, assignment).changed
    assert {path: path.stat().st_mtime_ns for path in Path(course.release(assignment)).iterdir()} == before

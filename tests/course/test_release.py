"""The committed student copies are what their masters give today, and hold nothing that is not the learner's."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from casebook.checks import load_rubric
from casebook.course import release as release_module
from casebook.course.assess import public_seeds
from casebook.course.errors import CourseError
from casebook.course.gradebook import after_commit, cells_worth, graded_students, held_open, one_commit, opened
from casebook.course.release import register, release
from casebook.course.repair import load_release
from casebook.course.settings import Course
from casebook.course.values import leaks, load_values, secrets
from tests.cohort.demo import copy_course
from tests.course.masters import ASSIGNMENT as SMALL
from tests.course.masters import ROOT, course_with, small_master

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


def test_the_gradebook_is_told_again_only_when_something_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = course_with(tmp_path / "course", small_master())
    course = Course(folder)
    release(course, SMALL)
    told = []
    make = release_module.generate

    def counted(*of: Any) -> Path:
        told.append(of)
        return make(*of)

    monkeypatch.setattr(release_module, "generate", counted)
    register(course, SMALL)
    assert not told
    course.gradebook.unlink()
    register(course, SMALL)
    assert len(told) == 1 and cells_worth(course, SMALL)
    with opened(course) as gradebook:
        gradebook.find_assignment(SMALL).notebooks[0].grade_cells[0].max_score = 99.0
        gradebook.db.commit()
    register(course, SMALL)
    assert len(told) == 2 and 99.0 not in cells_worth(course, SMALL).values()
    copy = next(course.release(SMALL).glob("*.ipynb"))
    copy.write_text(copy.read_text(encoding="utf-8").replace('"cells": [', '"cells":  [', 1), encoding="utf-8")
    with pytest.raises(CourseError, match="not the one that source/ would give"):
        register(course, SMALL)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own use of it warns about itself
def test_a_commit_of_many_is_all_or_nothing(tmp_path: Path) -> None:
    course = Course(course_with(tmp_path / "course", small_master()))
    release(course, SMALL)
    with held_open(course), opened(course) as gradebook:
        done: list[str] = []
        with contextlib.suppress(RuntimeError), one_commit(course):
            gradebook.update_or_create_student("ada")
            after_commit(course, lambda: done.append("ada"))
            raise RuntimeError("killed here")
        with one_commit(course):
            gradebook.update_or_create_student("bo")
            gradebook.update_or_create_submission(SMALL, "bo")
            after_commit(course, lambda: done.append("bo"))
            assert not done, "what rests on the gradebook waits until it has it"
        assert done == ["bo"]
        after_commit(course, lambda: done.append("at once"))
        assert done == ["bo", "at once"]
    with opened(course) as gradebook:
        assert [student.id for student in gradebook.students] == ["bo"]
    assert graded_students(course, SMALL) == {"bo"}


def test_corrupted_metadata_is_still_found(tmp_path: Path) -> None:
    from nbformat import NotebookNode
    from nbformat.v4 import new_markdown_cell
    from nbgrader.nbgraderformat import ValidationError

    from casebook.course.preprocessor import CheckMetadata

    course = Course(course_with(tmp_path / "course", small_master()))
    release(course, SMALL)
    notebook = nbformat.read(next(course.release(SMALL).glob("*.ipynb")), 4)
    check = CheckMetadata()
    for _ in range(2):
        check.preprocess(notebook, {})
    twice = NotebookNode(cells=[*notebook.cells, *notebook.cells])
    for broken in (twice, NotebookNode(cells=[new_markdown_cell(metadata={"nbgrader": {"schema_version": 3}})])):
        with pytest.raises((ValidationError, KeyError)):
            check.preprocess(broken, {})

"""The learner's own Validate: the reasons instead of "Partial credit", and the same test cell in everyday use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nbgrader.validator import Validator

from casebook.answer import Answer
from casebook.course import NotYet, check_cell, score_cell
from casebook.course.release import release
from casebook.course.settings import Course
from tests.course.masters import ANSWERS, ASSIGNMENT, course_with, filled, full_answers, released, small_master


def names(*answered: str) -> dict[str, object]:
    """A learner's variables after running the answer cells named."""
    space: dict[str, object] = {}
    exec("from casebook.answer import Close, Hypothesis, Metric, Rollout", space)
    for name in answered:
        exec(ANSWERS[name], space)
    return space


def test_in_everyday_use_the_cell_ends_with_a_number_that_explains_itself() -> None:
    score = check_cell(ASSIGNMENT, "frame", names("hypothesis"))
    full = check_cell(ASSIGNMENT, "frame", names("hypothesis", "metrics"))
    assert 0 < score < full <= full.cell.possible
    assert float(repr(score)) == score
    assert "Mend it:" in score._repr_html_()
    assert "Public score" in score._repr_html_()


def test_under_validate_what_is_missing_is_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    with pytest.raises(NotYet) as told:
        check_cell(ASSIGNMENT, "frame", names("hypothesis"))
    lines = told.value._render_traceback_()
    assert lines[0].startswith("Not yet: Problem and metric")
    assert any("Mend it:" in line for line in lines)
    assert all(len(line) <= 85 for line in lines)


def test_under_validate_full_points_are_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    everyday = score_cell(Answer.from_names(ASSIGNMENT, names("hypothesis", "metrics")), "frame")
    assert everyday == everyday.cell.possible, [note.message for note in everyday.cell.notes]
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    assert check_cell(ASSIGNMENT, "frame", names("hypothesis", "metrics")) == everyday


def test_an_unknown_cell_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="frame"):
        check_cell(ASSIGNMENT, "framing", names())


def test_nbgraders_validate_prints_the_list_and_not_partial_credit(tmp_path: Path) -> None:
    course = Course(course_with(tmp_path / "course", small_master()))
    release(course, ASSIGNMENT)
    half = {name: text for name, text in full_answers().items() if name != "answer-metrics"}
    path = tmp_path / f"{ASSIGNMENT}.ipynb"
    path.write_text(json.dumps(filled(released(course.root), half)))
    failed = Validator().validate(str(path))["failed"]
    told = "\n".join(cell["raw_error"] for cell in failed)
    assert "Partial credit" not in told
    assert "Traceback" not in told
    assert "Not yet: Problem and metric" in told
    assert "Mend it:" in told

"""Whatever a well-formed answer holds, grading gives points between nothing and all, and the same twice."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casebook.answer import Answer, AnswerError
from casebook.checks import grade, rubric_ids, side_by_side
from casebook.checks.formula import verify
from casebook.facts import load_case_data
from tests.checks.mutations import CASE, answered_cases, strong
from tests.checks.test_kinds import answer, outcomes

WORDS = st.sampled_from(["", "latency", "toxic uploads", "drift", "3 %", "200 ms", "$5 a month", "uploads", "<b>", "∞"])
NUMBERS = st.sampled_from([0, 1, -1, 0.5, 7, 90, 1e9, None])


def _leaves(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(data, dict):
        return [leaf for key, value in data.items() for leaf in _leaves(value, (*path, key))]
    if isinstance(data, list):
        return [leaf for at, value in enumerate(data) for leaf in _leaves(value, (*path, at))]
    return [path]


BASE = json.loads(answer().to_json())
PATHS = [path for path in _leaves(BASE) if path[0] not in ("case_id", "format", "design", "alternative")]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(PATHS), text=WORDS, number=NUMBERS, dropped=st.sampled_from(["", *sorted(BASE)]))
def test_no_field_makes_a_check_fall_over(path: tuple[Any, ...], text: str, number: Any, dropped: str) -> None:
    data = json.loads(json.dumps(BASE))
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = text if isinstance(place[path[-1]], str) else number
    if dropped not in ("", "case_id", "format"):
        data.pop(dropped)
    try:
        given_answer = Answer.from_json(json.dumps(data))
    except AnswerError:
        return
    report = grade(given_answer)
    assert 0 <= report.score <= report.possible
    assert all(0 <= finding.earned <= finding.possible + 1e-9 for finding in report.findings)
    for outcome in outcomes(given_answer).values():
        assert 0 <= outcome.share <= 1 + 1e-9
        assert outcome.message


@pytest.mark.parametrize("case", answered_cases())
def test_any_rubric_takes_any_case(case: str) -> None:
    found = side_by_side(Answer(case))
    assert [column.rubric for column in found.columns] == list(rubric_ids())
    assert all(column.report.score == 0 for column in found.columns)
    own = next(column for column in found.columns if column.own)
    assert own.report.possible == pytest.approx(sum(cell.possible for cell in own.report.cells.values()))


FORMULAS = st.from_regex(r"[a-z]{1,8}(\.[a-z_]{1,8})?( [-+*/] [a-z0-9.]{1,8})?", fullmatch=True)


@settings(deadline=None)
@example(text="uploads * 5or 6")
@given(text=st.text(max_size=40) | FORMULAS)
def test_any_formula_is_verified_or_told_what_is_wrong(text: str) -> None:
    with warnings.catch_warnings(record=True) as shown:  # what Python itself thinks of it is not for the learner
        assert isinstance(verify(text, load_case_data(CASE)), str)
    assert shown == []


def test_strong_is_what_it_was() -> None:
    assert grade(strong()).score == pytest.approx(100)

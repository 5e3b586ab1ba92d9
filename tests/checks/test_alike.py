"""U24: one student's answers to two cases, compared by their wording."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casebook.answer import Answer, Assumption, Risk
from casebook.checks.alike import LIMIT, overlap, too_alike
from tests.checks.borrowed import borrowed, sources
from tests.checks.mutations import CASE, answered_cases, strong


def test_strong_answers_to_different_cases_are_not_alike() -> None:
    assert not too_alike([strong(case) for case in answered_cases()])


def test_a_borrowed_answer_is_found_with_an_example() -> None:
    source = sources(CASE)[0]
    (pair,) = too_alike([strong(source), borrowed(CASE, source)])
    assert pair.share >= LIMIT
    assert (pair.case_id, pair.other_id) == (source, CASE)
    assert pair.example in pair.finding


def test_numbers_and_ids_are_not_wording_and_little_text_is_not_compared() -> None:
    assert overlap(strong(), strong())[0] == pytest.approx(1.0)
    assert overlap(Answer(CASE), strong()) == (0.0, "")
    few = Answer(CASE, risks=(Risk("drift > 3 % over 1 week -> retrain, ML Engineering"),))
    assert overlap(few, few) == (0.0, "")
    other = replace(strong(), assumptions=tuple(Assumption(a.topic, "something else", "no reason") for a in ()))
    assert 0 < overlap(strong(), other)[0] <= 1.0


def test_one_case_handed_in_twice_is_no_copy() -> None:
    assert not too_alike([strong(), strong()])

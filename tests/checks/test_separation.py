"""A strong answer stands far from the blank, the form-filler, the borrowed one and its own shuffled self."""

from __future__ import annotations

import pytest

from casebook.answer import Answer
from casebook.checks import all_checks, grade, load_rubric
from casebook.checks.registry import check_for
from casebook.checks.rubric import book
from casebook.facts import load_case_data
from tests.checks.borrowed import borrowed, sources
from tests.checks.mutations import CASE, answered_cases, form_filler, shuffled, strong

SHUFFLINGS = 200
FEW = 8


CASES = answered_cases()


@pytest.mark.parametrize("case", CASES)
def test_strong_answer_scores_at_least_95_percent(case: str) -> None:
    report = grade(strong(case))
    assert report.percent >= 95, [(f.id, f.message) for f in report.missing]
    assert not report.caps


@pytest.mark.parametrize("case", CASES)
def test_blank_answer_scores_nothing_and_says_not_answered(case: str) -> None:
    report = grade(Answer(case))
    assert report.score == 0
    assert not report.answered
    assert all(f.message.startswith("Not answered") for f in report.findings)


@pytest.mark.parametrize("case", CASES)
def test_form_filler_scores_at_most_35_percent(case: str) -> None:
    report = grade(form_filler(case))
    earned = sorted(((f.earned, f.id) for f in report.findings if f.earned), reverse=True)
    assert report.percent <= 35 + 1e-9, earned
    assert case != CASE or report.score_before_caps <= 0.35 * report.possible
    assert report.answered


@pytest.mark.parametrize("case", CASES)
def test_borrowed_answers_score_below_40_percent(case: str) -> None:
    """From another article and from the nearest case; the table of tests.answers prints every article's."""
    found = sources(case)
    for source in dict.fromkeys((found[0], found[-1])):
        report = grade(borrowed(case, source))
        earned = sorted(((f.earned, f.id) for f in report.findings if f.earned), reverse=True)
        assert report.percent < 40, (source, earned)


@pytest.mark.parametrize("case", CASES)
def test_shuffled_answers_score_below_the_strong_one(case: str) -> None:
    answer, many = strong(case), SHUFFLINGS if case == CASE else FEW
    best = grade(answer).score
    shufflings = [shuffled(answer, seed) for seed in range(many)]
    changed = [other for other in shufflings if other != answer]
    below = sum(grade(other).score < best - 1e-9 for other in changed)
    assert len(changed) >= 0.75 * many
    # A shuffled part that this case does not ask for leaves the score as it was.
    assert below >= (0.95 if case == CASE else 0.7) * len(changed), f"{below} of {len(changed)}"


def test_most_points_compare_two_parts_of_the_answer_or_a_part_with_the_evaluation() -> None:
    rubric, data = load_rubric("stability", CASE), load_case_data(CASE)
    points = {check: value for cell in rubric.cells for check, value in cell.checks.items()}
    comparing = sum(value for check, value in points.items() if check_for(check, data).compares)
    assert sum(points.values()) == 100
    assert comparing >= 60


def test_every_check_that_is_registered_is_asked_by_a_rubric_or_named_as_not_asked() -> None:
    asked = {row.check for row in book().table.rows}
    assert set(all_checks()) <= asked | set(book().not_asked)


def test_every_universal_check_is_asked_or_named_as_not_asked_with_a_reason() -> None:
    rubric = load_rubric("stability", CASE)
    asked = {check for cell in rubric.cells for check in cell.checks}
    named = {f"U{number}" for number in range(1, 28)}
    assert named - asked <= set(rubric.not_asked)
    assert all(len(reason.split()) >= 6 for reason in rubric.not_asked.values())


def test_same_answer_gives_the_same_report_from_json_as_from_records() -> None:
    answer = strong()
    assert grade(Answer.from_json(answer.to_json())).to_dict() == grade(answer).to_dict()

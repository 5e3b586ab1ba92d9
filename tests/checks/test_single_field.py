"""Each check has a fixture that passes and one that differs from it in a single field; nothing else may flip."""

from __future__ import annotations

import pytest

from casebook.checks import Finding, Report, grade, load_rubric
from tests.checks.fields import EXAMPLES, passing, with_field
from tests.checks.mutations import CASE, strong


def _by_id(report: Report) -> dict[str, Finding]:
    return {finding.id: finding for finding in report.findings}


def test_there_is_an_example_for_every_check_the_rubric_asks() -> None:
    asked = {check for cell in load_rubric("stability", CASE).cells for check in cell.checks}
    assert asked == set(EXAMPLES)


@pytest.mark.parametrize("check_id", EXAMPLES)
def test_one_changed_field_flips_the_check_and_only_what_the_fixture_names(check_id: str) -> None:
    example = EXAMPLES[check_id]
    fixture = passing(strong(), example)
    before = _by_id(grade(fixture))
    after = _by_id(grade(with_field(fixture, example["field"], example["bad"])))
    assert before[check_id].passed, before[check_id].message
    flipped = {name for name, finding in after.items() if before[name].passed and not finding.passed}
    assert flipped == {check_id, *example["also"]}
    assert after[check_id].earned < before[check_id].earned
    assert after[check_id].message and after[check_id].fix

"""A promise is held against the span it names: people take hours, a verdict takes milliseconds (X4)."""

from __future__ import annotations

from casebook.answer import Metric
from casebook.checks import grade
from tests.checks.fields import with_field
from tests.checks.mutations import strong


def _u21(text: str):
    answer = with_field(strong(), "metrics[2]", Metric(text, kind="guardrail").to_data())
    return next(finding for finding in grade(answer).findings if finding.id == "U21")


def test_a_promise_to_the_verdict_is_kept() -> None:
    assert _u21("p99 latency from upload to verdict < 200 ms over 1 week").passed


def test_the_same_number_cannot_include_a_person() -> None:
    finding = _u21("p99 latency from upload to human decision < 200 ms over 1 week")
    assert not finding.passed
    assert "over the 200 ms" in finding.message


def test_a_looser_promise_than_the_case_asks_for_earns_less() -> None:
    finding = _u21("p99 latency from upload to verdict < 900 ms over 1 week")
    assert 0 < finding.earned < finding.possible


def test_another_percentile_is_the_one_that_is_simulated() -> None:
    assert "p99.9" in _u21("p99.9 latency from upload to verdict < 20 ms over 1 week").evidence

"""The one-page report: score, caps, what to mend, both attempts, and every learner's word as text."""

from __future__ import annotations

from dataclasses import replace

import casebook
from casebook.checks import Cap, CellScore, Finding, Report
from casebook.design import evaluate
from casebook.show.report import report_html

GOOD = Finding("U1", "Hypothesis", True, 4.0, 4.0, "persona: artist", "It names a person.", "", "")
BAD = Finding("U5", "Owners", False, 0.0, 6.0, "<img src=x onerror=alert(1)>", "One part has no owner.",
              "Name who runs it.", "ours")
CELLS = {"test-1": CellScore("test-1", "Frame", 4.0, 10.0, 4.0, (GOOD, BAD))}
REPORT = Report("stability-moderation", "stability", "Stability AI", (GOOD, BAD),
                (Cap("cap", 60.0, "A part has no owner.", "ours"),), 4.0, 4.0, 10.0, CELLS)


def test_findings_are_escaped_and_say_how_to_mend_them() -> None:
    page = report_html(REPORT)
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "Name who runs it." in page
    assert "Deal breaker" in page
    assert "may not pass 60 %" in page
    assert "Public score" in page
    assert "http" not in page


def test_two_attempts_stand_side_by_side() -> None:
    page = report_html(replace(REPORT, score=9.0), previous=REPORT)
    assert "<th>Before</th>" in page
    assert "up 5" in page
    assert "<th>Before</th>" not in report_html(REPORT)


def test_an_empty_answer_is_not_a_zero() -> None:
    blank = replace(BAD, answered=False)
    page = report_html(replace(REPORT, findings=(blank,), caps=()))
    assert "not answered" in page
    assert "Mend these first" not in page


def test_the_design_is_on_the_page() -> None:
    case = casebook.load_case("stability-moderation")
    assert "nobody" in report_html(REPORT, evaluation=evaluate(case.reference, requests=2_000))

"""Cells, caps and statuses: one total, never above the cap, whatever a report holds."""

from __future__ import annotations

import math

import pytest

from casebook.checks.finding import Cap, CellScore, Finding, Report
from casebook.course.outcome import CapNote, CellGrade, Note, Outcome, finite, from_report

POINTS = {"frame": 10.0, "design": 30.0}


def finding(earned: float, possible: float) -> Finding:
    return Finding("U1", "Hypothesis", earned == possible, earned, possible, "it says", "message", "fix")


def cell(cell_id: str, *findings: Finding) -> CellScore:
    earned = sum(found.earned for found in findings)
    return CellScore(cell_id, cell_id, 0.0, POINTS.get(cell_id, 1.0), earned, findings)


def made_of(cells: list[CellScore], *percents: float) -> Report:
    caps = tuple(Cap("no-owner", percent, "nobody owns it") for percent in percents)
    by_id = {found.cell_id: found for found in cells}
    return Report("case", "stability", "Stability AI", (), caps, 0.0, 0.0, 40.0, by_id)


def report(*percents: float) -> Report:
    return made_of([cell("frame", finding(4, 4), finding(3, 6)), cell("design", finding(29, 30))], *percents)


def test_without_a_cap_cells_are_what_their_findings_earned() -> None:
    cells, caps, before = from_report(report(), POINTS)
    assert [(c.cell_id, c.points, c.possible) for c in cells] == [("frame", 7, 10), ("design", 29, 30)]
    assert (caps, before) == ((), 36)


@pytest.mark.parametrize("limits", [(60.0,), (60.0, 75.0), (90.0, 60.0)])
def test_one_factor_over_all_cells_brings_their_sum_to_the_lowest_cap(limits: tuple[float, ...]) -> None:
    cells, _, before = from_report(report(*limits), POINTS)
    assert math.isclose(sum(cell.points for cell in cells), 24.0)
    assert before == 36
    assert math.isclose(cells[0].points / cells[0].before_caps, cells[1].points / cells[1].before_caps)


def test_a_cap_above_the_score_costs_nothing() -> None:
    cells, caps, before = from_report(report(95.0), POINTS)
    assert sum(cell.points for cell in cells) == before == 36
    assert len(caps) == 1


@pytest.mark.parametrize("wild", [float("nan"), float("inf"), float("-inf"), -5.0, 1e300])
def test_wild_numbers_are_brought_into_range(wild: float) -> None:
    made = made_of([cell("frame", finding(wild, 10)), cell("unknown", finding(5, 5))])
    cells, _, before = from_report(made, POINTS)
    assert all(math.isfinite(cell.points) and 0 <= cell.points <= cell.possible for cell in cells)
    assert math.isfinite(before)


def test_a_cell_of_the_release_that_the_report_lacks_has_no_points() -> None:
    cells, _, _ = from_report(made_of([]), POINTS)
    assert [cell.points for cell in cells] == [0.0, 0.0]


def test_a_failure_has_no_score_and_a_scored_one_does() -> None:
    cells = (CellGrade("frame", 0.0, 0.0, 10.0),)
    assert Outcome("refused", "empty").score is None
    assert Outcome("needs-manual", cells=cells).score is None
    assert Outcome("graded", cells=cells).score == 0.0


def test_a_record_comes_back_as_it_was() -> None:
    note = Note("U1", "hypothesis", True, 4.0, 4.0, "persona='creator'", "named", "")
    outcome = Outcome(
        "partial",
        "line 3",
        ("restored",),
        cells=(CellGrade("frame", 3.0, 4.0, 10.0, (note,)),),
        score_before_caps=4.0,
        caps=(CapNote("no-owner", 3.0, "nobody owns it"),),
        possible=10.0,
        key="k",
    )
    assert Outcome.from_json(outcome.to_json()) == outcome
    assert outcome.to_json() == outcome.to_json()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"status": "great", "cells": [], "caps": []}', "null"])
def test_a_damaged_record_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        Outcome.from_json(text)


def test_finite_keeps_what_is_in_range() -> None:
    assert finite(3, 0, 10) == 3.0

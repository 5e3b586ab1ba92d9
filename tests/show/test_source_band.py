"""What the sources leave open is shaded on the latency plot once a design rests, and told in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casebook.design import evaluate
from casebook.public import load_case
from casebook.show.series import latency_series, shaded

REFERENCE = load_case("stability-moderation").reference


def test_a_resting_design_shows_what_the_sources_leave_open() -> None:
    evaluation = evaluate(REFERENCE, "launch", requests=100_000)
    series = latency_series(evaluation, 200.0, "target 200 ms", "upload")
    low, high = evaluation.source_band_ms(0.99)
    assert series.source_ms == (low, high)
    assert shaded(series, series.marks[-1]) == (pytest.approx(low), pytest.approx(high))
    assert "Sources as wrong as they may be" in series.words()


def test_a_moving_one_shows_the_draw_of_the_day_alone() -> None:
    series = latency_series(evaluate(REFERENCE, "launch", requests=20_000), 200.0, "target 200 ms", "upload")
    assert series.source_ms is None
    assert shaded(series, series.marks[-1]) == (series.marks[-1].low_ms, series.marks[-1].high_ms)
    assert "Sources" not in series.words()


def test_a_band_of_nothing_is_not_told_as_one() -> None:
    moving = latency_series(evaluate(REFERENCE, "launch", requests=20_000), 200.0, "target 200 ms", "upload")
    certain = replace(moving, source_ms=(140.0, 140.0))
    assert "no source says" in certain.words() and "as wrong as" not in certain.words()

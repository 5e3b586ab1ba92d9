"""Item statistics against cases that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.course.items import correlation, items, lost_together
from casebook.course.outcome import CellGrade, Note, Outcome


def outcome(*earned: float) -> Outcome:
    notes = tuple(
        Note(f"c{at}", f"Check {at}", share >= 1, 2.0 * share, 2.0, "", "", "") for at, share in enumerate(earned)
    )
    points = sum(note.earned for note in notes)
    return Outcome("graded", cells=(CellGrade("cell", points, points, 2.0 * len(notes), notes, "The step"),))


def test_difficulty_is_the_mean_share_and_the_hardest_stands_first() -> None:
    cohort = {"a": outcome(1, 0, 0.5), "b": outcome(1, 0, 1), "c": outcome(1, 1, 1)}
    found = items(cohort)
    assert [(item.id, item.lost, item.count) for item in found] == [("c1", 2, 3), ("c2", 1, 3), ("c0", 0, 3)]
    assert found[0].difficulty == pytest.approx(1 / 3)
    assert [item.discrimination for item in found] == [None] * 3  # three students say nothing about a correlation


def test_a_check_that_follows_the_rest_tells_apart_and_one_against_it_does_not() -> None:
    cohort = {f"s{at:02d}": outcome(at / 9, at / 9, at / 9, 1 - at / 9, 1.0) for at in range(10)}
    found = {item.id: item.discrimination for item in items(cohort)}
    assert found["c0"] == pytest.approx(1.0)
    assert found["c3"] == pytest.approx(-1.0)
    assert found["c4"] is None  # everybody has it


def test_lost_together_leaves_out_what_nearly_everybody_loses() -> None:
    cohort = {f"s{at:02d}": outcome(float(at > 3), float(at > 3), 0.0, float(at % 2)) for at in range(10)}
    found = lost_together(cohort)
    assert [(pair.one, pair.other, pair.both, pair.phi) for pair in found] == [("c0", "c1", 4, pytest.approx(1.0))]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=40))
def test_correlation_is_numpy_s(rows: list[tuple[int, int]]) -> None:
    xs, ys = zip(*rows, strict=True)
    ours = correlation(xs, ys)
    if len(set(xs)) < 2 or len(set(ys)) < 2:
        assert ours is None
    else:
        assert ours == pytest.approx(float(np.corrcoef(xs, ys)[0, 1]), abs=1e-9)

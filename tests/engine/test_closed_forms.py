"""The engine against queueing theory and published answers, each inside its 95 % interval over many seeds."""

from __future__ import annotations

import pytest

from casebook.engine import EngineError, formulas
from tests.engine.closed_forms import ROWS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_theory_lies_in_the_interval(row):
    low, high, inside = row.judged()
    assert inside, f"{row.name}: theory {row.theory:g} is outside [{low:g}, {high:g}]"
    assert (high - low) / 2 < 0.15 * row.theory  # an interval that holds everything would prove nothing


def test_erlang_b_as_published():
    for erlangs, servers, percent in ((8, 10, 12.1661), (10, 12, 11.9739), (12.5, 15, 10.0489),
                                      (15, 18, 8.6169), (18, 22, 6.5451)):
        assert 100 * formulas.erlang_b(servers, erlangs) == pytest.approx(percent, abs=6e-5)
    assert formulas.erlang_b(15, 8.108) == pytest.approx(0.01, abs=1e-6)
    assert formulas.erlang_b(15, 12.0) == pytest.approx(0.0857292, abs=5e-8)


def test_formulas_agree_where_they_meet():
    assert formulas.mean_wait_mmc_ms(80, 10, 1) == pytest.approx(formulas.mean_wait_mg1_ms(80, 10, 1.0))
    assert formulas.mean_wait_allen_cunneen_ms(80, 10, 1, 1.0, 0.0) == pytest.approx(
        formulas.mean_wait_mg1_ms(80, 10, 0.0))
    assert formulas.sojourn_tail_mmc(80, 10, 1, 50.0) == pytest.approx(2.718281828459045 ** -1.0)
    assert formulas.sojourn_tail_mmc(80, 10, 4, 0.0) == pytest.approx(1.0)
    # no server to spare between c − 1 and the load: the formula's own special case, beside its neighbours
    assert formulas.sojourn_tail_mmc(100, 10, 2, 30.0) == pytest.approx(
        formulas.sojourn_tail_mmc(100.0001, 10, 2, 30.0), rel=1e-4)


def test_a_formula_refuses_what_has_no_steady_state():
    with pytest.raises(EngineError, match="cannot keep up"):
        formulas.erlang_c(4, 4.0)
    with pytest.raises(EngineError, match="cannot keep up"):
        formulas.mean_wait_mg1_ms(120, 10, 1.0)

"""Payback under a curve of adoption, and the judged sample with its interval."""

from __future__ import annotations

import math

import numpy as np
import pytest

from casebook.economics.errors import MoneyError
from casebook.economics.payback import (
    AtOnce,
    EveryMonth,
    Ramp,
    SCurve,
    base_needed,
    customers_to_carry,
    customers_to_repay,
    payback,
)
from casebook.economics.sampling import half_width, interval, judge_bill, judged_to_notice, z_of
from casebook.facts import fact

COST = float(fact("MJ.remix_usd_month").value)
ONE = float(fact("MJ.revenue_usd").value)


def test_the_audit_of_the_payback_comes_out_for_each_curve() -> None:
    assert customers_to_carry(COST, ONE) == pytest.approx(2000)
    assert customers_to_repay(AtOnce, ONE, cost_usd_month=COST, months=2) == pytest.approx(2000)
    every = customers_to_repay(EveryMonth, ONE, cost_usd_month=COST, months=2)
    assert every == pytest.approx(1333.33, rel=1e-4)
    assert EveryMonth(every)(2) == pytest.approx(2666.67, rel=1e-4)
    ramp = customers_to_repay(lambda n: Ramp(n, 2), ONE, cost_usd_month=COST, months=2)
    assert ramp == pytest.approx(4000)
    assert base_needed(customers_to_carry(COST, ONE), 0.07) == pytest.approx(28_571, abs=1)


@pytest.mark.parametrize("shape", [AtOnce, EveryMonth, lambda n: Ramp(n, 3.5), lambda n: SCurve(n, 2, 3)])
def test_the_size_that_repays_repays_in_that_month_and_not_before(shape) -> None:
    size = customers_to_repay(shape, ONE, cost_usd_month=COST, months=4, upfront_usd=50_000)
    found = payback(shape(size), ONE, cost_usd_month=COST, upfront_usd=50_000, horizon=6)
    assert found.month == 4
    assert found.balance_usd[3] == pytest.approx(0, abs=1e-6)
    assert payback(shape(size * 0.99), ONE, cost_usd_month=COST, upfront_usd=50_000, horizon=4).month is None
    assert found.deepest_usd <= -50_000 or found.deepest_usd < 0


def test_a_ramp_that_levels_off_inside_a_month_counts_both_parts() -> None:
    times = np.linspace(1, 2, 200_001)
    exact = np.trapezoid(np.minimum(1.0, times / 1.5), times)
    assert Ramp(1.0, 1.5)(2) == pytest.approx(exact, rel=1e-6)
    assert Ramp(7.0, 1.5)(5) == 7.0


def test_an_s_curve_goes_from_a_tenth_to_nine_tenths_in_its_months() -> None:
    s = SCurve(1000, 6, 4)
    middle = [s(month + 0.5) for month in (4, 6, 8)]
    assert middle == pytest.approx([100, 500, 900])


def test_nobody_by_then_is_said() -> None:
    with pytest.raises(MoneyError, match="nobody has come"):
        customers_to_repay(lambda n: (lambda month: 0.0), ONE, cost_usd_month=COST, months=2)


def test_the_audit_of_the_sample_comes_out() -> None:
    assert z_of(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert 100 * half_width(0.9, 100) == pytest.approx(float(fact("GEN.X27").value), rel=2e-3)
    small, large = judge_bill(10_000, 0.01, 0.02, 0.9), judge_bill(1_000_000, 0.01, 0.02, 0.9)
    assert large.usd_month == pytest.approx(100 * small.usd_month)
    assert 100 * large.half_width_day == pytest.approx(0.588, abs=0.001)
    assert small.usd_month == pytest.approx(100 * 730 / 24 * 0.02)


def test_the_bill_of_a_drawn_sample_lies_inside_its_interval() -> None:
    one = judge_bill(2_000, 0.05, 0.02, 0.9)
    drawn = np.random.default_rng(3).binomial(int(2_000 * 730 / 24), 0.05, 4_000) * 0.02
    inside = np.mean((drawn >= one.usd_month_low) & (drawn <= one.usd_month_high))
    assert 0.93 < inside < 0.97


def test_wilson_covers_the_truth_where_the_plain_interval_does_not() -> None:
    drawn = np.random.default_rng(5).binomial(20, 0.95, 4_000)
    wilson = np.mean([low <= 0.95 <= high for low, high in (interval(int(k), 20) for k in drawn)])
    plain = np.mean([abs(k / 20 - 0.95) <= (half_width(k / 20, 20) if 0 < k < 20 else 0) for k in drawn])
    assert wilson > 0.9 > plain
    assert interval(20, 20)[1] == 1.0 and interval(20, 20)[0] < 1.0


def test_a_fall_of_a_given_size_is_noticed_as_often_as_promised() -> None:
    n = judged_to_notice(0.9, 0.05, power=0.8)
    rng = np.random.default_rng(7)
    before, after = rng.binomial(n, 0.9, 4_000) / n, rng.binomial(n, 0.85, 4_000) / n
    mean = (before + after) / 2
    noticed = np.abs(before - after) > z_of(0.95) * np.sqrt(2 * mean * (1 - mean) / n)
    assert np.mean(noticed) == pytest.approx(0.8, abs=0.02)
    assert judged_to_notice(0.9, 0.01) > 20 * n


def test_figures_that_cannot_be_are_named() -> None:
    with pytest.raises(MoneyError, match="11 of 10 passed"):
        interval(11, 10)
    with pytest.raises(MoneyError, match="nothing is judged"):
        judge_bill(100, 0.0, 0.1, 0.9)
    with pytest.raises(MoneyError, match="answers_day"):
        judge_bill(math.nan, 0.1, 0.1, 0.9)

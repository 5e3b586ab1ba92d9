"""Arrival processes: rates, counts and gaps as each process promises."""

from __future__ import annotations

import math

import numpy as np
import pytest

from casebook.engine import (
    Architecture,
    Component,
    Diurnal,
    EngineError,
    Exponential,
    FlashCrowd,
    Poisson,
    Workload,
    simulate,
)


def test_poisson_gaps_are_exponential_and_counts_are_poisson():
    t = Poisson(200.0).times_ms(200_000, 3)
    gaps = np.diff(t, prepend=0.0)
    assert gaps.mean() == pytest.approx(5.0, rel=0.01)
    assert gaps.std() == pytest.approx(5.0, rel=0.01)
    assert (gaps > 10.0).mean() == pytest.approx(math.exp(-2.0), rel=0.02)
    counts = np.histogram(t, np.arange(0.0, t[-1], 100.0))[0]
    assert counts.var() / counts.mean() == pytest.approx(1.0, abs=0.05)


def test_the_day_swings_about_its_mean_and_peaks_when_told():
    day = Diurnal(100.0, 1.8, 15.0)
    rates = day.rates_per_s()
    assert rates.mean() == pytest.approx(100.0, rel=1e-12)
    assert rates.argmax() in (29, 30)  # the half hours on both sides of 15:00
    assert rates.max() == pytest.approx(180.0, rel=0.002)
    assert rates.min() == pytest.approx(20.0, rel=0.02)
    hours = (np.arange(48) + 0.5) / 2
    sine = 100.0 * (1.0 + 0.8 * np.cos(2 * np.pi * (hours - 15.0) / 24))
    assert np.abs(rates - sine).max() < 0.2  # Bhaskara is within 0.0017 of a sine
    assert (Diurnal(100.0, 1.0).rates_per_s() == 100.0).all()


def test_arrivals_follow_the_day():
    day = Diurnal(2.0, 1.6, 20.0)
    t = day.times_ms(700_000, 1)
    assert (np.diff(t) >= 0).all()
    days = int(t[-1] // 86_400_000)
    assert days >= 3
    counts = np.histogram(t % 86_400_000.0, np.linspace(0, 86_400_000.0, 49))[0]
    whole = np.histogram(t[t < days * 86_400_000.0] % 86_400_000.0, np.linspace(0, 86_400_000.0, 49))[0]
    expected = day.rates_per_s() * 1800.0 * days
    assert counts.sum() == 700_000
    assert ((whole - expected) ** 2 / expected).sum() < 85.0  # chi-squared, 48 degrees: 1 in 1,000 beyond


def test_a_crowd_comes_stays_and_goes():
    crowd = FlashCrowd(100.0, 5.0, 60.0, 30.0)
    t = crowd.times_ms(60_000, 2) / 1000.0
    before, during, after = (t < 60).sum() / 60, ((t >= 60) & (t < 90)).sum() / 30, (t >= 90).sum() / (t[-1] - 90)
    assert before == pytest.approx(100.0, rel=0.05)
    assert during == pytest.approx(500.0, rel=0.05)
    assert after == pytest.approx(100.0, rel=0.05)
    # outside the crowd's time the same requests as without it
    plain = Poisson(100.0).times_ms(60_000, 2) / 1000.0
    assert t[t < 60] == pytest.approx(plain[plain < 60])
    early = FlashCrowd(100.0, 5.0, 0.0, 30.0).times_ms(60_000, 2) / 1000.0
    assert (early < 30).sum() / 30 == pytest.approx(500.0, rel=0.05)


def test_a_queue_in_a_crowd_fills_and_empties():
    arch = Architecture([Component("api", 2, Exponential(10.0))])
    run = simulate(arch, Workload(FlashCrowd(100.0, 4.0, 100.0, 20.0)), 40_000, 1)
    wait, came = run.station("api").wait_ms, run.arrived_ms / 1000.0
    assert run.stable  # for ever it is: the crowd passes
    assert wait[came < 100].max() < 200
    assert wait[(came > 118) & (came < 122)].min() > 5_000
    assert wait[came > 250].mean() < 50


@pytest.mark.parametrize(("make", "place", "value", "remedy"), [
    (lambda: Diurnal(0.0), "Diurnal, rate_per_s", "0.0", "above 0"),
    (lambda: Diurnal(1.0, 2.5), "Diurnal, peak_factor", "2.5", "2 or less"),
    (lambda: Diurnal(1.0, 1.5, 25.0), "Diurnal, peak_hour", "25.0", "24 or less"),
    (lambda: FlashCrowd(1.0, 0.5, 1.0, 1.0), "FlashCrowd, factor", "0.5", "1 or more"),
    (lambda: FlashCrowd(1.0, 2.0, 1.0, math.inf), "FlashCrowd, lasting_s", "inf", "finite"),
    (lambda: FlashCrowd(10.0, 5.0, 60.0, 60.0).times_ms(500, 1), "FlashCrowd", "500 requests", "at least 3880"),
])
def test_refused_with_place_value_and_remedy(make, place, value, remedy):
    with pytest.raises(EngineError) as caught:
        make()
    assert place in caught.value.place
    assert value in str(caught.value.value)
    assert remedy in caught.value.remedy

"""Metrics and triggers: what the short form says is taken, what it leaves open stays open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.answer import Metric, Risk, ShortFormError


def test_a_latency_names_percentile_span_unit_and_window() -> None:
    metric = Metric("p99 latency from upload to verdict < 200 ms over 1 week", kind="guardrail")
    assert (metric.name, metric.quantile, metric.span) == ("latency", 0.99, "upload to verdict")
    assert (metric.direction, metric.value, metric.unit, metric.window_days) == ("below", 200, "ms", 7)
    assert metric.title == "p99 latency"
    assert metric.percent_kind is None


def test_a_rate_below_a_share_every_week() -> None:
    metric = Metric("false positive rate < 5 % weekly")
    assert (metric.name, metric.direction, metric.value, metric.unit) == ("false positive rate", "below", 5, "percent")
    assert (metric.percent_kind, metric.over_days, metric.within_days) == ("share", 7, None)


def test_a_relative_fall_within_three_months() -> None:
    metric = Metric("toxic uploads -30 % relative within 3 months")
    assert (metric.name, metric.direction, metric.value) == ("toxic uploads", "down", -30)
    assert metric.percent_kind == "relative"
    assert metric.is_change
    assert metric.within_days == pytest.approx(91.25)
    assert metric.window_days == metric.within_days


@pytest.mark.parametrize(
    "typed",
    [
        "toxic uploads -30 % within 3 months",
        "toxic uploads down 30 % within 3 months",
        "reduce toxic uploads by 30 % within 3 months",
        "toxic upload reduction >= 30 % within 3 months",
    ],
)
def test_a_change_in_percent_that_does_not_say_relative_or_points_stays_open(typed: str) -> None:
    assert Metric(typed).percent_kind is None


@pytest.mark.parametrize(
    ("typed", "direction", "value", "unit", "window"),
    [
        ("recall >= 60 % daily", "above", 60, "percent", 1),
        ("weekly false-positive rate below 5 %", "below", 5, "percent", 7),
        ("p99.9 latency at most 1.5 s in any week", "below", 1.5, "s", 7),
        ("99th percentile latency <= 0.2 s per day", "below", 0.2, "s", 1),
        ("cost under $0.02 an upload each month", "below", 0.02, "usd", 730 / 24),
        ("cost < $9k a month", "below", 9000, "usd", 730 / 24),
        ("churn falls 2 points within three months", "down", -2, "percent", 91.25),
        ("review wait is under 24 hours over one week", "below", 24, "hours", 7),
        ("queue < 1,000 items by week 8", "below", 1000, "items", 56),
        ("reduce toxic uploads by 30 % relative within 13 weeks", "down", -30, "percent", 91),
    ],
)
def test_other_ways_to_say_it(typed: str, direction: str, value: float, unit: str, window: float) -> None:
    metric = Metric(typed)
    assert (metric.direction, metric.unit) == (direction, unit)
    assert metric.value == pytest.approx(value)
    assert metric.window_days == pytest.approx(window)


def test_a_missing_unit_is_left_missing() -> None:
    assert Metric("recall >= 0.6 daily").unit == ""
    assert Metric("recall >= 0.6").window_days is None


def test_baseline_and_owner_may_stand_in_the_text() -> None:
    metric = Metric("toxic uploads -30 % relative within 3 months, from 1 % of uploads, owner Trust and Safety")
    assert metric.baseline == "1 % of uploads"
    assert metric.owner == "Trust and Safety"
    assert metric.baseline_quantity is not None
    assert metric.baseline_quantity.base == "uploads"
    with pytest.raises(ShortFormError, match="already says"):
        Metric("toxic uploads -30 % relative, from 1 % of uploads", baseline="2 % of uploads")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("make creators happier", "needs a direction and a number"),
        ("review wait over 24 hours", "needs a direction and a number"),
        ("latency < fast", "a number is missing"),
        ("latency < 5 m", "minutes, months or millions"),
        ("< 5 % weekly", "has no name"),
        ("p99 p95 latency < 5 ms", "two percentiles"),
        ("p100 latency < 5 ms", "between 0 and 100"),
        ("churn -2 % relative points", "one of them"),
        ("uploads up -30 %", "contradict"),
        ("latency < 200 ms weekly over 2 weeks", "two windows"),
        ("latency < 200 ms with bells on", "with bells"),
        ("false positive rate < 3-5 %", "commit to one"),
    ],
)
def test_an_error_quotes_what_was_typed_and_shows_a_form_that_works(typed: str, said: str) -> None:
    with pytest.raises(ShortFormError) as caught:
        Metric(typed)
    assert said in str(caught.value)
    assert f'"{typed}"' in str(caught.value)
    assert "p99 latency < 200 ms over 1 week" in str(caught.value)


def test_the_form_in_the_error_works() -> None:
    with pytest.raises(ShortFormError) as caught:
        Metric("nothing")
    for form in caught.value.example.split(" or "):
        assert isinstance(eval(form, {"Metric": Metric}), Metric)


def test_an_unknown_kind_lists_the_kinds() -> None:
    with pytest.raises(ShortFormError, match="guardrail"):
        Metric("recall >= 60 % daily", kind="gardrail")


def test_a_trigger_is_taken_apart_and_one_without_number_is_kept_for_a_check() -> None:
    risk = Risk("drift > 3 % over 1 week -> retrain, Model Ops")
    assert (risk.metric, risk.comparator, risk.action, risk.owner) == ("drift", ">", "retrain", "Model Ops")
    assert risk.threshold is not None
    assert (risk.threshold.value, risk.threshold.percent_kind, risk.window_days) == (3, None, 7)
    vague = Risk("the model gets worse", action="retrain")
    assert (vague.parsed, vague.metric, vague.window_days) == (None, "the model gets worse", None)
    with pytest.raises(ShortFormError, match="Risk trigger"):
        Risk("drift > 3 m over 1 week")


SAID = (
    "p99 latency drift < > <= -30 30 % 5 ms over within weekly 1 week 3 months relative points from to , of uploads $ "
    "a month daily by up down reduce owner -> ( ) ; baseline p99.9 median 99th percentile k M m share every two"
)
WORDS = st.lists(st.sampled_from(SAID.split(" ")), max_size=14).map(" ".join)


@given(WORDS | st.text(max_size=60))
def test_any_text_is_a_metric_or_a_short_form_error(text: str) -> None:
    try:
        metric = Metric(text)
    except ShortFormError:
        return
    again = eval(repr(metric), {"Metric": Metric})
    assert again == metric
    assert again.parsed == metric.parsed

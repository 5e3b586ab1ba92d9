"""Numbers with units as product managers write them, and the ones that could mean two things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.answer import Quantity, ShortFormError, find_quantities, parse_quantity
from casebook.answer.lexer import MAX_CHARS


@pytest.mark.parametrize(
    ("typed", "value", "unit", "per", "base", "kind"),
    [
        ("200 ms", 200, "ms", "", "", None),
        ("200ms", 200, "ms", "", "", None),
        ("8-week", 8, "weeks", "", "", None),
        ("1.5 s", 1.5, "s", "", "", None),
        ("90 days", 90, "days", "", "", None),
        ("$1,200 a month", 1200, "usd", "month", "", None),
        ("$5k/month", 5000, "usd", "month", "", None),
        ("1,200 USD per month", 1200, "usd", "month", "", None),
        ("-$80 a month", -80, "usd", "month", "", None),
        ("$0.0028 an upload", 0.0028, "usd", "upload", "", None),
        ("5 cents", 0.05, "usd", "", "", None),
        ("100,000 uploads a day", 100_000, "uploads", "day", "", None),
        ("100 000 uploads daily".replace(" 000", "\u202f000"), 100_000, "uploads", "day", "", None),
        ("1.2M uploads per week", 1_200_000, "uploads", "week", "", None),
        ("5 million", 5_000_000, "", "", "", None),
        ("4 GPUs", 4, "GPUs", "", "", None),
        ("5 %", 5, "percent", "", "", None),
        ("1 % of uploads", 1, "percent", "", "uploads", "share"),
        ("−30 % relative", -30, "percent", "", "", "relative"),
        ("2 pp", 2, "percent", "", "", "points"),
        ("-2 percentage points", -2, "percent", "", "", "points"),
        ("-30 % of uploads", -30, "percent", "", "uploads", None),
    ],
)
def test_what_is_typed_is_what_is_meant(
    typed: str, value: float, unit: str, per: str, base: str, kind: str | None
) -> None:
    found = parse_quantity(typed)
    assert (found.unit, found.per, found.base, found.percent_kind) == (unit, per, base, kind)
    assert found.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5 m", "minutes, months or millions"),
        ("5b", "billions or bytes"),
        ("1,5 %", "a comma separates thousands"),
        ("1.234.567", "commas for thousands"),
        ("1.234,50", "commas for thousands"),
        ("100 000", "side by side"),
        ("3-5 %", "commit to one"),
        ("3–5 weeks", "commit to one"),
        ("€500 a month", "US dollars"),
        ("500 euros", "US dollars"),
        ("--5", "two signs"),
        ("1e400", "too large"),
        ("9" * 60, "digits"),
        ("lots", "a number is missing"),
        ("nan", "a number is missing"),
        ("inf", "a number is missing"),
        ("", "a number is missing"),
        ("5 % and some more", "what this adds"),
    ],
)
def test_what_could_mean_two_things_is_refused_with_the_reason(typed: str, said: str) -> None:
    with pytest.raises(ShortFormError) as caught:
        parse_quantity(typed)
    assert said in str(caught.value)
    assert "A form that works" in str(caught.value)


def test_units_of_time_turn_into_each_other_and_nothing_else() -> None:
    assert parse_quantity("2 weeks").to("days") == 14
    assert parse_quantity("1 month").to("hours") == pytest.approx(730)
    assert parse_quantity("0.2 s").to("ms") == pytest.approx(200)
    with pytest.raises(ShortFormError, match="cannot be turned"):
        parse_quantity("5 %").to("ms")
    with pytest.raises(ShortFormError, match="cannot be turned"):
        parse_quantity("5 GPUs").to("hours")


def test_money_needs_its_period_to_become_a_monthly_figure() -> None:
    assert parse_quantity("$10 an hour").usd_month == pytest.approx(7_300)
    assert parse_quantity("$12,000 a year").usd_month == pytest.approx(1_000)
    assert parse_quantity("$12,000").usd_month is None
    assert parse_quantity("$0.01 an upload").usd_month is None


def test_quantities_are_found_in_running_text_and_never_raise() -> None:
    text = "Cut toxic uploads by 30 % within 3 months; p99 below 200 ms at $9,000 a month, not 1,5 of it."
    values = [(found.value, found.unit) for found in find_quantities(text)]
    assert values[:4] == [(30, "percent"), (3, "months"), (200, "ms"), (9000, "usd")]


def test_a_million_characters_are_refused_by_their_length() -> None:
    with pytest.raises(ShortFormError, match=f"{MAX_CHARS:,} is the limit"):
        parse_quantity("9," * 500_000)


@given(st.text(max_size=80) | st.from_regex(r"[-+$]{0,3}[0-9.,_]{1,12} ?[a-zA-Z%€/ ]{0,20}", fullmatch=True))
def test_any_text_is_a_quantity_or_a_short_form_error(text: str) -> None:
    try:
        found = parse_quantity(text)
    except ShortFormError:
        pass
    else:
        assert abs(found.value) <= 1e15
        assert isinstance(str(found), str)
    find_quantities(text)


@given(
    value=st.integers(-(10**9), 10**9).map(float) | st.floats(0.001, 10_000).map(lambda x: round(x, 3)),
    unit=st.sampled_from(["ms", "min", "weeks", "percent", "usd", "GPUs", ""]),
    per=st.sampled_from(["", "upload"]),
)
def test_a_quantity_written_out_reads_as_itself(value: float, unit: str, per: str) -> None:
    quantity = Quantity(value, unit, per if unit in ("usd", "GPUs") else "", signed=value < 0)
    assert parse_quantity(str(quantity)) == quantity

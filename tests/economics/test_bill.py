"""The bill: every kind of cost by its formula, tiers, bands, and lines that add up."""

from __future__ import annotations

import pytest

from casebook.economics import Usage, bill, option_usd_month
from casebook.facts import load_case_data

CASE = load_case_data("stability-moderation")


def _option(slot: str, option: str):
    return CASE.option(slot, option)


def test_machines_cost_price_an_hour_times_730_times_units() -> None:
    parts = option_usd_month(_option("serving", "triton-l4"), Usage(1e6, {"replicas": 3}), ops_hour_usd=0)
    price = float(_option("serving", "triton-l4").cost.per_unit_hour_usd)
    assert parts["machines"] == pytest.approx(price * 730 * 3)


def test_people_cost_pay_times_hours_on_shift() -> None:
    option = _option("review", "staffed-pool")
    parts = option_usd_month(option, Usage(1e5, {"review_staff": 4, "review_hours": 8}), ops_hour_usd=0)
    assert parts["people"] == pytest.approx(float(option.cost.per_person_hour_usd) * 4 * 8 * 730 / 24)


def test_each_tier_prices_only_the_requests_that_fall_into_it() -> None:
    option = _option("serving", "managed-api")
    first, second = option.cost.tiers[:2]
    edge = float(first.up_to_million)
    below = option_usd_month(option, Usage(edge * 1e6, {}), 0)["requests"]
    above = option_usd_month(option, Usage((edge + 1) * 1e6, {}), 0)["requests"]
    assert below == pytest.approx(edge * float(first.usd_per_million))
    assert above - below == pytest.approx(float(second.usd_per_million))


def test_tiers_never_make_more_requests_cheaper() -> None:
    option = _option("serving", "managed-api")
    costs = [option_usd_month(option, Usage(n * 1e6, {}), 0)["requests"] for n in range(0, 120, 5)]
    assert costs == sorted(costs)
    assert costs[0] == 0


def test_lines_add_up_and_mistakes_are_one_of_them() -> None:
    components = {"ingestion": (_option("ingestion", "lambda"), Usage(3e6, {})),
                  "serving": (_option("serving", "triton-l4"), Usage(3e6, {"replicas": 2}))}
    made = bill(components, ops_hour_usd=70, requests_month=3e6, mistakes={"published": 100.0, "refused": 50.0})
    assert list(made.by_component) == ["ingestion", "serving", "mistakes"]
    assert made.by_component["mistakes"] == 150
    assert made.usd_month == pytest.approx(sum(made.by_component.values()))
    assert made.usd_per_request == pytest.approx(made.usd_month / 3e6)
    for line in made.lines:
        assert line.usd_month == pytest.approx(sum(line.parts.values()))


def test_low_and_high_prices_enclose_the_bill() -> None:
    option, usage = _option("serving", "triton-l4"), Usage(3e6, {"replicas": 2})
    low, middle, high = (sum(option_usd_month(option, usage, 70, edge).values()) for edge in ("low", "", "high"))
    assert low < middle < high

"""Leases, egress, tokens, volume, overflow, ceilings: each by its formula, at its edges, and against the audits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.design import evaluate, load_case
from casebook.economics.ceiling import (
    budget_usd_month,
    headroom,
    paid_for_day,
    share_of_budget,
    spending_behind,
    spending_behind_points,
)
from casebook.economics.egress import Band, egress_usd_month, gb_month
from casebook.economics.errors import MoneyError
from casebook.economics.lease import Lease, cheapest, even_hours, mix, spot
from casebook.economics.overflow import best_machines, blend, blended_usd, overflow_share, share_needed
from casebook.economics.tokens import TokenPrice, list_price
from casebook.economics.volume import Stepped, crossings, curve, elasticity, even_volume_day
from casebook.facts import catalog, fact

DEMAND = Lease("on demand", float(catalog()["gpu.l4.usd_h"].value))
RESERVED = Lease("reserved", float(catalog()["gpu.l4.reserved_usd_h"].value), committed=True)
DAY = [2, 2, 1, 1, 1, 1, 2, 3, 5, 8, 9, 9, 9, 8, 8, 8, 9, 12, 14, 14, 12, 8, 5, 3]


def test_a_reserved_machine_pays_from_the_hours_at_which_both_bills_are_equal() -> None:
    even = even_hours(RESERVED, DEMAND)
    assert RESERVED.usd_month(even) == pytest.approx(DEMAND.usd_month(even))
    assert cheapest([DEMAND, RESERVED], even * 0.99) is DEMAND
    assert cheapest([DEMAND, RESERVED], even * 1.01) is RESERVED


def test_spot_is_paid_for_the_hours_that_are_lost_too() -> None:
    lease = spot("spot", 0.3, taken_per_hour=0.05, redo_hours=0.5, restart_hours=0.1)
    assert lease.lost_share == pytest.approx(0.03)
    assert lease.usd_month(100) == pytest.approx(0.3 * 100 / 0.97)
    with pytest.raises(MoneyError, match="no work is ever done"):
        spot("spot", 0.3, taken_per_hour=2, redo_hours=0.5, restart_hours=0.1)


def test_the_mix_is_the_cheapest_of_all_numbers_of_committed_machines() -> None:
    found = mix(DAY, RESERVED, DEMAND)
    hours = 730 / len(DAY)

    def total(count: int) -> float:
        above = sum(max(0, needed - count) for needed in DAY) * hours
        return RESERVED.usd_hour * 730 * count + DEMAND.usd_hour * above

    totals = [total(count) for count in range(max(DAY) + 1)]
    assert found.usd_month == pytest.approx(min(totals))
    assert found.committed == totals.index(min(totals))
    assert 0 < found.committed < max(DAY)


def test_a_month_has_no_more_than_730_hours() -> None:
    with pytest.raises(MoneyError, match="a month has 730"):
        DEMAND.usd_month(731)


def test_egress_prices_each_band_alone() -> None:
    bands = (Band(100, 0.0), Band(10_000, 0.09), Band(math.inf, 0.05))
    assert egress_usd_month(100, bands) == 0.0
    assert egress_usd_month(12_000, bands) == pytest.approx(9_900 * 0.09 + 2_000 * 0.05)
    assert gb_month(1_000_000, 250) == 250
    with pytest.raises(MoneyError, match="Add a band up to inf"):
        egress_usd_month(12_000, bands[:2])
    with pytest.raises(MoneyError, match="Sort the bands"):
        egress_usd_month(1, bands[::-1])


PRICE = TokenPrice("m", 3.0, 15.0, 0.3, 3.75, batch_factor=0.5)


def test_a_call_is_priced_token_by_token() -> None:
    assert PRICE.usd_call(4000, 400) == pytest.approx(0.018)
    assert PRICE.usd_call(4000, 400, batched_share=1.0) == pytest.approx(0.009)
    assert PRICE.usd_call(4000, 0, shared_tokens=4000, hit_share=1.0) == pytest.approx(0.0012)


def test_caching_pays_from_its_even_share_of_hits() -> None:
    even = PRICE.even_hit_share()
    plain = PRICE.usd_call(1000, 0)
    assert PRICE.usd_call(1000, 0, shared_tokens=1000, hit_share=even) == pytest.approx(plain)
    assert PRICE.usd_call(1000, 0, shared_tokens=1000, hit_share=even / 2) > plain
    assert PRICE.usd_call(1000, 0, shared_tokens=1000, hit_share=min(1, even * 2)) < plain


def test_the_list_price_of_the_audit_is_the_package_s() -> None:
    frozen = list_price("claude-sonnet-4-6", "2026-11-01")
    assert frozen.usd_call(4000, 400) == pytest.approx(0.018)
    assert list_price("claude-haiku-4-5", "2026-11-01").usd_call(4000, 400) == pytest.approx(0.006)
    with pytest.raises(MoneyError, match="no model 'nobody'"):
        list_price("nobody", "2026-11-01")
    with pytest.raises(MoneyError, match="is no date"):
        list_price("claude-sonnet-4-6", "November")


def test_fixed_and_variable_bills_have_elasticity_0_and_1() -> None:
    assert elasticity(Stepped(fixed_usd_month=500), 1e4) == pytest.approx(0.0)
    assert elasticity(Stepped(usd_per_request=0.01), 1e4) == pytest.approx(1.0)
    both = Stepped(fixed_usd_month=0.01 * 1e4 * 730 / 24, usd_per_request=0.01)
    assert elasticity(both, 1e4) == pytest.approx(0.5, abs=1e-3)


def test_cost_per_request_falls_towards_the_variable_part() -> None:
    points = curve(Stepped(fixed_usd_month=3000, usd_per_request=0.002), (100, 10_000, 1_000_000))
    assert [p.usd_per_request for p in points] == sorted((p.usd_per_request for p in points), reverse=True)
    assert points[-1].usd_per_request == pytest.approx(0.002, rel=0.06)


def test_two_designs_cross_where_their_bills_are_equal() -> None:
    api = Stepped(usd_per_request=0.01)
    own = Stepped(fixed_usd_month=3041.6666666666665)
    assert crossings(api, own, 10, 1e6) == pytest.approx((10_000.0,))
    assert crossings(api, Stepped(usd_per_request=0.02), 10, 1e6) == ()


def test_whole_machines_can_make_the_cheaper_design_change_more_than_once() -> None:
    api = Stepped(usd_per_request=0.01)
    own = Stepped(machine_usd_month=2900, machine_requests_day=10_000)
    found = crossings(api, own, 5_000, 15_000)
    assert len(found) == 2 and found[0] < 10_000 < found[1] + 1


def test_the_audits_of_volume_and_ceiling_come_out() -> None:
    days = 30  # the articles count a month as thirty days
    storage, ceiling = float(fact("SCL.iops_usd_month").value), float(fact("SCL.ceiling_usd").value)
    assert even_volume_day(storage, ceiling, days) == pytest.approx(float(fact("SCL.X15").value), rel=1e-4)
    assert budget_usd_month(5e6, ceiling, days) == pytest.approx(4.5e6)
    nodes = headroom(5e6, ceiling, 20, float(fact("SCL.node_usd_h").value), days)
    assert nodes.ratio == pytest.approx(float(fact("SCL.X10").value), rel=1e-3)
    assert nodes.spent_month == pytest.approx(438_000)
    assert nodes.requests_machine_s == pytest.approx(2.9, abs=0.01)
    saving = float(fact("MJ.saving_usd_year").value)
    assert spending_behind(saving, 0.18) == pytest.approx(float(fact("MJ.X35").value), rel=1e-5)
    assert spending_behind_points(saving, 0.60, 0.18) == pytest.approx(520_000)


def test_overflow_blends_two_prices() -> None:
    assert blended_usd(0.03, 0.005, 0.0) == 0.03
    assert blended_usd(0.03, 0.005, 0.4) == pytest.approx(0.02)
    assert overflow_share([10, 20, 30], 20) == pytest.approx(10 / 60)
    with pytest.raises(MoneyError, match="not a share"):
        blended_usd(0.03, 0.005, 40)


def test_the_best_number_of_own_machines_is_the_best_of_all() -> None:
    hours = [1000.0 * needed for needed in DAY]
    best = best_machines(hours, 1000, 600, 0.002)
    bills = [blend(hours, count, 1000, 600, 0.002).usd_month for count in range(max(DAY) + 2)]
    assert bills[best] == min(bills)
    assert 0 < best < max(DAY)


@given(st.floats(0, 730), st.floats(0.01, 50), st.floats(0, 0.9))
def test_a_lease_never_costs_less_for_more_work(hours: float, price: float, lost: float) -> None:
    lease = Lease("any", price, lost_share=lost)
    assert lease.usd_month(hours) <= lease.usd_month(730)
    assert lease.usd_month(hours) >= price * hours * (1 - 1e-12)


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_a_price_that_is_no_price_is_refused_by_name(value: float) -> None:
    with pytest.raises(MoneyError, match="usd_hour"):
        Lease("odd", value)


AUDIT_DAYS = 30  # the articles count a month as thirty days


def test_a_ceiling_scales_with_the_volume_as_the_audit_says() -> None:  # X9
    ceiling = float(fact("SCL.ceiling_usd").value)
    for requests_day, usd in ((1e4, 9e3), (5e5, 4.5e5), (1e6, 9e5), (2e6, 1.8e6), (5e6, 4.5e6)):
        assert budget_usd_month(requests_day, ceiling, AUDIT_DAYS) == pytest.approx(usd)


def test_storage_s_share_of_the_budget_falls_with_the_volume() -> None:  # X15
    storage, ceiling = float(fact("SCL.iops_usd_month").value), float(fact("SCL.ceiling_usd").value)
    assert share_of_budget(storage, 1e4, ceiling, AUDIT_DAYS) == pytest.approx(1.33, abs=0.005)
    assert share_of_budget(storage, 1e6, ceiling, AUDIT_DAYS) == pytest.approx(0.013, abs=0.0005)
    even = even_volume_day(storage, ceiling, AUDIT_DAYS)
    assert share_of_budget(storage, even, ceiling, AUDIT_DAYS) == pytest.approx(1.0)


def test_the_requests_that_a_budget_pays_for() -> None:  # X22
    budget, price = float(fact("STU.limit_usd_month").value), float(fact("STU.inference_usd").value)
    assert paid_for_day(budget, price, AUDIT_DAYS) == pytest.approx(16_667, abs=1)
    assert paid_for_day(budget, price, AUDIT_DAYS) * AUDIT_DAYS == pytest.approx(500_000)
    assert paid_for_day(budget, 0.12, AUDIT_DAYS) == pytest.approx(1_389, abs=1)
    assert paid_for_day(budget, 0.12, AUDIT_DAYS) * AUDIT_DAYS == pytest.approx(41_667, abs=1)
    assert budget_usd_month(1e4, price, AUDIT_DAYS) == pytest.approx(3_000)
    assert budget_usd_month(100, price, AUDIT_DAYS) == pytest.approx(30)


def test_the_model_bill_of_the_support_agent_and_the_share_to_the_small_tier() -> None:  # X44
    large = list_price("claude-sonnet-4-6", "2026-11-01").usd_call(4000, 400)
    small = list_price("claude-haiku-4-5", "2026-11-01").usd_call(4000, 400)
    for requests_day, usd in ((1e4, 5_400), (1e6, 540_000)):
        assert budget_usd_month(requests_day, large, AUDIT_DAYS) == pytest.approx(usd)
    assert budget_usd_month(1e4, small, AUDIT_DAYS) == pytest.approx(1_800)
    share = share_needed(large, small, 0.01)
    assert share == pytest.approx(0.67, abs=0.005)
    assert blended_usd(large, small, share) == pytest.approx(0.01)
    assert share_needed(small, large, 0.01) == 0.0
    with pytest.raises(MoneyError, match="both paths"):
        share_needed(large, small, 0.001)
    more_chunks = list_price("claude-sonnet-4-6", "2026-11-01").usd_call(8000, 400)
    assert (more_chunks - large) / large > 0.6  # the input is the main lever


def test_two_designs_of_a_case_cross_where_their_bills_are_equal() -> None:
    case = load_case("stability-moderation")
    by_call = evaluate(case.design(serving="managed-api", review="vendor"), "launch", requests=2_000)
    owned = evaluate(case.design(serving="triton-l4", review="vendor", replicas=4), "launch", requests=2_000)
    bills = [lambda v, ev=ev: ev.bill_at(v).usd_month for ev in (by_call, owned)]
    found = crossings(*bills, 10, 1e6)
    assert found
    for volume in found:
        assert bills[0](volume) == pytest.approx(bills[1](volume), rel=1e-6)
    assert elasticity(bills[0], found[0]) > elasticity(bills[1], found[0])  # what is owned costs the same either way


@given(st.floats(0.001, 1), st.floats(0.001, 1), st.floats(0.001, 1))
def test_the_share_needed_is_the_least_that_keeps_the_ceiling(own: float, other: float, ceiling: float) -> None:
    try:
        share = share_needed(own, other, ceiling)
    except MoneyError:
        assert min(own, other) > ceiling
        return
    assert blended_usd(own, other, share) <= ceiling * (1 + 1e-9)
    assert share == 0.0 or blended_usd(own, other, share * 0.99) > ceiling * (1 - 1e-9)

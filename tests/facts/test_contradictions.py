"""X1 to X48 worked out once more in plain Python, from the figures of the requirement list and not from the seeds."""

from __future__ import annotations

import math

import pytest

from casebook import facts
from casebook.facts.crosscheck import recompute
from casebook.facts.loader import own_seeds

ALL = own_seeds().facts()
MONTH, YEAR_MONTHS = 30, 12


def half_width(pass_rate: float, answers: float) -> float:
    """Half of a 95 % interval of a share, in points."""
    return 100 * 1.96 * math.sqrt(pass_rate * (1 - pass_rate) / answers)


def bill(tokens_in: float, tokens_out: float, usd_in: float, usd_out: float) -> float:
    """Dollars for one answer at prices per million tokens."""
    return (tokens_in * usd_in + tokens_out * usd_out) / 1e6


# Written out with the figures themselves: a changed seed makes the two sides differ.
BY_HAND: dict[str, float] = {
    "STB.X1": 200 * 0.12, "STB.x1_dearer": 200 * 0.132, "STB.x1_old_latency": 26.4 / 0.12,
    "STB.x2_true_flags": 100_000 * 0.01 * 0.30, "STB.x2_false_flags": 99_000 * 0.05,
    "STB.X2": 100 * 300 / (300 + 4_950), "STB.X3": 13 - 8 - 2, "STB.X6": 4 + 3, "STB.X8": 3,
    "SCL.X9": 0.03 * 1e6 * MONTH, "SCL.x9_before": 0.03 * 10_000 * MONTH, "SCL.x9_phase_0": 0.03 * 500_000 * MONTH,
    "SCL.x9_phase_1": 0.03 * 2e6 * MONTH, "SCL.x9_phase_2": 0.03 * 5e6 * MONTH,
    "SCL.x10_calls_node_day": 5e6 / 20, "SCL.x10_rps_node": 5e6 / 20 / 24 / 3600,
    "SCL.x10_allowed_node": 4.5e6 / 20, "SCL.x10_nodes_usd_month": 20 * 30 * 730,
    "SCL.x10_usd_call": 438_000 / 150e6, "SCL.X10": 0.03 / (438_000 / 150e6),
    "SCL.X11": 0.5, "SCL.x11_growth_service": 100, "SCL.x11_growth_roadmap": 10,
    "SCL.X12": 180, "SCL.x12_months": 180 / (365 / 12), "SCL.x12_slack_days": 6 * MONTH - 180,
    "SCL.x12_three_stages": 270, "SCL.X13": 100 * 30 / 120, "SCL.X14": 70 / 2, "SCL.x14_start_most": 100 / 2,
    "SCL.x14_throughput": 2, "SCL.X15": 12_000 / 0.9, "SCL.x15_before": 100 * 12_000 / 9_000,
    "SCL.x15_after": 100 * 12_000 / 900_000, "SCL.X16": 30 / 5, "SCL.X17": 14,
    "STU.X18": 20, "STU.x18_sum": 40 + 30 + 20 + 10, "STU.x18_failures": 90, "STU.X19": 182.5 / 7,
    "STU.X20": 0.5 + 0.5 + 2 + 3 + 1, "STU.x20_left": 8, "STU.X21": 45, "STU.x21_sum": 60, "STU.x21_reached": 0,
    "STU.X22": 5_000 / 0.01, "STU.x22_per_day": 500_000 / MONTH, "STU.x22_high_usd": 10_000 * MONTH * 0.01,
    "STU.x22_low_usd": 100 * MONTH * 0.01, "STU.X23": 60,
    "STU.X45": 100_000 * 86_400 * 1e-5, "STU.x45_minutes_year": 365 * 24 * 60 * 1e-5,
    "GEN.X25": 60 - 45, "GEN.x25_sum": 5 + 10 + 15 + 10 + 5, "GEN.X26": 1e6 / 24 / 3600,
    "GEN.x26_first": 1e4 / 24 / 3600, "GEN.x26_in_flight_first": 3 * 1e4 / 24 / 3600,
    "GEN.x26_in_flight": 3 * 1e6 / 24 / 3600, "GEN.X27": half_width(0.9, 100), "GEN.x27_sample": 100,
    "GEN.short_first": 2e4, "GEN.short_second": 2e6, "GEN.short_third": 2e8,
    "GEN.chat_first": 1e5, "GEN.chat_second": 1e7, "GEN.chat_third": 1e9,
    "GEN.video_first": 1e4, "GEN.video_second": 1e6, "GEN.video_third": 1e8,
    "GEN.eval_first": 1e4, "GEN.eval_second": 1e6, "GEN.eval_third": 1e8,
    "GEN.desk_first": 200, "GEN.desk_second": 6e3, "GEN.desk_third": 2e5,
    "GEN.cal_first": 2e4, "GEN.cal_second": 2e6, "GEN.cal_third": 2e8,
    "GEN.notify_first": 1e4, "GEN.notify_second": 1e6, "GEN.notify_third": 1e8,
    "GEN.x27_sample_scale": 10_000, "GEN.x27_scale": half_width(0.9, 10_000), "GEN.x27_judge_growth": 100,
    "GEN.x44_usd_query": bill(4_000, 400, 3, 15), "GEN.X44": bill(4_000, 400, 3, 15) * 1e4 * MONTH,
    "GEN.x44_scale_usd": bill(4_000, 400, 3, 15) * 1e6 * MONTH, "GEN.x44_small_usd_query": bill(4_000, 400, 1, 5),
    "GEN.x44_small_usd": bill(4_000, 400, 1, 5) * 1e4 * MONTH, "GEN.x44_next_usd_query": bill(4_000, 400, 2, 10),
    "GEN.x44_next_usd": bill(4_000, 400, 2, 10) * 1e4 * MONTH,
    "MJ.X31": 30_000 / 15, "MJ.x31_spent": 60_000, "MJ.x31_new_month": 60_000 / 45, "MJ.x31_new_end": 2 * 60_000 / 45,
    "MJ.x31_ramp_end": 4_000, "MJ.x31_base": 2_000 / 0.07, "MJ.X32": 100 / 5, "MJ.x32_cushion_s": 1, "MJ.X33": 0,
    "MJ.X34": 1 + 0.8, "MJ.X35": 120_000 / (1 - 1 / 1.18), "MJ.x35_naive": 120_000 / 0.18, "MJ.x35_after": 78,
    "MJ.x35_points": 120_000 / (1 - 60 / 78), "MJ.X36": 100 * 120 / 360, "MJ.x36_remix_year": 30_000 * YEAR_MONTHS,
    "MJ.x36_node_year": 18_000 * YEAR_MONTHS, "MJ.x36_node_share": 100 * 120 / 216, "MJ.X37": 30 / 18,
    "MJ.preview_ms": 1_000, "MJ.goal_ms": 4_000, "MJ.guardrail_ms": 5_000, "MJ.edge_preview_ms": 1_000,
    "MJ.saving_share": 100 * 18 / 118,
    "MJ.edge_usd_h": 18_000 / 730, "MJ.traffic_fall": 22,
    "MJ.remix_usd_creator": 30_000 / 60_000,
    "MJ.x37_three_regions": 54_000, "MJ.X38": 5 - 2, "MJ.x38_sum": 25, "MJ.X39": 1, "MJ.X40": 9 - 5, "MJ.x40_first": 5,
    "SCL.rounds_minutes": 30 + 45 + 60 + 45,
}
# The worked column as the list prints it, with the digits it prints
PRINTED = {
    "SCL.X9": 900_000, "SCL.x9_phase_2": 4_500_000, "SCL.x10_rps_node": 2.9, "SCL.x10_nodes_usd_month": 438_000,
    "SCL.x10_usd_call": 0.0029, "SCL.x12_months": 5.9, "SCL.x15_before": 133, "SCL.x15_after": 1.3, "SCL.X15": 13_333,
    "STU.x22_per_day": 16_700, "STU.x45_minutes_year": 5.26, "GEN.x26_first": 0.116, "GEN.X26": 11.6,
    "GEN.x26_in_flight_first": 0.35, "GEN.x26_in_flight": 35, "GEN.X27": 5.9, "GEN.x27_scale": 0.6,
    "GEN.X44": 5_400, "GEN.x44_scale_usd": 540_000, "GEN.x44_small_usd": 1_800, "GEN.x44_next_usd": 3_600,
    "MJ.x31_base": 28_571, "MJ.X35": 787_000, "MJ.x35_naive": 667_000, "MJ.x35_points": 520_000, "MJ.X36": 33,
    "MJ.x36_node_share": 56, "MJ.X37": 1.67, "MJ.x31_new_month": 1_333, "MJ.x31_new_end": 2_667,
}
# The facts that the list sets against each other, by row
AGAINST = {
    "SCL.X9": {"SCL.ceiling_usd"}, "SCL.X10": {"SCL.gpu_nodes", "SCL.ceiling_usd"},
    "SCL.X11": {"SCL.volume_after", "SCL.phase_0"}, "SCL.X12": {"SCL.phase_days", "SCL.goal_months"},
    "SCL.X13": {"SCL.p99", "SCL.alarm"}, "SCL.X14": {"SCL.batch_cost_factor", "SCL.utilisation"},
    "SCL.X15": {"SCL.iops_usd_month", "SCL.ceiling_usd"}, "SCL.X16": {"SCL.overflow_usd", "SCL.ceiling_usd"},
    "SCL.X17": {"SCL.feedback_days", "SCL.feedback_day"}, "STU.X18": {"STU.weight_data", "STU.failures_from_data"},
    "STU.X19": {"STU.ship_months", "STU.ship_weeks", "STU.limit_weeks"},
    "STU.X20": {"STU.block_structure", "STU.step_feedback", "STU.block_loop"},
    "STU.X21": {"STU.interview_minutes", "STU.block_loop"},
    "STU.X22": {"STU.limit_usd_month", "STU.inference_usd", "STB.inference_usd"},
    "STU.X23": {"STU.precision", "STU.label_error"},
    "STU.X24": {"STU.paying_customers", "STU.clients", "STU.cluster_customers", "STU.cto_weight"},
    "GEN.X25": {"GEN.session_minutes"}, "GEN.X27": {"GEN.sample", "GEN.queries_day"},
    "GEN.X28": {"GEN.tradeoffs"}, "GEN.X29": {"GEN.checklist"}, "GEN.X30": {"GEN.retrieval", "GEN.assume"},
    "GEN.X44": {"STU.limit_usd_month", "STU.inference_usd"}, "STU.X45": {"STU.contrast_qps"},
    "MJ.X31": {"MJ.remix_usd_month", "MJ.revenue_usd", "MJ.payback_months"},
    "MJ.X32": {"MJ.latency_now", "MJ.abandon_s", "MJ.lift"}, "MJ.X33": {"MJ.guardrail_s", "MJ.abandon_s"},
    "MJ.X34": {"MJ.preview_s", "MJ.path_effect_s", "MJ.latency_now"}, "MJ.X35": {"MJ.gpu_lift", "MJ.saving_usd_year"},
    "MJ.X36": {"MJ.saving_usd_year", "MJ.remix_usd_month", "MJ.edge_usd_month"},
    "MJ.X37": {"MJ.remix_usd_month", "MJ.edge_usd_month"}, "MJ.X38": {"MJ.block_questions", "MJ.questions_left"},
    "MJ.X39": {"MJ.rounds", "MJ.rounds_named"}, "MJ.X40": {"MJ.funnel_1", "MJ.funnel_2"},
    "MJ.X41": {"MJ.current_base", "MJ.offer_base"}, "STB.X1": {"STB.latency", "STB.inference_usd"},
    "STB.X2": {"STB.toxic", "STB.fpr"}, "STB.X5": {"STB.canary_users", "STB.promised_share"},
    "STB.X8": {"STB.last_gate", "STB.loop_rounds"}, "STB.X42": {"STB.canary_users", "STU-14", "SCL.rule_cost_blind"},
    "STB.X43": {"STB.inference_usd", "SCL.ceiling_usd", "STU.inference_usd", "SCL.overflow_usd", "GEN.p95_s"},
    "SCL.X48": {"F-SCL-1"},
}


@pytest.mark.parametrize("fact_id", BY_HAND)
def test_worked_out_again(fact_id: str) -> None:
    fact = facts.fact(fact_id)
    assert float(fact.value or 0) == pytest.approx(BY_HAND[fact_id], rel=3e-3, abs=1e-9)
    assert recompute(fact.derive, ALL) == pytest.approx(BY_HAND[fact_id], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("fact_id", PRINTED)
def test_as_the_list_prints_it(fact_id: str) -> None:
    assert float(facts.fact(fact_id).value or 0) == pytest.approx(PRINTED[fact_id], rel=0.03)


def test_no_derived_figure_is_left_out() -> None:
    assert {fact.id for fact in ALL.values() if fact.derive} == set(BY_HAND)


def test_contradictions_name_what_they_set_against_each_other() -> None:
    rows = {fact.id: set(fact.against) for fact in ALL.values() if fact.section == "contradictions" and fact.fact_id}
    for fact_id, named in AGAINST.items():
        assert named <= rows[fact_id], fact_id
    assert [fact_id for fact_id, named in rows.items() if len(named) < 2] == ["STB.X46"]   # praise of what no fact is
    for fact_id, named in rows.items():
        assert fact_id not in named
        assert named <= set(ALL)


def test_the_models_of_the_bill_are_named_with_the_list_they_come_from() -> None:
    from decimal import Decimal

    from genai_prices import Usage, calc_price

    for size in ("large", "small", "next"):
        priced, out = facts.fact(f"GEN.{size}_in_usd"), facts.fact(f"GEN.{size}_out_usd")
        model = priced.note.split()[0]
        assert out.note.split()[0] == model
        listed = calc_price(Usage(input_tokens=4_000, output_tokens=400), model, provider_id="anthropic").total_price
        assert listed == Decimal(str(round(bill(4_000, 400, float(priced.value or 0), float(out.value or 0)), 6)))


def test_the_later_model_turns_the_verdict() -> None:
    budget = float(facts.fact("STU.limit_usd_month").value or 0)
    assert float(facts.fact("GEN.x44_next_usd").value or 0) < budget < float(facts.fact("GEN.X44").value or 0)

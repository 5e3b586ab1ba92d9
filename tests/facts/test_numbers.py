"""Every figure of section 3 with its unit and what its percentage means, and none that the list does not know."""

from __future__ import annotations

import pytest

from casebook import facts
from casebook.facts.article import Fact

# The tables of section 3 and the limits of section 4: id → value (or low and high), unit. STB: test_stability.py
NUMBERS: dict[str, dict[str, tuple[float | tuple[float, float], str]]] = {
    "scale": {
        "volume_before": (10_000, "predictions/day"), "volume_after": (1_000_000, "predictions/day"),
        "p99": (120, "ms"), "ceiling_usd": (0.03, "usd/prediction"), "depth_minutes": (10, "minutes"),
        "backlog_pages": (10, "pages"), "passes_praised": (3, "passes"), "batch_cost_factor": (0.5, "ratio"),
        "utilisation": (70, "percent share"), "alarm": (150, "ms"), "halt_minutes": (5, "minutes"),
        "iops_usd_month": (12_000, "usd/month"), "overflow_usd": (0.005, "usd/request"),
        "goal_calls_day": (5_000_000, "calls/day"), "goal_months": (6, "months"), "phase_0": (500_000, "calls"),
        "phase_1": (2_000_000, "calls"), "phase_2": (5_000_000, "calls/day"), "phase_days": (90, "days"),
        "gpu_nodes": (20, "nodes"), "prep_scenarios": (3, "scenarios"), "prep_features": (2, "features"),
        "round_phone": (30, "minutes"), "round_deep_dive": (45, "minutes"), "round_design": (60, "minutes"),
        "round_senior": (45, "minutes"), "debrief_minutes": (60, "minutes"),
        "feedback_days": (10, "business days"), "feedback_day": (10, "day"), "status_day": (8, "day"),
        "notes_day": (9, "day"),
    },
    "startups": {
        "people": ((5, 50), "people"), "raised": ((2, 20), "million usd"), "ship_months": (6, "months"),
        "paying_customers": (10, "customers"), "not_users": (10_000_000, "users"),
        "contrast_qps": (100_000, "requests/s"), "contrast_availability": (99.999, "percent share"),
        "ship_weeks": (4, "weeks"), "seed_round": (3.5, "million usd"), "tickets_low": (100, "tickets/day"),
        "tickets_high": (10_000, "tickets/day"), "confidence": (70, "percent share"),
        "clients": (12, "clients"), "refresh_batch_days": (1, "days"), "labelled": (2000, "examples"),
        "inspection_months": (4, "months"), "label_error": (40, "percent share"), "horizon_hours": (6, "hours"),
        "refresh_weeks": (1, "weeks"), "serving_requests": (200, "requests/day"),
        "cluster_customers": (3, "customers"), "redeploy_minutes": (10, "minutes"),
        "precision": (85, "percent share"), "latency_s": (5, "s"), "inference_usd": (0.01, "usd/inference"),
        "step_context": (0.5, "minutes"), "step_metrics": (0.5, "minutes"), "step_flow": (2, "minutes"),
        "step_tradeoffs": (3, "minutes"), "step_feedback": (1, "minutes"),
        "interview_minutes": ((45, 60), "minutes"), "block_prompt": (10, "minutes"),
        "block_structure": (15, "minutes"), "block_deep_dive": (20, "minutes"), "block_loop": (10, "minutes"),
        "block_questions": (5, "minutes"), "pause_minute": (12, "minute"),
        "explaining_minutes": (15, "minutes"), "bert_minutes": (10, "minutes"),
        "model_minutes": ((1, 2), "minutes"), "debriefs_loop": (8, "debriefs"),
        "debriefs_counted": (12, "debriefs"), "serving_talk_minutes": (20, "minutes"),
        "failures_from_data": (9, "failures"), "failures_counted": (10, "failures"),
        "debriefs_queues": (7, "debriefs"), "cto_weight": (70, "percent unstated"),
        "cto_debriefs": (6, "debriefs"), "cto_debriefs_counted": (8, "debriefs"),
        "interviews": (200, "interviews"), "year_data_box": (2021, "year"), "year_second": (2022, "year"),
        "year_third": (2023, "year"), "quarter_recommendations": (2023, "year"),
        "quarter_pause": (2023, "year"), "weight_speed": (40, "percent share"),
        "weight_cost": (30, "percent share"), "weight_data": (20, "percent share"),
        "weight_extend": (10, "percent share"), "limit_weeks": (6, "weeks"),
        "limit_usd_month": (5000, "usd/month"), "limit_adapt_months": ((3, 6), "months"),
    },
    "general": {
        "queries_day": (10_000, "queries/day"), "queries_day_scale": (1_000_000, "queries/day"),
        "p95_s": (3, "s"), "chunks": ((5, 10), "chunks"), "sample": (1, "percent share"),
        "review_weeks": (1, "weeks"), "suite_months": (3, "months"), "session_minutes": ((45, 60), "minutes"),
        "block_clarify": (5, "minutes"), "block_design": (10, "minutes"), "block_deep_dive": (15, "minutes"),
        "block_tradeoffs": (10, "minutes"), "block_wrap": (5, "minutes"), "deep_dives": ((1, 2), "deep dives"),
        "users_first": (10_000, "users"), "users_second": (1_000_000, "users"),
        "users_third": (100_000_000, "users"), "mocks": ((5, 10), "interviews"), "chapters": (4, "chapters"),
    },
    "midjourney": {
        "latency_now": (12, "s"), "latency_goal": (4, "s"), "height_px": (1080, "pixels"),
        "lift": (12, "percent unstated"), "abandon_s": (5, "s"), "preview_s": (1, "s"),
        "preview_px": (256, "pixels"), "path_effect_s": (-0.8, "s"), "retention": (7, "percent unstated"),
        "remix_usd_month": (30_000, "usd/month"), "revenue_usd": (15, "usd/creator"),
        "payback_months": (2, "months"), "gpu_lift": (18, "percent unstated"),
        "saving_usd_year": (120_000, "usd/year"), "guardrail_s": (5, "s"), "batch_probe": (200, "prompts"),
        "edge_usd_month": (18_000, "usd/node/month"), "bandwidth": (-22, "percent unstated"),
        "edge_preview_s": (1, "s"), "concurrent": (10_000, "prompts"), "cache_weeks": (2, "weeks"),
        "edge_weeks": (1, "weeks"), "funnel_0": (0, "percent unstated"), "funnel_1": (5, "percent unstated"),
        "funnel_2": (9, "percent unstated"), "reader_years": ((3, 7), "years"),
        "current_base": ((150, 190), "thousand usd/year"), "answer_minutes": (25, "minutes"),
        "block_opening": (5, "minutes"), "block_design": (15, "minutes"), "block_questions": (5, "minutes"),
        "questions_left": (2, "minutes"), "wasted_minutes": (10, "minutes"), "rounds": (5, "rounds"),
        "rounds_named": (4, "rounds"), "round_minutes": ((45, 60), "minutes"), "gap_days": (2, "days"),
        "offer_base": ((175, 190), "thousand usd/year"), "offer_sign_on": ((20, 30), "thousand usd"),
        "offer_equity": ((0.04, 0.06), "percent share"),
    },
}
# Figures that the list gives over a time
WINDOWS = {
    "SCL.volume_before": "1 day", "SCL.goal_calls_day": "1 day", "SCL.phase_2": "1 day",
    "SCL.iops_usd_month": "1 month",
    "STU.tickets_low": "1 day", "STU.tickets_high": "1 day", "STU.serving_requests": "1 day",
    "STU.limit_usd_month": "1 month", "STU.quarter_recommendations": "third quarter",
    "STU.quarter_pause": "fourth quarter", "GEN.queries_day": "1 day", "GEN.sample": "1 day",
    "MJ.remix_usd_month": "1 month", "MJ.edge_usd_month": "1 month", "MJ.saving_usd_year": "1 year",
}
WITHOUT_A_PERIOD = ["SCL.phase_0", "SCL.phase_1", "MJ.revenue_usd"]   # X11, X31: the article says none
BLOCKS = {"prompt": (0, 10), "structure": (10, 25), "deep_dive": (25, 45), "loop": (45, 55), "questions": (55, 60)}


def claims(name: str) -> list[Fact]:
    return [fact for fact in facts.load_article(name).facts if fact.kind == "seed_claim" and fact.value is not None]


@pytest.mark.parametrize("name", NUMBERS)
def test_every_figure_with_its_unit_and_no_other(name: str) -> None:
    def told(fact: Fact) -> tuple[float | tuple[float, float], str]:
        value = float(fact.value or 0)
        shown = (float(fact.low), float(fact.high)) if fact.low is not None and fact.high is not None else value
        return shown, f"{fact.unit} {fact.percent}".strip()

    assert {fact.id.partition(".")[2]: told(fact) for fact in claims(name)} == NUMBERS[name]


def test_figures_over_a_time_say_which() -> None:
    assert {fact_id: facts.fact(fact_id).window for fact_id in WINDOWS} == WINDOWS
    assert [facts.fact(fact_id).window for fact_id in WITHOUT_A_PERIOD] == ["", "", ""]
    assert [fact.id for name in NUMBERS for fact in claims(name)
            if fact.unit.endswith(("/day", "/month", "/year")) and not fact.window
            and not fact.unit.startswith("thousand")] == []


def test_the_start_ups_blocks_follow_each_other() -> None:
    for name, (start, end) in BLOCKS.items():
        fact = facts.fact(f"STU.block_{name}")
        assert fact.window == f"minute {start} to {end}"
        assert fact.value == end - start


@pytest.mark.parametrize("name", [*NUMBERS, "stability"])
def test_a_percentage_that_the_article_leaves_open_is_called_unstated(name: str) -> None:
    for fact in facts.load_article(name).facts:
        if fact.unit == "percent" and fact.value is not None:
            assert fact.percent, fact.id
    if name == "midjourney":
        open_ones = {fact.id for fact in claims(name) if fact.percent == "unstated"}
        assert {"MJ.gpu_lift", "MJ.retention", "MJ.lift", "MJ.bandwidth"} <= open_ones


@pytest.mark.parametrize("name", [*NUMBERS, "stability"])
def test_what_is_ours_or_an_illustration_says_so(name: str) -> None:
    for fact in facts.load_article(name).facts:
        assert (fact.kind == "assumption") == (fact.label == "ours"), fact.id
        assert fact.kind != "illustrative" or fact.note or "illustrat" in fact.text or "Tokens" in fact.text, fact.id
        assert fact.kind != "derived" or fact.value is None or fact.derive, fact.id


def test_two_latencies_of_one_article_are_kept_apart() -> None:
    final, preview = facts.fact("MJ.latency_goal"), facts.fact("MJ.preview_s")
    assert (final.case, preview.case) == ("MJ-1", "MJ-2")
    assert "preview" in preview.text
    assert "final picture" in facts.fact("MJ.latency_now").text

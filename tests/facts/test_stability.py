"""Every STB row of the requirement list is in seeds/stability.yaml, and its derived figures recompute."""

from __future__ import annotations

import pytest

from casebook import facts
from casebook.facts.arithmetic import calculate
from casebook.facts.article import Fact

ARTICLE = facts.load_article("stability")
BY_ID = {fact.id: fact for fact in ARTICLE.facts}

CASES = {"STB-1": "full", "STB-2": "mini", "STB-3": "mini", "STB-4": "anti", "STB-5": "anti", "STB-6": "anti"}
FRAMEWORKS = [f"F-STB-{number}" for number in range(1, 9)]
CONTRADICTIONS = [*(f"X{number}" for number in range(1, 9)), "X41", "X42", "X43", "X46", "X47"]

# The table of section 3, row by row: id → value (or low and high), unit
NUMBERS: dict[str, tuple[float | tuple[float, float], str]] = {
    "STB.reader_years": ((2, 5), "years"), "STB.current_base": ((150, 180), "thousand usd/year"),
    "STB.session_minutes": (45, "minutes"), "STB.boxes": ((3, 5), "boxes"),
    "STB.interrupted_minutes": (10, "minutes"), "STB.toxic": (30, "percent"),
    "STB.goal_months": (3, "months"),
    "STB.fpr": (5, "percent"), "STB.latency": (200, "ms"), "STB.compute_cost": (10, "percent"),
    "STB.churn": (-2, "percent"), "STB.inference_usd": (0.12, "usd"),
    "STB.promised_share": (10, "percent"),
    "STB.canary_users": (5, "percent"), "STB.canary_weeks": (2, "weeks"),
    "STB.full_rollout": (100, "percent"),
    "STB.drift": (3, "percent"), "STB.mvp_weeks": (8, "weeks"), "STB.plan_days": (90, "days"),
    "STB.prep_integration_points": (2, "points"), "STB.prep_templates": (3, "templates"),
    "STB.prep_failures": (3, "failure modes"), "STB.prep_dialogs": (2, "dialogs"),
    "STB.loop_rounds": (4, "rounds"), "STB.loop_days": (12, "days"),
    "STB.offer_base": ((180, 210), "thousand usd/year"), "STB.offer_sign_on": ((20, 30), "thousand usd"),
    "STB.offer_equity": ((0.04, 0.07), "percent"),
}
MISTAKES = ["catalogue", "iterate", "nobody", "infrastructure", "recap", "every_compromise", "novel"]
RULES = ["STB.rule_ownership", "STB.rule_judgement", "STB.rule_boxes", "STB.cap"]
PARTS = ["STB.ingestion", "STB.serving", "STB.feedback", "STB.labels_on_parts"]
DERIVED = [fact for fact in ARTICLE.facts if fact.derive]


def test_every_case_with_its_role() -> None:
    assert {fact.id: fact.role for fact in ARTICLE.section("cases")} == CASES


def test_every_framework_with_its_parts() -> None:
    found = ARTICLE.section("frameworks")
    assert [fact.id for fact in found] == FRAMEWORKS
    assert all(len(fact.parts) >= 2 for fact in found)


def test_every_contradiction_once() -> None:
    found = [fact.fact_id for fact in ARTICLE.section("contradictions") if fact.fact_id]
    assert found == CONTRADICTIONS


@pytest.mark.parametrize("fact_id", NUMBERS)
def test_every_number_with_its_unit(fact_id: str) -> None:
    fact = BY_ID[fact_id]
    value, unit = NUMBERS[fact_id]
    shown = (fact.low, fact.high) if isinstance(value, tuple) else fact.value
    assert shown == value
    assert fact.unit == unit
    assert fact.kind == "seed_claim"


def test_no_number_of_the_article_that_the_list_does_not_know() -> None:
    claims = {fact.id for fact in ARTICLE.facts if fact.kind == "seed_claim" and fact.value is not None}
    assert claims == set(NUMBERS)


def test_every_mistake_has_a_bad_and_a_good_line() -> None:
    found = ARTICLE.section("mistakes")
    assert [fact.id for fact in found] == [f"STB.mistake_{name}" for name in MISTAKES]
    assert all(fact.bad != fact.good for fact in found)


def test_rules_parts_probes_and_scripts() -> None:
    assert {*RULES, *PARTS} <= set(BY_ID)
    assert len(ARTICLE.section("probes")) >= 4
    assert len(ARTICLE.section("scripts")) >= 2
    assert BY_ID["STB.ingestion"].good == "Data Engineering"
    assert BY_ID["STB.serving"].good == "Model Ops"


@pytest.mark.parametrize("fact", DERIVED, ids=lambda fact: fact.id)
def test_a_derived_figure_recomputes(fact: Fact) -> None:
    def value_of(name: str) -> float:
        value = BY_ID[name].value
        assert value is not None
        return float(value)

    assert calculate(fact.derive, value_of) == pytest.approx(fact.value, rel=5e-3)


def test_the_audits_worked_answers() -> None:
    """The worked column of the requirement list, as printed there."""
    worked = {"STB.X1": 24, "STB.x1_dearer": 26.4, "STB.x1_old_latency": 220, "STB.x2_true_flags": 300,
              "STB.x2_false_flags": 4950, "STB.X3": 3, "STB.X6": 7}
    assert {name: BY_ID[name].value for name in worked} == worked
    assert BY_ID["STB.X2"].value == pytest.approx(5.7, abs=0.05)


def test_what_is_ours_says_so() -> None:
    ours = {fact.id for fact in ARTICLE.facts if fact.label == "ours"}
    assert {"STB.volume_launch", "STB.prevalence", "STB.cap", "STB.window_weeks", "STB.cost_limit"} <= ours
    assert all(BY_ID[name].kind == "assumption" for name in ours)


def test_every_case_of_a_fact_belongs_to_the_article() -> None:
    assert {fact.case for fact in ARTICLE.facts if fact.case} <= set(CASES)
    assert ARTICLE.case("STB-2")[0].id == "STB-2"

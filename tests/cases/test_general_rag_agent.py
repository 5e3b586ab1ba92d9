"""GEN-1 as a story: which limits each preset keeps on which day, and that its figures are the article's arithmetic."""

from __future__ import annotations

import math

import pytest

from casebook.design import evaluate, load_case
from casebook.facts import fact

CASE = load_case("general-rag-agent")
REQUESTS = 40_000


def missed(preset: str, scenario: str) -> set[str]:
    """Targets that a preset misses on a day; latency by its number, since a quick run gives no verdict."""
    ev = evaluate(CASE.preset(preset), scenario, requests=REQUESTS)
    lost = {item.target for item in ev.verdicts if item.target != "latency" and not item.ok}
    p95_ms = ev.latency_ms(0.95)
    return lost | ({"latency"} if not p95_ms <= 3_000 else set())


@pytest.mark.parametrize(
    ("preset", "scenario", "lost"),
    [
        ("reference", "launch", set()),
        ("reference", "release", {"wait"}),
        ("reference", "million", {"resolved", "unanswered", "latency"}),
        ("reference", "outage", {"resolved", "wrong", "unanswered", "latency"}),
        ("at-scale", "million", set()),
        ("at-scale", "outage", set()),
        ("at-scale", "launch", {"budget", "judge"}),
        ("as-told", "launch", {"wrong", "leaks", "latency", "judge", "unanswered"}),
        ("fine-tuned", "launch", {"resolved", "wrong", "leaks", "budget", "judge", "wait", "mvp"}),
        ("biggest-model", "launch", {"latency", "models", "budget"}),
    ],
)
def test_each_preset_keeps_and_misses_what_its_lines_say(preset: str, scenario: str, lost: set[str]) -> None:
    assert missed(preset, scenario) == lost


def test_the_cache_leaks_only_where_its_key_lacks_the_tenant() -> None:
    design = CASE.preset("reference").changed(cache="shared-cache", cache_width=1.0)
    ev = evaluate(design, "launch", requests=2_000)
    tenants = float(CASE.data.scenario("launch").facts["tenants"])
    assert ev.quality["leaks_day"] == pytest.approx(10_000 * ev.quality["hit"] * (1 - 1 / tenants))
    same = evaluate(design.changed(cache="tenant-cache"), "launch", requests=2_000)
    assert same.quality["hit"] > 0 and same.quality["leaks_day"] == 0


def test_a_question_costs_what_the_audit_says_when_it_is_asked_as_the_audit_asks() -> None:
    design = CASE.preset("reference").changed(cache="none", router="none", small="none", prefix_cached=0)
    low, high = (evaluate(design.changed(passages=n), "launch", requests=2_000).quality["model_usd"] for n in (7, 8))
    assert (low + high) / 2 == pytest.approx(float(fact("GEN.x44_usd_query").value or math.nan), rel=1e-9)


def test_the_interval_is_the_articles_when_the_judge_never_errs_and_wider_when_it_does() -> None:
    design = CASE.preset("reference").changed(judge_sample=1, judge_days=1)
    ev = evaluate(design, "launch", requests=2_000)
    share = ev.quality["good_share"]
    unerring = 100 * 1.96 * math.sqrt(share * (1 - share) / 100)
    assert ev.quality["judged"] == 100
    assert ev.quality["judge_points"] > 1.2 * unerring
    staff = evaluate(design.changed(judge="staff-judge"), "launch", requests=2_000)
    assert staff.quality["judged"] == 80, "people read eighty answers a day at most"


def test_ten_times_the_answers_judged_is_a_third_of_the_width() -> None:
    design = CASE.preset("reference")
    wide, narrow = (
        evaluate(design.changed(judge_sample=share), "launch", requests=2_000).quality["judge_points"]
        for share in (0.5, 5.0)
    )
    assert wide / narrow == pytest.approx(math.sqrt(10), rel=1e-6)


def test_nobody_takes_over_and_every_hand_over_is_left_unanswered() -> None:
    design = CASE.preset("reference")
    with_people = evaluate(design, "launch", requests=2_000).quality
    alone = evaluate(design.changed(escalation="none"), "launch", requests=2_000).quality
    assert alone["handed_day"] == 0
    assert alone["unanswered_day"] - with_people["unanswered_day"] == pytest.approx(with_people["handed_day"])


def test_every_option_that_says_where_it_wins_names_a_day_and_stands_in_a_preset_or_on_the_palette() -> None:
    days = set(CASE.scenarios)
    winners = [(slot.id, option) for slot in CASE.data.slots for option in slot.options if option.wins_when]
    assert len(winners) >= 20
    assert all(option.wins_when is not None and option.wins_when.scenario in days for _, option in winners)
    tempting = {"kubernetes", "shared-cache", "open-vector", "whole-handbook", "opus", "fine-tuned", "show-first"}
    assert not tempting & {option.id for _, option in winners}


def test_a_limit_of_nought_is_kept_or_broken_and_never_called_unstable() -> None:
    kept = evaluate(CASE.reference, "launch", requests=2_000)
    leaks = next(item for item in kept.verdicts if item.target == "leaks")
    assert leaks.ok and leaks.margin == 1 and kept.dominant_constraint.target != "leaks"
    told = evaluate(CASE.preset("as-told"), "launch", requests=2_000)
    broken = next(item for item in told.verdicts if item.target == "leaks")
    assert not broken.ok and broken.margin == -1

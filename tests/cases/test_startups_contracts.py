"""STU-10 as a story: which limits each preset keeps on which day; skipping, doubt and ceiling as worked out by hand."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from casebook.design import Design, evaluate, load_case

CASE = load_case("startups-contracts")
PHI = NormalDist().cdf


def missed(design: Design, scenario: str) -> set[str]:
    """Targets that a design misses on a day; latency by its number, since a quick run gives no verdict."""
    ev = evaluate(design, scenario, requests=1_000)
    lost = {item.target for item in ev.verdicts if item.target != "latency" and not item.ok}
    return lost | ({"latency"} if not ev.latency_ms(0.95) <= 60_000 else set())


@pytest.mark.parametrize(
    ("preset", "scenario", "lost"),
    [
        ("reference", "ordinary", set()),
        ("reference", "bank", {"outside"}),
        ("reference", "year", {"minutes", "wait"}),
        ("in-house", "bank", set()),
        ("first-idea", "ordinary", {"minutes", "found"}),
        ("inference-only", "ordinary", {"found", "doubt"}),
        ("best-model", "ordinary", {"doubt", "budget", "mvp"}),
    ],
)
def test_each_preset_keeps_and_misses_what_its_lines_say(preset: str, scenario: str, lost: set[str]) -> None:
    assert missed(CASE.preset(preset), scenario) == lost


def test_a_clause_is_skipped_where_it_is_as_surely_harmless_as_the_limit_asks() -> None:
    quality = evaluate(CASE.reference.changed(loop="ml-platform"), "ordinary", requests=200).quality
    score, apart = quality["cut"] - 0.5 * 0.05, quality["apart"]
    normal = NormalDist()
    risky, harmless = 0.08 * normal.pdf(score - apart), 0.92 * normal.pdf(score)
    assert harmless / (risky + harmless) == pytest.approx(0.985)
    assert quality["shown_risky"] == pytest.approx(1 - PHI(quality["cut"] - apart) * 0.95)


def test_doubt_is_half_the_wrong_labels_and_the_spread_of_what_was_measured() -> None:
    quality = evaluate(CASE.reference, "ordinary", requests=200).quality
    known = 0.08 * (4_000 * 0.3 + 60 * 30 * 40 * 0.05)
    assert quality["doubt"] == pytest.approx(0.5 * 0.03 + 1.96 * math.sqrt(0.0475 / known))
    assert quality["ceiling"] == pytest.approx(0.97)


def test_only_confidences_that_were_kept_can_be_set_right() -> None:
    kept = evaluate(CASE.reference, "ordinary", requests=200).quality["found"]
    corrections = evaluate(CASE.reference.changed(loop="corrections-only"), "ordinary", requests=200).quality["found"]
    assert kept >= 0.95 > corrections


@pytest.mark.parametrize(
    ("scenario", "change", "breaks"),
    [
        ("ordinary", {"labels": "one-lawyer"}, "doubt"),
        ("ordinary", {"route": "limit"}, "doubt"),
        ("ordinary", {"lawyers": "whoever"}, "minutes"),
        ("ordinary", {"check": "none"}, "found"),
        ("ordinary", {"model": "playbook"}, "minutes"),
        ("ordinary", {"model": "fine-tuned", "labels": "signed-files"}, "doubt"),
        ("year", {"model": "small-model", "labels": "one-lawyer", "intake": "plugin"}, "minutes"),
    ],
)
def test_what_wins_on_a_day_is_needed_on_that_day(scenario: str, change: dict[str, str | float], breaks: str) -> None:
    assert breaks in missed(CASE.reference.changed(**change), scenario)

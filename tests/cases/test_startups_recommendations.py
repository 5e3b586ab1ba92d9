"""STU-2 as a story: which limits each preset keeps on which day; ageing, night and swing as worked out by hand."""

from __future__ import annotations

import math

import pytest

from casebook.design import Design, evaluate, load_case

CASE = load_case("startups-recommendations")
REQUESTS = 10_000


def missed(design: Design, scenario: str) -> set[str]:
    """Targets that a design misses on a day; latency by its number, since a quick run gives no verdict."""
    ev = evaluate(design, scenario, requests=REQUESTS)
    lost = {item.target for item in ev.verdicts if item.target != "latency" and not item.ok}
    return lost | ({"latency"} if not ev.latency_ms(0.95) <= 300 else set())


@pytest.mark.parametrize(
    ("preset", "scenario", "lost"),
    [
        ("reference", "ordinary", set()),
        ("reference", "offers", set()),
        ("reference", "quarter", set()),
        ("reference", "flash", {"hit", "stale"}),
        ("a-year-on", "year", set()),
        ("first-idea", "pilot", set()),
        ("first-idea", "ordinary", {"hit", "wrong"}),
        ("real-time", "ordinary", {"hit", "swing", "wrong", "budget", "mvp"}),
        ("ask-a-model", "ordinary", {"swing", "latency"}),
        ("ask-a-model", "quarter", {"swing", "latency", "budget"}),
    ],
)
def test_each_preset_keeps_and_misses_what_its_lines_say(preset: str, scenario: str, lost: set[str]) -> None:
    assert missed(CASE.preset(preset), scenario) == lost


def test_a_list_is_as_old_as_the_rarer_of_files_and_runs() -> None:
    daily = evaluate(CASE.reference, "ordinary", requests=500).quality
    assert daily["job_hours"] == pytest.approx(0.4 + 12 * 0.5 / 2)
    assert daily["age_hours"] == pytest.approx(24 + 3.4)
    assert daily["stale"] == pytest.approx((1 - math.exp(-0.0015 * 27.4)) * 0.3)
    hourly = evaluate(CASE.reference.changed(job="hourly", workers=1), "ordinary", requests=500).quality
    assert hourly["age_hours"] == pytest.approx(24 + 0.1 + 0.1 * 12 * 0.5), "runs by the hour, files by the night"


def test_the_swing_is_what_the_bill_does_when_the_pages_treble() -> None:
    ordinary = evaluate(CASE.reference, "ordinary", requests=500)
    quarter = evaluate(CASE.reference, "quarter", requests=500)
    rise = (quarter.cost_usd_month - ordinary.cost_usd_month) / ordinary.cost_usd_month
    assert ordinary.quality["swing"] == pytest.approx(rise, rel=0.03)


@pytest.mark.parametrize(
    ("scenario", "change", "breaks"),
    [
        ("ordinary", {"job": "weekly"}, "stale"),
        ("ordinary", {"ranker": "reorder"}, "hit"),
        ("ordinary", {"check": "none"}, "wrong"),
        ("ordinary", {"loop": "none"}, "hit"),
        ("offers", {"screen": "none"}, "stale"),
        ("quarter", {"pages": "container", "copies": 1}, "latency"),
    ],
)
def test_what_wins_on_a_day_is_needed_on_that_day(scenario: str, change: dict[str, str | float], breaks: str) -> None:
    assert breaks in missed(CASE.reference.changed(**change), scenario)

"""A case by formula: figures, branching ways, bills, people, kinds of service and of arrivals, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from casebook.design import Case, evaluate
from casebook.design.architecture import request_architecture, request_workload
from casebook.design.flow import reaching
from casebook.design.names import Names
from casebook.design.quality import quality_of
from casebook.design.sketch import path_of, sketch
from casebook.economics.bill import DAYS_PER_MONTH
from casebook.engine import ContinuousBatch, Diurnal, FlashCrowd, Serverless
from casebook.facts import SeedError
from tests.design.tiny_case import loaded, tiny


@pytest.fixture(scope="module")
def case() -> Iterator[Case]:
    with loaded(tiny()) as made:
        yield made


def names_of(design: Any, case: Case, scenario: str = "calm") -> Names:
    conditions = case.conditions(scenario)
    return Names(design, conditions, quality_of(design, conditions).figures)


def test_figures_follow_one_another_and_late_ones_follow_the_run(case: Case) -> None:
    ev = evaluate(case.reference, "calm", requests=5_000)
    quality = ev.quality
    assert quality["hit"] == 0.4 and quality["easy"] == 0.5
    assert quality["wrong"] == pytest.approx(1 - 0.9 + 0.5 * 0.2)
    assert quality["right"] == pytest.approx(1 - quality["wrong"] - 0.02)  # the curve, half way between its points
    assert quality["large_busy"] == ev.utilisation["large"] > 0
    assert quality["usd_right"] == pytest.approx(ev.cost_usd_per_request / quality["right"])
    assert ev.figure("quality.quick") == pytest.approx(900 - ev.latency_ms(0.95))
    sketched = sketch(case.reference, case.conditions("calm"))
    assert math.isnan(sketched.quality["large_busy"]) and sketched.quality["usd_right"] == quality["usd_right"]


def test_requests_branch_and_leave_where_a_cache_hits(case: Case) -> None:
    arch, _ = path_of(case.reference, case.conditions("calm"))
    shares = {(link.src, link.dst): link.share for link in arch.links}
    assert shares == {
        ("door", "cache"): 1.0,
        ("cache", "large"): pytest.approx(0.3),
        ("cache", "small"): pytest.approx(0.3),
    }
    assert reaching(case.reference, names_of(case.reference, case)) == {
        "door": 1.0,
        "cache": 1.0,
        "small": pytest.approx(0.3),
        "large": pytest.approx(0.3),
        "people": pytest.approx(0.3),
        "log": pytest.approx(0.3),
    }


def test_an_empty_slot_is_bridged_and_shares_multiply(case: Case) -> None:
    bare = case.reference.changed(cache="none", small="none", people="none")
    arch, _ = path_of(bare, case.conditions("calm"))
    # without a cache nothing hits, without a small model nothing is easy: everything goes straight on
    assert [(link.src, link.dst, link.share) for link in arch.links] == [("door", "large", 1.0)]
    assert evaluate(bare, "calm", requests=2_000).review_wait_hours == 0.0


def test_the_bill_counts_tokens_extra_lines_and_mistakes(case: Case) -> None:
    ev = evaluate(case.reference, "calm", requests=2_000)
    month = 86_400 * DAYS_PER_MONTH
    tokens = (1000 * (0.5 * 2 + 0.5 * 1) + 100 * 10) / 1e6 * 0.5
    assert ev.cost_lines["small"] == pytest.approx(0.3 * month * tokens)
    assert ev.cost_lines["large"] == pytest.approx(4 * 730 + 400)
    assert ev.cost_lines["mistakes"] == pytest.approx(ev.quality["wrong"] * month * 0.01)
    twice = ev.bill_at(2 * 86_400)
    assert twice.by_component["small"] == pytest.approx(2 * ev.cost_lines["small"])
    assert twice.by_component["mistakes"] == pytest.approx(2 * ev.cost_lines["mistakes"])
    assert twice.by_component["large"] == ev.cost_lines["large"]


def test_people_get_what_load_day_says(case: Case) -> None:
    ev = evaluate(case.reference, "calm", requests=2_000)
    assert ev.quality["review_items_day"] == pytest.approx(ev.quality["wrong"] * 864)
    assert ev.quality["review_hours_day"] == pytest.approx(ev.quality["review_items_day"] / 60)
    assert 0 < ev.review_wait_hours < 24 and 0 < ev.utilisation["people"] < 1
    swamped = evaluate(case.reference.changed(staff=1, shift=2), "calm", requests=2_000)
    assert math.isinf(swamped.review_wait_hours)


@pytest.mark.parametrize(("choice", "kind"), [("lambda", Serverless), ("steps", ContinuousBatch)])
def test_kinds_of_service(case: Case, choice: str, kind: type) -> None:
    arch, workload = path_of(case.reference.changed(large=choice), case.conditions("calm"))
    service = arch.component("large").service
    assert isinstance(service, kind)
    if isinstance(service, Serverless):
        assert service.max_instances == 50 and service.cold_ms == 500
    assert workload.arrivals.mean_rate_per_s == pytest.approx(2.0)
    assert evaluate(case.reference.changed(large=choice), "calm", requests=2_000).latency_ms(0.5) > 0


def test_a_hosted_model_takes_first_token_and_stream(case: Case) -> None:
    arch, _ = path_of(case.reference, case.conditions("calm"))
    assert arch.component("small").service.mean_ms == pytest.approx(100 + 1000 * 100 / 1000)


def test_what_a_full_station_refuses_overflows(case: Case) -> None:
    design = case.reference.changed(large="full", small="none", lane="slow")
    arch, _ = path_of(design, case.conditions("calm"))
    assert [(link.src, link.dst) for link in arch.links if link.kind == "overflow"] == [("large", "lane")]
    assert evaluate(design, "calm", requests=5_000).latency_ms(0.99) > 60_000
    lost = evaluate(design.changed(lane="none"), "calm", requests=5_000)
    assert lost.goodput_per_s < 0.8 * 2.0


def test_callers_ask_again(case: Case) -> None:
    arch, _ = path_of(case.reference.changed(large="patient"), case.conditions("calm"))
    retry = arch.component("large").retry
    assert retry is not None and (retry.timeout_ms, retry.tries) == (2000.0, 2)


def test_a_limit_on_bursts_sends_the_rest_to_the_lane(case: Case) -> None:
    design = case.reference.changed(lane="slow", most=3)
    most, clipped = names_of(design, case, "waves").clipped()
    assert (most, clipped) == (3.0, pytest.approx(0.1 * 8 / (1 - 0.1 + 0.1 * 11)))
    calm = request_workload(case.reference, case.conditions("waves")).arrivals
    held = request_workload(design, case.conditions("waves")).arrivals
    assert held.calm_rate_per_s == pytest.approx(calm.calm_rate_per_s)
    assert held.burst_rate_per_s == pytest.approx(3 * held.calm_rate_per_s)
    month = 86_400 * DAYS_PER_MONTH
    assert evaluate(design, "waves", requests=2_000).cost_lines["lane"] == pytest.approx(clipped * month * 10 / 1e6)
    assert names_of(design, case, "calm").clipped() == (1.0, 0.0)


def test_kinds_of_arrivals(case: Case) -> None:
    rush = request_workload(case.reference, case.conditions("rush")).arrivals
    assert rush == FlashCrowd(1.0, 5.0, 600.0, 60.0)
    assert request_workload(case.reference, case.conditions("day")).arrivals == Diurnal(0.1, 1.8, 15.0)


def test_a_pushback_changes_facts_and_arrivals(case: Case) -> None:
    pushed = case.conditions("calm", "more")
    assert request_workload(case.reference, pushed).arrivals.mean_rate_per_s == pytest.approx(4.0)
    assert quality_of(case.reference, pushed).figures["hit"] == 0.0
    judged = case.conditions("calm").with_values({"arrivals": {"peak_factor": 8}, "facts": {"tokens": 500}})
    assert request_workload(case.reference, judged).arrivals.mean_rate_per_s == pytest.approx(8.0)
    arch = request_architecture(case.reference, judged, quality_of(case.reference, judged).figures)
    assert arch.component("large").service.mean_ms == 700.0


def test_graded_figures_beside_the_latency(case: Case) -> None:
    ev = evaluate(case.reference, "calm", graded=True)
    assert ev.availability == pytest.approx(0.99)
    assert ev.time_above_slo == 0.0
    assert ev.goodput_per_s == pytest.approx(2.0, rel=0.05)
    assert {verdict.target: verdict.status for verdict in ev.verdicts} == {
        "wait": "met",
        "right": "missed",
        "busy": "met",
        "up": "met",
    }


def _without_fact(data: dict[str, Any]) -> None:
    del data["scenarios"][1]["facts"]["repeats"]


BROKEN: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda d: d["figures"][3].update(formula="1 - wrogn"), "wrogn"),
    (lambda d: d["figures"][0].update(formula="easy"), "comes later"),
    (lambda d: d["figures"][0].update(formula="p95_ms"), "only after the simulation"),
    (lambda d: d["figures"][0].update(formula="knob.cardz"), "'cards'"),
    (lambda d: d["figures"][0].update(formula="sum.hti"), "'hit'"),
    (lambda d: d["figures"][0].update(formula="has.large.crad"), "slot.option"),
    (lambda d: d["figures"][0].update(formula="curve_aeg(1)"), "curve_age"),
    (lambda d: d["figures"][0].update(formula="__import__('os')"), "arithmetic"),
    (lambda d: d["figures"][0].update(formula="SCL.no_such_fact"), "SCL.no_such_fact"),
    (lambda d: d["links"][1].update(share="large_busy"), "large_busy"),
    (lambda d: d["curves"]["age"].update(points=[[4, 0], [0, 1]]), "rising x"),
    (lambda d: d["targets"][1].update(metric="quality.rihgt"), "quality.right"),
    (lambda d: d["targets"][3].update(role="primary"), "both primary"),
    (lambda d: d["pushbacks"][0]["change"].update(facts={"repaets": 1}), "repeats"),
    (lambda d: d["pushbacks"][0]["change"].update(arrivals={"peak_factr": 1}), "peak_factor"),
    (lambda d: d["scenarios"][3]["arrivals"].pop("peak_hour"), "peak_hour"),
    (lambda d: d["slots"][2]["options"][1]["service"].pop("tokens_per_s"), "tokens_per_s"),
    (lambda d: d.update(default_scenario="clam"), "calm"),
    (lambda d: d.update(quality_model="two-normal-roc"), "threshold_knob"),
    (lambda d: d["slots"][1]["options"][1].update(wins_when={"scenario": "clam", "because": "…"}), "calm"),
    (_without_fact, "repeats"),
]


@pytest.mark.parametrize(("breaks", "says"), BROKEN)
def test_what_does_not_fit_is_named(breaks: Callable[[dict[str, Any]], object], says: str) -> None:
    data = tiny()
    breaks(data)
    with pytest.raises(SeedError, match=says), loaded(data):
        pass

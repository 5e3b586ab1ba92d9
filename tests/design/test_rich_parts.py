"""Every kind of station that the engine knows, asked for in a case file, reaches it and changes what it changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from casebook.design import Case, evaluate
from casebook.design.flow import reaching
from casebook.design.names import Names
from casebook.design.sketch import path_of, unqueued
from casebook.engine import (
    Architecture,
    Autoscale,
    Breakdowns,
    Component,
    Deterministic,
    DynamicBatch,
    Lognormal,
    LognormalSize,
    Outages,
    Poisson,
    Repeat,
    RequestClass,
    Workload,
    simulate,
)
from casebook.facts import SeedError
from tests.design.tiny_case import NONE, loaded, option, slot, tiny


def rich() -> dict[str, Any]:
    """The made-up case, whose large model may also loop, scale, fail, serve by urgency, or ask three others at once."""
    data = tiny()
    large = next(one for one in data["slots"] if one["id"] == "large")
    plain = {"model": "exponential", "mean_ms": 300}
    two = {"servers": 2}
    large["options"] += [
        option("loop", plain, capacity={"servers": 4}, effects={"score": 0.9},
               repeat={"again_share": 0.5, "at_most": 4, "pause_ms": "fact.tokens * 2", "pause_cv": 0.5}),
        option("elastic", plain, capacity={"servers": 1}, effects={"score": 0.9},
               autoscale={"target": 0.5, "most": 6, "every_s": 5, "cold_s": 20, "cooldown_s": 60}),
        option("noon", plain, capacity=two, effects={"score": 0.9},
               outages={"windows_s": [[600, 660], [1200, 1230]], "new_visits": "refuse"}),
        option("shaky", plain, capacity=two, effects={"score": 0.9},
               breakdowns={"mean_up_s": 900, "mean_down_s": "fact.tokens", "new_visits": "refuse", "region": "west"}),
        option("urgent", plain, capacity=two, order="priority", effects={"score": 0.9}),
        option("hasty", plain, capacity={"servers": 1}, wait_limit_ms=500, effects={"score": 0.9}),
        option("writer", {"model": "continuous_batch", "fixed_ms": 10, "per_item_ms": 1, "slots": 8,
                          "output_tokens": "fact.tokens", "output_cv": 0.7, "prompt_tokens": 300,
                          "prefill_ms_per_token": 0.1}, effects={"score": 0.9}),
    ]
    split = option("all", {"model": "none"}, effects={"score": 0.9})
    large["options"].append(split)
    data["slots"] += [
        slot("web", "retrieval", [NONE, option("search", {"model": "delay", "mean_ms": 200, "cv": 1})]),
        slot("files", "store", [NONE, option("disk", {"model": "exponential", "mean_ms": 100}, capacity=two)]),
        slot("merged", "other", [option("best", {"model": "none"})], joins="large"),
    ]
    data["links"] += [
        {"from": "large", "to": "web", "kind": "fanout"}, {"from": "large", "to": "files", "kind": "fanout"},
        {"from": "web", "to": "merged"}, {"from": "files", "to": "merged"},
    ]
    data["presets"][0]["choices"] |= {"web": "none", "files": "none", "merged": "best"}
    data["scenarios"][0]["kinds"] = [
        {"id": "paying", "title": "Paying", "share": 0.2, "priority": 0, "size": 0.5, "size_at": ["large"]},
        {"id": "free", "title": "Free", "share": 0.8, "priority": 1},
    ]
    return data


@pytest.fixture(scope="module")
def case() -> Iterator[Case]:
    with loaded(rich()) as made:
        yield made


def part(case: Case, **choices: Any) -> tuple[Any, Any]:
    """The engine's component of the large model, and the evaluation of the design."""
    design = case.reference.changed(small="none", cache="none", **choices)
    arch, _ = path_of(design, case.conditions("calm"))
    return arch.component("large"), evaluate(design, "calm", requests=20_000)


def test_an_agents_loop_is_unrolled_and_its_inexactness_is_said(case: Case) -> None:
    component, ev = part(case, large="loop")
    assert component.repeat == Repeat(0.5, 4, Lognormal(200.0, 0.5))
    assert ev.run.station("large").requests == pytest.approx(20_000 * (1 + 0.5 + 0.25 + 0.125), rel=0.02)
    (note,) = ev.notes
    assert note.startswith("Large is visited 1.88 times") and note.rstrip(".") in ev.leaves_out
    assert evaluate(ev.design, "calm", graded=True).notes == ev.notes
    assert part(case, large="urgent")[1].notes == () and ev.leaves_out[0] == "nearly everything"


def test_servers_come_and_go(case: Case) -> None:
    component, ev = part(case, large="elastic")
    assert component.scaling == Autoscale(0.5, 6, 1, "utilisation", 5.0, 20.0, 60.0)
    assert 1.0 < ev.servers_paid["large"] < 3.0
    assert part(case, large="card")[1].servers_paid == {}


def test_listed_times_down_and_breakdowns_refuse_and_overflow(case: Case) -> None:
    component, ev = part(case, large="noon")
    assert component.outages == Outages(((600.0, 660.0), (1200.0, 1230.0)), "refuse")
    seconds = (ev.run.arrived_ms[-1] - ev.run.arrived_ms[1_000]) / 1000
    assert ev.refused_share == pytest.approx(90 / seconds, abs=0.003) and ev.timed_out_share == 0.0
    assert ev.availability == pytest.approx(0.99 * (1 - ev.refused_share))
    assert ev.above_slo_share > ev.refused_share
    component, ev = part(case, large="shaky")
    assert component.outages == Breakdowns(900.0, 100.0, "refuse", "west")
    assert 0.03 < ev.lost_share < 0.3
    _, held = part(case, large="shaky", lane="slow")
    assert [(link.src, link.dst) for link in held.run.arch.links if link.kind == "overflow"] == [("large", "lane")]
    assert held.lost_share == 0.0


def test_urgent_kinds_go_first_and_their_size_counts_where_it_says(case: Case) -> None:
    component, ev = part(case, large="urgent")
    assert component.order == "priority"
    assert ev.run.class_quantile_ms("paying", 0.9) < ev.run.class_quantile_ms("free", 0.9)
    assert [(one.name, one.size, one.size_at) for one in ev.run.workload.classes] == [
        ("free", 1.0, ()), ("paying", 0.5, ("large",))]


def test_nobody_waits_longer_than_the_limit(case: Case) -> None:
    component, ev = part(case, large="hasty")
    assert component.wait_limit_ms == 500.0
    assert ev.run.station("large").wait_ms.max() <= 500.0
    assert ev.refused_share > 0.05


def test_a_language_model_tells_first_token_and_pace(case: Case) -> None:
    component, ev = part(case, large="writer")
    assert component.service.output == LognormalSize(100.0, 0.7)
    assert 40.0 <= ev.first_token_ms(0.5) < ev.first_token_ms(0.95) == ev.first_token_p95_ms < ev.latency_ms(0.99)
    assert 11.0 <= ev.token_ms(0.5) <= ev.token_p95_ms < 30.0
    assert ev.mean_queue["large"] >= 0.0
    assert math.isnan(part(case, large="card")[1].first_token_p95_ms)


def test_a_fan_out_waits_for_the_last_and_counts_once(case: Case) -> None:
    component, ev = part(case, large="all", web="search", files="disk")
    arch = ev.run.arch
    assert component.joins is None and arch.component("merged").joins == "large"
    fanned = {(link.src, link.dst) for link in arch.links if link.kind == "fanout"}
    assert fanned == {("large", "web"), ("large", "files")}
    assert ev.latency_ms(0.5) > max(part(case, large="all", **{one: kind})[1].latency_ms(0.5)
                                    for one, kind in (("web", "search"), ("files", "disk")))
    reached = reaching(ev.design, Names(ev.design, ev.conditions, ev.quality_model.figures))
    assert reached["web"] == reached["files"] == reached["merged"] == reached["large"] == 1.0
    still = simulate(unqueued(arch, ev.run.workload), ev.run.workload, 5_000, 0)
    assert still.quantile_ms(0.9) <= ev.latency_ms(0.9)


def test_one_branch_alone_is_a_plain_way_and_none_goes_straight_on(case: Case) -> None:
    _, ev = part(case, large="all", web="search", files="none")
    assert {link.kind for link in ev.run.arch.links} == {"request"}
    _, bare = part(case, large="all", web="none", files="none")
    assert ("large", "merged", "request") in {(link.src, link.dst, link.kind) for link in bare.run.arch.links}
    assert bare.run.arch.component("large").service.service == Deterministic(0.0)
    assert bare.latency_ms(0.5) == pytest.approx(10.0)  # the door's


def test_impatient_callers_waste_work_and_graded_figures_say_it(case: Case) -> None:
    design = case.reference.changed(small="none", cache="none", large="patient")
    assert evaluate(design, "calm", requests=5_000).wasted_work_share == 0.0
    ev = evaluate(design, case.conditions("calm").with_values({"arrivals": {"peak_factor": 19.5}}), graded=True)
    assert 0.0 < ev.timed_out_share == ev.lost_share < 1.0 and ev.refused_share == 0.0
    assert 0.0 < ev.wasted_work_share < 1.0
    assert ev.second_bottleneck in (None, "people", "door")
    calm = evaluate(design, "calm", graded=True)
    assert calm.timed_out_share == 0.0 and calm.growth_per_hour == 0.0 and calm.above_slo_share < 0.05


def test_how_fast_an_overloaded_design_falls_behind(case: Case) -> None:
    crowd = case.conditions("calm").with_values({"arrivals": {"peak_factor": 12}})
    ev = evaluate(case.reference.changed(small="none", cache="none", large="urgent"), crowd, requests=5_000)
    assert not ev.stable and math.isnan(ev.above_slo_share) and math.isnan(ev.first_token_ms())
    assert ev.growth_per_hour == pytest.approx(3600 * (12 - 2 / 0.27), rel=0.02)   # work of mean size 0.9


def _two(data: dict[str, Any]) -> None:
    large = next(one for one in data["slots"] if one["id"] == "large")["options"]
    shaky = next(one for one in large if one["id"] == "shaky")
    shaky["outages"] = {"windows_s": [[0, 1]]}


WRONG: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda d: d["slots"][-1].pop("joins"), "never comes together"),
    (lambda d: d["slots"][-1].update(joins="door"), "no links of kind 'fanout'"),
    (lambda d: d["slots"][-1].update(options=[*d["slots"][-1]["options"], NONE], required=False), "must be filled"),
    (lambda d: d["links"].append({"from": "large", "to": "merged"}), "'request' and 'fanout'"),
    (lambda d: d["scenarios"][0]["kinds"][0].update(share=0.5), "add up to 1.3"),
    (lambda d: d["scenarios"][0]["kinds"][0].update(size_at=["lrage"]), "'large'"),
    (_two, "both 'outages' and 'breakdowns'"),
]


@pytest.mark.parametrize(("breaks", "says"), WRONG)
def test_what_does_not_fit_is_named(breaks: Callable[[dict[str, Any]], object], says: str) -> None:
    data = rich()
    breaks(data)
    with pytest.raises(SeedError, match=says), loaded(data):
        pass


def test_no_bound_without_queues_counts_on_the_size_of_what_is_batched() -> None:
    arch = Architecture([Component("gpu", 1, DynamicBatch(fixed_ms=40.0, per_item_ms=10.0, max_batch=8))])
    alike = Workload(Poisson(5.0))
    large = Workload(Poisson(5.0), classes=(RequestClass("small", 0.5), RequestClass("large", 0.5, size=3.0)))
    for load, least in ((alike, 50.0), (large, 0.0)):
        still = simulate(unqueued(arch, load), load, 2_000, 0).quantile_ms(0.99)
        assert still == pytest.approx(least, abs=1e-6)
        assert still <= simulate(arch, load, 2_000, 0).quantile_ms(0.99) + 1e-6


def test_a_class_may_be_larger_at_a_station_that_only_an_overflow_leads_to(case: Case) -> None:
    design = case.reference.changed(small="none", cache="none", large="hasty", lane="slow")
    arch, _ = path_of(design, case.conditions("calm"))
    load = Workload(Poisson(2.0), classes=(RequestClass("all", 1.0, size=2.0, size_at=("lane",)),))
    assert simulate(unqueued(arch, load), load, 1_000, 0).quantile_ms(0.99) == 0.0

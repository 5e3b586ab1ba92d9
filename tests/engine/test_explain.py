"""The cause of a gap between run and formula: named, and proven by taking it away and running again."""

from __future__ import annotations

import math

import pytest

from casebook.engine import (
    Architecture,
    Bursty,
    Component,
    ContinuousBatch,
    DynamicBatch,
    Exponential,
    FlashCrowd,
    Link,
    Lognormal,
    LognormalSize,
    Outages,
    Poisson,
    Repeat,
    Retry,
    Serverless,
    StaffedHours,
    Workload,
    simulate,
)
from casebook.engine import formulas as f


def alone(servers, service, **kwargs):
    return Architecture([Component("a", servers, service, **kwargs)])


def why(arch, workload, requests=40_000, q=0.99):
    return f.explain(simulate(arch, workload, requests, 5), q)


def test_where_run_and_formula_agree_nothing_is_blamed():
    told = why(alone(4, Exponential(10)), Workload(Poisson(280)))
    assert told.agrees and told.cause is None and told.causes == () and "they agree" in str(told)
    ran, said = told.mean_waits_ms["a"]
    assert ran == pytest.approx(said, rel=0.1)


@pytest.mark.parametrize(("arch", "workload", "name", "where"), [
    (alone(4, Exponential(10)), Workload(Bursty(250, 4, 0.2, 2.0)), "bursts", "the arrivals"),
    (alone(1, DynamicBatch(3, 0.4, 32, 5)), Workload(Poisson(1_000)), "batching", "'a'"),
    (alone(4, Exponential(10), retry=Retry(25.0, 3)), Workload(Poisson(170)), "retries", "'a'"),
    (alone(1, Serverless(Lognormal(40, 0.5), 800, 60)), Workload(Poisson(0.05)), "cold starts", "'a'"),
    (alone(1, Lognormal(10, 2)), Workload(Poisson(60)), "now and then a very long service", "'a'"),
    (alone(3, Lognormal(60_000, 0.5), calendar=StaffedHours(9, 8, 7)), Workload(Poisson(0.012)), "working hours",
     "'a'"),
], ids=["bursts", "batching", "retries", "cold starts", "long tail", "hours"])
def test_the_cause_is_named_and_proven_by_taking_it_away(arch, workload, name, where):
    told = why(arch, workload, 400_000)
    assert not told.agrees
    assert told.cause is not None and (told.cause.name, told.cause.where) == (name, where)
    assert abs(told.cause.gap) < 0.2 and told.cause.lost_share == 0.0
    assert name in str(told) and "Without it the run gives" in str(told)


FORK = Architecture(
    [Component("in", 4, Exponential(5)), Component("left", 4, Exponential(14)), Component("right", 4, Exponential(14)),
     Component("out", 4, Exponential(1), joins="in")],
    [Link("in", "left", kind="fanout"), Link("in", "right", kind="fanout"), Link("left", "out"), Link("right", "out")])


@pytest.mark.parametrize(("arch", "workload", "name"), [
    (alone(1, ContinuousBatch(8.0, 0.1, 64, LognormalSize(20.0, 1.0))), Workload(Poisson(200)), "continuous batching"),
    (alone(4, Exponential(14), outages=Outages(((100.0, 105.0),))), Workload(Poisson(200)), "outages"),
    (alone(4, Exponential(8), repeat=Repeat(0.5, 6)), Workload(Poisson(200)), "visits that come back"),
    (alone(4, Exponential(5)), Workload(FlashCrowd(200, 5.0, 100.0, 20.0)), "a crowd that comes at once"),
    (FORK, Workload(Poisson(200)), "waiting for all branches"),
], ids=["LLM serving", "outage", "repeats", "crowd", "fan-out"])
def test_what_was_added_to_the_engine_later_is_named_too(arch, workload, name):
    told = why(arch, workload, 100_000)
    assert told.cause is not None and told.cause.name == name, str(told)
    assert "nan" not in str(told)


def test_a_retry_storm_is_seen_although_those_answered_were_answered_fast():
    told = why(alone(4, Exponential(10), retry=Retry(25.0, 3)), Workload(Poisson(170)))
    assert told.lost_share[0] > 0.5 and told.lost_share[1] == pytest.approx(0.0, abs=1e-9)
    assert math.isinf(told.gap) and "unanswered" in str(told)
    calm = why(alone(4, Exponential(10), retry=Retry(25.0, 3)), Workload(Poisson(80)))
    assert calm.agrees


def test_two_causes_are_taken_away_together_where_one_does_not_suffice():
    arch = Architecture([Component("in", 4, Exponential(2)), Component("gpu", 1, DynamicBatch(3, 0.4, 32, 5))],
                        [Link("in", "gpu")])
    told = why(arch, Workload(Bursty(700, 4, 0.2, 0.5)))
    assert told.cause is not None and told.cause.name == "bursts and batching together"
    assert told.cause.where == "the arrivals and 'gpu'"
    assert {one.name for one in told.causes} == {"bursts", "batching", "bursts and batching together"}


def test_what_is_there_but_hardly_matters_is_tried_and_not_blamed():
    arch = Architecture([Component("busy", 4, Exponential(10)), Component("idle", 8, Lognormal(2, 1.3))],
                        [Link("busy", "idle")])
    told = why(arch, Workload(Bursty(250, 4, 0.2, 2.0)))
    assert {(one.name, one.proven) for one in told.causes} == {
        ("bursts", True), ("now and then a very long service", False)}
    assert told.cause is not None and told.cause.name == "bursts"


def test_what_cannot_be_taken_away_is_said():
    arch = Architecture([Component("a", 2, Exponential(10), queue_limit=5), Component("b", 1, Exponential(20))],
                        [Link("a", "b", kind="overflow")])
    told = why(arch, Workload(Poisson(210)))
    assert told.cause is None and told.stuck == ("a full queue that refuses at 'a'",)
    assert "cannot be taken away" in str(told)


def test_an_overloaded_run_has_no_formula():
    told = why(alone(1, Exponential(10)), Workload(Poisson(120)), 5_000)
    assert math.isinf(told.formula_ms) and told.cause is None and "no steady state" in str(told)

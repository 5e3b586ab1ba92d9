"""Input that makes no sense is refused by an error that names the place, the value and what to do."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from casebook.engine import (
    Architecture,
    Bursty,
    BySize,
    Component,
    ContinuousBatch,
    Delay,
    Deterministic,
    DynamicBatch,
    EngineError,
    Exponential,
    FixedSize,
    Growth,
    Link,
    Lognormal,
    LognormalSize,
    Poisson,
    RecordedSize,
    RequestClass,
    Retry,
    Serverless,
    Sized,
    StaffedHours,
    Trace,
    Workload,
    simulate,
)


def chain(*ids, **more):
    return Architecture([Component(i) for i in ids],
                        [Link(a, b) for a, b in pairwise(ids)], **more)


OK = Workload(Poisson(1.0))

CASES = {
    "rate 0": (lambda: Poisson(0.0), "rate_per_s", "0.0", "above 0"),
    "rate negative": (lambda: Poisson(-3), "rate_per_s", "-3", "above 0"),
    "rate infinite": (lambda: Poisson(math.inf), "rate_per_s", "inf", "finite"),
    "rate nan": (lambda: Poisson(math.nan), "rate_per_s", "nan", "finite"),
    "rate missing": (lambda: Poisson(None), "rate_per_s", "None", "Give one number"),
    "rate as text": (lambda: Poisson("200"), "rate_per_s", "'200'", "Give one number"),
    "burst share 0": (lambda: Bursty(1, 2, 0.0, 1), "burst_share", "0.0", "above 0"),
    "burst share 1": (lambda: Bursty(1, 2, 1.0, 1), "burst_share", "1.0", "between 0 and 1"),
    "burst slower than calm": (lambda: Bursty(1, 0.5, 0.1, 1), "burst_factor", "0.5", "1 or more"),
    "bursts of no length": (lambda: Bursty(1, 2, 0.1, 0), "mean_burst_s", "0", "above 0"),
    "no arrivals": (lambda: Workload(None), "Workload, arrivals", "None", "Poisson"),
    "share above 1": (lambda: Link("a", "b", 1.2), "'a' → 'b', share", "1.2", "part of 1"),
    "share in percent": (lambda: Link("a", "b", 40), "'a' → 'b', share", "40", "0.4 for 40 %"),
    "share negative": (lambda: Link("a", "b", -0.1), "share", "-0.1", "0 or more"),
    "link of no kind": (lambda: Link("a", "b", 1.0, "maybe"), "kind", "'maybe'", "'async'"),
    "shares add up": (lambda: Architecture([Component(i) for i in "abc"], [Link("a", "b", 0.7), Link("a", "c", 0.7)]),
                      "'a'", "1.4", "1 at most"),
    "cycle": (lambda: Architecture([Component(i) for i in "abcd"],
                                   [Link("a", "b"), Link("b", "c"), Link("c", "d", 0.5), Link("c", "b", 0.5)]),
              "links", "b → c → b", "remove one of these links"),
    "self loop": (lambda: Architecture([Component("a"), Component("b")], [Link("a", "b"), Link("b", "b", 0.1)]),
                  "links", "b → b", "loop"),
    "asynchronous cycle": (lambda: Architecture([Component("a"), Component("b"), Component("c")],
                                                [Link("a", "b"), Link("b", "c"), Link("c", "b", 1.0, "async")]),
                           "links", "b → c → b", "loop"),
    "id twice": (lambda: Architecture([Component("a"), Component("a")]), "id", "'a'", "rename"),
    "no id": (lambda: Component(""), "id", "''", "name"),
    "unknown end": (lambda: Architecture([Component("a")], [Link("a", "gpu")]), "'a' → 'gpu'", "'gpu'", "no such"),
    "link twice": (lambda: Architecture([Component("a"), Component("b")], [Link("a", "b", 0.2), Link("a", "b", 0.3)]),
                   "'a' → 'b'", "request", "listed twice"),
    "nothing": (lambda: Architecture([]), "components", "[]", "at least one"),
    "two entries": (lambda: Architecture([Component("a"), Component("b")]), "entry", "['a', 'b']", "entry="),
    "unreached": (lambda: Architecture([Component("a"), Component("b")], entry="a"), "'b'", "b", "No request reaches"),
    "unknown entry": (lambda: chain("a", "b", entry="z"), "entry", "'z'", "no such"),
    "no servers": (lambda: Component("gpu", 0), "'gpu', servers", "0", "1 or more"),
    "half a server": (lambda: Component("gpu", 1.5), "'gpu', servers", "1.5", "whole"),
    "no service": (lambda: Component("gpu", 1, 16.0), "'gpu', service", "16.0", "Exponential"),
    "no calendar": (lambda: Component("gpu", 1, Deterministic(1), "weekdays"), "'gpu', calendar", "'weekdays'",
                    "StaffedHours"),
    "room negative": (lambda: Component("gpu", 1, Deterministic(1), queue_limit=-1), "'gpu', queue_limit", "-1",
                      "0 or more"),
    "room in a delay": (lambda: Component("gpu", 1, Delay(Deterministic(1)), queue_limit=3), "'gpu', queue_limit", "3",
                        "leave it out"),
    "wait limit negative": (lambda: Component("gpu", 1, Deterministic(1), wait_limit_ms=-2), "'gpu', wait_limit_ms",
                            "-2", "0 or more"),
    "wait limit in batches": (lambda: Component("gpu", 1, DynamicBatch(1, 1, 4), wait_limit_ms=9),
                              "'gpu', wait_limit_ms", "9", "plain servers"),
    "overflow of what never refuses": (
        lambda: Architecture([Component("a"), Component("b")], [Link("a", "b", kind="overflow")]), "'a' → 'b'",
        "overflow", "queue_limit"),
    "part of an overflow": (lambda: Link("a", "b", 0.5, "overflow"), "share", "0.5", "share=1"),
    "two overflows": (
        lambda: Architecture([Component("a", queue_limit=1), Component("b"), Component("c")],
                             [Link("a", "b", kind="overflow"), Link("a", "c", kind="overflow")]),
        "'a', overflow", "c", "One overflow link"),
    "no patience": (lambda: Retry(0), "timeout_ms", "0", "above 0"),
    "no tries": (lambda: Retry(10, 0), "tries", "0", "1 or more"),
    "retry of a number": (lambda: Component("gpu", retry=3), "'gpu', retry", "3", "Retry("),
    "retry with a limit": (lambda: Component("gpu", 1, Deterministic(1), queue_limit=2, retry=Retry(5)), "'gpu', retry",
                           "Retry", "leave it out"),
    "classes over 1": (lambda: Workload(Poisson(1), (RequestClass("a", 0.7), RequestClass("b", 0.7))), "shares of the",
                       "1.4", "add up to 1"),
    "class twice": (lambda: Workload(Poisson(1), (RequestClass("a", 0.5), RequestClass("a", 0.5))), "classes", "'a'",
                    "twice"),
    "class share": (lambda: RequestClass("a", 30), "'a', share", "30", "1 or less"),
    "order": (lambda: Component("gpu", order="last"), "'gpu', order", "'last'", "'priority'"),
    "priorities in batches": (lambda: Component("gpu", 1, DynamicBatch(1, 1, 4), order="priority"), "'gpu', order",
                              "'priority'", "order of arrival"),
    "unknown class": (lambda: simulate(chain("a"), OK, 100).class_quantile_ms("vip", 0.5), "class", "'vip'", "no such"),
    "no instances": (lambda: Serverless(Exponential(5), 100, 10, 0), "max_instances", "0", "1 or more"),
    "cold start negative": (lambda: Serverless(Exponential(5), -1, 10), "cold_ms", "-1", "0 or more"),
    "serverless nothing": (lambda: Serverless(5, 1, 10), "Serverless, service", "5", "Deterministic"),
    "staffed instances": (lambda: Component("fn", 1, Serverless(Exponential(5), 1, 10), StaffedHours()),
                          "'fn', calendar", "StaffedHours", "leave the calendar out"),
    "service 0": (lambda: Exponential(0), "mean_ms", "0", "above 0"),
    "service negative": (lambda: Deterministic(-1), "ms", "-1", "0 or more"),
    "cv negative": (lambda: Lognormal(5, -1), "cv", "-1", "0 or more"),
    "delay of nothing": (lambda: Delay(5), "Delay, service", "5", "Deterministic"),
    "batch of 0": (lambda: DynamicBatch(3, 0.4, 0), "max_batch", "0", "1 or more"),
    "batch of a half": (lambda: DynamicBatch(3, 0.4, 2.5), "max_batch", "2.5", "whole"),
    "wait negative": (lambda: DynamicBatch(3, 0.4, 8, -1), "max_wait_ms", "-1", "0 or more"),
    "shift past midnight": (lambda: StaffedHours(20, 8, 5), "StaffedHours", "20 h + 8 h", "midnight"),
    "eight days a week": (lambda: StaffedHours(9, 8, 8), "days_per_week", "8", "7 or less"),
    "no hours": (lambda: StaffedHours(9, 0, 5), "hours_per_day", "0", "above 0"),
    "no slots": (lambda: ContinuousBatch(8, 0.1, 0, 100), "ContinuousBatch, slots", "0", "1 or more"),
    "steps of no time": (lambda: ContinuousBatch(0, 0, 8, 100), "fixed_ms + per_item_ms", "0.0", "above 0"),
    "no tokens": (lambda: ContinuousBatch(8, 0.1, 8, 0), "ContinuousBatch, output_tokens", "0", "above 0"),
    "tokens nan": (lambda: ContinuousBatch(8, 0.1, 8, 9, math.nan), "prompt_tokens", "nan", "finite"),
    "prefill negative": (lambda: ContinuousBatch(8, 0.1, 8, 9, 9, -1), "prefill_ms_per_token", "-1", "0 or more"),
    "staffed tokens": (lambda: Component("llm", 1, ContinuousBatch(8, 0.1, 8, 100), StaffedHours()), "'llm', calendar",
                       "StaffedHours", "leave the calendar out"),
    "limited tokens": (lambda: Component("llm", 1, ContinuousBatch(8, 0.1, 8, 100), queue_limit=3),
                       "'llm', queue_limit", "3", "leave it out"),
    "places without end": (
        lambda: simulate(Architecture([Component("llm", 2000, ContinuousBatch(8, 0.1, 50_000, 9))]), OK, 60_000),
        "'llm', servers × slots", "100000000", "fewer servers or slots"),
    "tokens without end": (
        lambda: simulate(Architecture([Component("llm", 1, ContinuousBatch(8, 0.1, 8, 1e8))]), OK, 100),
        "'llm', output tokens", "10000000000.0", "shorter answers"),
    "sized by nothing": (lambda: Sized(5.0), "Sized, timed", "5.0", "Exponential"),
    "size 0": (lambda: FixedSize(0), "FixedSize, size", "0", "above 0"),
    "size spread negative": (lambda: LognormalSize(3, -1), "LognormalSize, cv", "-1", "0 or more"),
    "no recorded size": (lambda: RecordedSize([]), "RecordedSize, values", "[]", "at least one"),
    "a recorded size of 0": (lambda: RecordedSize([3, 0]), "value 2", "0", "above 0"),
    "tokens by size 0": (lambda: BySize(0), "BySize, mean", "0", "above 0"),
    "sizes of a number": (lambda: Workload(Poisson(1), sizes=3), "Workload, sizes", "3", "LognormalSize"),
    "sizes twice": (lambda: Workload(Trace([0, 1], [1, 1]), sizes=FixedSize(3)), "Workload, sizes", "FixedSize",
                    "leave one"),
    "empty trace": (lambda: Trace([]), "Trace, times_s", "[]", "empty"),
    "trace of one": (lambda: Trace([5.0]), "Trace, times_s", "1 requests within 0 s", "two different times"),
    "trace of one instant": (lambda: Trace([5.0, 5.0]), "Trace, times_s", "2 requests", "two different times"),
    "trace unsorted": (lambda: Trace([0.0, 2.0, 1.0]), "time of request 3", "1.0", "sort the trace"),
    "trace negative": (lambda: Trace([-1.0, 2.0]), "time of request 1", "-1.0", "0 or more"),
    "trace nan": (lambda: Trace([0.0, math.nan]), "time of request 2", "nan", "finite"),
    "trace as text": (lambda: Trace([0.0, "1"]), "time of request 2", "'1'", "one number"),
    "trace sizes short": (lambda: Trace([0.0, 1.0], [3.0]), "Trace, sizes", "1", "each of the 2"),
    "trace size 0": (lambda: Trace([0.0, 1.0], [3.0, 0.0]), "size of request 2", "0.0", "above 0"),
    "trace stands still": (lambda: Trace([0.0, 1.0], speed=0), "Trace, speed", "0", "above 0"),
    "no trace file": (lambda: Trace.from_csv("nowhere.csv"), "Trace, file", "nowhere.csv", "cannot be read"),
    "growth of nothing": (lambda: Growth(Poisson(1)), "Growth, workload", "Poisson", "Workload("),
    "growth negative": (lambda: Growth(OK, -1.0), "monthly_factor", "-1.0", "above 0"),
    "growth twice": (lambda: Growth(OK, 1.1, steps=(1, 2)), "Growth, steps", "(1, 2)", "not both"),
    "month before today": (lambda: Growth(OK, 1.1).month(-1), "Growth, month", "-1", "0 or more"),
    "all warm-up": (lambda: simulate(chain("a"), OK, 100, 0, warmup_requests=100), "warm-up", "100",
                    "simulate more requests"),
    "warm-up share 1": (lambda: simulate(chain("a"), OK, 100, 0, warmup_share=1.0), "warm-up", "100", "shorter"),
    "no requests": (lambda: simulate(chain("a"), OK, 0), "requests", "0", "1 or more"),
    "seed negative": (lambda: simulate(chain("a"), OK, 10, -1), "seed", "-1", "0 or more"),
    "no architecture": (lambda: simulate([Component("a")], OK), "arch", "Component", "Architecture("),
    "no workload": (lambda: simulate(chain("a"), Poisson(3)), "workload", "Poisson", "Workload("),
    "p99 in percent": (lambda: simulate(chain("a"), OK, 100).quantile_ms(99), "q", "99", "0.99"),
    "unknown station": (lambda: simulate(chain("a"), OK, 100).station("gpu"), "station", "'gpu'", "no such"),
}


@pytest.mark.parametrize("name", CASES)
def test_refused_with_place_value_and_remedy(name):
    act, place, value, remedy = CASES[name]
    with pytest.raises(EngineError) as caught:
        act()
    error = caught.value
    assert place in error.place
    assert value in repr(error.value)
    assert remedy in error.remedy
    assert str(error).startswith(error.place)


def test_an_interrupted_run_leaves_nothing_behind(monkeypatch):
    """Ctrl-C in the middle: the next run gives what it would have given."""
    from casebook.engine import network

    arch = chain("a", "b")
    before = simulate(arch, OK, 500, 4).sojourn_ms

    def interrupted(*args, **more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(network, "run_station", interrupted)
        with pytest.raises(KeyboardInterrupt):
            simulate(arch, OK, 500, 4)
    assert (simulate(arch, OK, 500, 4).sojourn_ms == before).all()

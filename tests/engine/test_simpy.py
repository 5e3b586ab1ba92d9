"""Path for path against simpy: every request's sojourn time within 1e-9 s on the same random numbers."""

from __future__ import annotations

import numpy as np
import pytest

from casebook.engine import (
    Architecture,
    Autoscale,
    Breakdowns,
    Bursty,
    Component,
    ContinuousBatch,
    Delay,
    Deterministic,
    DynamicBatch,
    Exponential,
    Link,
    Lognormal,
    LognormalSize,
    Outages,
    Poisson,
    Repeat,
    RequestClass,
    Retry,
    Route,
    Serverless,
    Sized,
    StaffedHours,
    Trace,
    Workload,
    simulate,
)
from tests.engine.simpy_twin import sojourns_ms

TOLERANCE_MS = 1e-6  # 1e-9 s
N = 4_000


def station(*args, **more):
    return Architecture([Component("a", *args, **more)])


SYSTEMS = {
    "one server": (station(1, Exponential(4.0)), Poisson(200.0)),
    "two servers": (station(2, Exponential(8.0)), Poisson(200.0)),
    "four servers, lognormal": (station(4, Lognormal(18.0, 1.5)), Poisson(200.0)),
    "fifty servers": (station(50, Exponential(230.0)), Poisson(200.0)),
    "hundred servers, deterministic": (station(100, Deterministic(470.0)), Poisson(200.0)),
    "overloaded": (station(3, Exponential(20.0)), Poisson(200.0)),
    "bursts": (station(4, Exponential(14.0)), Bursty(200.0, 6.0, 0.1, 2.0)),
    "the engine's workload": (
        Architecture(
            [Component("gateway", 4, Exponential(16.0)), Component("cache", 1, Exponential(4.0)),
             Component("retrieval", 8, Exponential(53.33)), Component("gpu", 4, Lognormal(26.67, 1.0))],
            [Link("gateway", "cache"), Link("cache", "retrieval", 0.6), Link("retrieval", "gpu")]),
        Poisson(200.0)),
    "split and merge": (
        Architecture(
            [Component("in", 2, Exponential(7.0)), Component("left", 3, Lognormal(30.0, 0.7)),
             Component("right", 1, Exponential(9.0)), Component("out", 5, Exponential(19.0))],
            [Link("in", "left", 0.5), Link("in", "right", 0.4), Link("left", "out"), Link("right", "out", 0.8)]),
        Poisson(200.0)),
    "delay between": (
        Architecture(
            [Component("in", 2, Exponential(7.0)), Component("net", 1, Delay(Lognormal(50.0, 1.0))),
             Component("out", 3, Exponential(12.0))],
            [Link("in", "net"), Link("net", "out")]),
        Poisson(200.0)),
    "batching": (station(1, DynamicBatch(3.0, 0.4, 32, 5.0)), Poisson(1500.0)),
    "batching without waiting": (station(1, DynamicBatch(3.0, 0.4, 8, 0.0)), Poisson(900.0)),
    "batching on three servers": (station(3, DynamicBatch(9.0, 1.0, 6, 4.0)), Poisson(900.0)),
    "batching behind a queue": (
        Architecture([Component("in", 4, Exponential(4.0)), Component("gpu", 2, DynamicBatch(5.0, 0.7, 16, 2.0)),
                      Component("db", 2, Exponential(1.5))],
                     [Link("in", "gpu", 0.9), Link("gpu", "db", 0.7)]),
        Poisson(800.0)),
    "a wait that is too long goes elsewhere": (
        Architecture([Component("own", 3, Exponential(18.0), wait_limit_ms=8.0),
                      Component("rented", 2, Exponential(14.0), queue_limit=9, wait_limit_ms=20.0),
                      Component("out", 1, Exponential(3.0))],
                     [Link("own", "rented", kind="overflow"), Link("own", "out"), Link("rented", "out")]),
        Poisson(200.0)),
    "tokens, one server": (
        station(1, ContinuousBatch(6.1, 0.23, 16, LognormalSize(40.0, 1.0), LognormalSize(300.0, 0.8), 0.02)),
        Poisson(24.0)),
    "tokens, three servers behind a queue": (
        Architecture([Component("in", 2, Exponential(8.0)),
                      Component("llm", 3, ContinuousBatch(5.1, 0.47, 6, LognormalSize(30.0, 0.7))),
                      Component("out", 1, Exponential(3.0))],
                     [Link("in", "llm", 0.8), Link("llm", "out", 0.9)]),
        Poisson(70.0)),
    "a recorded trace of sized work": (
        station(2, Sized(Exponential(8.0))),
        Trace([k * 5.0 + 2.0 * (k % 3) for k in range(700)], [1.0 + k % 5 for k in range(700)], speed=1000.0)),
    "staffed hours": (station(3, Lognormal(300_000.0, 0.8), calendar=StaffedHours()), Poisson(0.0022)),
    "staffed late shift": (
        station(1, Exponential(120_000.0), calendar=StaffedHours(14.0, 10.0, 6)), Poisson(0.0026)),
    "asynchronous copies": (
        Architecture([Component("in", 2, Exponential(8.0)), Component("log", 1, Exponential(12.0)),
                      Component("out", 2, Exponential(9.0))],
                     [Link("in", "out"), Link("in", "log", 0.3, "async"), Link("out", "log", 0.01, "request")]),
        Poisson(200.0)),
    "a queue that refuses": (station(3, Exponential(18.0), queue_limit=4), Poisson(200.0)),
    "a loss system": (station(5, Lognormal(24.0, 1.0), queue_limit=0), Poisson(200.0)),
    "impatient callers": (station(4, Exponential(14.0), retry=Retry(45.0, 3)), Poisson(200.0)),
    "impatient callers who pause": (
        Architecture([Component("in", 2, Exponential(7.0)),
                      Component("gpu", 3, Lognormal(12.0, 1.2), retry=Retry(60.0, 4, 25.0)),
                      Component("out", 1, Exponential(3.0))],
                     [Link("in", "gpu"), Link("gpu", "out", 0.8)]),
        Poisson(200.0)),
    "a retry storm": (station(4, Exponential(10.0), retry=Retry(25.0, 3)), Poisson(300.0)),
    "priorities, one server": (
        station(1, Exponential(4.5), order="priority"),
        Workload(Poisson(200.0), (RequestClass("paid", 0.3, 1), RequestClass("free", 0.5, 5),
                                  RequestClass("alarm", 0.2)))),
    "priorities in a network": (
        Architecture([Component("in", 2, Exponential(8.0)),
                      Component("gpu", 3, Lognormal(15.0, 1.0), order="priority"),
                      Component("out", 5, Exponential(22.0), order="priority")],
                     [Link("in", "gpu", 0.9), Link("gpu", "out")]),
        Workload(Poisson(200.0), (RequestClass("paid", 0.3, 1), RequestClass("free", 0.7, 2)))),
    "serverless": (station(1, Serverless(Exponential(30.0), 400.0, 2.0)), Poisson(20.0)),
    "serverless at its limit, in bursts": (
        Architecture([Component("in", 3, Exponential(9.0)),
                      Component("fn", 1, Serverless(Lognormal(25.0, 1.0), 250.0, 0.5, 8)),
                      Component("own", 2, Exponential(12.0)), Component("out", 2, Exponential(6.0))],
                     [Link("in", "fn"), Link("fn", "own", kind="overflow"), Link("fn", "out"),
                      Link("own", "out", 0.9)]),
        Bursty(100.0, 6.0, 0.1, 2.0)),
    "overflow to a dearer route": (
        Architecture([Component("in", 4, Exponential(14.0)), Component("own", 2, Exponential(14.0), queue_limit=3),
                      Component("rented", 3, Exponential(25.0), queue_limit=1), Component("out", 1, Exponential(3.0))],
                     [Link("in", "own", 0.9), Link("own", "rented", kind="overflow"), Link("own", "out"),
                      Link("rented", "out")]),
        Poisson(200.0)),
    "a fan-out that waits for all": (
        Architecture([Component("plan", 2, Exponential(7.0)), Component("search", 4, Lognormal(15.0, 1.5)),
                      Component("safety", 1, Exponential(4.0)), Component("history", 1, Delay(Exponential(9.0))),
                      Component("write", 3, Exponential(12.0), joins="plan")],
                     [Link("plan", "search", kind="fanout"), Link("plan", "safety", kind="fanout"),
                      Link("plan", "history", kind="fanout"), Link("search", "write"), Link("safety", "write"),
                      Link("history", "write")]),
        Poisson(200.0)),
    "a fan-out inside a fan-out, that may lose a branch": (
        Architecture([Component("a", 2, Exponential(7.0)), Component("b", 2, Exponential(6.0)),
                      Component("b1", 1, Exponential(3.0)), Component("b2", 3, Exponential(9.0), queue_limit=4),
                      Component("bb", 1, Exponential(2.0), joins="b"), Component("c", 2, Exponential(8.0)),
                      Component("c1", 3, Exponential(9.0)), Component("z", 2, Exponential(5.0), joins="a"),
                      Component("log", 1, Exponential(2.0))],
                     [Link("a", "b", kind="fanout"), Link("a", "c", kind="fanout"), Link("b", "b1", kind="fanout"),
                      Link("b", "b2", kind="fanout"), Link("b1", "bb"), Link("b2", "bb"), Link("bb", "z"),
                      Link("c", "z", 0.3), Link("c", "c1", 0.7), Link("c1", "z"), Link("bb", "log", 0.4, "async")]),
        Poisson(200.0)),
    "listed times down, those who come wait": (
        Architecture([Component("in", 2, Exponential(7.0)),
                      Component("db", 3, Exponential(11.0), outages=Outages(((1.5, 2.25), (6.0, 9.0)))),
                      Component("out", 1, Exponential(3.0))], [Link("in", "db"), Link("db", "out", 0.8)]),
        Poisson(200.0)),
    "breakdowns that turn callers over to another region": (
        Architecture([Component("in", 2, Exponential(7.0)),
                      Component("near", 2, Exponential(8.0), queue_limit=20,
                                outages=Breakdowns(4.0, 0.7, "refuse", "eu")),
                      Component("far", 4, Exponential(14.0), outages=Breakdowns(5.0, 0.3)),
                      Component("tail", 1, Exponential(3.0), order="priority", outages=Breakdowns(3.0, 0.2, "refuse",
                                                                                                  "eu"))],
                     [Link("in", "near"), Link("near", "far", kind="overflow"), Link("near", "tail", 0.7),
                      Link("far", "tail", 0.7)]),
        Workload(Poisson(200.0), (RequestClass("paid", 0.3, 1), RequestClass("free", 0.7, 2)))),
    "servers that come and go by utilisation": (
        station(2, Exponential(30.0), scaling=Autoscale(0.6, 20, 2, every_s=1.0, cold_s=2.5, cooldown_s=1.5)),
        Bursty(200.0, 5.0, 0.2, 4.0)),
    "servers that come and go by the queue": (
        Architecture([Component("in", 4, Exponential(14.0)),
                      Component("gpu", 5, Lognormal(30.0, 1.0),
                                scaling=Autoscale(1.3, 30, 3, "queue", every_s=0.4, cold_s=0.9, cooldown_s=0.0)),
                      Component("out", 1, Exponential(3.0))], [Link("in", "gpu", 0.9), Link("gpu", "out")]),
        Poisson(200.0)),
    "an agent's passes": (
        Architecture([Component("in", 2, Exponential(7.0)),
                      Component("llm", 6, Lognormal(10.0, 1.2), repeat=Repeat(0.6, 8, Exponential(40.0))),
                      Component("out", 2, Exponential(6.0))], [Link("in", "llm", 0.9), Link("llm", "out")]),
        Poisson(200.0)),
    "five passes without a pause": (station(3, Exponential(2.4), repeat=Repeat(1.0, 5)), Poisson(200.0)),
    "classes with routes and sizes of their own": (
        Architecture([Component("in", 2, Exponential(6.0)), Component("small", 1, Exponential(6.0)),
                      Component("large", 4, Lognormal(20.0, 1.0)), Component("out", 1, Exponential(3.0))],
                     [Link("in", "small", 0.5), Link("in", "large", 0.4), Link("small", "out"),
                      Link("large", "out", 0.8)]),
        Workload(Poisson(200.0), (
            RequestClass("chat", 0.6), RequestClass("report", 0.3, size=1.5, size_at=("large", "small"),
                                                    routes=(Route("in", "large", 0.9), Route("small", "out", 0.5))),
            RequestClass("ping", 0.1, size=0.2, routes=(Route("in", "small"),))))),
}


def system(name):
    arch, load = SYSTEMS[name]
    return arch, load if isinstance(load, Workload) else Workload(load)


def requests_of(name):
    """Eight days of staffed hours are enough: after weeks a float64 of ms itself is coarser than the tolerance."""
    return 1_500 if name.startswith("staffed") else N


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_request_as_in_simpy(name):
    arch, workload = system(name)
    n = requests_of(name)
    ours = simulate(arch, workload, n, 11).sojourn_ms
    theirs = np.array(sojourns_ms(arch, workload, n, 11))
    assert (np.isnan(ours) == np.isnan(theirs)).all()
    assert np.isnan(ours).any() == any((c.refuses and not arch.out(c.id, "overflow")) or c.retry
                                          for c in arch.components)
    assert np.nanmax(np.abs(ours - theirs)) <= TOLERANCE_MS


def test_the_twin_is_no_mirror():
    """A different seed or one server less gives other times: the comparison can fail."""
    arch, arrivals = SYSTEMS["two servers"]
    theirs = np.array(sojourns_ms(arch, Workload(arrivals), 500, 11))
    fewer = simulate(station(1, Exponential(8.0)), Workload(arrivals), 500, 11).sojourn_ms
    other = simulate(arch, Workload(arrivals), 500, 12).sojourn_ms
    assert np.abs(fewer - theirs).max() > 1.0
    assert np.abs(other - theirs).max() > 1.0

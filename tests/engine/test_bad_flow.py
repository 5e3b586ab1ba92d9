"""Fan-outs, times down, scaling, passes, classes and figures that make no sense: refused with place, value, remedy."""

from __future__ import annotations

import math

import pytest

from casebook.engine import (
    Architecture,
    Autoscale,
    Breakdowns,
    Component,
    Delay,
    Deterministic,
    DynamicBatch,
    EngineError,
    Exponential,
    Link,
    Outages,
    Poisson,
    Repeat,
    RequestClass,
    Retry,
    Route,
    Serverless,
    StaffedHours,
    Workload,
    formulas,
    simulate,
)

WORK = Exponential(5.0)
OK = Workload(Poisson(10.0))


def fork(join="in", x_out=1.0, extra=(), parts=()):
    return Architecture([Component("in"), Component("x"), Component("y"), Component("out", joins=join), *parts],
                        [Link("in", "x", kind="fanout"), Link("in", "y", kind="fanout"), Link("x", "out", x_out),
                         Link("y", "out"), *extra])


def crossed():
    """z fans out to b and c; b fans out to d and e; z's join comes before b's on the way of d."""
    parts = [Component(x) for x in "zbcde"] + [Component("jz", joins="z"), Component("jb", joins="b")]
    links = [Link("z", "b", kind="fanout"), Link("z", "c", kind="fanout"), Link("b", "d", kind="fanout"),
             Link("b", "e", kind="fanout"), Link("d", "jz"), Link("e", "jb"), Link("c", "jz"), Link("jz", "jb")]
    return Architecture(parts, links)


def figures():
    return simulate(Architecture([Component("a", 1, WORK)]), OK, 200)


def in_class(*routes, **more):
    arch = Architecture([Component("a"), Component("b"), Component("c")], [Link("a", "b", 0.5), Link("a", "c", 0.5)])
    return simulate(arch, Workload(Poisson(10.0), (RequestClass("vip", 1.0, routes=routes, **more),)), 100)


CASES = {
    "fan-out of a part": (lambda: Link("a", "b", 0.5, "fanout"), "'a' → 'b', share", "0.5", "every branch"),
    "fan-out never joined": (lambda: fork(join=None), "'in', fan-out", "'in'", "joins='in'"),
    "join of nothing": (lambda: Architecture([Component("a"), Component("b", joins="a")], [Link("a", "b")]),
                        "'b', joins", "'a'", "kind='fanout'"),
    "join of itself": (lambda: Component("a", joins="a"), "'a', joins", "'a'", "Name the component"),
    "two joins": (lambda: fork(parts=[Component("z", joins="in")], extra=[Link("out", "z")]), "'z', joins", "'in'",
                  "one join a fan-out"),
    "leaves before the join": (lambda: fork(x_out=0.8), "'x', shares", "0.8", "add up to 1"),
    "ends before the join": (lambda: fork(parts=[Component("z")], extra=[Link("in", "z", kind="fanout")]),
                             "'z', shares", "0", "nobody may leave"),
    "splits and fans out": (lambda: fork(extra=[Link("in", "out")]), "'in', links", "request and fanout", "in between"),
    "forks that cross": (crossed, "'jz', joins", "'z'", "nest the two"),
    "down until before": (lambda: Outages(((5.0, 4.0),)), "until", "4.0", "above 5"),
    "down before the start": (lambda: Outages(((-1.0, 4.0),)), "from", "-1.0", "0 or more"),
    "times down that overlap": (lambda: Outages(((1.0, 4.0), (3.0, 5.0))), "windows_s", "(3.0, 5.0)", "join the two"),
    "down with no rule": (lambda: Outages(((1.0, 4.0),), "drop"), "new_visits", "'drop'", "'wait' or 'refuse'"),
    "never up": (lambda: Breakdowns(0.0, 5.0), "mean_up_s", "0.0", "above 0"),
    "down for ever": (lambda: Breakdowns(5.0, math.inf), "mean_down_s", "inf", "finite"),
    "down for nothing": (lambda: Breakdowns(5.0, -1.0), "mean_down_s", "-1.0", "above 0"),
    "region without a name": (lambda: Breakdowns(5.0, 1.0, region=3), "region", "3", "name"),
    "outage of a number": (lambda: Component("a", outages=3), "'a', outages", "3", "Breakdowns("),
    "outage of a delay": (lambda: Component("a", 1, Delay(WORK), outages=Breakdowns(5, 1)), "'a', outages",
                          "Breakdowns", "leave it out"),
    "outage of instances": (lambda: Component("a", 1, Serverless(WORK, 1, 1), outages=Breakdowns(5, 1)), "'a', outages",
                            "Breakdowns", "serverless"),
    "outage in hours": (lambda: Component("a", 1, WORK, StaffedHours(), outages=Breakdowns(5, 1)), "'a', outages",
                        "Breakdowns", "calendar"),
    "outage with retries": (lambda: Component("a", 1, WORK, retry=Retry(5), outages=Breakdowns(5, 1)), "'a', outages",
                            "Breakdowns", "retries"),
    "region of two minds": (
        lambda: formulas.path_availability(Architecture(
            [Component(id, outages=Breakdowns(up, 1, region="eu")) for id, up in (("a", 5), ("b", 9))],
            [Link("a", "b")])), "region", "region eu", "all the same"),
    "again above 1": (lambda: Repeat(1.2), "again_share", "1.2", "1 or less"),
    "again never": (lambda: Repeat(0.5, 0), "at_most", "0", "1 or more"),
    "again for ever": (lambda: Repeat(0.5, 51), "at_most", "51", "50 or less"),
    "pause of a number": (lambda: Repeat(0.5, 3, 12.0), "pause", "12.0", "Exponential"),
    "repeat of a number": (lambda: Component("a", repeat=3), "'a', repeat", "3", "Repeat("),
    "repeat of batches": (lambda: Component("a", 1, DynamicBatch(1, 1, 4), repeat=Repeat(0.5)), "'a', repeat", "Repeat",
                          "plain servers"),
    "target 0": (lambda: Autoscale(0.0, 5), "target", "0.0", "above 0"),
    "target in percent": (lambda: Autoscale(60, 5), "target", "60", "0.6 for 60 %"),
    "none at all": (lambda: Autoscale(0.6, 5, 0), "least", "0", "1 or more"),
    "most below least": (lambda: Autoscale(0.6, 2, 3), "most", "2", "Give 3"),
    "by the moon": (lambda: Autoscale(0.6, 2, by="moon"), "by", "'moon'", "'utilisation' or 'queue'"),
    "looks never": (lambda: Autoscale(0.6, 2, every_s=0.0), "every_s", "0.0", "above 0"),
    "cold below 0": (lambda: Autoscale(0.6, 2, cold_s=-1.0), "cold_s", "-1.0", "0 or more"),
    "cooldown without end": (lambda: Autoscale(0.6, 2, cooldown_s=math.nan), "cooldown_s", "nan", "finite"),
    "starts with too many": (lambda: Component("a", 9, WORK, scaling=Autoscale(0.6, 5)), "'a', servers", "9", "1 to 5"),
    "scaling of a number": (lambda: Component("a", scaling=3), "'a', scaling", "3", "Autoscale("),
    "scaling of a limit": (lambda: Component("a", 1, WORK, queue_limit=3, scaling=Autoscale(0.6, 5)), "'a', scaling",
                           "Autoscale", "leave it out"),
    "looks too often": (
        lambda: simulate(Architecture([Component("a", 1, Deterministic(1), scaling=Autoscale(0.6, 5, every_s=1e-6))]),
                         OK, 1_000), "'a', scaling, every_s", "1e-06", "less often"),
    "route above 1": (lambda: Route("a", "b", 1.5), "'a' → 'b', share", "1.5", "part of 1"),
    "route along no link": (lambda: in_class(Route("b", "c")), "'vip', route 'b' → 'c'", "1.0", "share=0"),
    "routes over 1": (lambda: in_class(Route("a", "b", 0.7), Route("a", "c", 0.7)), "'vip', routes out of 'a'", "1.4",
                      "1 at most"),
    "route twice": (lambda: in_class(Route("a", "b", 0.2), Route("a", "b", 0.3)), "'vip', route 'a' → 'b'", "0.3",
                    "listed twice"),
    "size 0": (lambda: in_class(size=0.0), "'vip', size", "0.0", "above 0"),
    "size nowhere": (lambda: in_class(size=2.0, size_at=("gpu",)), "'vip', size_at", "'gpu'", "no such component"),
    "limit 0": (lambda: figures().above_share(0.0), "limit_ms", "0.0", "above 0"),
    "period 0": (lambda: figures().time_above_share(5.0, 0.99, 0.0), "every_s", "0.0", "above 0"),
    "availability above 1": (lambda: formulas.in_series([0.9, 99.9]), "part", "99.9", "1 or less"),
    "nothing in parallel": (lambda: formulas.in_parallel([]), "parts", "[]", "at least one"),
    "four of three": (lambda: formulas.k_of_n(4, 3, 0.9), "needed", "4", "3 or less"),
    "up for no time": (lambda: formulas.from_times(0, 1), "mean_up_s", "0", "above 0"),
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

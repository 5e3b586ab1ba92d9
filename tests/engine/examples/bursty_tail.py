"""The bursty tail: the same number of requests and equally busy servers, and a tail of another kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casebook.engine import Architecture, Bursty, Component, Exponential, Poisson, Run, Workload, simulate
from casebook.engine.formulas import Explanation, explain, network
from tests.engine.examples.drawing import Axis, Panel, Point, sheet

SERVERS, MEAN_MS, RATE, REQUESTS, SEED = 4, 14.0, 200.0, 400_000, 3
BURSTS = Bursty(RATE, 2.0, 0.2, 1.0)
ARCH = Architecture([Component("service", SERVERS, Exponential(MEAN_MS))])
SECONDS, GRID_MS = 60, tuple(float(x) for x in np.geomspace(10.0, 5_000.0, 90))


@dataclass(frozen=True, slots=True)
class Tail:
    """Both runs, the formula's p99 in ms for the bursts, and the proof of the cause."""

    even: Run
    bursts: Run
    formula_ms: float
    told: Explanation

    @property
    def ratio(self) -> float:
        return self.bursts.quantile_ms(0.99) / self.even.quantile_ms(0.99)


def measure() -> Tail:
    even = simulate(ARCH, Workload(Poisson(RATE)), REQUESTS, SEED)
    bursts = simulate(ARCH, Workload(BURSTS), REQUESTS, SEED)
    return Tail(even, bursts, network(ARCH, Workload(BURSTS)).p99_ms, explain(bursts))


def arrivals(run: Run, begin_s: int) -> list[Point]:
    """Arrivals in each second, as steps."""
    counts = np.histogram(run.arrived_ms, bins=np.arange(begin_s, begin_s + SECONDS + 1) * 1000.0)[0]
    return [(float(end), float(count)) for k, count in enumerate(counts) for end in (k, k + 1)]


def slower(run: Run) -> list[Point]:
    """Share of the requests that take longer than each time of the grid."""
    times = np.sort(run.measured_ms)
    share = 1.0 - np.searchsorted(times, GRID_MS, side="right") / len(times)
    return [(t, float(s)) for t, s in zip(GRID_MS, share, strict=True) if s > 2e-4]


def picture(tail: Tail) -> str:
    seconds = tuple((float(k), f"{k} s") for k in range(0, SECONDS + 1, 20))
    counts = tuple((float(v), str(v)) for v in (0, 200, 400))
    panels = []
    for left, run, look, words in ((92, tail.even, "one", "evenly"), (442, tail.bursts, "two", "in bursts")):
        panel = Panel(left, 84, 290, 92, Axis(0.0, float(SECONDS), seconds, ""), Axis(0.0, 450.0, counts,
                                                                                     f"requests in a second, {words}"))
        panel.line(arrivals(run, 600), look, 1.8)
        panels.append(panel)
    below = Panel(
        92, 250, 640, 270,
        Axis(10.0, 5_000.0, tuple((v, _short(v)) for v in (10.0, 50.0, 100.0, 500.0, 1000.0, 5000.0)),
             "time to the answer", log=True),
        Axis(1e-3, 1.0, ((1.0, "all"), (0.1, "1 in 10"), (0.01, "1 in 100"), (0.001, "1 in 1,000")),
             "share of the requests that take longer", log=True))
    below.level(0.01)
    for run, look in ((tail.even, "one"), (tail.bursts, "two")):
        below.line([point for point in slower(run) if point[1] >= 1e-3], look, 3.0)
        below.dot(run.quantile_ms(0.99), 0.01, look)
    even, bursts = tail.even.quantile_ms(0.99), tail.bursts.quantile_ms(0.99)
    below.words(even, 0.01, f"evenly: {_short(even)}", "one", dx=-12, dy=22, anchor="end")
    below.words(bursts, 0.01, f"in bursts: {_short(bursts)}", "two", dx=12, dy=-12)
    words = (f"Equal mean rates; the slowest in a hundred take {_short(even)} when requests come evenly and "
             f"{_short(bursts)} when they come in bursts.")
    return sheet("The same traffic, counted by the day", words, 582, [*panels, below])


def _short(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.1f} s".replace(".0 s", " s")


def section(tail: Tail) -> str:
    even, bursts, cause = tail.even, tail.bursts, tail.told.cause
    assert cause is not None
    return f"""## The bursty tail

Two products call the same kind of service: {SERVERS} servers, {MEAN_MS:g} ms a request. Each sends {RATE:g} requests
a second on
average, so both services are equally busy: {100 * even.utilisation["service"]:.0f} % of the time. One product's
requests come as they come. The other's come in
bursts: now and
then, for about {BURSTS.mean_burst_s:g} second, twice as many as in the calm between.

> **Question.** The slowest in a hundred take {_short(even.quantile_ms(0.99))} at the first product. What do they
take at the second?

![Arrivals a second, evenly and in bursts, and the share of requests that take longer](img/bursty-tail.svg)

**Answer.** {_short(bursts.quantile_ms(0.99))}, {tail.ratio:.0f} times as long, with the same servers, the same day's
total and the same
load on every dashboard that shows averages. In a burst {BURSTS.burst_rate_per_s:.0f} requests a second meet servers
that can do
{1000 * SERVERS / MEAN_MS:.0f}; the queue grows for as long as the burst lasts and everybody behind it waits. A
formula that
knows only averages says {_short(tail.formula_ms)}. That bursts are the cause is not a guess: the engine takes them
away, runs the
same {REQUESTS:,} requests again, and the gap is gone ({_short(cause.simulated_ms)} by the run,
{_short(cause.formula_ms)} by the formula).

*What to take into the room.* Ask for traffic by the second, not by the day, before you promise a tail. Averages
cannot
see a burst, and neither can the number of servers that they suggest.
"""

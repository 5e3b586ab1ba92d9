"""The retry storm: the same service, a fifth more traffic, and nearly nobody gets an answer any more."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from casebook.engine import Architecture, Component, Exponential, Poisson, Retry, Workload, simulate
from tests.engine.examples.drawing import Axis, Panel, sheet

SERVERS, MEAN_MS, TIMEOUT_MS, TRIES = 4, 10.0, 25.0, 3
REQUESTS, SEEDS = 100_000, (0, 1, 2, 3, 4)
LOADS = (0.10, 0.15, 0.20, 0.25, 0.28, 0.31, 0.32, 0.33, 0.34, 0.35, 0.36, 0.38, 0.42, 0.46, 0.50, 0.55, 0.60)
CALM, STORM = 0.31, 0.38


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares of the callers who never got an answer, one a seed, and the median busy and wasted share."""

    gave_up: tuple[float, ...]
    busy: float
    wasted: float

    @property
    def middle(self) -> float:
        return statistics.median(self.gave_up)


def outcome(load: float, tries: int) -> Outcome:
    """``load`` is the share of its capacity that the service is asked for by first tries alone."""
    arch = Architecture([Component("service", SERVERS, Exponential(MEAN_MS), retry=Retry(TIMEOUT_MS, tries))])
    rate = Poisson(load * SERVERS / MEAN_MS * 1000.0)
    runs = [simulate(arch, Workload(rate), REQUESTS, seed) for seed in SEEDS]
    stations = [run.station("service") for run in runs]
    return Outcome(tuple(one.gave_up / REQUESTS for one in stations),
                   statistics.median(one.utilisation for one in stations),
                   statistics.median(one.wasted_share for one in stations))


@dataclass(frozen=True, slots=True)
class Storm:
    """Outcomes by load, with three tries and with one."""

    insisting: dict[float, Outcome]
    patient: dict[float, Outcome]


def measure() -> Storm:
    return Storm({load: outcome(load, TRIES) for load in LOADS}, {load: outcome(load, 1) for load in LOADS})


def per_cent(share: float) -> str:
    shown = 100.0 * share
    return f"{shown:.1f} %" if shown < 1.0 else f"{shown:.0f} %"


def picture(storm: Storm) -> str:
    shares = tuple((k / 10, f"{10 * k} %") for k in range(0, 11, 2))
    panel = Panel(
        70, 84, 640, 290,
        Axis(0.10, 0.60, tuple((k / 10, f"{10 * k} %") for k in range(1, 7)),
             "how busy first tries alone would keep it"),
        Axis(0.0, 1.0, shares, "callers who never get an answer"))
    rows = storm.insisting
    panel.area([(load, min(one.gave_up)) for load, one in rows.items()],
               [(load, max(one.gave_up)) for load, one in rows.items()], "two")
    panel.line([(load, one.middle) for load, one in storm.patient.items()], "one")
    panel.line([(load, one.middle) for load, one in rows.items()], "two", 3.2)
    for load in (CALM, STORM):
        panel.dot(load, rows[load].middle, "two")
    calm, storm_ = rows[CALM].middle, rows[STORM].middle
    panel.words(CALM, calm, f"at {per_cent(CALM)}: {per_cent(calm)}", "two", dx=-10, dy=-34, anchor="end")
    panel.words(0.33, storm_, f"at {per_cent(STORM)}: {per_cent(storm_)}", "two", dy=5, anchor="end")
    panel.words(0.60, storm.patient[0.60].middle, "who does not try again", "one", dy=-12, anchor="end")
    panel.words(0.60, 0.86, ("who tries up to three times", "(shade: five draws of the same day)"), "two", anchor="end")
    words = (f"With three tries, {per_cent(calm)} get no answer at {per_cent(CALM)} load and {per_cent(storm_)} at "
             f"{per_cent(STORM)}. With one try the share stays below {per_cent(storm.patient[0.60].middle + 0.01)}.")
    return sheet("A service that was fine yesterday", words, 430, [panel])


def section(storm: Storm) -> str:
    calm, after, one = storm.insisting[CALM], storm.insisting[STORM], storm.patient[STORM]
    more = STORM / CALM - 1.0
    return f"""## The retry storm

A service has {SERVERS} servers and needs {MEAN_MS:g} ms for a request. Callers wait {TIMEOUT_MS:g} ms, then send the
request
again, {TRIES} times in all; the server does not notice that nobody waits for the old one. Yesterday it was asked for
{per_cent(CALM)} of what it can do, and {per_cent(calm.middle)} of the callers went away without an answer.

> **Question.** Today {per_cent(more)} more callers come, {per_cent(STORM)} of what it can do. How many go away
without an answer?

![Share of callers without an answer against load: with three tries a jump from none to nearly all](img/retry-storm.svg)

**Answer.** {per_cent(after.middle)} of them ({per_cent(min(after.gave_up))} to {per_cent(max(after.gave_up))} in
{len(SEEDS)} draws of
the same day). The servers are now {per_cent(after.busy)} busy, and {per_cent(after.wasted)} of their work is for
callers who have already gone. One slow moment made some callers ask twice; the doubled questions made the next
callers slow;
and the storm feeds itself long after the moment has passed. Callers who do not ask again (blue) lose
{per_cent(one.middle)} at the
same load, on a day on which nothing at all is wrong.

*What to take into the room.* A service that is a third busy can be one bad minute away from falling over. Ask what
callers do when they get no answer, before you ask how many servers there are. Fewer tries, a pause that grows, or
turning
callers away early costs little; one more server only moves the edge.
"""

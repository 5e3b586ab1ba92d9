"""The batching trade-off: what a card gains by taking several pictures at once, and who waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.engine import Architecture, Component, DynamicBatch, Poisson, Workload, simulate
from tests.engine.examples.drawing import Axis, Panel, sheet

FIXED_MS, EACH_MS, REQUESTS = 20.0, 1.0, 60_000
RATES = (2, 5, 10, 15, 20, 25, 30, 35, 38, 41, 43, 45, 60, 80, 100, 120, 135, 145, 152, 158, 180, 220, 260, 300, 340,
         370, 395, 410, 422)
SETTINGS = ((1, 0.0), (4, 0.0), (16, 0.0), (16, 50.0))  # most at once, longest wait for company in ms
MORE, QUIET = 100, 10


@dataclass(frozen=True, slots=True)
class Curve:
    """One setting of the card: the most it can do, and p99 in ms by requests a second."""

    most: int
    wait_ms: float
    wall_per_s: float
    p99_ms: dict[int, float]
    batch: dict[int, float]


def curve(most: int, wait_ms: float) -> Curve:
    service = DynamicBatch(FIXED_MS, EACH_MS, most, wait_ms)
    arch = Architecture([Component("card", 1, service)])
    wall = 1000.0 * most / (FIXED_MS + EACH_MS * most)
    runs = {rate: simulate(arch, Workload(Poisson(float(rate))), REQUESTS, 1) for rate in RATES if rate < 0.97 * wall}
    return Curve(most, wait_ms, wall, {rate: run.quantile_ms(0.99) for rate, run in runs.items()},
                 {rate: REQUESTS / run.station("card").batches for rate, run in runs.items()})


def measure() -> tuple[Curve, ...]:
    return tuple(curve(*setting) for setting in SETTINGS)


LOOKS = ("two", "four", "one", "one")


def picture(curves: tuple[Curve, ...]) -> str:
    ticks = tuple((v, f"{v} ms" if v < 1000 else "1 s") for v in (20, 50, 100, 200, 500, 1000))
    panel = Panel(76, 84, 634, 300, Axis(0.0, 450.0, tuple((float(v), str(v)) for v in range(0, 451, 50)),
                                         "pictures a second"),
                  Axis(20.0, 1000.0, tuple((float(v), w) for v, w in ticks), "99 of 100 are answered within", log=True))
    for one, look in zip(curves, LOOKS, strict=True):
        panel.line(list(one.p99_ms.items()), look, dash="7 6" if one.wait_ms else None)
    single, four, sixteen, waiting = curves
    for one, look, words in ((single, "two", ("one at a time", f"wall at {single.wall_per_s:.0f}/s")),
                             (four, "four", ("up to 4 at once", f"wall at {four.wall_per_s:.0f}/s"))):
        panel.upright(one.wall_per_s, look, 20.0, 1000.0)
        panel.words(one.wall_per_s, 850.0, words, look, dx=8)
    panel.upright(sixteen.wall_per_s, "one", 20.0, 1000.0)
    panel.words(sixteen.wall_per_s, 850.0, ("up to 16 at once", f"wall at {sixteen.wall_per_s:.0f}/s"), "one", dx=-8,
                anchor="end")
    panel.words(250.0, waiting.p99_ms[260], "… and waiting 50 ms for company", "one", dy=-12, anchor="middle")
    panel.words(250.0, sixteen.p99_ms[260], "… taking what is there", "one", dy=26, anchor="middle")
    words = (f"One at a time the card does {single.wall_per_s:.0f} a second at most, sixteen at once "
             f"{sixteen.wall_per_s:.0f}; at {QUIET} a second the card that takes sixteen is as quick as the other, "
             "unless it waits for company.")
    return sheet("What a larger batch buys, and who pays", words, 440, [panel])


def section(curves: tuple[Curve, ...]) -> str:
    single, _, sixteen, waiting = curves
    return f"""## The batching trade-off

A card needs {FIXED_MS:g} ms to look at pictures, and {EACH_MS:g} ms more for each one that it looks at together. One
at a time it
does {single.wall_per_s:.0f} a second. It may also take up to 16 at once, or take up to 16 and wait 50 ms for company
first.
(Times are ours; those of real cards are in [machines.md](machines.md).)

> **Question.** Quicker for the user or more pictures a second: which of the two does a larger batch cost you?

![p99 against pictures a second for four settings: larger batches move the wall to the right](img/batching.svg)

**Answer.** Neither, as long as the card takes what is there and does not wait. At {QUIET} pictures a second 99 of
100 are answered
within {sixteen.p99_ms[QUIET]:.0f} ms with batches of up to 16, and within {single.p99_ms[QUIET]:.0f} ms one at a
time: a queue that is
taken in one go is a queue gone. At {MORE} a second one at a time is far past its wall; batches of up to 16 hold
{sixteen.batch[MORE]:.1f} pictures on average and answer within {sixteen.p99_ms[MORE]:.0f} ms. The wall moves from
{single.wall_per_s:.0f} to {sixteen.wall_per_s:.0f} a second, {sixteen.wall_per_s / single.wall_per_s:.0f} times as
far. What costs the user
is *waiting for company*: with it nobody is quicker than the wait, even when the card has nothing else to do
({waiting.p99_ms[QUIET]:.0f} ms instead of {sixteen.p99_ms[QUIET]:.0f} ms at {QUIET} a second), and the wall stays
where it was.

*What to take into the room.* "How many can one card do?" has no answer before the batch is named: the time of a
single
picture tells {single.wall_per_s:.0f} a second, the card does {sixteen.wall_per_s:.0f}. And ask whoever wants the
card to wait for a full
batch what the wait is for: under load batches fill by themselves.
"""

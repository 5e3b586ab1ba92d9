"""The table of speed in docs/engine.md: every figure that was asked for, in one run, beside simpy and ciw.

``make speed`` writes it; ``python benchmarks/engine.py`` prints it, ``--quick`` for a look. Some three minutes.
"""

from __future__ import annotations

import argparse
import itertools
import math
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent))

import bench_search
import engine_ciw
import engine_simpy
import kernels
from clock import heavy_after, held_bytes, import_ms, seconds, versions, wall_pair

from casebook.design import Design, evaluate, forget_evaluations, load_case
from casebook.engine import (
    VERSION,
    Architecture,
    Component,
    Exponential,
    Link,
    Lognormal,
    Poisson,
    Run,
    Workload,
    clear_streams,
    graded,
    simulate,
)
from casebook.engine.backend import using
from casebook.search import Threads, front
from casebook.show.series import latency_series

ARCH = Architecture(
    [Component("gateway", 4, Exponential(16.0)), Component("cache", 1, Exponential(4.0)),
     Component("retrieval", 8, Exponential(160 / 3)), Component("gpu", 4, Lognormal(80 / 3, 1.0))],
    [Link("gateway", "cache"), Link("cache", "retrieval", 0.6), Link("retrieval", "gpu")])
LOAD = Workload(Poisson(200.0))
MARKS = ("<!-- speed: begin -->", "<!-- speed: end -->")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is run: requests of the engine and of the peers, repeats, designs."""

    n: int
    peers: int
    times: int
    designs: int


FULL, QUICK = Size(1_000_000, 20_000, 5, 1_000), Size(200_000, 4_000, 3, 120)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside what was asked (nan: nothing was); ``most`` says whether the limit is an upper one."""

    what: str
    value: float
    asked: float
    unit: str
    most: bool = True

    def __str__(self) -> str:
        if math.isnan(self.asked):
            return f"| {self.what} | {_three(self.value)} {self.unit} | | |"
        met = self.value <= self.asked if self.most else self.value >= self.asked
        sign = "≤" if self.most else "≥"
        return (f"| {self.what} | {_three(self.value)} {self.unit} | {sign} {self.asked:,g} {self.unit} "
                f"| {'met' if met else 'missed'} |")


def _three(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def peers(size: Size) -> tuple[list[str], list[Row]]:
    """Requests a second of everybody on one workload, and the ratios that were asked for."""
    per_s = {}
    for name, run, requests in (("simpy", engine_simpy.run, 2 * size.peers), ("ciw", engine_ciw.run, size.peers)):
        per_s[name] = requests / seconds(lambda run=run, requests=requests: run(requests, 1), size.times)
    cached, drawing = "engine, streams cached", "engine, drawing its random numbers too"
    plain = "engine in plain Python, cached"
    per_s[cached] = size.n / seconds(lambda: simulate(ARCH, LOAD, size.n, 1), size.times)
    per_s[drawing] = size.n / seconds(lambda: simulate(ARCH, LOAD, size.n, 1), size.times, before=clear_streams)
    few = size.n // 10
    with using("python"):
        per_s[plain] = few / seconds(lambda: simulate(ARCH, LOAD, few, 1), 3)
    made = ["| | requests a second | × simpy | × ciw |", "|---|---:|---:|---:|"]
    for name, rate in per_s.items():
        made.append(f"| {name} | {rate:,.0f} | {rate / per_s['simpy']:,.1f} | {rate / per_s['ciw']:,.1f} |")
    simpy, ciw = per_s["simpy"], per_s["ciw"]
    return made, [
        Row("drawing its random numbers too, beside simpy", per_s[drawing] / simpy, 200, "×", most=False),
        Row("drawing its random numbers too, beside ciw", per_s[drawing] / ciw, 450, "×", most=False),
        Row("streams cached, beside simpy", per_s[cached] / simpy, 600, "×", most=False),
        Row("plain Python, streams cached, beside simpy", per_s[plain] / simpy, 10, "×", most=False),
    ]


class _Shown:
    """What the figure asks of an evaluation, answered by a run of the four stations."""

    stable = True

    def __init__(self, run: Run, design: Design) -> None:
        self.run, self.design = run, design

    def latency_ms(self, q: float) -> float:
        return self.run.quantile_ms(q)

    def latency_band_ms(self, q: float) -> tuple[float, float]:
        return self.run.quantile_band_ms(q)

    def source_band_ms(self, q: float) -> None:
        return None


def live(size: Size) -> list[Row]:
    """From a changed knob to the data of the latency figure: quantiles, band and bins."""
    case = load_case("stability-moderation")
    designs = itertools.cycle([case.reference.changed(max_batch=4 + k) for k in range(9)])
    gpus = itertools.cycle([3, 4, 5])

    def four_stations(requests: int) -> object:
        gpu = Component("gpu", next(gpus), Lognormal(80 / 3, 1.0))
        parts = [gpu if one.id == "gpu" else one for one in ARCH.components]
        run = simulate(Architecture(parts, ARCH.links, ARCH.entry), LOAD, requests, 1)
        return latency_series(_Shown(run, case.reference), 200.0, "target", "request").height

    def board(requests: int) -> object:
        forget_evaluations()
        return latency_series(evaluate(next(designs), "launch", requests=requests), 200.0, "target", "upload").height

    made = []
    for requests, asked in ((20_000, 5.0), (100_000, 12.0)):
        made += [
            Row(f"{requests:,} requests, four stations: changed knob → data of the figure",
                1000 * seconds(lambda requests=requests: four_stations(requests), 6 * size.times), asked, "ms"),
            Row(f"{requests:,} requests, a case's board: the bill, the reviewers' weeks and the sources' bands too",
                1000 * seconds(lambda requests=requests: board(requests), 4 * size.times), math.nan, "ms"),
        ]
    return made


def together(size: Size) -> list[Row]:
    """Graded runs on one and two threads in turns, on the wall; and a thousand designs with their front."""
    one_s, two_s, ratio = wall_pair(lambda: graded(ARCH, LOAD, threads=1).quantile_ms(0.99),
                                    lambda: graded(ARCH, LOAD, threads=2).quantile_ms(0.99), 2 * size.times)
    chosen = bench_search.designs(size.designs)
    conditions = load_case(bench_search.CASE).conditions("launch")
    hands = Threads()

    def search() -> object:
        clear_streams()
        return front(chosen, conditions, workers=hands).best

    front_s = seconds(search, 3, clock=perf_counter)
    hands.close()
    return [
        Row("graded: 16 seeds × 100,000, streams cached, 1 thread, on the wall", 1000 * one_s, math.nan, "ms"),
        Row("graded: 16 seeds × 100,000, streams cached, 2 threads, on the wall", 1000 * two_s, 60, "ms"),
        Row("two threads beside one", ratio, 1.8, "×", most=False),
        Row(f"{size.designs:,} designs and their front, on the wall", front_s, 6, "s"),
    ]


def memory(size: Size) -> list[Row]:
    """Bytes a request that a kept run and the cached streams hold for each of the four stations."""
    clear_streams()
    n = size.n // 5
    held = held_bytes(lambda: simulate(ARCH, LOAD, n, 1))
    return [Row("a kept run and its streams, each request and station", held / n / len(ARCH.components), 100, "bytes")]


def start_up() -> list[Row]:
    return [Row("`import casebook`, on the wall", import_ms("casebook"), 300, "ms"),
            Row("`import casebook.engine`, numpy included, on the wall", import_ms("casebook.engine"), 300, "ms"),
            Row("heavy packages loaded by `import casebook`", len(heavy_after("casebook")), 0, "packages")]


def table(size: Size, say: Callable[[str], None]) -> str:
    """All of it; ``say`` hears what is measured next, for it takes minutes."""
    say("the engine, simpy and ciw on one workload")
    beside, asked = peers(size)
    for what, measure in (("a slider", lambda: live(size)), ("grading and searching", lambda: together(size)),
                          ("memory", lambda: memory(size)), ("starting", start_up)):
        say(what)
        asked += measure()
    say("kernel by kernel")
    by_kernel = kernels.rows(size.n // 10, size.times)
    return "\n".join([
        *beside, "", "| what was asked for | measured | asked | |", "|---|---:|---:|---|", *(str(row) for row in asked),
        "", *by_kernel, "",
        f"{'Quick look. ' if size is QUICK else ''}{versions('numpy', 'numba', 'simpy', 'ciw')}, engine {VERSION}; "
        f"medians of one run on {os.cpu_count()} cores at a load of {os.getloadavg()[0]:.1f}, in processor time where "
        f"it does not say otherwise: read the ratios. Engine {size.n:,} requests, simpy {2 * size.peers:,}, "
        f"ciw {size.peers:,}.",
    ])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the requests, fewer repeats")
    parser.add_argument("--write", action="store_true", help="write the table into docs/engine.md")
    chosen = parser.parse_args()
    begun = perf_counter()
    text = table(QUICK if chosen.quick else FULL, lambda what: print(f"measuring: {what}", file=sys.stderr, flush=True))
    print(text)
    print(f"{perf_counter() - begun:.0f} s in all", file=sys.stderr)
    if chosen.write:
        page = Path(__file__).parents[1] / "docs" / "engine.md"
        head, rest = page.read_text(encoding="utf-8").split(MARKS[0])
        page.write_text(f"{head}{MARKS[0]}\n{text}\n{MARKS[1]}{rest.split(MARKS[1])[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()

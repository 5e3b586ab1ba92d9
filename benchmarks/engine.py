"""The engine's speed table: one run beside simpy and ciw on one workload, medians and ratios, with versions.

``python benchmarks/engine.py`` prints the table; ``--write`` puts it into docs/engine.md. ``--quick`` for a look.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np

from casebook.engine import (
    Architecture,
    Component,
    Delay,
    DynamicBatch,
    Exponential,
    Link,
    Lognormal,
    Poisson,
    RequestClass,
    Retry,
    Serverless,
    StaffedHours,
    Workload,
    clear_streams,
    graded,
    simulate,
)
from casebook.engine.backend import using

ARCH = Architecture(
    [Component("gateway", 4, Exponential(16.0)), Component("cache", 1, Exponential(4.0)),
     Component("retrieval", 8, Exponential(160 / 3)), Component("gpu", 4, Lognormal(80 / 3, 1.0))],
    [Link("gateway", "cache"), Link("cache", "retrieval", 0.6), Link("retrieval", "gpu")])
LOAD = Workload(Poisson(200.0))
MARKS = ("<!-- speed: begin -->", "<!-- speed: end -->")


def seconds(action: Callable[[], object], times: int, before: Callable[[], object] = lambda: None,
            clock: Callable[[], float] = process_time) -> float:
    """Median processor seconds of ``action`` over ``times`` runs, after one that is not counted.

    Processor time, because others' work on a shared machine may double the time on the wall, but not this.
    """
    taken = []
    for number in range(times + 1):
        before()
        start = clock()
        action()
        if number:
            taken.append(clock() - start)
    return statistics.median(taken)


def import_ms() -> float:
    """Median processor milliseconds that a fresh interpreter needs for ``import casebook.engine``, numpy included."""
    code = "import time; t=time.process_time(); import casebook.engine; print(time.process_time()-t)"
    return 1000 * statistics.median(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(5))


def kernel_rows(n: int) -> list[str]:
    """Nanoseconds a visit of each kernel at one station of utilisation 0.8 (streams cached), and what moving
    32 bytes a visit takes on this machine at this moment."""
    two = (RequestClass("first", 0.3, 0), RequestClass("second", 0.7, 1))
    stations = {
        "FIFO, 1 server": Component("a", 1, Exponential(4.0)),
        "FIFO, 4 servers": Component("a", 4, Exponential(16.0)),
        "FIFO, 8 servers": Component("a", 8, Exponential(32.0)),
        "FIFO, 50 servers": Component("a", 50, Exponential(200.0)),
        "FIFO, 500 servers": Component("a", 500, Exponential(2000.0)),
        "pure delay": Component("a", 1, Delay(Exponential(30.0))),
        "dynamic batching": Component("a", 1, DynamicBatch(20.0, 1.0, 16, 5.0)),
        "limited queue, 4 servers": Component("a", 4, Exponential(16.0), queue_limit=8),
        "retries, 4 servers": Component("a", 4, Exponential(8.0), retry=Retry(40.0, 3)),
        "priorities, 4 servers": Component("a", 4, Exponential(16.0), order="priority"),
        "serverless": Component("a", 1, Serverless(Exponential(30.0), 400.0, 60.0)),
        "staffed hours, 4 people": Component("a", 4, Exponential(16.0 * 8 / 24), calendar=StaffedHours(9, 8, 7)),
    }
    rows = ["| kernel, one station, whole run | ns a visit |", "|---|---:|"]
    for name, component in stations.items():
        arch, load = Architecture([component]), Workload(Poisson(200.0), two if "priorit" in name else ())
        taken = seconds(lambda arch=arch, load=load: simulate(arch, load, n, 1), 5)
        rows.append(f"| {name} | {1e9 * taken / n:.0f} |")
    source, target = np.ones(2 * n), np.ones(2 * n)
    taken = seconds(lambda: np.copyto(target, source), 9)
    rows.append(f"| moving 32 bytes: the memory bound | {1e9 * taken / n:.1f} |")
    return rows


def table(quick: bool) -> str:
    import engine_ciw
    import engine_simpy

    n, small, times = (200_000, 5_000, 3) if quick else (1_000_000, 20_000, 5)
    peers = {"simpy": (engine_simpy.run, small * 2), "ciw": (engine_ciw.run, small)}
    per_s = {}
    for name, (run, requests) in peers.items():
        per_s[name] = requests / seconds(lambda run=run, requests=requests: run(requests, 1), times)
    per_s["engine, streams cached"] = n / seconds(lambda: simulate(ARCH, LOAD, n, 1), times)
    per_s["engine, drawing its random numbers too"] = n / seconds(
        lambda: simulate(ARCH, LOAD, n, 1), times, before=clear_streams)
    with using("python"):
        few = n // 10
        per_s["engine in plain Python, cached"] = few / seconds(lambda: simulate(ARCH, LOAD, few, 1), 3)
    rows = ["| | requests a second | × simpy | × ciw |", "|---|---:|---:|---:|"]
    for name, rate in per_s.items():
        rows.append(f"| {name} | {rate:,.0f} | {rate / per_s['simpy']:,.1f} | {rate / per_s['ciw']:,.1f} |")
    rows += ["", "| what | ms |", "|---|---:|"]
    for requests in (20_000, 100_000):
        taken = seconds(lambda requests=requests: simulate(ARCH, LOAD, requests, 1).quantile_ms(0.99), 11)
        rows.append(f"| {requests:,} requests, changed knob → p99 (streams cached) | {1000 * taken:.1f} |")
    for threads in (1, 2):
        taken = seconds(lambda threads=threads: graded(ARCH, LOAD, threads=threads).quantile_ms(0.99), 5,
                        clock=perf_counter)
        rows.append(f"| graded: 16 seeds × 100,000, streams cached, {threads} thread{'s' * (threads > 1)}, on the wall "
                    f"| {1000 * taken:.0f} |")
    rows.append(f"| `import casebook.engine`, numpy included | {import_ms():.0f} |")
    rows += ["", *kernel_rows(100_000)]
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "simpy", "ciw"))
    size = "quick look; " if quick else ""
    rows += ["", f"{size}Python {platform.python_version()}, {versions}; medians of one run on a shared machine "
                 f"of two cores, in processor time where it does not say otherwise: read the ratios. "
                 f"Engine {n:,} requests, simpy {2 * small:,}, ciw {small:,}."]
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the requests, fewer repeats")
    parser.add_argument("--write", action="store_true", help="write the table into docs/engine.md")
    chosen = parser.parse_args()
    text = table(chosen.quick)
    print(text)
    if chosen.write:
        page = Path(__file__).parents[1] / "docs" / "engine.md"
        old = page.read_text(encoding="utf-8")
        head, rest = old.split(MARKS[0])
        page.write_text(f"{head}{MARKS[0]}\n{text}\n{MARKS[1]}{rest.split(MARKS[1])[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()

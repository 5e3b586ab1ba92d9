"""Nanoseconds and bytes a visit for every kernel, each at one station of utilisation 0.8, beside the memory bound."""

from __future__ import annotations

import numpy as np
from clock import seconds

from casebook.engine import (
    Architecture,
    Autoscale,
    Component,
    ContinuousBatch,
    Delay,
    DynamicBatch,
    Exponential,
    Link,
    LognormalSize,
    Outages,
    Poisson,
    Repeat,
    RequestClass,
    Retry,
    Run,
    Serverless,
    StaffedHours,
    Workload,
    simulate,
)

ARRIVALS = Poisson(200.0)
CLASSES = (RequestClass("first", 0.3, 0), RequestClass("second", 0.7, 1))


def _one(*args: object, **kwargs: object) -> Architecture:
    return Architecture([Component("a", *args, **kwargs)])


STATIONS = {
    "FIFO, 1 server": _one(1, Exponential(4.0)),
    "FIFO, 4 servers": _one(4, Exponential(16.0)),
    "FIFO, 8 servers": _one(8, Exponential(32.0)),
    "FIFO, 50 servers": _one(50, Exponential(200.0)),
    "FIFO, 500 servers": _one(500, Exponential(2000.0)),
    "pure delay": _one(1, Delay(Exponential(30.0))),
    "dynamic batching": _one(1, DynamicBatch(20.0, 1.0, 16, 5.0)),
    "continuous batching, 64 slots": _one(1, ContinuousBatch(8.0, 0.1, 64, LognormalSize(20.0, 1.0))),
    "limited queue, 4 servers": _one(4, Exponential(16.0), queue_limit=8),
    "overflow, 4 servers": Architecture([Component("a", 4, Exponential(16.0), queue_limit=8),
                                         Component("b", 1, Delay(Exponential(30.0)))],
                                        [Link("a", "b", kind="overflow")]),
    "retries, 4 servers": _one(4, Exponential(8.0), retry=Retry(40.0, 3)),
    "priorities, 4 servers": _one(4, Exponential(16.0), order="priority"),
    "serverless": _one(1, Serverless(Exponential(30.0), 400.0, 60.0)),
    "autoscaling, 2 to 8 servers": _one(4, Exponential(16.0), scaling=Autoscale(0.6, 8, 2)),
    "down now and then, 4 servers": _one(4, Exponential(16.0), outages=Outages(((60.0, 61.0), (200.0, 201.0)))),
    "visits repeated, 4 servers": _one(4, Exponential(8.0), repeat=Repeat(0.5, 4)),
    "staffed hours, 4 people": _one(4, Exponential(16.0 * 8 / 24), calendar=StaffedHours(9, 8, 7)),
}


def kept_bytes(run: Run) -> int:
    """Bytes of the arrays that the stations of a run hold on to, room that they do not use included, each once.

    The warm block that they may lie in (``engine.buffers``) is used again once the run is dropped, and not counted.
    """
    found = {}
    for component in run.arch.components:
        visits = run.station(component.id)._visits
        for name in visits.__slots__:
            buffer = getattr(visits, name)
            # The numbers 0, 1, 2, … are one array for all runs of a process, as long as the longest of them.
            while isinstance(buffer.base, np.ndarray) and buffer.base.dtype != np.uint8 and not _counts(buffer.base):
                buffer = buffer.base
            found[buffer.ctypes.data if _counts(buffer) else id(buffer)] = buffer.nbytes
    return sum(found.values())


def _counts(array: np.ndarray) -> bool:
    """Whether these are the shared numbers 0, 1, 2, …, or a part of them."""
    from casebook.engine import network

    return array is network._numbers or array.base is network._numbers


def rows(n: int, times: int) -> list[str]:
    """The table. ``n`` requests a run, streams cached; repeated visits and retries count as the request they are of."""
    made = ["| kernel, one station, whole run | ns a request | bytes kept a request and station |", "|---|---:|---:|"]
    for name, arch in STATIONS.items():
        load = Workload(ARRIVALS, CLASSES if "priorit" in name else ())
        taken = seconds(lambda arch=arch, load=load: simulate(arch, load, n, 1), times)
        kept = kept_bytes(simulate(arch, load, n, 1)) / n / len(arch.components)
        made.append(f"| {name} | {1e9 * taken / n:.0f} | {kept:.0f} |")
    source, target = np.ones(2 * n), np.ones(2 * n)
    moved = seconds(lambda: np.copyto(target, source), 9)
    made.append(f"| moving 32 bytes: the memory bound | {1e9 * moved / n:.1f} | |")
    return made

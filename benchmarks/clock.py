"""How time and memory are taken: medians, processor time where neighbours would disturb, fresh interpreters."""

from __future__ import annotations

import gc
import platform
import statistics
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from time import perf_counter, process_time


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


def wall_pair(first: Callable[[], object], second: Callable[[], object], times: int) -> tuple[float, float, float]:
    """Median seconds on the wall of two actions taken in turns, and the median of first ÷ second within a turn."""
    pairs = []
    for number in range(times + 1):
        pair = []
        for action in (first, second):
            start = perf_counter()
            action()
            pair.append(perf_counter() - start)
        if number:
            pairs.append((pair[0], pair[1]))
    return (statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs),
            statistics.median(a / b for a, b in pairs))


def held_bytes(action: Callable[[], object]) -> int:
    """Bytes that the result of ``action``, and what it leaves in caches, hold on to."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = action()
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    del kept
    return held


def import_ms(module: str, times: int = 7) -> float:
    """Median milliseconds on the wall that a fresh interpreter needs for ``import module``, its start not counted."""
    code = f"import time; t=time.perf_counter(); import {module}; print(time.perf_counter()-t)"
    return 1000 * statistics.median(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(times))


def heavy_after(module: str) -> list[str]:
    """Which of the heavy packages ``import module`` has loaded; none is what is asked for."""
    heavy = ("numba", "scipy", "plotly", "ipywidgets", "diagrams", "nbgrader", "pandas", "IPython")
    code = f"import sys, {module}; print(*[name for name in {heavy!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def versions(*packages: str) -> str:
    """Python and packages as one line."""
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in packages)])

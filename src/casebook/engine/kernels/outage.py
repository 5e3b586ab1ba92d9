"""Time that stands still: clock time to the time a station was up, and back."""

from __future__ import annotations

from typing import Any

from casebook.engine.backend import kernel


@kernel(3)
def to_up(clock: Any, begins: Any, ends: Any, out: Any) -> None:
    """Milliseconds that the station had been up at each ``clock`` time (rising); it is down in [begin, end)."""
    windows = len(begins)
    j = 0
    lost = 0.0
    for i in range(len(clock)):
        t = clock[i]
        while j < windows and ends[j] <= t:
            lost += ends[j] - begins[j]
            j += 1
        if j < windows and begins[j] < t:
            t = begins[j]
        out[i] = t - lost


@kernel(4)
def to_clock(up: Any, begins: Any, ends: Any, closing: int, out: Any) -> None:
    """Clock time of each instant of up time, in any order: the inverse of ``to_up``.

    The instant at which the station went down is the window's beginning (``closing`` = 1: a visit that ends
    then has left) or its end (0: a visit that would start then starts when the station is back).
    """
    windows = len(begins)
    edges = [0.0] * windows
    lost = [0.0] * (windows + 1)
    for j in range(windows):
        edges[j] = begins[j] - lost[j]
        lost[j + 1] = lost[j] + (ends[j] - begins[j])
    for i in range(len(up)):
        t = up[i]
        low = 0
        high = windows
        while low < high:
            middle = (low + high) // 2
            if edges[middle] < t or (closing == 0 and edges[middle] == t):
                low = middle + 1
            else:
                high = middle
        out[i] = t + lost[low]

"""Staffed hours: people work in a weekly window, and queues stand still outside it.

Clock times are mapped to open time, the queue is run there, and its times are mapped back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from casebook.engine.backend import kernel
from casebook.engine.errors import EngineError, number, whole
from casebook.engine.inversion import Floats

HOUR_MS = 3_600_000.0


@kernel(6)
def _to_open(clock: Any, open_at: float, day_open: float, day: float, days_open: int, days: int,
             out: Any) -> None:
    week = day * days
    for i in range(len(clock)):
        t = clock[i]
        whole_weeks = int(t / week)
        rest = t - whole_weeks * week
        if rest < 0.0:
            whole_weeks -= 1
            rest = t - whole_weeks * week
        day_number = int(rest / day)
        in_day = rest - day_number * day - open_at
        if day_number >= days_open:
            day_number = days_open
            in_day = 0.0
        if in_day < 0.0:
            in_day = 0.0
        if in_day > day_open:
            in_day = day_open
        out[i] = (whole_weeks * days_open + day_number) * day_open + in_day


@kernel(7)
def _to_clock(opened: Any, open_at: float, day_open: float, day: float, days_open: int, days: int,
              closing: int, out: Any) -> None:
    # an instant between two shifts is the end of the one (closing = 1) or the beginning of the next
    for i in range(len(opened)):
        t = opened[i]
        shift = int(t / day_open)
        rest = t - shift * day_open
        if rest >= day_open:
            shift += 1
            rest = t - shift * day_open
        if rest < 0.0:
            rest = 0.0
        if closing == 1 and rest == 0.0 and shift > 0:
            shift -= 1
            rest = day_open
        week = shift // days_open
        out[i] = (week * days + (shift - week * days_open)) * day + open_at + rest


@dataclass(frozen=True, slots=True)
class StaffedHours:
    """A working week: from ``open_hour``, ``hours_per_day`` hours, on the first ``days_per_week`` days.

    Time 0 of a run is Monday 00:00. Work in hand stops at closing time and goes on at the next opening.
    """

    open_hour: float = 9.0
    hours_per_day: float = 8.0
    days_per_week: int = 5

    def __post_init__(self) -> None:
        number("StaffedHours", "open_hour", self.open_hour, at_least=0.0, at_most=24.0)
        number("StaffedHours", "hours_per_day", self.hours_per_day, above=0.0, at_most=24.0)
        whole("StaffedHours", "days_per_week", self.days_per_week, at_least=1, at_most=7)
        if self.open_hour + self.hours_per_day > 24.0:
            raise EngineError("StaffedHours", f"{self.open_hour:g} h + {self.hours_per_day:g} h",
                              "A shift may not pass midnight: open earlier or for fewer hours.")

    @property
    def open_share(self) -> float:
        """Share of the week that is staffed."""
        return float(self.hours_per_day) * self.days_per_week / 168.0

    def open_ms(self, clock_ms: Floats) -> Floats:
        """Staffed milliseconds that have passed at each clock time (float64 array, same shape)."""
        out = np.empty(len(clock_ms))
        _to_open(clock_ms, self.open_hour * HOUR_MS, self.hours_per_day * HOUR_MS, 24 * HOUR_MS,
                 int(self.days_per_week), 7, out)
        return out

    def clock_ms(self, opened_ms: Floats, *, closing: bool) -> Floats:
        """Clock time of each staffed time; one that falls between shifts is the end of the earlier
        (``closing``) or the beginning of the later."""
        out = np.empty(len(opened_ms))
        _to_clock(opened_ms, self.open_hour * HOUR_MS, self.hours_per_day * HOUR_MS, 24 * HOUR_MS,
                  int(self.days_per_week), 7, 1 if closing else 0, out)
        return out

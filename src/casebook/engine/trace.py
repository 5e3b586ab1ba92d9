"""A recorded trace: the times at which requests really came, with their sizes where these were recorded."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from casebook.engine.errors import EngineError, number
from casebook.engine.inversion import Floats


@dataclass(frozen=True, slots=True, init=False)
class Trace:
    """Requests at ``times_s`` (seconds, never falling), of ``sizes`` if given; played ``speed`` times as fast.

    The run begins with the first recorded arrival. A run of more requests than were recorded plays the trace
    again from its beginning, arrivals and sizes alike, one mean gap after the last; a shorter run takes its
    beginning. Nothing is drawn, so every seed sees the same arrivals. The seconds may count from anywhere at or
    after 0. Sizes have any unit: stations use them over their mean (``Sized``, ``BySize``).
    """

    times_s: tuple[float, ...]
    sizes: tuple[float, ...]
    speed: float

    def __init__(self, times_s: Iterable[float], sizes: Iterable[float] = (), speed: float = 1.0) -> None:
        times, heavy = tuple(times_s), tuple(sizes)
        if not times:
            raise EngineError("Trace, times_s", [], "The trace is empty: give the times of at least two requests.")
        for place, one in enumerate(times, 1):
            number("Trace", f"time of request {place}", one, at_least=0.0)
        for place, (one, after) in enumerate(pairwise(times), 2):
            if after < one:
                raise EngineError(f"Trace, time of request {place}", after,
                                  f"It comes before the one ahead of it ({one:g} s): sort the trace by time.")
        if times[-1] <= times[0]:
            raise EngineError("Trace, times_s", f"{len(times)} requests within {times[-1] - times[0]:g} s",
                              "A trace has no rate unless time passes in it: give at least two different times.")
        if heavy and len(heavy) != len(times):
            raise EngineError("Trace, sizes", len(heavy), f"Give one size for each of the {len(times)} requests, or "
                              "none at all.")
        for place, one in enumerate(heavy, 1):
            number("Trace", f"size of request {place}", one, above=0.0)
        number("Trace", "speed", speed, above=0.0)
        object.__setattr__(self, "times_s", tuple(float(one) for one in times))
        object.__setattr__(self, "sizes", tuple(float(one) for one in heavy))
        object.__setattr__(self, "speed", float(speed))

    @classmethod
    def from_csv(cls, path: str | Path, time: str = "arrival_s", size: str | None = None,
                 speed: float = 1.0) -> Trace:
        """Read a CSV file with a header row: column ``time`` in seconds and, if named, column ``size``.

        Raises EngineError that names the file's line for a column that is missing, a value that is no number,
        not finite or negative, and times that fall.
        """
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise EngineError("Trace, file", str(path), f"It cannot be read as text in UTF-8 ({error}).") from None
        rows = csv.DictReader(text.splitlines())
        wanted = [time] if size is None else [time, size]
        for name in wanted:
            if name not in (rows.fieldnames or []):
                raise EngineError(f"Trace, columns of {Path(path).name}", list(rows.fieldnames or []),
                                  f"There is no column '{name}': name the columns with time='…' and size='…'.")
        columns: dict[str, list[float]] = {name: [] for name in wanted}
        for row in rows:
            for name in wanted:
                columns[name].append(_value(Path(path).name, rows.line_num, name, row[name], at_least=0.0))
        if not columns[time]:
            raise EngineError(f"Trace, {Path(path).name}", "no rows",
                              "The trace is empty: give the times of at least two requests.")
        for place, (one, after) in enumerate(pairwise(columns[time]), 2):
            if after < one:
                raise EngineError(f"Trace, {Path(path).name}, request {place}, {time}", after,
                                  f"It comes before the one ahead of it ({one:g} s): sort the trace by time.")
        return cls(columns[time], columns[size] if size is not None else (), speed)

    def __repr__(self) -> str:
        return (f"Trace({len(self.times_s)} requests in {self.times_s[-1] - self.times_s[0]:.4g} s"
                f"{', with sizes' if self.sizes else ''}, speed={self.speed:g})")

    @property
    def mean_rate_per_s(self) -> float:
        """Arrivals a second: one fewer than were recorded, over the time between the first and the last."""
        return (len(self.times_s) - 1) / (self.times_s[-1] - self.times_s[0]) * self.speed

    @property
    def mean_size(self) -> float:
        """Mean of the recorded sizes; 1 without any."""
        return math.fsum(self.sizes) / len(self.sizes) if self.sizes else 1.0

    def times_ms(self, requests: int, seed: int) -> Floats:
        """Arrival times in ms, never falling, shape (requests,); the same for every seed."""
        recorded = (np.array(self.times_s) - self.times_s[0]) * (1000.0 / self.speed)
        lap_ms = float(recorded[-1]) * (len(recorded) / (len(recorded) - 1))
        lap, place = np.divmod(np.arange(requests), len(recorded))
        return np.asarray(lap * lap_ms + recorded[place])

    def sizes_of(self, requests: int) -> Floats:
        """Size of each request, shape (requests,); all 1 where none were recorded."""
        if not self.sizes:
            return np.ones(requests)
        return np.array(self.sizes)[np.arange(requests) % len(self.sizes)]


def _value(file: str, line: int, column: str, text: str | None, at_least: float) -> float:
    place = f"Trace, {file}, line {line}"
    if text is None or not text.strip():
        raise EngineError(f"{place}, {column}", text or "", "The value is missing: fill it in or drop the row.")
    try:
        found = float(text)
    except ValueError:
        raise EngineError(f"{place}, {column}", text, "Give a number.") from None
    return number(place, column, found, at_least=at_least)

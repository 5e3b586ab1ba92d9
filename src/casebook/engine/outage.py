"""A station or region that is down for a time: listed windows or random breakdowns, waiting or refusing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from casebook.engine.errors import EngineError, number
from casebook.engine.inversion import Floats
from casebook.engine.kernels.outage import to_clock, to_up
from casebook.engine.streams import exponential_stream
from casebook.engine.visits import Ids, Visits

NewVisits = Literal["wait", "refuse"]
Windows = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Outages:
    """The station is down in each of ``windows_s``, pairs (from, until) in seconds from the start of the run.

    All its servers stop together. Work in hand stands still and goes on where it stopped (preemptive resume);
    nothing in the queue is lost. ``new_visits`` that come while it is down "wait", or it "refuse"s them, which
    loses them or sends them down the station's overflow link. In [from, until) it is down, at ``until`` up again.
    """

    windows_s: tuple[tuple[float, float], ...]
    new_visits: NewVisits = "wait"

    def __post_init__(self) -> None:
        object.__setattr__(self, "windows_s", tuple(sorted((from_, until) for from_, until in self.windows_s)))
        _new_visits("Outages", self.new_visits)
        last = 0.0
        for from_, until in self.windows_s:
            number("Outages, window", "from", from_, at_least=0.0)
            number("Outages, window", "until", until, above=float(from_))
            if from_ < last:
                raise EngineError("Outages, windows_s", (from_, until),
                                  f"It begins before the window ahead of it ends at {last:g} s: join the two.")
            last = until

    @property
    def availability(self) -> float:
        """Long-run share of time up: the listed windows come once, so 1."""
        return 1.0

    @property
    def unit(self) -> str:
        """What fails together, by name; empty: the station by itself."""
        return ""

    def windows_ms(self, seed: int, id: str, up_ms: float) -> Windows:
        """Beginnings and ends of the windows, ms."""
        pairs = np.array(self.windows_s, dtype=np.float64).reshape(-1, 2) * 1000.0
        return pairs[:, 0].copy(), pairs[:, 1].copy()


@dataclass(frozen=True, slots=True)
class Breakdowns:
    """The station is up for an exponential time of mean ``mean_up_s`` and then down for one of ``mean_down_s``,
    over and over; it starts up. What happens while it is down is told at ``Outages``.

    Stations that name the same ``region`` go down and come back together.
    """

    mean_up_s: float
    mean_down_s: float
    new_visits: NewVisits = "wait"
    region: str = ""

    def __post_init__(self) -> None:
        number("Breakdowns", "mean_up_s", self.mean_up_s, above=0.0)
        number("Breakdowns", "mean_down_s", self.mean_down_s, above=0.0)
        _new_visits("Breakdowns", self.new_visits)
        if not isinstance(self.region, str):
            raise EngineError("Breakdowns, region", self.region, "Give the region's name, or leave it out.")

    @property
    def availability(self) -> float:
        """Long-run share of time up: mean_up / (mean_up + mean_down)."""
        return self.mean_up_s / (self.mean_up_s + self.mean_down_s)

    @property
    def unit(self) -> str:
        """What fails together, by name; empty: the station by itself."""
        return self.region

    def windows_ms(self, seed: int, id: str, up_ms: float) -> Windows:
        """Beginnings and ends of the windows, ms, until the station has been up for ``up_ms`` at least."""
        key = ("breakdowns in", self.region) if self.region else (id, "breakdowns")
        cycles = int(1.3 * up_ms / (1000.0 * self.mean_up_s)) + 16
        while True:
            drawn = exponential_stream(seed, key, 2 * cycles)
            lasting = np.empty(2 * cycles)
            lasting[0::2] = drawn[0::2] * (1000.0 * self.mean_up_s)
            lasting[1::2] = drawn[1::2] * (1000.0 * self.mean_down_s)
            if np.cumsum(lasting[0::2])[-1] > up_ms:
                edges = np.cumsum(lasting)
                return edges[0::2].copy(), edges[1::2].copy()
            cycles *= 2


def _new_visits(place: str, value: object) -> None:
    if value not in ("wait", "refuse"):
        raise EngineError(f"{place}, new_visits", value, "Give 'wait' or 'refuse'.")


def up_ms(clock: Floats, windows: Windows) -> Floats:
    """Time that a station had been up at each clock time (rising), ms."""
    out = np.empty(len(clock))
    to_up(clock, *windows, out)
    return out


def clock_ms(up: Floats, windows: Windows, *, closing: bool) -> Floats:
    """Clock time of each instant of up time, ms; see ``kernels.outage.to_clock`` for ``closing``."""
    out = np.empty(len(up))
    to_clock(up, *windows, 1 if closing else 0, out)
    return out


def is_down(clock: Floats, windows: Windows) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Marks the clock times in [begin, end) of a window."""
    nth = np.searchsorted(windows[0], clock, side="right")
    return np.asarray((nth > 0) & (clock < np.concatenate((windows[1], [0.0]))[nth - 1]))


def through_outages(outages: Outages | Breakdowns, id: str, seed: int, arrive: Floats, ids: Ids,
                    inside: Callable[[Floats, Ids], Visits]) -> Visits:
    """Run the station ``id`` by ``inside`` in the time that it is up, and put its times back on the clock."""
    windows = outages.windows_ms(seed, id, float(arrive[-1]) if len(arrive) else 0.0)
    away = is_down(arrive, windows) & (outages.new_visits == "refuse")
    refused, refused_ids = arrive[away], ids[away]
    if len(refused):
        arrive, ids = arrive[~away], ids[~away]
    opened = up_ms(arrive, windows)
    made = inside(opened, ids)
    last = float(made.sorted_leave[-1]) if len(made.sorted_leave) else 0.0
    windows = outages.windows_ms(seed, id, last)  # a longer draw begins with the shorter one
    if len(made.refused):  # by a full queue, which a visit may meet whether the station is up or down
        taken = ~np.isin(ids, made.refused_ids)
        refused = np.concatenate((refused, arrive[~taken]))
        refused_ids = np.concatenate((refused_ids, ids[~taken]))
        order = np.argsort(refused, kind="stable")
        refused, refused_ids = refused[order], refused_ids[order]
        arrive, opened = arrive[taken], opened[taken]
    at_once = (made.start == opened) & ~is_down(arrive, windows)
    start = np.where(at_once, arrive, clock_ms(made.start, windows, closing=False))
    leave = np.maximum(start, clock_ms(made.leave, windows, closing=True))
    sorted_leave = np.maximum.accumulate(clock_ms(made.sorted_leave, windows, closing=True))
    return replace(made, arrive=arrive, start=start, leave=leave, sorted_leave=sorted_leave, refused=refused,
                   refused_ids=refused_ids, down_from=windows[0], down_until=windows[1])

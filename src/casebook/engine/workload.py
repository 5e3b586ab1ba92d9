"""Workloads: when requests arrive. Times are milliseconds from the start of the run.

Every process is a Poisson process of rate 1 whose time is stretched, so that a changed rate moves each
arrival a little instead of drawing a new history.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from casebook.engine.backend import kernel
from casebook.engine.classes import Route
from casebook.engine.errors import EngineError, number, whole
from casebook.engine.inversion import Floats
from casebook.engine.sizes import FixedSize, LognormalSize, RecordedSize, Sizes
from casebook.engine.streams import exponential_stream, poisson_stream, uniform_stream
from casebook.engine.trace import Trace

Ranks = npt.NDArray[np.int32]

_ARRIVALS = ("arrivals",)


@kernel(3)
def _stretch(unit: Any, edges: Any, heights: Any, out: Any) -> None:
    # heights[j] is the expected number of arrivals until edges[j]; between edges the rate is constant
    j = 0
    for i in range(len(unit)):
        s = unit[i]
        while heights[j + 1] < s:
            j += 1
        out[i] = edges[j] + (s - heights[j]) / (heights[j + 1] - heights[j]) * (edges[j + 1] - edges[j])


@dataclass(frozen=True, slots=True)
class Poisson:
    """Independent arrivals at ``rate_per_s`` on average."""

    rate_per_s: float

    def __post_init__(self) -> None:
        number("Poisson", "rate_per_s", self.rate_per_s, above=0.0)

    @property
    def mean_rate_per_s(self) -> float:
        """Long-run arrivals a second."""
        return float(self.rate_per_s)

    def times_ms(self, requests: int, seed: int) -> Floats:
        """Arrival times in ms, rising, shape (requests,)."""
        return poisson_stream(seed, _ARRIVALS, requests) * (1000.0 / self.rate_per_s)


@dataclass(frozen=True, slots=True)
class Bursty:
    """Arrivals that come in bursts (a Markov-modulated Poisson process with two states).

    In a burst requests arrive ``burst_factor`` times as fast as between bursts; bursts take
    ``burst_share`` of the time and last ``mean_burst_s`` on average (exponential), and the calm between
    them mean_burst_s × (1 − share) / share. The rate averaged over both is ``rate_per_s``. The first state
    is drawn with the long-run shares.
    """

    rate_per_s: float
    burst_factor: float
    burst_share: float
    mean_burst_s: float

    def __post_init__(self) -> None:
        number("Bursty", "rate_per_s", self.rate_per_s, above=0.0)
        number("Bursty", "burst_factor", self.burst_factor, at_least=1.0)
        number("Bursty", "burst_share", self.burst_share, above=0.0)
        if not self.burst_share < 1.0:
            raise EngineError("Bursty, burst_share", self.burst_share,
                              "Bursts take a share of the time between 0 and 1, for example 0.1.")
        number("Bursty", "mean_burst_s", self.mean_burst_s, above=0.0)

    @property
    def mean_rate_per_s(self) -> float:
        """Long-run arrivals a second."""
        return float(self.rate_per_s)

    @property
    def calm_rate_per_s(self) -> float:
        """Arrivals a second between bursts."""
        return self.rate_per_s / (1.0 - self.burst_share + self.burst_share * self.burst_factor)

    @property
    def burst_rate_per_s(self) -> float:
        """Arrivals a second in a burst."""
        return self.calm_rate_per_s * self.burst_factor

    def times_ms(self, requests: int, seed: int) -> Floats:
        """Arrival times in ms, rising, shape (requests,)."""
        unit = poisson_stream(seed, _ARRIVALS, requests)
        calm_s = self.mean_burst_s * (1.0 - self.burst_share) / self.burst_share
        rates = np.array([self.calm_rate_per_s, self.burst_rate_per_s])
        means = np.array([calm_s, self.mean_burst_s])
        first = 1 if uniform_stream(seed, ("arrivals", "first state"), 1)[0] < self.burst_share else 0
        per_pair = float(rates @ means)
        periods = 2 * int(unit[-1] / per_pair + 1.0) + 64
        while True:
            which = (np.arange(periods) + first) % 2
            lasting = exponential_stream(seed, ("arrivals", "states"), periods) * means[which]
            edges = np.concatenate(([0.0], np.cumsum(lasting))) * 1000.0
            heights = np.concatenate(([0.0], np.cumsum(lasting * rates[which])))
            if heights[-1] >= unit[-1]:
                break
            periods *= 2
        out = np.empty(requests)
        _stretch(unit, edges, heights, out)
        return out


_STEPS_A_DAY = 48


@dataclass(frozen=True, slots=True)
class Diurnal:
    """A Poisson process whose rate swings over the day: ``rate_per_s`` on average, ``peak_factor`` times that at
    ``peak_hour``, as much below it twelve hours away.

    The rate is constant in each of the day's 48 half hours; their heights follow a sine by Bhaskara's rational
    formula (no library's sine, whose last bit differs between platforms). Time 0 is midnight.
    """

    rate_per_s: float
    peak_factor: float = 1.8
    peak_hour: float = 15.0

    def __post_init__(self) -> None:
        number("Diurnal", "rate_per_s", self.rate_per_s, above=0.0)
        number("Diurnal", "peak_factor", self.peak_factor, at_least=1.0, at_most=2.0)
        number("Diurnal", "peak_hour", self.peak_hour, at_least=0.0, at_most=24.0)

    @property
    def mean_rate_per_s(self) -> float:
        """Long-run arrivals a second."""
        return float(self.rate_per_s)

    def rates_per_s(self) -> Floats:
        """Arrivals a second in each half hour of the day, shape (48,); their mean is ``rate_per_s``."""
        middle = (np.arange(_STEPS_A_DAY) + 0.5) / _STEPS_A_DAY
        turn = middle - self.peak_hour / 24.0 + 0.25  # sin(2π × turn) is highest at the peak hour
        turn = turn - np.floor(turn)
        half = np.where(turn < 0.5, 2.0 * turn, 2.0 * turn - 1.0)
        height = 16.0 * half * (1.0 - half) / (5.0 - 4.0 * half * (1.0 - half))
        swing = np.where(turn < 0.5, height, -height)
        return np.asarray(self.rate_per_s * (1.0 + (self.peak_factor - 1.0) * swing))

    def times_ms(self, requests: int, seed: int) -> Floats:
        """Arrival times in ms, rising, shape (requests,)."""
        unit = poisson_stream(seed, _ARRIVALS, requests)
        step_ms = 86_400_000.0 / _STEPS_A_DAY
        rates = self.rates_per_s() / 1000.0
        days = int(unit[-1] / (self.rate_per_s * 86_400.0)) + 2
        heights = np.concatenate(([0.0], np.cumsum(np.tile(rates, days) * step_ms)))
        out = np.empty(requests)
        _stretch(unit, np.arange(len(heights)) * step_ms, heights, out)
        return out


@dataclass(frozen=True, slots=True)
class FlashCrowd:
    """A Poisson process of ``rate_per_s`` that from ``start_s`` on is ``factor`` times as fast for ``lasting_s``."""

    rate_per_s: float
    factor: float
    start_s: float
    lasting_s: float

    def __post_init__(self) -> None:
        number("FlashCrowd", "rate_per_s", self.rate_per_s, above=0.0)
        number("FlashCrowd", "factor", self.factor, at_least=1.0)
        number("FlashCrowd", "start_s", self.start_s, at_least=0.0)
        number("FlashCrowd", "lasting_s", self.lasting_s, above=0.0)

    @property
    def mean_rate_per_s(self) -> float:
        """Long-run arrivals a second: those outside the crowd, which comes once."""
        return float(self.rate_per_s)

    def times_ms(self, requests: int, seed: int) -> Floats:
        """Arrival times in ms, rising, shape (requests,). Refused when the run ends before the crowd does: the
        numbers would describe a part of it."""
        unit = poisson_stream(seed, _ARRIVALS, requests)
        before = self.rate_per_s * self.start_s
        during = before + self.rate_per_s * self.factor * self.lasting_s
        if unit[-1] < during:
            raise EngineError("FlashCrowd", f"{requests} requests",
                              f"The run ends before the crowd has passed: simulate at least {int(1.05 * during) + 100} "
                              "requests, or let the crowd come earlier.")
        end_s = self.start_s + self.lasting_s + (float(unit[-1]) - during + 1.0) / self.rate_per_s
        edges = np.array([0.0, self.start_s, self.start_s + self.lasting_s, end_s]) * 1000.0
        heights = np.array([0.0, before, during, float(unit[-1]) + 1.0])
        first = 1 if self.start_s == 0.0 else 0
        out = np.empty(requests)
        _stretch(unit, edges[first:], heights[first:], out)
        return out


Arrivals = Poisson | Bursty | Diurnal | FlashCrowd | Trace


@dataclass(frozen=True, slots=True)
class RequestClass:
    """A kind of requests: ``share`` of all, drawn request by request; a lower ``priority`` number goes first at
    stations that serve by priority.

    ``size`` stretches its service times (pure delays too, batches not), at the stations ``size_at`` or at all;
    ``routes`` are its own shares at a split (see ``classes.Route``).
    """

    name: str
    share: float
    priority: int = 0
    size: float = 1.0
    size_at: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise EngineError("request class, name", self.name, "Give every class a name.")
        number(f"request class '{self.name}'", "share", self.share, at_least=0.0, at_most=1.0)
        whole(f"request class '{self.name}'", "priority", self.priority, at_least=0, at_most=99)
        number(f"request class '{self.name}'", "size", self.size, above=0.0)
        object.__setattr__(self, "size_at", tuple(sorted(self.size_at)))
        object.__setattr__(self, "routes", tuple(sorted(self.routes, key=lambda r: (r.src, r.dst))))
        for route, after in pairwise(self.routes):
            if (route.src, route.dst) == (after.src, after.dst):
                raise EngineError(f"request class '{self.name}', route '{route.src}' → '{route.dst}'", after.share,
                                  "It is listed twice: add the two shares up in one route.")
        for src in {route.src for route in self.routes}:
            total = sum(route.share for route in self.routes if route.src == src)
            if total > 1.0 + 1e-9:
                raise EngineError(f"request class '{self.name}', routes out of '{src}'", round(total, 9),
                                  "Shares out of one component may add up to 1 at most.")


@dataclass(frozen=True, slots=True)
class Workload:
    """What arrives at the architecture's entry, and of which classes (none: all requests are alike).

    ``sizes`` is how large requests are, drawn request by request and the same at every station that asks for it
    (``Sized``, ``BySize``); a Trace brings its own.
    """

    arrivals: Arrivals
    classes: tuple[RequestClass, ...] = ()
    sizes: Sizes | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.arrivals, (Poisson, Bursty, Diurnal, FlashCrowd, Trace)):
            raise EngineError("Workload, arrivals", self.arrivals,
                              "Give an arrival process such as Poisson(rate_per_s=200).")
        object.__setattr__(self, "classes", tuple(sorted(self.classes, key=lambda c: c.name)))
        names = [c.name for c in self.classes]
        if len(set(names)) < len(names):
            raise EngineError("Workload, classes", names, "A name is used twice: rename one of them.")
        total = sum(c.share for c in self.classes)
        if self.classes and abs(total - 1.0) > 1e-9:
            raise EngineError("Workload, shares of the classes", total, "They must add up to 1.")
        if self.sizes is not None and not isinstance(self.sizes, (FixedSize, LognormalSize, RecordedSize)):
            raise EngineError("Workload, sizes", self.sizes,
                              "Give FixedSize(size), LognormalSize(mean, cv) or RecordedSize(values), or leave it out.")
        if self.sizes is not None and isinstance(self.arrivals, Trace) and self.arrivals.sizes:
            raise EngineError("Workload, sizes", self.sizes,
                              "The trace brings its own sizes: leave one of the two out.")

    def relative_sizes(self, requests: int, seed: int) -> Floats | None:
        """Size of each request over the mean size, shape (requests,); None where nothing says how large they are."""
        if isinstance(self.arrivals, Trace) and self.arrivals.sizes:
            return np.asarray(self.arrivals.sizes_of(requests) / self.arrivals.mean_size)
        if self.sizes is None:
            return None
        return np.asarray(self.sizes.draw(seed, ("size",), requests) / float(self.sizes.mean))

    def class_of(self, requests: int, seed: int) -> Ranks:
        """Index into ``classes`` of each request, shape (requests,); all 0 without classes."""
        if len(self.classes) < 2:
            return np.zeros(requests, np.int32)
        draws = uniform_stream(seed, ("class",), requests)
        edges = np.cumsum([c.share for c in self.classes])[:-1]
        return np.searchsorted(edges, draws, side="right").astype(np.int32)

    def ranks(self) -> tuple[int, ...]:
        """Place of each class in the order of urgency, 0 first; classes of one priority share a place."""
        levels = sorted({c.priority for c in self.classes}) or [0]
        return tuple(levels.index(c.priority) for c in self.classes) or (0,)

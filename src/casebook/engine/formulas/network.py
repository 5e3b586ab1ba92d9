"""Whitt's two-moment network over an Architecture: waits by station, and the sojourn time's whole distribution.

Microseconds to milliseconds instead of a run; it explains, checks and prunes, and never grades.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt

from casebook.engine.architecture import Architecture, Component
from casebook.engine.errors import EngineError
from casebook.engine.formulas.bounded import mmck, places_in_queue
from casebook.engine.formulas.erlang import erlang_b, erlang_c
from casebook.engine.formulas.general import cv2_arrivals, mean_wait_allen_cunneen_ms
from casebook.engine.inversion import Floats
from casebook.engine.quantile import check_quantile
from casebook.engine.services import Exponential
from casebook.engine.workload import Workload

Waves = npt.NDArray[np.complex128]
_CELLS = 2**14
_MOST_PLACES = 200  # beyond that a limited queue's wait is taken to be exponential, as an unlimited one's is


@dataclass(frozen=True, slots=True)
class StationEstimate:
    """What the formula says of one station. ``wait`` is exponential with the share ``waits_share``."""

    id: str
    arrivals_per_s: float
    cv2_arrivals: float
    cv2_service: float
    mean_service_ms: float
    utilisation: float
    waits_share: float
    mean_wait_ms: float
    refused_share: float = 0.0

    @property
    def mean_sojourn_ms(self) -> float:
        """Wait and service, ms."""
        return self.mean_wait_ms + self.mean_service_ms


@final
class NetworkEstimate:
    """The formula's picture of a network. Station figures and the mean cost microseconds; the distribution behind
    ``quantile_ms`` is worked out at its first use."""

    __slots__ = ("_arch", "_cell_ms", "_upto", "lost_share", "mean_ms", "stations")

    def __init__(self, arch: Architecture, stations: dict[str, StationEstimate]) -> None:
        self.stations = stations
        served, self.mean_ms = _mean(arch, stations)
        self.lost_share = min(1.0, max(0.0, 1.0 - served))
        self._arch = arch
        self._upto: Floats | None = None
        self._cell_ms = 0.0

    def __repr__(self) -> str:
        return f"NetworkEstimate(mean_ms={self.mean_ms:.4g}, lost_share={self.lost_share:.3g})"

    def quantile_ms(self, q: float) -> float:
        """The q-quantile of the sojourn time of the requests served, ms."""
        check_quantile(q)
        if self._upto is None:
            density, self._cell_ms = _sojourn(self._arch, self.stations)
            self._upto = np.cumsum(density) / density.sum()
        k = int(np.searchsorted(self._upto, q))
        if k == 0:
            return 0.0
        before, after = float(self._upto[k - 1]), float(self._upto[k])
        return (k - 0.5 + (q - before) / (after - before)) * self._cell_ms

    @property
    def p99_ms(self) -> float:
        """The 0.99 quantile, ms."""
        return self.quantile_ms(0.99)


def network(arch: Architecture, workload: Workload) -> NetworkEstimate:
    """Estimate every station and the sojourn time of a feed-forward network (Whitt 1983, QNA).

    Flows: rates add up; variability is merged with Whitt's weight, split by p·c² + 1 − p, and leaves a
    station as 1 + (1 − ρ²)(c²ₐ − 1) + ρ²(max(c²ₛ, 0.2) − 1)/√servers. Waits: Allen–Cunneen, with the
    correction of Krämer & Langenbach-Belz for one server and smooth arrivals; they begin with the share of
    Erlang C. Sojourn: waits and services as if independent, added by Fourier transform on a grid.
    Exact for M/M/c and Jackson networks up to the grid. Left out: that short gaps follow one another
    (bursts), that a batch is filled and shared (a batching station counts as a server of a full batch's time
    a visit), cold starts, hours (their share of the clock only), how an overflow is bunched, order by priority,
    times down, servers that come and go, what classes do apart, and every way of coming back. EngineError where a
    station cannot keep up, and for a fan-out.
    """
    for link in arch.links:
        if link.kind == "fanout":
            raise EngineError(f"formula, component '{link.src}'", "fan-out",
                              "No formula here knows the longest of several branches: simulate it.")
    flows: dict[str, list[tuple[float, float]]] = {c.id: [] for c in arch.components}
    flows[arch.entry].append((workload.arrivals.mean_rate_per_s, cv2_arrivals(workload.arrivals)))
    stations: dict[str, StationEstimate] = {}
    for id in arch.order:
        component = arch.component(id)
        one = stations[id] = _station(component, flows[id])
        leaving, taken = _departures(component, one), one.arrivals_per_s * (1.0 - one.refused_share)
        for link in arch.out(id, "request") + arch.out(id, "async"):
            flows[link.dst].append((taken * link.share, link.share * leaving + 1.0 - link.share))
        for link in arch.out(id, "overflow"):
            flows[link.dst].append((one.arrivals_per_s * one.refused_share, 1.0))
    return NetworkEstimate(arch, stations)


def service_moments(component: Component) -> tuple[float, float]:
    """Mean (ms of open clock time) and squared coefficient of variation of a visit's service."""
    timed = _timed(component)
    share = component.calendar.open_share if component.calendar is not None else 1.0
    return float(timed.mean_ms) / share, float(getattr(timed, "cv2", 0.0))


def _timed(component: Component) -> Any:
    """What draws a visit's time: the service itself, or what a Delay or Serverless wraps."""
    return getattr(component.service, "service", component.service)


def _station(component: Component, flows: list[tuple[float, float]]) -> StationEstimate:
    mean, cv2 = service_moments(component)
    rate = math.fsum(flow[0] for flow in flows)
    endless = _timed(component) is not component.service or mean == 0.0
    rho = 0.0 if endless else rate * mean / 1000.0 / component.servers
    varies = _merged(flows, rate, rho)
    if endless or rate == 0.0:
        most = getattr(component.service, "max_instances", None)  # full is full: Erlang B holds for any service
        lost = erlang_b(most, rate * mean / 1000.0) if most else 0.0
        return StationEstimate(component.id, rate, varies, cv2, mean, rho, 0.0, 0.0, lost)
    room = component.queue_limit
    if room is not None:
        lossy = mmck(rate, mean, component.servers, room)
        return StationEstimate(component.id, rate, varies, cv2, mean, lossy.utilisation, lossy.waits_share,
                               lossy.mean_wait_ms * (varies + cv2) / 2.0, lossy.lost_share)
    if rho >= 1.0:
        raise EngineError(f"formula, component '{component.id}'", round(rho, 4),
                          "It is asked for more than it can serve, so there is no steady state to compute: add "
                          "servers, or lower the rate.")
    wait = mean_wait_allen_cunneen_ms(rate, mean, component.servers, math.sqrt(varies), math.sqrt(cv2))
    if component.servers == 1 and varies < 1.0:
        wait *= math.exp(-2.0 * (1.0 - rho) * (1.0 - varies) ** 2 / (3.0 * rho * (varies + cv2)))
    return StationEstimate(component.id, rate, varies, cv2, mean, rho,
                           erlang_c(component.servers, rho * component.servers), wait)


def _merged(flows: list[tuple[float, float]], rate: float, rho: float) -> float:
    if rate <= 0.0:
        return 1.0
    shares = [flow[0] / rate for flow in flows]
    mixed = math.fsum(share * flow[1] for share, flow in zip(shares, flows, strict=True))
    alike = 1.0 / math.fsum(share * share for share in shares)
    weight = 1.0 / (1.0 + 4.0 * (1.0 - min(rho, 1.0)) ** 2 * (alike - 1.0))
    return weight * mixed + 1.0 - weight


def _departures(component: Component, one: StationEstimate) -> float:
    if one.utilisation == 0.0:
        return one.cv2_arrivals
    rho2 = min(one.utilisation, 1.0) ** 2
    return 1.0 + (1.0 - rho2) * (one.cv2_arrivals - 1.0) + rho2 * (
        max(one.cv2_service, 0.2) - 1.0) / math.sqrt(component.servers)


def _mean(arch: Architecture, stations: dict[str, StationEstimate]) -> tuple[float, float]:
    """Share of the requests that are served, and their mean time, by walking shares and times forward."""
    share, spent = dict.fromkeys(arch.order, 0.0), dict.fromkeys(arch.order, 0.0)
    share[arch.entry] = 1.0
    served = total = 0.0
    for id in arch.order:
        one = stations[id]
        for link in arch.out(id, "overflow"):
            share[link.dst] += share[id] * one.refused_share
            spent[link.dst] += spent[id] * one.refused_share
        kept = 1.0 - one.refused_share
        mass, time, rest = share[id] * kept, (spent[id] + share[id] * one.mean_sojourn_ms) * kept, 1.0
        for link in arch.out(id, "request"):
            share[link.dst] += mass * link.share
            spent[link.dst] += time * link.share
            rest -= link.share
        if rest > 1e-12:
            served, total = served + rest * mass, total + rest * time
    return served, total / served if served > 0.0 else math.nan


def _sojourn(arch: Architecture, stations: dict[str, StationEstimate]) -> tuple[Floats, float]:
    """Density of the sojourn time on a grid, and the width of a cell, ms."""
    reach = math.fsum(one.mean_service_ms * (1.0 + 14.0 * math.sqrt(one.cv2_service))
                      + 16.0 * (one.mean_wait_ms / one.waits_share if one.waits_share > 0.0 else 0.0)
                      for one in stations.values())
    cell = max(reach, 1e-9) / _CELLS
    edges: Floats = (np.arange(_CELLS, dtype=np.float64) + 0.5) * cell
    here: dict[str, Waves] = {c.id: np.zeros(_CELLS // 2 + 1, np.complex128) for c in arch.components}
    here[arch.entry] += 1.0
    done: Waves = np.zeros(_CELLS // 2 + 1, np.complex128)
    for id in arch.order:
        one, waiting = stations[id], here[id]
        for link in arch.out(id, "overflow"):
            here[link.dst] += one.refused_share * waiting
        component = arch.component(id)
        wait, service = _wait_waves(one, component, edges), _waves(_service_cells(one, component, edges))
        through = (1.0 - one.refused_share) * waiting * wait * service
        rest = 1.0
        for link in arch.out(id, "request"):
            here[link.dst] += link.share * through
            rest -= link.share
        if rest > 1e-12:
            done += rest * through
    return np.maximum(np.fft.irfft(done, _CELLS), 0.0), cell


def _waves(density: Floats) -> Waves:
    return np.asarray(np.fft.rfft(density), np.complex128)


def _cells(below: Floats) -> Floats:
    """Mass of each cell from the share below each cell's upper edge; the tail goes into the last cell."""
    mass = np.diff(below, prepend=0.0)
    mass[-1] += 1.0 - below[-1]
    return np.asarray(mass)


def _wait_waves(one: StationEstimate, component: Component, edges: Floats) -> Waves:
    if one.mean_wait_ms <= 0.0 or one.waits_share <= 0.0:
        return np.ones(_CELLS // 2 + 1, np.complex128)
    room = component.queue_limit
    if room is None or room > _MOST_PLACES:
        return _waves(_cells(1.0 - one.waits_share * np.exp(-edges * one.waits_share / one.mean_wait_ms)))
    # a short queue bounds the wait: the sum over the places in it, stretched to the estimated mean
    shares = places_in_queue(one.arrivals_per_s, one.mean_service_ms, component.servers, room)
    mean = math.fsum((j + 1) * share for j, share in enumerate(shares))
    step = _waves(_cells(1.0 - np.exp(-edges * mean / one.mean_wait_ms)))
    total = np.full(_CELLS // 2 + 1, 1.0 - math.fsum(shares), np.complex128)
    power = step.copy()
    for share in shares:
        total += share * power
        power *= step
    return total


def _service_cells(one: StationEstimate, component: Component, edges: Floats) -> Floats:
    mean, cv2 = one.mean_service_ms, one.cv2_service
    if mean == 0.0 or cv2 == 0.0:
        return _cells((edges >= mean).astype(np.float64))
    if isinstance(_timed(component), Exponential):
        return _cells(1.0 - np.exp(-edges / mean))
    spread = math.sqrt(math.log1p(cv2))
    z = (np.log(edges / mean) + spread * spread / 2.0) / spread
    return _cells(_below_normal(z))


def _below_normal(z: Floats) -> Floats:
    """Share of a standard normal below z, within 1e-7 (Abramowitz & Stegun 26.2.17)."""
    t = 1.0 / (1.0 + 0.2316419 * np.abs(z))
    series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    above = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) * series
    return np.where(z >= 0.0, 1.0 - above, above)

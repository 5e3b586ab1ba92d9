"""Machines and people as few as will do: for one path of components, and for one shift of reviewers.

A partial graded run is an exact bound: its seeds are those of the graded run, and the seeds still to come
cannot be quicker than a path on which nobody waits.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casebook.design import Design
from casebook.design.design import knobs_of
from casebook.design.sketch import demand_of, path_of, people_wait, unqueued
from casebook.design.verdict import TOO_CLOSE
from casebook.engine import simulate
from casebook.engine.graded import GRADED_REQUESTS, GRADED_SEEDS

if TYPE_CHECKING:
    from casebook.design import Conditions
    from casebook.engine import Architecture, Workload

LATTICE = 600  # numbers of machines tried on one path before it is given up


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on a quantile of the latency, in ms; ``allowed_ms`` includes the band in which it counts as met."""

    quantile: float
    limit_ms: float

    @property
    def allowed_ms(self) -> float:
        return self.limit_ms * (1.0 + TOO_CLOSE)


@dataclass(frozen=True)
class Path:
    """A question to a worker: which counts and free knobs let this path meet the limits at the lowest price?

    ``unit_usd`` is the monthly price of one unit of each count knob, ``trials`` the values of the free ones,
    ``lowest`` and ``highest`` the range of each count.
    """

    design: Design
    conditions: Conditions
    limits: tuple[Limit, ...]
    unit_usd: Mapping[str, float]
    trials: tuple[Mapping[str, float], ...]
    lowest: Mapping[str, int]
    highest: Mapping[str, int]


@dataclass(frozen=True)
class Settled:
    """The answer: knobs that will do (None: none will), why not, the floor in ms (nan: not asked), runs taken."""

    knobs: Mapping[str, float] | None
    reason: str
    floor_ms: float
    runs: int


def settle_path(path: Path) -> Settled:
    """Counts in order of price from the fewest that can keep up, each tried by a partial graded run.

    The order is exact because units are priced one by one; a number of machines is skipped only where it is no
    higher in any count than one that has failed (more servers never slow a first-come-first-served path).
    """
    arch, workload = path_of(path.design, path.conditions)
    first = _least(path, path.trials[0])
    # Most paths do with what can just keep up: then nothing else has to be run, not even the floor.
    made = Design(path.design.case_id, path.design.choices, dict(path.design.knobs) | first)
    ok, runs = _meets(made, path, [_Floor((), 0.0) for _ in path.limits])
    if ok:
        return Settled(first, "", math.nan, runs)
    floors, more = _floors(arch, workload, path.limits)
    runs += more
    over = [floor.mean_ms > limit.allowed_ms for floor, limit in zip(floors, path.limits, strict=True)]
    shown = floors[0].mean_ms if floors else 0.0
    if any(over):
        return Settled(None, "floor", shown, runs)
    best: tuple[float, dict[str, float]] | None = None
    for trial in path.trials:
        found, more = _fewest(path, trial, floors, math.inf if best is None else best[0])
        runs += more
        if found is not None and (best is None or found[0] < best[0]):
            best = found
        if best is not None and best[1] == _least(path, trial):
            break
    if best is None:
        return Settled(None, "counts", shown, runs)
    return Settled(best[1], "", shown, runs)


@dataclass(frozen=True, slots=True)
class _Floor:
    """Quantile of the path without queues, seed by seed; ``mean_ms`` may be of the first seeds and zeros (a bound)."""

    each_ms: tuple[float, ...]
    mean_ms: float


def _floors(arch: Architecture, workload: Workload, limits: tuple[Limit, ...]) -> tuple[list[_Floor], int]:
    """Seed by seed, until all are known or the sum alone is above the limit."""
    still = unqueued(arch, workload)
    each: list[list[float]] = [[] for _ in limits]
    runs = 0
    for seed in GRADED_SEEDS:
        if not limits:
            break
        run = simulate(still, workload, GRADED_REQUESTS, seed)
        runs += 1
        for values, limit in zip(each, limits, strict=True):
            values.append(run.quantile_ms(limit.quantile))
        if any(math.fsum(v) / len(GRADED_SEEDS) > limit.allowed_ms for v, limit in zip(each, limits, strict=True)):
            break
    return [_Floor(tuple(values), math.fsum(values) / len(values)) if len(values) == len(GRADED_SEEDS)
            else _Floor(tuple(values), math.fsum(values) / len(GRADED_SEEDS)) for values in each], runs


def _meets(design: Design, path: Path, floors: list[_Floor]) -> tuple[bool, int]:
    """Whether the graded quantiles meet the limits; stops at the first seed after which they cannot."""
    arch, workload = path_of(design, path.conditions)
    if any(share >= 1.0 for share in demand_of(arch, workload).values()):
        return False, 0
    count = len(GRADED_SEEDS)
    sums = [math.fsum(floor.each_ms) for floor in floors]
    runs = 0
    for number, seed in enumerate(GRADED_SEEDS):
        if not path.limits:
            break
        run = simulate(arch, workload, GRADED_REQUESTS, seed)
        runs += 1
        for i, limit in enumerate(path.limits):
            sums[i] += run.quantile_ms(limit.quantile) - (floors[i].each_ms[number] if floors[i].each_ms else 0.0)
            if sums[i] / count > limit.allowed_ms * (1.0 + 1e-4):  # graded figures are rounded to four digits
                return False, runs
    return True, runs


def _least(path: Path, trial: Mapping[str, float]) -> dict[str, float]:
    """The fewest units of each count that can keep up with the arrivals."""
    found: dict[str, float] = {name: float(low) for name, low in path.lowest.items()}
    knobs = dict(path.design.knobs) | dict(trial)
    for name, low in path.lowest.items():
        first, last = low, path.highest[name]
        stations = _stations(path.design, name)

        def keeps_up(count: int, name: str = name, stations: tuple[str, ...] = stations) -> bool:
            # A station that cannot keep up hides what lies behind it, so all the others get their most.
            full = {other: float(high) for other, high in path.highest.items()}
            design = Design(path.design.case_id, path.design.choices, knobs | full | {name: float(count)})
            demand = demand_of(*path_of(design, path.conditions))
            return all(demand.get(station, 0.0) < 1.0 for station in stations)

        while first < last:
            middle = (first + last) // 2
            first, last = (first, middle) if keeps_up(middle) else (middle + 1, last)
        found[name] = float(first)
    return found | {name: float(value) for name, value in trial.items()}


def _stations(design: Design, knob: str) -> tuple[str, ...]:
    return tuple(slot for slot in design.components if design.option(slot).capacity.per == knob)


def _fewest(
    path: Path, trial: Mapping[str, float], floors: list[_Floor], below_usd: float
) -> tuple[tuple[float, dict[str, float]] | None, int]:
    """Counts in order of price; ``below_usd`` is a price that another trial has reached already."""
    start = _least(path, trial)
    names = sorted(path.lowest)
    most = {name: float(path.highest[name]) for name in names}
    runs = 0

    def design(counts: Mapping[str, float]) -> Design:
        return Design(path.design.case_id, path.design.choices, dict(path.design.knobs) | start | dict(counts))

    def price(counts: tuple[float, ...]) -> float:
        return math.fsum(path.unit_usd.get(name, 0.0) * count for name, count in zip(names, counts, strict=True))

    first = tuple(start[name] for name in names)
    if price(first) >= below_usd:
        return None, runs
    ok, more = _meets(design({}), path, floors)
    runs += more
    if ok:
        return (price(first), start), runs
    ok, more = _meets(design(most), path, floors)
    runs += more
    if not names or not ok:
        return None, runs
    lows = {name: _alone(path, design, name, start, most, floors) for name in names}
    runs += sum(count for _, count in lows.values())
    first = tuple(lows[name][0] for name in names)
    heap = [(price(first), first)]
    seen: set[tuple[float, ...]] = {first}
    failed: list[tuple[float, ...]] = []
    while heap and len(seen) <= LATTICE:
        usd, counts = heapq.heappop(heap)
        if usd >= below_usd:
            return None, runs
        ok = not any(all(c <= f for c, f in zip(counts, bad, strict=True)) for bad in failed)
        if ok:
            ok, more = _meets(design(dict(zip(names, counts, strict=True))), path, floors)
            runs += more
        if ok:
            return (usd, start | dict(zip(names, counts, strict=True))), runs
        failed.append(counts)
        for i, name in enumerate(names):
            if counts[i] < path.highest[name]:
                higher = (*counts[:i], counts[i] + 1.0, *counts[i + 1 :])
                if higher not in seen:
                    seen.add(higher)
                    heapq.heappush(heap, (price(higher), higher))
    return None, runs


def _alone(
    path: Path, design: Callable[[Mapping[str, float]], Design], name: str, start: Mapping[str, float],
    most: Mapping[str, float], floors: list[_Floor],
) -> tuple[float, int]:
    """The fewest of one count that will do while every other count is at its most: a lower bound for it."""
    low, high = int(start[name]), int(most[name])
    runs, step, last_bad = 0, 1, low - 1
    # Upward in growing steps first: the answer is nearly always close to what can just keep up.
    while low < high:
        ok, more = _meets(design(dict(most) | {name: float(low)}), path, floors)
        runs += more
        if ok:
            high = low
            break
        last_bad = low
        low, step = min(high, low + step), step * 2
    while high - last_bad > 1:
        middle = (high + last_bad) // 2
        ok, more = _meets(design(dict(most) | {name: float(middle)}), path, floors)
        runs += more
        last_bad, high = (last_bad, middle) if ok else (middle, high)
    return float(high), runs


@dataclass(frozen=True)
class Shift:
    """A question to a worker: the cheapest shift (people × hours) that answers within the limit (hours)."""

    design: Design
    conditions: Conditions
    slot: str
    limit_hours: float
    hours: tuple[float, ...]


def settle_shift(shift: Shift) -> Mapping[str, float] | None:
    """People and hours with the smallest product whose wait is within the limit; None where none is.

    For each length of the shift, people are counted up from the first number that can keep up, by halving: one
    more person never makes anybody wait longer.
    """
    option = shift.design.option(shift.slot)
    if option.staffing is None:
        wait, _ = people_wait(shift.design, shift.conditions)
        return {} if wait <= shift.limit_hours * (1.0 + 1e-12) else None
    people, hours = option.staffing.people, option.staffing.hours
    known = knobs_of(shift.design.data, shift.design.choices)[people]
    best: tuple[float, float, dict[str, float]] | None = None
    for length in sorted(shift.hours, reverse=True):

        def good(count: int, length: float = length) -> bool:
            knobs = dict(shift.design.knobs) | {people: float(count), hours: length}
            made = Design(shift.design.case_id, shift.design.choices, knobs)
            wait, busy = people_wait(made, shift.conditions)
            return busy < 1.0 and wait <= shift.limit_hours * (1.0 + 1e-12)

        low, high = int(known.min), int(known.max)
        if best is not None:
            high = min(high, math.ceil(best[0] / length) - 1)  # more than that costs no less
        if high < low or not good(high):
            continue
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if good(middle) else (middle + 1, high)
        if best is None or low * length < best[0]:
            best = (low * length, length, {people: float(low), hours: length})
    return None if best is None else best[2]

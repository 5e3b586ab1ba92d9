"""Availability from parts: in series all must be up, in parallel one (or k of n); and of a whole architecture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import product

from casebook.engine.architecture import Architecture
from casebook.engine.errors import EngineError, number, whole

MONTH_HOURS = 730.0
_MOST_UNITS = 16  # 65,536 combinations of what may be down


def from_times(mean_up_s: float, mean_down_s: float) -> float:
    """Long-run share of time up of a part that fails and is mended: up / (up + down) (renewal reward theorem)."""
    up = number("availability", "mean_up_s", mean_up_s, above=0.0)
    return up / (up + number("availability", "mean_down_s", mean_down_s, at_least=0.0))


def in_series(parts: Iterable[float]) -> float:
    """All of the independent ``parts`` are up: the product of their availabilities; 1 of none."""
    return math.prod(_share(one) for one in parts)


def in_parallel(parts: Iterable[float]) -> float:
    """At least one of the independent ``parts`` is up: 1 − the product of what each lacks."""
    given = [_share(one) for one in parts]
    if not given:
        raise EngineError("availability, parts", [], "Give at least one part.")
    return 1.0 - math.prod(1.0 - one for one in given)


def k_of_n(needed: int, parts: int, each: float) -> float:
    """At least ``needed`` of ``parts`` alike, independent parts are up (binomial)."""
    n = whole("availability", "parts", parts, at_least=1, at_most=10_000)
    k = whole("availability", "needed", needed, at_least=0, at_most=n)
    a = _share(each)
    return math.fsum(math.comb(n, j) * a**j * (1.0 - a) ** (n - j) for j in range(k, n + 1))


def down_minutes_a_month(availability: float) -> float:
    """Minutes a month (730 h) that a part of this availability is down."""
    return (1.0 - _share(availability)) * MONTH_HOURS * 60.0


def path_availability(arch: Architecture) -> float:
    """Share of the requests that meet no station which is down and has nobody to hand them to.

    Stations fail by their ``Breakdowns``; those of one region together, all others independently. A request needs
    every station on its way: a station that refuses while down and has an overflow link hands on to that route
    instead. Splits count by their shares, a fan-out needs all its branches, asynchronous copies nothing. Summed over
    every combination of what is up and down, so shared regions and shared stations are exact. Left out: refusals
    because a queue is full, and what a time down leaves behind when it is over.
    """
    names = {c.id: (c.outages.unit and f"region {c.outages.unit}") or c.id
             for c in arch.components if c.outages is not None and c.outages.availability < 1.0}
    shares: dict[str, float] = {}
    for id, name in names.items():
        outages = arch.component(id).outages
        assert outages is not None
        if shares.setdefault(name, outages.availability) != outages.availability:
            raise EngineError(f"component '{id}', outages, region", name,
                              "Its stations have different mean times: a region goes down as a whole, so give all the "
                              "same.")
    if len(shares) > _MOST_UNITS:
        raise EngineError("availability, parts that fail", len(shares),
                          f"At most {_MOST_UNITS} can be combined: put stations that fail together into one region.")
    total = 0.0
    for state in product((True, False), repeat=len(shares)):
        up = dict(zip(shares, state, strict=True))
        weight = math.prod(shares[name] if up[name] else 1.0 - shares[name] for name in shares)
        total += weight * _served(arch, {id: up[name] for id, name in names.items()})
    return total


def _served(arch: Architecture, up: Mapping[str, bool]) -> float:
    """Share of the requests that come through unharmed when ``up`` says which stations are up."""
    def through(id: str, until: str | None) -> float:
        """From the arrival at ``id`` to the end, or to the arrival at ``until``."""
        if id == until:
            return 1.0
        if not up.get(id, True):
            outages, away = arch.component(id).outages, arch.out(id, "overflow")
            if outages is None or outages.new_visits == "wait" or not away:
                return 0.0
            return through(away[0].dst, until)
        branches = arch.out(id, "fanout")
        if branches:
            join = next(c.id for c in arch.components if c.joins == id)
            # given what is up, the branches draw their ways independently
            return math.prod(through(link.dst, join) for link in branches) * through(join, until)
        links = arch.out(id, "request")
        return 1.0 - sum(link.share for link in links) + sum(link.share * through(link.dst, until) for link in links)

    return through(arch.entry, None)


def _share(value: float) -> float:
    return number("availability", "part", value, at_least=0.0, at_most=1.0)

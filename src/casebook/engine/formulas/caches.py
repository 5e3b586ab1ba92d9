"""Caches: which share of requests finds its answer there, by size (LRU) or by age (TTL), for any popularity.

The share goes into the engine as a route: of what leaves the cache, 1 − hit share takes the link to what lies behind.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from casebook.engine.errors import EngineError, number, whole

Floats = npt.NDArray[np.float64]


def zipf(items: int, exponent: float) -> Floats:
    """Popularity of ``items`` items, shape (items,), adding up to 1: the k-th is asked for in proportion to
    k^(−``exponent``). 0 is all alike; web pages and questions are often found between 0.6 and 1.1."""
    count = whole("zipf", "items", items, at_least=1, at_most=20_000_000)
    number("zipf", "exponent", exponent, at_least=0.0, at_most=10.0)
    weights = np.arange(1, count + 1, dtype=np.float64) ** -float(exponent)
    return np.asarray(weights / weights.sum())


def hit_share_lru(popularity: Any, capacity: int) -> float:
    """Share of requests found in a cache that holds the ``capacity`` items asked for last (LRU).

    Che's approximation (Che, Tung & Wang 2002): an item is there if it was asked for within the time T that the
    cache takes to turn over, with T from Σ(1 − e^(−pᵢT)) = capacity. ``popularity``: each item's share of the
    requests, any positive numbers, shape (items,). Valid for independent requests and items of one size, from
    some tens of places; left out: popularity that changes, requests that follow each other, the time to fill.
    """
    p = _popularity(popularity)
    places = whole("hit_share_lru", "capacity", capacity, at_least=0)
    if places == 0:
        return 0.0
    if places >= len(p):
        return 1.0
    low, high = 0.0, float(places)  # in units of requests; the cache is never full before that many
    while float(-np.expm1(-p * high).sum()) < places:
        low, high = high, 2.0 * high
    for _ in range(100):
        middle = (low + high) / 2.0
        if float(-np.expm1(-p * middle).sum()) < places:
            low = middle
        else:
            high = middle
    return float(-(p * np.expm1(-p * high)).sum())


def hit_share_ttl(popularity: Any, rate_per_s: float, ttl_s: float, *, renewed: bool = False) -> float:
    """Share of requests found in a cache without a limit of size that keeps each answer ``ttl_s`` seconds.

    An item asked for λᵢ times a second is found λᵢT out of 1 + λᵢT times, because one miss fills it for T
    (renewal argument; Jung, Berger & Balakrishnan 2003); where every hit starts the time anew (``renewed``),
    with chance 1 − e^(−λᵢT). Exact for Poisson requests; left out: the time that the fill itself takes.
    """
    rate = number("hit_share_ttl", "rate_per_s", rate_per_s, above=0.0)
    kept = number("hit_share_ttl", "ttl_s", ttl_s, at_least=0.0)
    p = _popularity(popularity)
    asked = p * (rate * kept)
    return float((p * (-np.expm1(-asked) if renewed else asked / (1.0 + asked))).sum())


def _popularity(popularity: Any) -> Floats:
    p = np.asarray(popularity, np.float64)
    if p.ndim != 1 or not len(p) or not np.isfinite(p).all() or (p < 0.0).any() or not p.sum() > 0.0:
        raise EngineError("cache, popularity", popularity if p.size <= 5 else f"{p.size} numbers",
                          "Give each item's share of the requests: a row of numbers of 0 or more, for example "
                          "zipf(10_000, 0.9).")
    return np.asarray(p / math.fsum(p))

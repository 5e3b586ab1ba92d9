"""Quantiles of a simulated run and how far to trust them, given that neighbours in a queue are alike."""

from __future__ import annotations

import math

import numpy as np

from casebook.engine.errors import EngineError, number
from casebook.engine.inversion import Floats

_BATCHES = 16
# Student's t, 97.5 % point, by degrees of freedom
_T975 = {2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 8: 2.3060, 9: 2.2622,
         10: 2.2281, 11: 2.2010, 12: 2.1788, 13: 2.1604, 14: 2.1448, 15: 2.1314}


def check_quantile(q: float) -> float:
    """Return ``q`` when it lies strictly between 0 and 1."""
    value = number("quantile", "q", q, above=0.0)
    if value >= 1.0:
        raise EngineError("quantile, q", q, "Give a part of 1 such as 0.99 for p99.")
    return value


def quantile(values: Floats, q: float) -> float:
    """The ⌈q·n⌉-th smallest of ``values``: at least a share q of them is no larger. nan when empty."""
    n = len(values)
    if n == 0:
        return math.nan
    rank = min(n, max(1, math.ceil(check_quantile(q) * n - 1e-9))) - 1
    return float(np.partition(values, rank)[rank])


def quantile_band(values: Floats, q: float) -> tuple[float, float]:
    """A 95 % band for the long-run quantile, from one run's ``values`` in arrival order.

    Sectioning: the run is cut into 16 successive parts (fewer when a part would hold under 10 values beyond
    the quantile, never under 3); the parts' quantiles scatter around the whole run's by what the queue's
    memory allows, and half the width is t × their root mean square distance / √parts. Never narrower than
    the order statistics of independent values would give. (Asmussen & Glynn 2007, III.4–5.)
    nan where the run is too short to say anything.
    """
    n = len(values)
    middle = quantile(values, q)
    beyond = n * min(q, 1.0 - q)
    parts = min(_BATCHES, int(beyond / 10.0))
    if parts < 3:
        return math.nan, math.nan
    size = n // parts
    distances = [quantile(values[k * size : (k + 1) * size], q) - middle for k in range(parts)]
    spread = math.sqrt(math.fsum(d * d for d in distances) / (parts - 1))
    half = _T975[parts - 1] * spread / math.sqrt(parts)
    ranks = 1.96 * math.sqrt(n * q * (1.0 - q))
    low_rank = min(n - 1, max(0, math.floor(q * n - ranks)))
    high_rank = min(n - 1, max(0, math.ceil(q * n + ranks)))
    ordered = np.partition(values, (low_rank, high_rank))
    low = min(middle - half, float(ordered[low_rank]))
    high = max(middle + half, float(ordered[high_rank]))
    return max(low, float(values.min())), high


def four_digits(value: float) -> float:
    """Round to four significant digits: what graded numbers are compared at."""
    return float(f"{value:.4g}")

"""Quantiles of a simulated run and how far to trust them, given that neighbours in a queue are alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import final

import numpy as np

from casebook.engine.backend import backend
from casebook.engine.errors import EngineError, number
from casebook.engine.inversion import Floats
from casebook.engine.kernels.ranks import fill, gather

_BATCHES = 16
_BUCKETS = 4096
_SHORT = 4096  # below this a partition costs no more than the calls
# Student's t, 97.5 % point, by degrees of freedom
_T975 = {2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 8: 2.3060, 9: 2.2622,
         10: 2.2281, 11: 2.2010, 12: 2.1788, 13: 2.1604, 14: 2.1448, 15: 2.1314}


def check_quantile(q: float) -> float:
    """Return ``q`` when it lies strictly between 0 and 1."""
    value = number("quantile", "q", q, above=0.0)
    if value >= 1.0:
        raise EngineError("quantile, q", q, "Give a part of 1 such as 0.99 for p99.")
    return value


def rank_of(n: int, q: float) -> int:
    """Index of the q-quantile among ``n`` sorted values: the ⌈q·n⌉-th smallest, counted from 0."""
    return min(n, max(1, math.ceil(check_quantile(q) * n - 1e-9))) - 1


def quantile(values: Floats, q: float) -> float:
    """The ⌈q·n⌉-th smallest of ``values``: at least a share q of them is no larger. nan when empty."""
    if not len(values):
        return math.nan
    return order_statistics(values, (rank_of(len(values), q),))[0]


def order_statistics(values: Floats, ranks: Sequence[int]) -> list[float]:
    """The values that would stand at ``ranks`` (from 0) if ``values`` were sorted; exact, and linear in their number.

    Long rows of times are not even partitioned: a pass counts them into buckets by their bits, another takes out the
    few buckets asked for (ten times faster than `numpy.partition` for the ranks of a graded table).
    """
    if len(values) < _SHORT or backend() == "python" or values.dtype != np.float64:
        parted = np.partition(values, ranks)
        return [float(parted[rank]) for rank in ranks]
    whole = np.ascontiguousarray(values)
    bits = whole.view(np.int64)
    count = np.zeros(_BUCKETS + 1, dtype=np.int64)
    low, shift = fill(bits, _BUCKETS, count)
    if low < 0:  # something negative: its bits do not stand in order
        parted = np.partition(values, ranks)
        return [float(parted[rank]) for rank in ranks]
    ends = np.cumsum(count)
    asked = np.searchsorted(ends, np.asarray(ranks), side="right")
    place = np.full(_BUCKETS + 1, -1, dtype=np.int64)
    starts: dict[int, int] = {}
    total = 0
    for bucket in sorted({int(bucket) for bucket in asked}):
        starts[bucket] = place[bucket] = total
        total += int(count[bucket])
    taken = np.empty(total)
    gather(bits, whole, low, shift, place, taken)
    for bucket, start in starts.items():
        taken[start : start + int(count[bucket])].sort()
    before = ends - count
    return [
        float(taken[starts[int(bucket)] + rank - int(before[bucket])])
        for rank, bucket in zip(ranks, asked, strict=True)
    ]


@final
class Ordered:
    """The values of a run, shape (n,), sorted once: after that a quantile or a band is a look-up.

    The run is sorted part by part, which the bands need, and the sorted parts are merged, which the quantiles need.
    """

    __slots__ = ("_parts", "_values", "_whole")

    def __init__(self, values: Floats) -> None:
        self._values = values
        size = len(values) // _BATCHES
        self._parts = values.copy()
        self._parts[: size * _BATCHES].reshape(_BATCHES, size).sort(axis=1)
        # timsort: what is sorted already is only merged
        self._whole = np.sort(self._parts, kind="stable")

    @property
    def values(self) -> Floats:
        """All values, the smallest first; not to be written to."""
        return self._whole

    def quantile(self, q: float) -> float:
        """As ``quantile(values, q)``."""
        return float(self._whole[rank_of(len(self._whole), q)]) if len(self._whole) else math.nan

    def band(self, q: float) -> tuple[float, float]:
        """As ``quantile_band(values, q)``."""
        n, middle = len(self._whole), self.quantile(q)
        beyond = n * min(q, 1.0 - q)
        parts = min(_BATCHES, int(beyond / 10.0))
        if parts < 3:
            return math.nan, math.nan
        distances = [value - middle for value in self._of_parts(parts, q)]
        spread = math.sqrt(math.fsum(d * d for d in distances) / (parts - 1))
        half = _T975[parts - 1] * spread / math.sqrt(parts)
        ranks = 1.96 * math.sqrt(n * q * (1.0 - q))
        low_rank = min(n - 1, max(0, math.floor(q * n - ranks)))
        high_rank = min(n - 1, max(0, math.ceil(q * n + ranks)))
        low = min(middle - half, float(self._whole[low_rank]))
        high = max(middle + half, float(self._whole[high_rank]))
        return max(low, float(self._whole[0])), high

    def _of_parts(self, parts: int, q: float) -> list[float]:
        size = len(self._whole) // parts
        if parts != _BATCHES:
            return [quantile(self._values[k * size : (k + 1) * size], q) for k in range(parts)]
        rank = rank_of(size, q)
        return [float(self._parts[k * size + rank]) for k in range(parts)]


def quantile_band(values: Floats, q: float) -> tuple[float, float]:
    """A 95 % band for the long-run quantile, from one run's ``values`` in arrival order.

    Sectioning: the run is cut into 16 successive parts (fewer when a part would hold under 10 values beyond
    the quantile, never under 3); the parts' quantiles scatter around the whole run's by what the queue's
    memory allows, and half the width is t × their root mean square distance / √parts. Never narrower than
    the order statistics of independent values would give. (Asmussen & Glynn 2007, III.4–5.)
    nan where the run is too short to say anything.
    """
    return Ordered(values).band(q)


def four_digits(value: float) -> float:
    """Round to four significant digits: what graded numbers are compared at."""
    return float(f"{value:.4g}")

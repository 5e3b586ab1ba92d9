"""Finding single places of a sorted row without sorting it: sort into buckets by the bits, then look into a few.

The bits of a number that is not negative, read as an integer, stand in the order of the numbers.
"""

from __future__ import annotations

from typing import Any

from casebook.engine.backend import kernel


@kernel(2)
def fill(bits: Any, most: int, count: Any) -> tuple[int, int]:
    """Count the values in ``most`` buckets of equal width in bits; returns the smallest bits and the width as a shift.

    ``count``: zeros, at least ``most`` + 1 of them. Where the smallest is negative nothing is counted: the width of
    such a range may not fit its type, and those bits do not stand in order.
    """
    low = bits[0]
    high = bits[0]
    for k in range(len(bits)):
        low = min(low, bits[k])
        high = max(high, bits[k])
    shift = 0
    if low < 0:
        return low, shift
    while (high - low) >> shift >= most:
        shift += 1
    for k in range(len(bits)):
        count[(bits[k] - low) >> shift] += 1
    return low, shift


@kernel(5)
def gather(bits: Any, values: Any, low: int, shift: int, place: Any, out: Any) -> None:
    """Put the values of each bucket with a ``place`` (≥ 0: where it begins in ``out``) there, in their order."""
    for k in range(len(bits)):
        at = (bits[k] - low) >> shift
        if place[at] >= 0:
            out[place[at]] = values[k]
            place[at] += 1

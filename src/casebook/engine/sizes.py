"""How large requests are (tokens, pixels, kilobytes): one size, a lognormal spread, or what was recorded."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from casebook.engine.errors import EngineError, number
from casebook.engine.inversion import Floats
from casebook.engine.streams import Key, lognormal_stream, uniform_stream


@dataclass(frozen=True, slots=True)
class FixedSize:
    """Every request has ``size``."""

    size: float

    def __post_init__(self) -> None:
        number("FixedSize", "size", self.size, above=0.0)

    @property
    def mean(self) -> float:
        """Mean size."""
        return float(self.size)

    def draw(self, seed: int, key: Key, count: int) -> Floats:
        """``count`` sizes, shape (count,)."""
        return np.full(count, float(self.size))


@dataclass(frozen=True, slots=True)
class LognormalSize:
    """Sizes are lognormal with mean ``mean`` and coefficient of variation ``cv`` (sd / mean)."""

    mean: float
    cv: float

    def __post_init__(self) -> None:
        number("LognormalSize", "mean", self.mean, above=0.0)
        number("LognormalSize", "cv", self.cv, at_least=0.0, at_most=20.0)

    def draw(self, seed: int, key: Key, count: int) -> Floats:
        """``count`` sizes, shape (count,)."""
        unit = lognormal_stream(seed, key, count, float(self.cv)) if self.cv > 0 else np.ones(count)
        return np.asarray(unit * float(self.mean))


@dataclass(frozen=True, slots=True, init=False)
class RecordedSize:
    """Each size is one of ``values``, drawn with equal chance and put back: the empirical distribution."""

    values: tuple[float, ...]

    def __init__(self, values: Iterable[float]) -> None:
        listed = tuple(values)
        if not listed:
            raise EngineError("RecordedSize, values", [], "Give at least one recorded size.")
        kept = tuple(number("RecordedSize", f"value {place} (counted from 1)", one, above=0.0)
                     for place, one in enumerate(listed, 1))
        object.__setattr__(self, "values", kept)

    def __repr__(self) -> str:
        return f"RecordedSize({len(self.values)} values, mean {self.mean:.4g})"

    @property
    def mean(self) -> float:
        """Mean of what was recorded."""
        return math.fsum(self.values) / len(self.values)

    def draw(self, seed: int, key: Key, count: int) -> Floats:
        """``count`` sizes, shape (count,)."""
        place = (uniform_stream(seed, key, count) * len(self.values)).astype(np.int64)
        return np.asarray(np.array(self.values)[np.minimum(place, len(self.values) - 1)])


Sizes = FixedSize | LognormalSize | RecordedSize


@dataclass(frozen=True, slots=True)
class BySize:
    """Tokens in proportion to the request's own size in the workload; ``mean`` of them for one of mean size."""

    mean: float

    def __post_init__(self) -> None:
        number("BySize", "mean", self.mean, above=0.0)


Tokens = float | Sizes | BySize


def as_tokens(place: str, name: str, value: Any) -> Sizes | BySize:
    """The distribution that ``value`` stands for; a plain number is that many tokens for everybody."""
    if isinstance(value, (FixedSize, LognormalSize, RecordedSize, BySize)):
        return value
    return FixedSize(number(place, name, value, above=0.0))


def draw_tokens(source: Sizes | BySize, seed: int, key: Key, count: int, relative: Floats | None) -> Floats:
    """Tokens before rounding, shape (count,). ``relative`` is each request's size over the mean size (None: all
    are alike), used by BySize alone."""
    if not isinstance(source, BySize):
        return source.draw(seed, key, count)
    return np.full(count, float(source.mean)) if relative is None else np.asarray(relative * float(source.mean))


def whole_tokens(drawn: Floats) -> Floats:
    """Whole numbers of tokens, 1 or more; halves are rounded up."""
    return np.maximum(np.floor(drawn + 0.5), 1.0)

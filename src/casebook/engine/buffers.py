"""Arrays of a run out of memory that an earlier run has warmed, once nobody holds an array of that run any more.

Fresh pages cost more than queues, and two threads that ask for them wait for each other.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, final

import numpy as np

_ALIGN = 64
_MOST_KEPT = 6
_MOST_BYTES = 256 * 2**20  # of all blocks that are kept together

_kept: list[Arena] = []
_lock = threading.Lock()
_here = threading.local()


@final
class Arena:
    """One block of memory, handed out from the front; what does not fit is fresh, and the block grows next time."""

    __slots__ = ("block", "taken", "wanted")

    def __init__(self) -> None:
        self.block = np.empty(0, np.uint8)
        self.taken = 0
        self.wanted = 0

    def empty(self, count: int, dtype: Any) -> Any:
        """An array of ``count`` elements with whatever stands there; it keeps the block alive as long as it lives."""
        size = -(-count * np.dtype(dtype).itemsize // _ALIGN) * _ALIGN
        self.wanted += size
        if self.taken + size > len(self.block):
            return np.empty(count, dtype)
        start, self.taken = self.taken, self.taken + size
        return np.ndarray((count,), dtype, self.block, start)

    @property
    def references(self) -> int:
        """References to the block: arrays and their views hold one each, beside our own."""
        return sys.getrefcount(self.block)

    def reset(self) -> None:
        """Begin at the front again, with room for what the last run wanted."""
        if self.wanted > len(self.block):
            self.block = np.empty(self.wanted + self.wanted // 16 + _ALIGN, np.uint8)
        self.taken = self.wanted = 0


_OURS = Arena().references


def empty(count: int, dtype: Any = np.float64) -> Any:
    """``np.empty``, out of warm memory where the caller is inside ``warm()``."""
    arena: Arena | None = getattr(_here, "arena", None)
    return np.empty(count, dtype) if arena is None else arena.empty(count, dtype)


@contextmanager
def warm(about_bytes: int) -> Iterator[None]:
    """Inside this block ``empty`` hands out warm memory, if there is a block for a run of ``about_bytes``.

    A block is handed out again only when every array of it is gone, so a Run and what was taken from it stay as
    they are for as long as anybody holds them. One more than twice too large is left for a larger run.
    """
    before, arena = getattr(_here, "arena", None), _take(about_bytes)
    _here.arena = arena
    try:
        yield
    finally:
        _here.arena = before
        with _lock:
            _kept.append(arena)
            while len(_kept) > _MOST_KEPT or sum(max(len(one.block), one.wanted) for one in _kept) > _MOST_BYTES:
                _kept.pop(0)


def _take(about_bytes: int) -> Arena:
    with _lock:
        for k in range(len(_kept) - 1, -1, -1):
            if len(_kept[k].block) <= 2 * about_bytes and _kept[k].references == _OURS:
                arena = _kept.pop(k)
                arena.reset()
                return arena
    return Arena()

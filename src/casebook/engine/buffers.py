"""Arrays of a run that nobody keeps: taken from memory that the run before has warmed.

Fresh pages cost more than queues, and two threads that ask for them wait for each other.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, final

import numpy as np

_ALIGN = 64
_MOST_KEPT = 8
_LARGEST_KEPT = 128 * 2**20  # a larger one is given back to the system

_idle: list[Arena] = []
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
        """An array of ``count`` elements with whatever stands there."""
        size = -(-count * np.dtype(dtype).itemsize // _ALIGN) * _ALIGN
        self.wanted += size
        if self.taken + size > len(self.block):
            return np.empty(count, dtype)
        start, self.taken = self.taken, self.taken + size
        return np.ndarray((count,), dtype, self.block, start)

    def reset(self) -> None:
        """Take everything back; who still holds an array of it will see it overwritten."""
        if self.wanted > len(self.block):
            self.block = np.empty(self.wanted + self.wanted // 16 + _ALIGN, np.uint8)
        self.taken = self.wanted = 0


def empty(count: int, dtype: Any = np.float64) -> Any:
    """``np.empty``, out of the warm memory where the caller is inside ``reused()``."""
    arena: Arena | None = getattr(_here, "arena", None)
    return np.empty(count, dtype) if arena is None else arena.empty(count, dtype)


@contextmanager
def reused() -> Iterator[None]:
    """Inside this block arrays of runs come from memory that is used again afterwards: copy what is to stay.

    One arena a thread at a time; a block inside a block is part of the outer one.
    """
    if getattr(_here, "arena", None) is not None:
        yield
        return
    with _lock:
        arena = _idle.pop() if _idle else Arena()
    _here.arena = arena
    try:
        yield
    finally:
        _here.arena = None
        arena.reset()
        with _lock:
            if len(_idle) < _MOST_KEPT and len(arena.block) <= _LARGEST_KEPT:
                _idle.append(arena)

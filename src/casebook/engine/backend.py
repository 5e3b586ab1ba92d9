"""Kernels written once as plain Python: compiled by numba where it is there, run as they are where not.

Both ways give the same bits, because a kernel uses only + − × ÷ √, comparisons and table look-ups.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any, final

import numpy as np

_lock = threading.RLock()
_forced: str | None = None
_found: str | None = None


def backend() -> str:
    """Return ``"numba"`` or ``"python"``: what the next kernel call will use.

    ``CASEBOOK_ENGINE=python`` in the environment, or a machine without numba, gives ``"python"``.
    """
    global _found
    if _forced is not None:
        return _forced
    if _found is None:
        wanted = os.environ.get("CASEBOOK_ENGINE", "numba").strip().lower()
        there = wanted != "python" and importlib.util.find_spec("numba") is not None
        _found = "numba" if there else "python"
    return _found


@contextmanager
def using(name: str) -> Iterator[None]:
    """Use the kernels of ``name`` ("numba" or "python") inside a ``with`` block; for tests and benchmarks."""
    global _forced
    if name not in ("numba", "python"):
        raise ValueError(f"no backend {name!r}: use 'numba' or 'python'")
    before, _forced = _forced, name
    try:
        yield
    finally:
        _forced = before


def _compile(source: FunctionType, helpers: tuple[FunctionType, ...]) -> Callable[..., Any]:
    """Compile ``source`` (its helpers first): no fast maths, no parallel sums, interpreter lock released."""
    import numba

    names: dict[str, Any] = dict(source.__globals__)
    for number, helper in enumerate(helpers):
        names[helper.__name__] = _compile(helper, helpers[:number])
    rebound = FunctionType(source.__code__, names, source.__name__, source.__defaults__)
    rebound.__module__, rebound.__qualname__ = source.__module__, source.__qualname__
    options = {"nogil": True, "fastmath": False, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **options)(rebound)  # type: ignore[no-any-return]
    except RuntimeError:  # nowhere to keep a cache: compile anew in every process
        return numba.njit(**options)(rebound)  # type: ignore[no-any-return]


@final
class Kernel:
    """One numerical loop over arrays, callable under either backend.

    ``writes`` are the positions of the arguments that the loop fills; plain Python works on lists, which
    are several times faster to index than arrays, and copies those back. ``helpers`` are the functions of
    the same file that the loop calls, each after those that it calls itself.
    """

    __slots__ = ("_fast", "helpers", "source", "writes")

    def __init__(self, source: FunctionType, writes: tuple[int, ...],
                 helpers: tuple[FunctionType, ...] = ()) -> None:
        self.source = source
        self.writes = writes
        self.helpers = helpers
        self._fast: Callable[..., Any] | None = None

    def __call__(self, *args: Any) -> Any:
        if backend() == "numba":
            return self.fast()(*args)
        plain = [item.tolist() if isinstance(item, np.ndarray) else item for item in args]
        result = self.source(*plain)
        for position in self.writes:
            args[position][...] = plain[position]
        return result

    def fast(self) -> Callable[..., Any]:
        """Return the compiled loop, compiling it the first time."""
        if self._fast is None:
            with _lock:
                if self._fast is None:
                    self._fast = _compile(self.source, self.helpers)
        return self._fast


def kernel(*writes: int, helpers: tuple[Any, ...] = ()) -> Callable[[Any], Kernel]:
    """Mark a function as a kernel that fills its arguments number ``writes``."""

    def mark(source: Any) -> Kernel:
        return Kernel(source, writes, helpers)

    return mark

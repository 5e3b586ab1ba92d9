"""Random streams, one for each purpose of each component, kept in a bounded cache.

A stream's numbers depend on its key and the seed alone, and a longer stream begins with the shorter one.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np

from casebook.engine import inversion
from casebook.engine.inversion import Floats, Words

Key = tuple[str, ...]

_cache: OrderedDict[tuple[object, ...], Floats] = OrderedDict()
_lock = threading.Lock()
_limit_bytes = 512 * 2**20
_held_bytes = 0


def raw_words(seed: int, key: Key, count: int) -> Words:
    """Draw ``count`` raw 64-bit words of SFC64, seeded by a hash of ``seed`` and ``key`` (not by position)."""
    text = "\x1f".join((str(seed), *key)).encode()
    digest = hashlib.blake2b(text, digest_size=32).digest()
    words = np.frombuffer(digest, dtype="<u4").astype(np.uint32)
    return np.asarray(np.random.SFC64(np.random.SeedSequence(words.tolist())).random_raw(count))


def _stream(kind: str, seed: int, key: Key, count: int, parameter: float, draw: Callable[[], Floats]) -> Floats:
    """Return the cached stream if it is long enough, else draw it; the least recently used one goes first."""
    global _held_bytes
    name = (kind, seed, key, parameter)
    with _lock:
        held = _cache.get(name)
        if held is not None and len(held) >= count:
            _cache.move_to_end(name)
            return held[:count]
    drawn = draw()
    drawn.flags.writeable = False
    with _lock:
        old = _cache.pop(name, None)
        _held_bytes += drawn.nbytes - (old.nbytes if old is not None else 0)
        _cache[name] = drawn
        while _held_bytes > _limit_bytes and len(_cache) > 1:
            _held_bytes -= _cache.popitem(last=False)[1].nbytes
    return drawn


def uniform_stream(seed: int, key: Key, count: int) -> Floats:
    """``count`` numbers in [0, 1) of the stream ``key``."""
    return _stream("uniform", seed, key, count, 0.0, lambda: inversion.uniforms(raw_words(seed, key, count)))


def exponential_stream(seed: int, key: Key, count: int) -> Floats:
    """``count`` exponential numbers of mean 1 of the stream ``key``."""
    return _stream("exponential", seed, key, count, 0.0,
                   lambda: inversion.unit_exponentials(raw_words(seed, key, count)))


def normal_stream(seed: int, key: Key, count: int) -> Floats:
    """``count`` standard normal numbers of the stream ``key``."""
    return _stream("normal", seed, key, count, 0.0, lambda: inversion.normals(raw_words(seed, key, count)))


def lognormal_stream(seed: int, key: Key, count: int, cv: float) -> Floats:
    """``count`` lognormal numbers of mean 1 and coefficient of variation ``cv`` of the stream ``key``."""
    return _stream("lognormal", seed, key, count, cv,
                   lambda: inversion.unit_lognormals(normal_stream(seed, key, count), cv))


def poisson_stream(seed: int, key: Key, count: int) -> Floats:
    """The first ``count`` points of a Poisson process of rate 1: running sums of the exponential stream."""
    return _stream("poisson", seed, key, count, 0.0,
                   lambda: np.cumsum(exponential_stream(seed, key, count)))


def clear_streams() -> None:
    """Forget every cached stream; the next run draws the same numbers again."""
    global _held_bytes
    with _lock:
        _cache.clear()
        _held_bytes = 0


def stream_cache_bytes() -> int:
    """Bytes that cached streams hold now."""
    return _held_bytes


def limit_stream_cache(limit_bytes: int) -> None:
    """Bound the cache; 512 MiB unless changed. The stream in use is always kept."""
    global _limit_bytes, _held_bytes
    with _lock:
        _limit_bytes = limit_bytes
        while _held_bytes > _limit_bytes and len(_cache) > 1:
            _held_bytes -= _cache.popitem(last=False)[1].nbytes

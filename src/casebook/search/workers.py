"""Who does the work of a search: threads of this machine, or the workers of a dask scheduler.

Both give the results in the order of the questions, so the answer of a search does not depend on them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any, Protocol, TypeVar

from casebook.search.errors import SearchError

Answer = TypeVar("Answer")


class Workers(Protocol):
    """``ask`` puts a function of one argument to every question; answers come in the order of the questions."""

    def ask(self, function: Callable[[Any], Answer], questions: Sequence[Any]) -> list[Answer]: ...

    def close(self) -> None: ...


class Threads:
    """Threads of this machine; the simulator's kernels let go of Python's lock, so they really run side by side."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or min(8, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self.count) if self.count > 1 else None

    def ask(self, function: Callable[[Any], Answer], questions: Sequence[Any]) -> list[Answer]:
        if self._pool is None or len(questions) < 2:
            return [function(question) for question in questions]
        return list(self._pool.map(function, questions))

    def close(self) -> None:
        """Let go of the threads; what is queued and not begun is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """Workers of a ``dask.distributed`` scheduler; a task whose worker dies is done again by another.

    Every worker needs the same version of Casebook. ``SearchError`` where dask is missing, the scheduler does not
    answer, or the workers run another version.
    """

    RETRIES = 5

    def __init__(self, scheduler: str, timeout_s: float = 10.0) -> None:
        try:
            client: Any = import_module("distributed").Client
        except ImportError:
            raise SearchError(
                "a scheduler was given, but dask is not installed. Install casebook[cluster], or leave it out."
            ) from None
        try:
            self._client: Any = client(scheduler, timeout=timeout_s, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SearchError(f"no scheduler answers at {scheduler}: {error}. Check the address.") from None
        try:
            self._same_version()
        except BaseException:
            self._client.close()
            raise

    def _same_version(self) -> None:
        here = _version()
        others = {str(found) for found in self._client.run(_version).values()}
        if not others:
            raise SearchError("the scheduler has no workers. Start one with: dask worker ADDRESS.")
        if others != {here}:
            raise SearchError(f"the workers run {', '.join(sorted(others))}, here it is {here}. Make them alike.")

    def ask(self, function: Callable[[Any], Answer], questions: Sequence[Any]) -> list[Answer]:
        futures = self._client.map(function, list(questions), pure=False, retries=self.RETRIES)
        try:
            return list(self._client.gather(futures))
        except BaseException:
            self._client.cancel(futures)
            raise

    def close(self) -> None:
        """Leave the cluster; it goes on without us."""
        self._client.close()


def _version() -> str:
    from importlib.metadata import version

    from casebook.engine import VERSION

    return f"{version('casebook')} (engine {VERSION})"

"""Workers of a dask cluster: the same answer as threads, with one of them killed while it works."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from casebook.design import Case
from casebook.search import SearchError, optimise
from casebook.search.workers import Cluster, Threads
from tests.search.conftest import CORNER

SMALL = {
    **CORNER,
    "ingestion": ["lambda"],
    "prefilter": ["hash-list"],
    "review": ["vendor"],
    "serving": ["triton-t4", "triton-l4"],
    "threshold": [2.75, 3.0],
}
HOW = {"only": SMALL, "front_designs": 8, "front_requests": 5_000}


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SearchError, match=r"casebook\[cluster\]"):
        Cluster("tcp://127.0.0.1:1")


def _slow_square(number: int) -> tuple[int, int]:
    time.sleep(0.2)
    return number * number, os.getpid()


def _pid() -> int:
    return os.getpid()


def _square_or_die(asked: tuple[int, str]) -> int:
    """The square; but whoever is asked for 3 first dies under it, and leaves the mark that it did."""
    number, mark = asked
    if number == 3 and not os.path.exists(mark):
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def test_a_worker_killed_in_the_middle_changes_nothing(case: Case, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="dask is not installed (casebook[cluster])")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as local:
        workers = Cluster(local.scheduler_address)
        try:
            killed: list[int] = []
            pids = sorted(workers._client.run(_pid).values())

            def kill(what: str, done: int, of: int) -> None:
                if what.startswith("nothing below") and not killed:
                    os.kill(pids[0], signal.SIGKILL)
                    killed.append(pids[0])

            far = optimise(case, "launch", **HOW, workers=workers, tell=kill)
            assert killed
            near = optimise(case, "launch", **HOW)
            assert far.best is not None and near.best is not None
            assert far.best.design == near.best.design
            assert far.best.cost_usd_month == near.best.cost_usd_month
            assert far.front == near.front and (far.runs, far.graded) == (near.runs, near.graded)

            # and in the very middle of a task
            mark = tmp_path / "died"
            assert workers.ask(_square_or_die, [(n, str(mark)) for n in range(12)]) == [n * n for n in range(12)]
            assert mark.exists()
        finally:
            workers.close()


def test_a_scheduler_that_does_not_answer_is_said() -> None:
    pytest.importorskip("distributed", reason="dask is not installed (casebook[cluster])")
    with pytest.raises(SearchError, match="no scheduler answers"):
        Cluster("tcp://127.0.0.1:9", timeout_s=0.5)


def test_threads_keep_the_order_of_the_questions() -> None:
    hands = Threads(4)
    try:
        assert [square for square, _ in hands.ask(_slow_square, [3, 1, 2])] == [9, 1, 4]
    finally:
        hands.close()

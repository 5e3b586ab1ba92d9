"""Judging on a dask scheduler: the same export as on this machine, with a worker killed in the middle of it."""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casebook.commands.grade import with_progress
from casebook.course import executor
from casebook.course.cohort import grade_cohort
from casebook.course.errors import CourseError
from casebook.course.executor import Cluster, judge_there, judging_ahead
from casebook.course.export import lines, to_csv
from casebook.course.records import one_desk
from casebook.course.settings import Course
from tests.course.masters import ASSIGNMENT, filled, full_answers, hand_in, released

COHORT = 8


@pytest.fixture(scope="module")
def course(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = Course(tmp_path_factory.mktemp("far") / "course")
    shutil.copytree(small_release, made.root)
    for number in range(COHORT):
        answers = full_answers() | {"prose-close": f"Text {number}."}
        if number == 5:
            answers |= {"answer-rollout": "rollout = None"}
        hand_in(made.root, f"student-{number}", filled(released(made.root), answers))
    hand_in(made.root, "broken", "{")
    return made


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes and their scheduler on loopback."""
    distributed = pytest.importorskip("distributed", reason="dask is not installed (casebook[cluster])")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as local:
        yield local


def test_the_same_export_with_a_worker_killed_in_the_middle(course: Course, cluster: Any, tmp_path: Path) -> None:
    near = Course(tmp_path / "near")
    shutil.copytree(course.root, near.root)
    grade_cohort(near, ASSIGNMENT)
    pids = [worker.pid for worker in cluster.workers.values()]

    def killing(names: Iterable[str]) -> Iterator[str]:
        for number, name in enumerate(names):
            if number == 1:
                os.kill(pids[0], signal.SIGKILL)
            yield name

    graded = grade_cohort(course, ASSIGNMENT, scheduler=cluster.scheduler_address, progress=killing)
    assert all(one.fresh for one in graded)
    assert len(graded) == COHORT + 1
    assert to_csv(lines(course, ASSIGNMENT)) == to_csv(lines(near, ASSIGNMENT))
    for name in ("student-5", "broken"):
        assert course.record(name, ASSIGNMENT).read_bytes() == near.record(name, ASSIGNMENT).read_bytes()
    again = grade_cohort(course, ASSIGNMENT, scheduler=cluster.scheduler_address)
    assert not any(one.fresh for one in again)


def test_a_worker_that_does_not_see_the_course_is_named(course: Course, cluster: Any, monkeypatch: Any) -> None:
    far = Cluster(cluster.scheduler_address)
    try:
        with one_desk(course, ASSIGNMENT) as desk:
            far.check(desk)
            monkeypatch.setattr(executor, "_sees", _blind)
            with pytest.raises(CourseError, match=r"worker tcp://.* does not see the course"):
                far.check(desk)
            monkeypatch.setattr(executor, "_sees", _another)
            with pytest.raises(CourseError, match="not those of this machine"):
                far.check(desk)
    finally:
        far.close()


def _blind(root: str, assignment: str) -> tuple[str, str]:
    return "", "there is no folder with submissions"


def _another(root: str, assignment: str) -> tuple[str, str]:
    return "0" * 64, ""


def test_what_a_worker_sees_is_what_it_says(course: Course, tmp_path: Path) -> None:
    assert executor._sees(str(tmp_path / "nowhere"), ASSIGNMENT)[1]
    digest, trouble = executor._sees(str(course.root), ASSIGNMENT)
    assert (len(digest), trouble) == (64, "")
    path = course.submission("broken", ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    limits = {"seconds": 60.0, "resident_mb": 2_000}
    found = judge_there(str(course.root), ASSIGNMENT, str(path), "another key", False, limits)
    assert "another file" in found["course_error"][1]


def test_a_cluster_whose_last_worker_went_is_not_waited_for(course: Course) -> None:
    distributed = pytest.importorskip("distributed", reason="dask is not installed (casebook[cluster])")
    with (
        distributed.LocalCluster(n_workers=0, processes=True, dashboard_address=":0", silence_logs=50) as empty,
        one_desk(course, ASSIGNMENT) as desk,
    ):
        far = Cluster(empty.scheduler_address, no_worker_s=0.1)
        try:
            with pytest.raises(CourseError, match="has no workers"):
                far.check(desk)
            waiting = far.judge(desk, course.submission("broken", ASSIGNMENT) / f"{ASSIGNMENT}.ipynb", False)
            with pytest.raises(CourseError, match="run the same command again"):
                waiting.result(timeout=60)
        finally:
            far.close()


def test_without_dask_or_without_a_scheduler_it_is_said(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    with one_desk(course, ASSIGNMENT) as desk, monkeypatch.context() as patch:
        patch.setitem(sys.modules, "distributed", None)
        with (
            pytest.raises(CourseError, match=r"casebook\[cluster\]"),
            judging_ahead(desk, [], 1, scheduler="tcp://x:1"),
        ):
            pass
    pytest.importorskip("distributed", reason="dask is not installed (casebook[cluster])")
    with pytest.raises(CourseError, match="no scheduler answers"):
        Cluster("tcp://127.0.0.1:9", timeout_s=0.5)


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_with_an_estimate_on_a_terminal_and_nothing_in_a_pipe(
    terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    assert list(with_progress(["ada", "ben"], "grading")) == ["ada", "ben"]
    assert ("grading" in screen.getvalue() and "<" in screen.getvalue()) is terminal

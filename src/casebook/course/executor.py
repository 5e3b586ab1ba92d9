"""Who judges: processes of this machine, or the workers of a dask scheduler. The coordinator alone writes.

A worker reads the submission from shared storage and hands back an Outcome; the judge's limits hold there too.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from casebook.course.errors import CourseError
from casebook.course.judge import Limits
from casebook.course.loading import GRADING, loaded
from casebook.course.outcome import Outcome
from casebook.course.records import Desk, Signature, signature
from casebook.course.settings import Course

RETRIES = 5
NO_WORKER_S = 60.0
LOOK_EVERY_S = 2.0
_mine = threading.local()


@contextmanager
def judging_ahead(
    desk: Desk, paths: Iterable[Path], jobs: int, *, trusted: bool = False, scheduler: str | None = None
) -> Iterator[None]:
    """Within the block ``paths`` are being judged; ``desk.outcome`` waits for the one it is asked for.

    By ``jobs`` processes here, or by every worker of ``scheduler`` (tcp://host:port).
    """
    if scheduler is None:
        with desk.judging_ahead(paths, jobs, trusted):
            loaded(GRADING)  # nbgrader, while the judges start
            yield
        return
    cluster = Cluster(scheduler)
    try:
        cluster.check(desk)
        expected = {path: cluster.judge(desk, path, trusted) for path in paths}
        with desk.expecting(expected, trusted):
            yield
    finally:
        cluster.close()


class Cluster:
    """A dask scheduler's workers, which must see the course folder under the same path as we do."""

    def __init__(self, scheduler: str, timeout_s: float = 10.0, no_worker_s: float = NO_WORKER_S) -> None:
        try:
            client: Any = import_module("distributed").Client
        except ImportError:
            raise CourseError(
                f"--scheduler {scheduler}", "dask is not installed here", "Run: pip install 'casebook[cluster]'"
            ) from None
        try:
            self._client: Any = client(scheduler, timeout=timeout_s, set_as_default=False)
        except (OSError, ValueError) as error:
            told = "Check the address (tcp://host:port), or start one with: dask scheduler"
            raise CourseError(f"--scheduler {scheduler}", f"no scheduler answers there ({error})", told) from None
        self._no_worker_s = no_worker_s
        self._scheduler = scheduler
        self._waiting: dict[Any, Future[Outcome]] = {}
        self._closed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def check(self, desk: Desk) -> None:
        """Every worker sees the course and has the same Casebook; CourseError names the one that does not."""
        try:
            found = self._client.run(_sees, str(desk.course.root), desk.assignment)
        except Exception as error:  # a worker without Casebook cannot even load the question
            raise CourseError(
                f"a worker of {self._scheduler}",
                f"it cannot be asked what it sees ({type(error).__name__}: {error})",
                "Install the same version of Casebook for every worker.",
            ) from error
        if not found:
            told = f"Start one on each machine, from an environment with Casebook: dask worker {self._scheduler}"
            raise CourseError(f"--scheduler {self._scheduler}", "it has no workers", told)
        for worker, (digest, trouble) in sorted(found.items()):
            if trouble:
                raise CourseError(
                    f"worker {worker}",
                    f"it does not see the course at {desk.course.root}: {trouble}",
                    "Put the course on storage that every machine mounts under the same path.",
                )
            if digest != desk.standard.digest:
                raise CourseError(
                    f"worker {worker}",
                    "its Casebook, seeds, release or judge's values are not those of this machine",
                    "Install the same version there, and let it read the same course folder.",
                )

    def judge(self, desk: Desk, path: Path, trusted: bool) -> Future[Outcome]:
        """The Outcome of one submission, judged by some worker; a lost worker's work is done again by another."""
        there: Any = self._client.submit(
            judge_there,
            str(desk.course.root),
            desk.assignment,
            str(path),
            desk.key(path),
            trusted,
            asdict(desk.judge.limits),
            pure=False,
            retries=RETRIES,
        )
        here: Future[Outcome] = Future()
        self._waiting[there] = here
        there.add_done_callback(lambda done: self._done(done, path))
        return here

    def _done(self, there: Any, path: Path) -> None:
        here = self._waiting.pop(there, None)
        if here is None or here.done():
            return
        try:
            answer = there.result()
        except Exception as error:
            if type(error).__name__ == "KilledWorker":
                here.set_result(Outcome("crashed", "The machines that judged this submission ended, one by one."))
            else:
                here.set_exception(self._lost(path.parent.parent.name, f"{type(error).__name__}: {error}"))
            return
        if "course_error" in answer:
            here.set_exception(CourseError(*answer["course_error"]))
        else:
            here.set_result(Outcome.from_json(answer["outcome"]))

    def _lost(self, what: str, why: str) -> CourseError:
        again = "Nothing graded is lost: mend the cluster and run the same command again; it goes on."
        return CourseError(f"--scheduler {self._scheduler}", f"{what} could not be judged there ({why})", again)

    def _watch(self) -> None:
        """A cluster without a worker would be waited for without a word; after a while it is told."""
        alone_s = 0.0
        while not self._closed.wait(LOOK_EVERY_S):
            try:
                workers = self._client.nthreads()
            except Exception:  # the connection is being mended or closed
                workers = {}
            alone_s = 0.0 if workers else alone_s + LOOK_EVERY_S
            if alone_s >= self._no_worker_s:
                for here in [*self._waiting.values()]:
                    if not here.done():
                        here.set_exception(self._lost("what is left", "it has no worker any more"))

    def close(self) -> None:
        """Leave the cluster; what nobody waits for any more is dropped, the cluster goes on without us."""
        self._closed.set()
        left = [*self._waiting]
        self._waiting.clear()
        self._client.cancel(left)
        self._client.close()


def judge_there(
    root: str, assignment: str, path: str, key: str, trusted: bool, limits: dict[str, Any]
) -> dict[str, Any]:
    """On a worker: {"outcome": JSON} or {"course_error": [place, problem, remedy]} (exceptions may not travel)."""
    try:
        desk = _desk(Course(Path(root)), assignment, Limits(**limits))
        if desk.key(Path(path)) != key:
            raise CourseError(
                f"a worker reading {Path(path).relative_to(root)}",
                "it sees another file there than the coordinator does",
                "Let the shared storage settle (or mend it) and run the same command again.",
            )
        return {"outcome": desk.outcome(Path(path), trusted).to_json()}
    except CourseError as error:
        return {"course_error": [error.place, error.problem, error.remedy]}


def _desk(course: Course, assignment: str, limits: Limits) -> Desk:
    """This thread's own desk: a judge takes one submission at a time."""
    from casebook.course.assess import Standard

    desks: dict[tuple[Path, str], tuple[Signature, Desk]] = _mine.__dict__.setdefault("desks", {})
    place, now = (course.root, assignment), signature(course, assignment)
    if place not in desks or desks[place][0] != now or desks[place][1].judge.limits != limits:
        if place in desks:
            desks.pop(place)[1].close()
        desks[place] = (now, Desk(Standard.load(course, assignment), course, assignment, limits))
    return desks[place][1]


def _sees(root: str, assignment: str) -> tuple[str, str]:
    """On a worker: (digest of the standard it would judge by, '') or ('', what is in the way)."""
    from casebook.course.assess import Standard

    try:
        course = Course(Path(root))
        if not course.submitted.is_dir():
            return "", "there is no folder with submissions"
        return Standard.load(course, assignment).digest, ""
    except (CourseError, OSError, ValueError) as error:
        return "", str(error)

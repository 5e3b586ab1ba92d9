"""The instructor's desk for one assignment: judges what is new, remembers what became of each submission.

Records live in autograde/records/, are written whole or not at all, and make a killed run go on where it was.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from casebook.course.assess import Standard
from casebook.course.errors import Refused, disk_trouble
from casebook.course.intake import open_submission, read_bytes
from casebook.course.judge import JudgeProcess, Limits
from casebook.course.loading import RUNNING, loaded
from casebook.course.outcome import Outcome
from casebook.course.repair import rebuild
from casebook.course.settings import Course
from casebook.course.variant import Codes, decisions_path, key_path
from casebook.facts.files import seeds_root

Signature = tuple[tuple[str, int, int], ...]

TRUSTED_WARNING = (
    "--trusted: notebooks whose answers compute are run on this machine with your rights, without a jail. "
    "Use it only for people you trust."
)


class Desk:
    """Outcomes of one assignment. ``jobs`` judges work side by side; the caller alone writes."""

    def __init__(
        self,
        standard: Standard,
        course: Course,
        assignment: str,
        limits: Limits | None = None,
        judge: JudgeProcess | None = None,
    ) -> None:
        self.course = course
        self.assignment = assignment
        self.standard = standard
        self.codes = Codes.of(course, assignment, standard.release.case_id)
        self.judge = judge or JudgeProcess(course.root, assignment, limits)
        self._known: dict[tuple[str, bool], Future[Outcome]] = {}

    def key(self, path: Path) -> str:
        """The content key of a submission; of a file that cannot be taken in, of the reason."""
        try:
            sha256 = hashlib.sha256(read_bytes(path)).hexdigest()
        except Refused as refused:
            sha256 = hashlib.sha256(str(refused).encode()).hexdigest()
        return self.codes.mixed(self.standard.key(sha256), path.parent.parent.name)

    def outcome(self, path: Path, trusted: bool = False) -> Outcome:
        """The Outcome of the notebook at ``path``: judged now, or known from before with the same content."""
        key = self.key(path)
        if (key, trusted) not in self._known:
            self._keep(key, trusted, self._judged(self.judge, path, trusted))
        judged = self._known[key, trusted].result()
        return self.codes.checked(path.parent.parent.name, judged).with_key(key)

    @contextmanager
    def judging_ahead(self, paths: Iterable[Path], jobs: int, trusted: bool = False) -> Iterator[None]:
        """Within the block ``paths`` are judged by ``jobs`` processes; `outcome` waits for the one it wants."""
        todo = {(self.key(path), trusted): path for path in paths}
        todo = {place: path for place, path in todo.items() if place not in self._known}
        jobs = min(jobs, len(todo))
        if jobs < 1:
            yield
            return
        judges: SimpleQueue[JudgeProcess] = SimpleQueue()
        threads = threads_each(jobs)
        others = [
            JudgeProcess(self.course.root, self.assignment, self.judge.limits, threads=threads)
            for _ in range(jobs - 1)
        ]
        self.judge.threads = threads
        for judge in (self.judge, *others):
            judges.put(judge)

        def judged(path: Path) -> Outcome:
            judge = judges.get()
            try:
                return self._judged(judge, path, trusted)
            finally:
                judges.put(judge)

        pool = ThreadPoolExecutor(jobs)
        try:
            for place, path in todo.items():
                self._known[place] = pool.submit(judged, path)
            yield
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            self._known = {place: found for place, found in self._known.items() if not found.cancelled()}
            for judge in others:
                judge.close()

    @contextmanager
    def expecting(self, futures: Mapping[Path, Future[Outcome]], trusted: bool = False) -> Iterator[None]:
        """Within the block `outcome` waits for these, which others are working on, instead of judging itself."""
        places = {(self.key(path), trusted): future for path, future in futures.items()}
        self._known |= places
        try:
            yield
        finally:
            self._known = {at: one for at, one in self._known.items() if at not in places or one.done()}

    def _keep(self, key: str, trusted: bool, outcome: Outcome) -> None:
        found: Future[Outcome] = Future()
        found.set_result(outcome)
        self._known[key, trusted] = found

    def _judged(self, judge: JudgeProcess, path: Path, trusted: bool) -> Outcome:
        outcome = judge.assess(path)
        if not outcome.must_run:
            return outcome
        loaded(RUNNING)
        from casebook.course.running import run_for_answer

        rebuilt = rebuild(self.standard.release, open_submission(path))
        return run_for_answer(outcome, rebuilt, self.standard.release, judge, trusted=trusted)

    def file(self, student: str, outcome: Outcome) -> None:
        """Write a student's record, whole or not at all."""
        write_whole(self.course.record(student, self.assignment), outcome.to_json())

    def filed(self, student: str) -> Outcome | None:
        """A student's record, or None when there is none (or a damaged one, which is as good as none)."""
        try:
            return Outcome.from_json(self.course.record(student, self.assignment).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def close(self) -> None:
        self.judge.close()


_desks: dict[tuple[Path, str], tuple[Signature, Desk]] = {}
_pinned: dict[tuple[Path, str], Desk] = {}


def threads_each(judges: int) -> int:
    """How many threads a judge simulates with, so that all of them together keep this machine's cores busy."""
    return max(1, (os.cpu_count() or 1) // judges)


def desk_for(course: Course, assignment: str, soon: int = 0) -> Desk:
    """The desk of this process for an assignment; a new one when release, seeds or judge's values changed.

    ``soon`` submissions are going to be judged side by side: the first judge loads while a new desk does.
    """
    place = (course.root, assignment)
    if place in _pinned:
        return _pinned[place]
    now = signature(course, assignment)
    if place in _desks and _desks[place][0] == now:
        return _desks[place][1]
    if place in _desks:
        _desks.pop(place)[1].close()
    judge = JudgeProcess(course.root, assignment, threads=threads_each(soon) if soon else None)
    try:
        if soon:
            judge.start()
        desk = Desk(Standard.load(course, assignment), course, assignment, judge=judge)
    except BaseException:
        judge.close()
        raise
    _desks[place] = (now, desk)
    return desk


@contextmanager
def one_desk(course: Course, assignment: str, soon: int = 0) -> Iterator[Desk]:
    """Within the block everybody is measured by the same files, whatever somebody saves meanwhile.

    ``soon`` as for `desk_for`. Afterwards the judge's process ends; the desk starts another when it is asked again.
    """
    place, desk = (course.root, assignment), desk_for(course, assignment, soon)
    _pinned[place] = desk
    try:
        yield desk
    finally:
        del _pinned[place]
        desk.close()


def signature(course: Course, assignment: str) -> Signature:
    """Sizes and times of the files a `Standard` is made of: cheap to look at before every cell."""
    seeds = Path(str(seeds_root()))
    files = [*course.release(assignment).glob("*.ipynb"), course.judge_values(assignment), *seeds.rglob("*.yaml")]
    files += [key_path(course), decisions_path(course)]
    stats = [(str(path), path.stat()) for path in sorted(files) if path.exists()]
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


def students(course: Course, assignment: str) -> list[str]:
    """Everyone with a folder for this assignment in autograde/submitted, sorted by name."""
    return sorted(path.parent.name for path in course.submitted.glob(f"*/{assignment}") if path.is_dir())


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` so that a reader finds the old file or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise disk_trouble(error, str(path)) or error from error

"""The instructor's desk for one assignment: judges what is new, remembers what became of each submission.

Records live in autograde/records/, are written whole or not at all, and make a killed run go on where it was.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from casebook.course.assess import Standard
from casebook.course.errors import Refused, disk_trouble
from casebook.course.intake import open_submission, read_bytes
from casebook.course.judge import JudgeProcess, Limits
from casebook.course.outcome import Outcome
from casebook.course.repair import rebuild
from casebook.course.settings import Course

TRUSTED_WARNING = (
    "--trusted: notebooks whose answers compute are run on this machine with your rights, without a jail. "
    "Use it only for people you trust."
)


class Desk:
    """Outcomes of one assignment; ``known`` holds what was judged ahead, by content key."""

    def __init__(self, course: Course, assignment: str, limits: Limits | None = None) -> None:
        self.course = course
        self.assignment = assignment
        self.standard = Standard.load(course, assignment)
        self.judge = JudgeProcess(course.root, assignment, limits)
        self.known: dict[tuple[str, bool], Outcome] = {}

    def key(self, path: Path) -> str:
        """The content key of a submission; of a file that cannot be taken in, of the reason."""
        try:
            sha256 = hashlib.sha256(read_bytes(path)).hexdigest()
        except Refused as refused:
            sha256 = hashlib.sha256(str(refused).encode()).hexdigest()
        return self.standard.key(sha256)

    def outcome(self, path: Path, trusted: bool = False) -> Outcome:
        """The Outcome of the notebook at ``path``: judged now, or known from before with the same content."""
        key = self.key(path)
        if (key, trusted) not in self.known:
            self.known[key, trusted] = self._judged(path, trusted).with_key(key)
        return self.known[key, trusted]

    def _judged(self, path: Path, trusted: bool) -> Outcome:
        outcome = self.judge.assess(path)
        if trusted and outcome.must_run:
            from casebook.course.trusted import run_for_answer

            rebuilt = rebuild(self.standard.release, open_submission(path))
            outcome = run_for_answer(rebuilt, self.standard.release.case_id, self.judge)
        return outcome

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


_desks: dict[tuple[Path, str, str], Desk] = {}


def desk_for(course: Course, assignment: str) -> Desk:
    """The desk of this process for an assignment; a new one when release, seeds or judge's values changed."""
    standard = Standard.load(course, assignment)
    place = (course.root, assignment, standard.digest)
    if place not in _desks:
        for stale in [key for key in _desks if key[:2] == place[:2]]:
            _desks.pop(stale).close()
        _desks[place] = Desk(course, assignment)
    return _desks[place]


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

"""What the course room says when something is wrong: place, problem and remedy in one sentence each."""

from __future__ import annotations

import errno


class CourseError(Exception):
    """A mistake an instructor can mend: ``place`` (file, folder or command), ``problem`` and ``remedy``.

    Commands print it without a traceback and end with exit code 1.
    """

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        self.place = place
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{place}: {problem}. {remedy}")


class Refused(Exception):
    """A submission that cannot be graded: ``reason`` says what is wrong with it, ``remedy`` what to do.

    Both are written for the learner and contain nothing that was not in their own file.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{reason}. {remedy}")


_DISK = {
    errno.ENOSPC: (
        "the disk is full",
        "Free some space and run the same command again: it goes on where it stopped.",
    ),
    errno.EDQUOT: ("the disk quota is used up", "Free some space and run the same command again."),
    errno.EFBIG: (
        "the file would be larger than this system allows",
        "Raise the file size limit (ulimit -f).",
    ),
    errno.EROFS: ("the folder is on a read-only disk", "Copy the course to a disk that can be written to."),
    errno.EACCES: ("you may not write there", "Give yourself write permission or run it as the owner."),
    errno.EPERM: ("you may not write there", "Give yourself write permission or run it as the owner."),
}


def disk_trouble(error: BaseException, place: str) -> CourseError | None:
    """The clear error for a full, read-only or forbidden disk, or None when ``error`` is something else.

    SQLite hides the cause in a message of its own (``disk I/O error``, ``readonly database``), so the
    text is read where there is no errno.
    """
    number = getattr(error, "errno", None)
    if isinstance(error, OSError) and number in _DISK:
        problem, remedy = _DISK[number]
        where = str(error.filename) if error.filename else place
        return CourseError(where, problem, remedy)
    text = str(error).lower()
    if "database or disk is full" in text or "disk i/o error" in text:
        problem, remedy = _DISK[errno.ENOSPC]
        return CourseError(place, f"the gradebook could not be written: {problem}", remedy)
    if "readonly database" in text or "unable to open database" in text:
        problem, remedy = _DISK[errno.EACCES]
        return CourseError(place, f"the gradebook could not be written: {problem}", remedy)
    if "database is locked" in text:
        return CourseError(
            place,
            "another program is writing to the gradebook",
            "Wait until it has finished (or close it) and run the same command again.",
        )
    return None

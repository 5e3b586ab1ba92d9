"""One command at a time grades a course: the next one says whom it waits for, and begins when that one has ended.

The operating system holds the lock, so a command that was killed never leaves it behind.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import ParamSpec, TypeVar

from casebook.course.errors import disk_trouble
from casebook.course.settings import Course

LOCK = ".grading.lock"
WHO = ".grading.who"  # beside the lock: waiting empties the lock's own file
LOOK_AGAIN_S = 0.5

P = ParamSpec("P")
R = TypeVar("R")
_mine: set[Path] = set()


@contextmanager
def one_at_a_time(course: Course, doing: str, say: Callable[[str], None] | None = None) -> Iterator[None]:
    """Within the block no other process grades in this course. ``doing`` is the command, for those who wait.

    Waits as long as it takes, after one line through ``say`` (standard error by default). Inside the block
    the same process may enter again. Raises CourseError where the folder cannot be written to.
    """
    if course.root in _mine:
        yield
        return
    from filelock import FileLock, Timeout

    lock = FileLock(course.autograde / LOCK, thread_local=False)
    try:
        course.autograde.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            (say or _aloud)(waiting_for(course))
            lock.acquire(poll_interval=LOOK_AGAIN_S)
    except OSError as error:
        raise disk_trouble(error, str(course.autograde)) or error from error
    except NotImplementedError:  # a shared disk that knows no locks: as good as before there was one
        (say or _aloud)("This disk cannot lock files: see to it that only one of you grades at a time.")
        yield
        return
    who = course.autograde / WHO
    _mine.add(course.root)
    try:
        _name(who, f"{doing} (process {os.getpid()} on {platform.node()})")
        yield
    finally:
        _mine.discard(course.root)
        who.unlink(missing_ok=True)
        lock.release()


def alone(command: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For a function with the parameters ``course`` and ``assignment``: it runs within `one_at_a_time`."""

    def guarded(function: Callable[P, R]) -> Callable[P, R]:
        named = signature(function)

        @wraps(function)
        def locked(*args: P.args, **kwargs: P.kwargs) -> R:
            given = named.bind(*args, **kwargs).arguments
            with one_at_a_time(given["course"], f"{command} {given['assignment']}"):
                return function(*args, **kwargs)

        return locked

    return guarded


def waiting_for(course: Course) -> str:
    """What somebody who waits is told."""
    try:
        other = (course.autograde / WHO).read_text(encoding="utf-8").strip()[:200]
    except (OSError, UnicodeDecodeError):
        other = ""
    return (
        f"Somebody else is grading in this course: {other or 'another casebook command'}. "
        "Waiting until it has ended; Ctrl-C stops the waiting, and nothing has been changed."
    )


def _name(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise disk_trouble(error, str(path)) or error from error


def _aloud(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

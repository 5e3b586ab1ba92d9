"""What stays outside of a jail: counts its memory, its time and its coordinator's life, and ends it whole."""

from __future__ import annotations

import contextlib
import math
import os
import select
import signal
import time
from typing import NoReturn

from casebook.jail.limits import used_mb
from casebook.jail.spec import JailSpec

LOOK_MS = 50
ENDED = "ended"  # the file in the room that says why a jail was ended: one of the words below
MEMORY, TIME, LEFT, TOLD = "memory", "time", "coordinator gone", "told to end"
EXIT_KILLED = 137  # as shells report SIGKILL


def watch(spec: JailSpec, first: int, lifeline: int | None, proc: int, scratch: int, room: int) -> NoReturn:
    """Look every 50 ms until the jail's first process has ended or must; never returns, ends with its status.

    ``first`` is that process; ``proc``, ``scratch`` and ``room`` are descriptors of the jail's /proc, its scratch
    folder and of the folder outside where the reason is left.
    """
    ended = os.pidfd_open(first)
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: told.append(1))
    signal.signal(signal.SIGINT, lambda *_: _interrupt(ended))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    if lifeline is not None:
        poll.register(lifeline, select.POLLIN)
    last = time.monotonic() + spec.wall_s if spec.wall_s > 0 else math.inf
    reason = ""
    while not reason:
        ready = dict(poll.poll(LOOK_MS))
        if ended in ready:
            break
        reason = LEFT if lifeline in ready else TOLD if told else TIME if time.monotonic() > last else ""
        if not reason and used_mb(proc, (scratch,), spec.memory_mb) > spec.memory_mb:
            reason = MEMORY
    if reason:
        _note(room, reason)
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(ended, signal.SIGKILL)  # Linux ends everything in the jail with its first process
    _, status = os.waitpid(first, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(EXIT_KILLED if reason else code if code >= 0 else 128 - code)


def _interrupt(first: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(first, signal.SIGINT)


def _note(room: int, reason: str) -> None:
    with contextlib.suppress(OSError):
        number = os.open(ENDED, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600, dir_fd=room)
        os.write(number, reason.encode())
        os.close(number)

"""Run folders: made for one coordinator, cleared away after it, read without following what a jail planted."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from casebook.jail.spec import JailError
from casebook.jail.watcher import ENDED

PREFIX = "casebook-jail-"
SCRATCH = "s"
OWNER = "owner"
MAX_SOCKET_PATH = 100  # Linux allows 107 characters for the address of a socket in a folder
_ROOM = ".room"


def make_run() -> Path:
    """A new empty scratch folder (0700) in a run folder that says whose it is; its path is short enough for sockets."""
    for base in (tempfile.gettempdir(), "/tmp"):
        if len(base) + len(PREFIX) + 20 < MAX_SOCKET_PATH and os.access(base, os.W_OK):
            run = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
            (run / OWNER).write_text(f"{os.getpid()} {_started(os.getpid())}", encoding="ascii")
            (run / SCRATCH).mkdir(mode=0o700)
            return run / SCRATCH
    raise JailError("a folder for the jail", "no short writable temporary folder was found", "Set TMPDIR to one.")


def remove_run(scratch: Path) -> None:
    """Clear away a scratch folder with its run folder; links are removed, never followed. Safe to call twice."""
    run = scratch.parent
    if run.name.startswith(PREFIX) and not run.is_symlink():
        shutil.rmtree(run, ignore_errors=True)


def renew(scratch: Path) -> None:
    """An empty scratch folder at the same path again, for a kernel that is started anew."""
    with contextlib.suppress(OSError):
        scratch.unlink()
    shutil.rmtree(scratch.with_name(scratch.name + _ROOM), ignore_errors=True)
    scratch.mkdir(mode=0o700, exist_ok=True)


def sweep(base: str | None = None) -> int:
    """Remove the run folders of coordinators that no longer live; returns how many. Others' folders are left alone."""
    removed = 0
    with contextlib.suppress(OSError):
        for entry in os.scandir(base or tempfile.gettempdir()):
            if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False) and _abandoned(entry.path):
                shutil.rmtree(entry.path, ignore_errors=True)
                removed += 1
    return removed


def why_ended(scratch: Path) -> str:
    """Why the watcher ended a jail (``memory``, ``time``, …); empty when it ended by itself."""
    room = scratch.with_name(scratch.name + _ROOM)
    try:
        return read_plain(room / ENDED, 100).decode("ascii", "replace")
    except OSError:
        return ""


def read_plain(path: Path, limit: int) -> bytes:
    """At most ``limit`` bytes of a plain file. Raises OSError for a link, a device, a pipe or a longer file."""
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
            raise OSError(27, f"not a plain file of at most {limit} bytes", str(path))
        return os.read(number, limit)
    finally:
        os.close(number)


def _abandoned(run: str) -> bool:
    try:
        if os.lstat(run).st_uid != os.geteuid():
            return False
        pid, started = read_plain(Path(run) / OWNER, 100).decode("ascii").split()
    except (OSError, ValueError):
        return False  # half made, or nothing of ours
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    """When a process began, in the machine's ticks; empty when there is none of that number."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return text.rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""

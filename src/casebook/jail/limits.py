"""What one process in a jail may use up, and how much everything in a jail uses together."""

from __future__ import annotations

import os
import resource
from contextlib import suppress

from casebook.jail.spec import JailSpec

MB = 2**20
_PAGE = os.sysconf("SC_PAGE_SIZE")
OPEN_FILES = 512


def limit_process(spec: JailSpec) -> None:
    """Limits per process, inherited by every child and never to be raised again.

    There is none on address space: compiled code and WebAssembly reserve gigabytes that they never touch. A single
    request beyond twice the memory allowed gets a MemoryError instead of the end of the jail.
    """
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: spec.cpu_s,
        resource.RLIMIT_FSIZE: spec.file_mb * MB,
        resource.RLIMIT_NPROC: spec.processes + 2,  # the first process and the watcher count too
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_DATA: 2 * spec.memory_mb * MB,
        resource.RLIMIT_MEMLOCK: 64 * 1024,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 1024,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_RTPRIO: 0,
    }
    for kind, value in wanted.items():
        _, hard = resource.getrlimit(kind)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))


def used_mb(proc: int, folders: tuple[int, ...], limit_mb: float) -> float:
    """Resident memory in MB of all processes under the jail's own /proc (descriptor), and what its folders hold.

    Forked processes share pages: only when the plain sum passes ``limit_mb`` are shared pages split between them.
    """
    pids = [name for name in os.listdir(proc) if name.isdigit()]
    held = sum(_held(folder) for folder in folders)
    plain = held + sum(_resident(proc, pid) for pid in pids)
    if plain <= limit_mb * MB:
        return plain / MB
    return (held + sum(_proportional(proc, pid) for pid in pids)) / MB


def _held(folder: int) -> int:
    with suppress(OSError):
        found = os.fstatvfs(folder)
        return (found.f_blocks - found.f_bfree) * found.f_frsize
    return 0


def _resident(proc: int, pid: str) -> int:
    try:
        return int(_read(proc, f"{pid}/statm").split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):  # it has just ended
        return 0


def _proportional(proc: int, pid: str) -> int:
    try:
        for line in _read(proc, f"{pid}/smaps_rollup").splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return _resident(proc, pid)  # a process that lets nobody look counts in full


def _read(proc: int, path: str) -> bytes:
    number = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    try:
        return os.read(number, 8192)
    finally:
        os.close(number)

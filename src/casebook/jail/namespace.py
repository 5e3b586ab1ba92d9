"""`enter`: a process becomes two, one that watches from outside and one that goes on inside the jail."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import stat
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from casebook.jail import folders, system
from casebook.jail.limits import limit_process
from casebook.jail.seccomp import deny_calls, library
from casebook.jail.spec import JailError, JailSpec
from casebook.jail.watcher import watch

ROOM = ".room"  # beside the scratch folder, never seen within: the mount point, and how the jail ended
MAX_HANDED_BYTES = 4_000_000
_FIRST_UID = 0x6A00_0000  # far above what systems give to people and services
_INSIDE_ID = 1000
_NAMESPACES = system.CLONE_NEWPID | system.CLONE_NEWNET | system.CLONE_NEWIPC | system.CLONE_NEWUTS
NO_NAMESPACES = (
    "Let ordinary users make namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone and "
    "kernel.apparmor_restrict_unprivileged_userns), or run as root, in a container with CAP_SYS_ADMIN. "
    "Run: casebook doctor; it says what is missing on this machine."
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who the jailed process is: ``outer`` when root must become somebody else, inside a user namespace not."""

    uid: int
    gid: int
    becomes: bool


def enter(spec: JailSpec, *, lifeline: int | None = None, keep: Collection[int] = ()) -> int:
    """Shut this process in; returns its number in the jail, with everything dropped and ``inside`` as its folder.

    Call it in a single-threaded, freshly forked process. What was this process stays outside as the watcher and
    never returns: it passes SIGINT on to the jailed process, kills the jail on SIGTERM, when ``lifeline`` (the
    reading end of a pipe) ends or a limit is passed, and ends with the jailed process's status. Descriptors other
    than 0, 1, 2 and ``keep`` are closed within; the watcher holds on to none of ``keep``.

    Raises JailError where this machine cannot give a jail; nothing of the caller's own then runs unprotected.
    """
    library()  # before anything is changed
    handed = _handed_in(spec.scratch)
    room = _make_room(spec.scratch)
    room_fd = os.open(room, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    person = leave_home()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    first = os.fork()  # the first process of the new numbering
    if first == 0:
        ours.close()
        try:
            _be_first(spec, str(room), person, handed, theirs, keep)
        except JailError as error:
            _tell(theirs, {"refused": [error.what, error.why, error.remedy]})
            os._exit(1)
        except BaseException as error:
            remedy = NO_NAMESPACES if isinstance(error, PermissionError) else "Run: casebook doctor."
            _tell(theirs, {"refused": ["building the jail", f"{type(error).__name__}: {error}", remedy]})
            os._exit(1)
        return os.getpid()
    theirs.close()
    try:
        proc, scratch = _hear(ours)
        os.unlink(spec.scratch) if spec.scratch.is_symlink() else None
        os.symlink(f"/proc/{os.getpid()}/fd/{scratch}", spec.scratch)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
        if isinstance(error, JailError):
            raise
        raise JailError("starting the jail", f"{type(error).__name__}: {error}", NO_NAMESPACES) from error
    for number in keep:
        with contextlib.suppress(OSError):
            os.close(number)
    system.control(system.PR_SET_DUMPABLE, 1)  # so that the coordinator may follow the link
    # The program may run, and somebody interrupt it, before this process is ready for that: then it waits.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    ours.send(b"go")
    watch(spec, first, lifeline, proc, scratch, room_fd)


def _handed_in(scratch: Path) -> dict[str, bytes]:
    """The plain files in the scratch folder; they are few and small, and ours."""
    found: dict[str, bytes] = {}
    for entry in os.scandir(scratch):
        if entry.is_file(follow_symlinks=False):
            if entry.stat(follow_symlinks=False).st_size > MAX_HANDED_BYTES:
                raise JailError("the jail's scratch folder", f"{entry.name} is too large to hand in", "Hand in less.")
            found[entry.name] = Path(entry.path).read_bytes()
    return found


def _make_room(scratch: Path) -> Path:
    """Move the scratch folder aside: its name becomes the link into the jail, itself the place to mount at."""
    room = scratch.with_name(scratch.name + ROOM)
    try:
        if not stat.S_ISDIR(scratch.lstat().st_mode):
            raise NotADirectoryError(20, "not a folder", str(scratch))
        scratch.rename(room)
        for entry in os.scandir(room):
            if entry.is_file(follow_symlinks=False):
                os.unlink(entry.path)
    except OSError as error:
        raise JailError("the jail's scratch folder", str(error), "Give an empty folder of your own.") from error
    return room


def leave_home() -> Person:
    """New namespaces for this process and its next child; says who the jailed process will be."""
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        try:
            system.unshare(_NAMESPACES)
            stranger = _stranger()
            return Person(stranger, stranger, becomes=True)
        except PermissionError:
            pass  # root of a container without rights over namespaces: tried again as anybody would
    try:
        system.unshare(system.CLONE_NEWUSER | _NAMESPACES)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"{_INSIDE_ID} {gid} 1")
        Path("/proc/self/uid_map").write_text(f"{_INSIDE_ID} {uid} 1")
    except OSError as error:
        if error.errno == 22:
            why = "the process that asks for it has several threads"
            raise JailError("making namespaces", why, "Start the jail from a process of its own.") from error
        full = "ordinary users may make no namespaces here, or no more (the limit of their number is reached)"
        why = full if error.errno == 28 else error.strerror or str(error)
        raise JailError("making namespaces", why, NO_NAMESPACES) from error
    return Person(_INSIDE_ID, _INSIDE_ID, becomes=False)


def _stranger() -> int:
    """A user number that nobody has, another one for each jail, since limits count per user."""
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        inner, _, count = (int(word) for word in line.split())
        if inner <= _FIRST_UID and inner + count > _FIRST_UID + 2**22:
            return _FIRST_UID + os.getpid()
    return 40_000 + os.getpid() % 20_000  # in a container that has but 65,536 of them


def _be_first(
    spec: JailSpec, room: str, person: Person, handed: dict[str, bytes], line: socket.socket, keep: Collection[int]
) -> None:
    """The jail's first process: builds it, drops every right, forks; returns in the child alone."""
    os.setsid()
    system.control(system.PR_SET_PDEATHSIG, signal.SIGKILL)
    system.unshare(system.CLONE_NEWNS)
    scratch = folders.build_root(room, spec, person.uid, person.gid)
    folders.hand_in(handed, room, spec, person.uid, person.gid)
    flags = system.MS_NOSUID | system.MS_NODEV | system.MS_NOEXEC | system.MS_RDONLY
    system.mount("proc", f"{room}/proc", "proc", flags)
    proc = os.open(f"{room}/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    folders.close_root(room)
    system.enter_root(room)
    socket.sethostname("jail")
    socket.send_fds(line, [b"ready"], [proc, scratch])
    os.umask(0o077)
    limit_process(spec)
    system.forget_capabilities()
    if person.becomes:
        os.setgroups([])
        os.setresgid(person.gid, person.gid, person.gid)
        os.setresuid(person.uid, person.uid, person.uid)
    system.drop_capabilities()
    system.control(system.PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of user took it away
    system.control(system.PR_SET_NO_NEW_PRIVS, 1)
    os.chdir(spec.inside)
    deny_calls()
    if line.recv(2) != b"go":  # the watcher has gone, and its death signal may have come too early
        os._exit(1)
    line.close()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until it can be passed on; the program's is its own
    kernel = os.fork()
    if kernel == 0:
        system.control(system.PR_SET_DUMPABLE, 1)
        _close_all_but({0, 1, 2, *keep})
        _calm_signals()
        return
    _close_all_but({0, 1, 2})
    _mind(kernel)


def _mind(kernel: int) -> NoReturn:
    """What the first process does from then on: pass SIGINT on, reap orphans, end as the kernel ended."""
    system.control(system.PR_SET_DUMPABLE, 0)
    null = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    signal.signal(signal.SIGINT, lambda *_: _signal(kernel, signal.SIGINT))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            os._exit(1)
        if pid == kernel:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _close_all_but(kept: Collection[int]) -> None:
    start = 0
    for number in (*sorted(kept), 2**31 - 1):
        if start < number:
            os.closerange(start, number)
        start = number + 1


def _calm_signals() -> None:
    """The dispositions a fresh program expects, whatever the process was forked from had arranged."""
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def _tell(line: socket.socket, fields: dict[str, list[str]]) -> None:
    with contextlib.suppress(OSError):
        line.sendall(json.dumps(fields).encode())


def _hear(line: socket.socket) -> tuple[int, int]:
    """Descriptors of the jail's /proc and scratch folder; raises the JailError that kept it from being built."""
    data, numbers, _, _ = socket.recv_fds(line, 65_536, 2)
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    told = json.loads(data)["refused"] if data else ["building the jail", "its first process ended", NO_NAMESPACES]
    raise JailError(*told)


ctypes.CDLL(None)  # loaded before the fork: the first process of a jail should find what it needs in memory

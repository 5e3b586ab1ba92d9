"""The calls to Linux that Python 3.11 has no name for, each of which raises OSError with its cause."""

from __future__ import annotations

import ctypes
import os
import struct

CLONE_NEWNS = 0x0002_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWTIME = 0x0000_0080

MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC = 2, 4, 8, 4096, 16384
MS_RDONLY, MS_PRIVATE = 1, 1 << 18
MNT_DETACH = 2

ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV, ATTR_NOEXEC = 1, 2, 4, 8
_SYS_MOUNT_SETATTR = 442  # the same number on every processor
_AT_RECURSIVE = 0x8000
_AT_FDCWD = -100

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_SECUREBITS = 1, 4, 24, 28
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
_CAPABILITY_VERSION_3 = 0x2008_0522
_ALL_SECUREBITS_LOCKED = 0b1110_1111  # no rights come with user 0, and that stays so; KEEP_CAPS off

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """New namespaces for this process (for its next child, where processes are numbered anew)."""
    _checked(_libc.unshare(ctypes.c_int(flags)), "unshare")


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """mount(2)."""
    told = (source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode() or None)
    _checked(_libc.mount(*told), f"mount {kind or 'bind'} at {target}")


def restrict_mount(target: str, attributes: int) -> None:
    """Set attributes on the mount at ``target`` and on everything mounted below it (Linux 5.12 or newer)."""
    wanted = ctypes.create_string_buffer(struct.pack("=4Q", attributes, 0, 0, 0), 32)
    args = (_SYS_MOUNT_SETATTR, _AT_FDCWD, target.encode(), _AT_RECURSIVE, wanted, ctypes.c_size_t(32))
    _checked(int(_libc.syscall(*args)), f"mount_setattr at {target}")


def enter_root(new_root: str) -> None:
    """Make ``new_root`` (a mount) the root of this process's mount namespace and let go of the old one."""
    os.chdir(new_root)
    _checked(_libc.pivot_root(b".", b"."), "pivot_root")
    _checked(_libc.umount2(b".", MNT_DETACH), "umount2")
    os.chdir("/")


def control(option: int, first: int = 0, second: int = 0) -> None:
    """prctl(2)."""
    _checked(_libc.prctl(option, *(ctypes.c_ulong(value) for value in (first, second, 0, 0))), f"prctl {option}")


def forget_capabilities() -> None:
    """Take every capability out of the bounding set, so that no program started later can have it."""
    for number in range(64):
        try:
            control(PR_CAPBSET_DROP, number)
        except OSError:  # past the last one that this Linux knows
            if number == 0:
                raise
            break
    control(PR_SET_SECUREBITS, _ALL_SECUREBITS_LOCKED)


def drop_capabilities() -> None:
    """Give up every capability this process still holds."""
    control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    head = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    _checked(_libc.capset(head, struct.pack("=6I", 0, 0, 0, 0, 0, 0)), "capset")

"""The calls that nobody in a jail may make, refused by the kernel of the machine; libseccomp writes the filter."""

from __future__ import annotations

import ctypes
import errno
from functools import cache

from casebook.jail import system
from casebook.jail.spec import JailError

ALLOW = 0x7FFF_0000
ERRNO = 0x0005_0000
EQUAL, GREATER, MASKED_EQUAL = 4, 6, 7  # as seccomp.h numbers them

# Each line: looking into others, changing what is mounted, the machine, its keys and its clock, its memory, ways
# around this filter, and stores of memory that no limit counts.
DENIED = """
ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd perf_event_open
mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr unshare setns
init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl quotactl_fd
syslog bpf keyctl add_key request_key settimeofday clock_settime clock_adjtime adjtimex lookup_dcookie nfsservctl
iopl ioperm modify_ldt vhangup vm86 vm86old uselib ustat sysfs _sysctl create_module get_kernel_syms query_module
userfaultfd move_pages migrate_pages mbind set_mempolicy name_to_handle_at open_by_handle_at fanotify_init
personality
"""
ABSENT = "clone3 io_uring_setup io_uring_enter io_uring_register memfd_create memfd_secret shmget msgget"
NEW_NAMESPACES = (
    system.CLONE_NEWNS,
    system.CLONE_NEWUTS,
    system.CLONE_NEWIPC,
    system.CLONE_NEWUSER,
    system.CLONE_NEWPID,
    system.CLONE_NEWNET,
    system.CLONE_NEWCGROUP,
)
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16  # libzmq ends its process where netlink is refused
TIOCSTI, TIOCLINUX = 0x5412, 0x541C


class _Compare(ctypes.Structure):
    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    )


@cache
def library() -> ctypes.CDLL:
    """libseccomp. Raises JailError where it is not installed."""
    for name in ("libseccomp.so.2", "libseccomp.so"):
        try:
            found = ctypes.CDLL(name)
        except OSError:
            continue
        found.seccomp_init.restype = ctypes.c_void_p
        found.seccomp_init.argtypes = [ctypes.c_uint32]
        found.seccomp_load.argtypes = [ctypes.c_void_p]
        found.seccomp_release.argtypes = [ctypes.c_void_p]
        found.seccomp_release.restype = None
        found.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]
        found.seccomp_rule_add_array.argtypes = [
            ctypes.c_void_p,
            ctypes.c_uint32,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.POINTER(_Compare),
        ]
        return found
    raise JailError(
        "filtering system calls",
        "the library libseccomp.so.2 is not installed",
        "Install it: on Debian and Ubuntu the package is libseccomp2.",
    )


def deny_calls() -> None:
    """Load the filter into this process, and so into all it starts. It cannot be taken off again.

    Calls of other processor modes (32-bit on a 64-bit machine) end the process: their numbers are not these.
    Raises JailError where the machine has no such filters.
    """
    lib = library()
    rules = lib.seccomp_init(ALLOW)
    try:
        for name in DENIED.split():
            _refuse(lib, rules, name, errno.EPERM)
        for name in ABSENT.split():
            _refuse(lib, rules, name, errno.ENOSYS)
        for flag in NEW_NAMESPACES:
            _refuse(lib, rules, "clone", errno.EPERM, _Compare(0, MASKED_EQUAL, flag, flag))
        for family in range(AF_NETLINK):
            if family not in (AF_UNIX, AF_INET, AF_INET6):
                _refuse(lib, rules, "socket", errno.EAFNOSUPPORT, _Compare(0, EQUAL, family, 0))
        _refuse(lib, rules, "socket", errno.EAFNOSUPPORT, _Compare(0, GREATER, AF_NETLINK, 0))
        for request in (TIOCSTI, TIOCLINUX):
            _refuse(lib, rules, "ioctl", errno.EPERM, _Compare(1, MASKED_EQUAL, 0xFFFF_FFFF, request))
        failed = lib.seccomp_load(rules)
    finally:
        lib.seccomp_release(rules)
    if failed:
        raise JailError(
            "filtering system calls",
            f"the machine refuses the filter (error {-failed})",
            "A Linux kernel built with CONFIG_SECCOMP_FILTER is needed.",
        )


def _refuse(lib: ctypes.CDLL, rules: int, name: str, number: int, *when: _Compare) -> None:
    call = lib.seccomp_syscall_resolve_name(name.encode())
    if call == -1:  # this library has never heard of it; nor, then, has this processor's table
        return
    compared = (_Compare * len(when))(*when)
    failed = lib.seccomp_rule_add_array(rules, ERRNO | number, call, len(when), compared)
    if failed:
        raise JailError(
            "filtering system calls",
            f"libseccomp takes no rule for {name} (error {-failed})",
            "Install libseccomp 2.5 or newer.",
        )

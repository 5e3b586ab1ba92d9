"""The process that warm kernels are forked from: it has imported everything once and knows nothing about anybody.

Started fresh with an empty environment. It is told paths and runs no learner's code.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import select
import signal
import socket
import sys
from dataclasses import dataclass, field
from typing import Any, NoReturn

from casebook.jail import warm_wire as wire
from casebook.jail.warm_child import Order, be_kernel

# Libraries that would start threads of their own; a process with threads cannot be forked safely.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
}
PROGRAM = "from casebook.jail.template import main; main()"
IDLE_S = 600
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36


class TemplateError(Exception):
    """The template is not fit to be forked; its message says why."""


@dataclass(slots=True)
class _Nursery:
    """Running kernels: the process that watches each jail, and the line on which its end is told."""

    lines: dict[int, socket.socket] = field(default_factory=dict)

    def reap(self) -> None:
        """Bury whoever ended and tell its coordinator; orphans that fell to us are buried too."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            line = self.lines.pop(pid, None)
            if line is not None:
                with contextlib.suppress(wire.WireError):
                    wire.send(line, {"ended": os.waitstatus_to_exitcode(status)})
                line.close()


def main() -> NoReturn:
    """``argv``: the number of the control line's descriptor, then what to import or call (``module[:function]``)."""
    _single_minded()
    control = socket.socket(fileno=int(sys.argv[1]))
    owner = os.pidfd_open(os.getppid())
    _checked_peer(control)
    try:
        warm_up(sys.argv[2:])
    except Exception as error:
        _refuse_all(control, f"{type(error).__name__}: {error}")
    serve(control, owner)
    os._exit(0)


def warm_up(names: list[str]) -> None:
    """Import each ``module`` and call each ``module:function``; afterwards nothing here may need a thread.

    Raises TemplateError when one of them left a thread running.
    """
    for name in names:
        module, _, function = name.partition(":")
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()
    if (threads := os_threads()) != 1:
        raise TemplateError(f"after importing {', '.join(names)} it has {threads} threads, and must have one")
    gc.collect()
    gc.freeze()  # what is here stays shared between all kernels: no collection touches it


def os_threads() -> int:
    """Threads of this process as the machine counts them, those of libraries included."""
    return len(os.listdir("/proc/self/task"))


def serve(control: socket.socket, owner: int) -> None:
    """Fork a kernel for every request on ``control``, until the coordinator (``owner``, a pidfd) ends.

    Also ends when no kernel has run for `IDLE_S`: the coordinator starts another when it needs one.
    """
    nursery = _Nursery()
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    poll = select.poll()
    for descriptor in (control.fileno(), owner, woken):
        poll.register(descriptor, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poll.poll(1000 * IDLE_S)}
        if not ready and not nursery.lines:
            return
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 4096)
            nursery.reap()
        if owner in ready:
            return
        if control.fileno() in ready:
            try:
                packet = wire.receive(control, 0.0)
            except wire.WireError:
                return
            if packet is not None:
                _answer(packet, nursery)


def _answer(packet: wire.Packet, nursery: _Nursery) -> None:
    """One request: three descriptors (the kernel's own line, its lifeline, its log) and an order."""
    if packet.uid != os.geteuid() or len(packet.descriptors) != 3:
        for descriptor in packet.descriptors:
            os.close(descriptor)
        return
    line = socket.socket(fileno=packet.descriptors[0])
    try:
        order = Order.read(packet.fields)
        pid = os.fork()
    except (ValueError, OSError) as error:
        with contextlib.suppress(wire.WireError):
            wire.send(line, {"refused": ["the request for a warm kernel", str(error), "It is run in a cold one."]})
        line.close()
    else:
        if pid == 0:
            _be_child(order, packet.descriptors)
        nursery.lines[pid] = line
    for descriptor in packet.descriptors[1:]:
        os.close(descriptor)


def _be_child(order: Order, descriptors: tuple[int, ...]) -> NoReturn:
    """In the forked child: no way leads back into the template's own loop."""
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        be_kernel(order, *descriptors)
    finally:
        os._exit(70)


def _single_minded() -> None:
    """Nobody may look into this process, orphans fall to it, and the terminal's Ctrl-C is not meant for it."""
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((_PR_SET_DUMPABLE, 0), (_PR_SET_CHILD_SUBREAPER, 1)):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise TemplateError(f"prctl({option}) failed: {os.strerror(ctypes.get_errno())}")
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _checked_peer(control: socket.socket) -> None:
    """The other end was made by the process that started us, and by the same user; else this ends at once."""
    import struct

    pid, uid, _ = struct.unpack("3i", control.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    if (pid, uid) != (os.getppid(), os.geteuid()):
        raise TemplateError(f"its line leads to process {pid} of user {uid}, not to the one that started it")


def _refuse_all(control: socket.socket, why: str) -> NoReturn:
    """Not fit to be forked: say so to everyone who asks, until nobody does."""
    while True:
        try:
            packet = wire.receive(control)
        except wire.WireError:
            os._exit(1)
        if packet is not None and packet.descriptors:
            line = socket.socket(fileno=packet.descriptors[0])
            with contextlib.suppress(wire.WireError):
                refused: list[Any] = ["the template of warm kernels", why, "Kernels start cold until it is mended."]
                wire.send(line, {"refused": refused})
            line.close()
            for descriptor in packet.descriptors[1:]:
                os.close(descriptor)

"""One warm kernel as its coordinator holds it: signals by pidfd, exit status, lifeline, the tail of its log.

Numbers of processes are used again; a pidfd means one process for ever, so no signal can hit a stranger.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import threading
import time
import weakref
from pathlib import Path

from casebook.jail import warm_wire as wire
from casebook.jail.log import drain
from casebook.jail.watcher import EXIT_KILLED

END_S = 5.0
_UNKNOWN = 1


class WarmProcess:
    """The kernel and its jail's first process; made when the kernel has said that it is ready."""

    def __init__(
        self, pid: int, template: subprocess.Popen[bytes], line: socket.socket, lifeline: int, log: int
    ) -> None:
        """``pid``: the kernel as this process sees it. Owns ``line``, ``lifeline`` and ``log`` from here on.

        Raises WireError when the kernel is gone already; then they are still the caller's.
        """
        self.pid = pid
        self._template, self._line, self._lifeline = template, line, lifeline
        self._returncode: int | None = None
        self._tail = bytearray()
        self._killed = self._closed = False
        self._lock = threading.Lock()
        with contextlib.ExitStack() as undone:
            try:
                # The kernel waits for our word, so its number and its parent's are still theirs.
                self._kernel = os.pidfd_open(pid)
                undone.callback(os.close, self._kernel)
                self._first = os.pidfd_open(_parent(pid))
                undone.callback(os.close, self._first)
            except OSError as error:
                raise wire.WireError(f"the kernel ended before it ran ({error.strerror})") from error
            wire.send(line, {"go": True})
            undone.pop_all()
        reading = (log, self._tail, self.kill)
        threading.Thread(target=drain, args=reading, daemon=True, name="casebook-kernel-log").start()
        _alive.add(self)

    def poll(self) -> int | None:
        """None while it runs, then its exit status: 128 + n for signal n."""
        with self._lock:
            while self._returncode is None and not self._closed:
                packet = self._heard()
                if packet is None:
                    break
                for descriptor in packet.descriptors:
                    os.close(descriptor)
                # Only the template's word counts, and the machine says whose word it is.
                if packet.pid == self._template.pid and isinstance(packet.fields.get("ended"), int):
                    self._returncode = packet.fields["ended"]
            return self._returncode

    def wait(self, timeout_s: float | None = None) -> int:
        """Its exit status; raises subprocess.TimeoutExpired after ``timeout_s``."""
        end = time.monotonic() + (float("inf") if timeout_s is None else timeout_s)
        while (status := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("a warm kernel", timeout_s or 0.0)
            time.sleep(0.01)
        return status

    def send_signal(self, number: int) -> None:
        """To the kernel alone, not to what it started; SIGTERM and SIGKILL end the whole jail."""
        if number in (signal.SIGTERM, signal.SIGKILL):
            self.kill()
            return
        with self._lock, contextlib.suppress(ProcessLookupError):
            if not self._closed:
                signal.pidfd_send_signal(self._kernel, number)

    def kill(self) -> None:
        """SIGKILL for the jail's first process: the machine ends everything in the jail with it."""
        with self._lock, contextlib.suppress(ProcessLookupError):
            if not self._closed:
                self._killed = True
                signal.pidfd_send_signal(self._first, signal.SIGKILL)

    def log(self) -> str:
        """The last words on its stdout and stderr, at most 8 KiB, whatever they are."""
        return bytes(self._tail).decode("utf-8", "replace")

    def close(self) -> None:
        """Kill what still runs, wait for its end and let go of every descriptor; safe to call twice."""
        self.kill()
        if not self._closed:
            _ended(self._first, END_S)
        self._let_go()

    def _heard(self) -> wire.Packet | None:
        """The next word on the line. Without a template nobody tells how the kernel ended, only that it did."""
        with contextlib.suppress(wire.WireError):
            packet = wire.receive(self._line, 0.0)
            if packet is not None:
                return packet
        if self._template.poll() is not None and _ended(self._first):
            self._returncode = EXIT_KILLED if self._killed else _UNKNOWN
        return None

    def _let_go(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
            if self._returncode is None:
                self._returncode = EXIT_KILLED
            for descriptor in (self._kernel, self._first, self._lifeline):
                os.close(descriptor)
            self._line.close()

    def _disown(self) -> None:
        """In a forked copy of the coordinator: lifelines are the original's, and must end with the original."""
        self._lock = threading.Lock()
        self._let_go()


def _parent(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("PPid:"):
            return int(line.split()[1])
    raise ProcessLookupError(3, "no parent")


def _ended(pidfd: int, within_s: float = 0.0) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(1000 * within_s))


def _after_fork() -> None:
    for process in list(_alive):
        process._disown()


_alive: weakref.WeakSet[WarmProcess] = weakref.WeakSet()
os.register_at_fork(after_in_child=_after_fork)

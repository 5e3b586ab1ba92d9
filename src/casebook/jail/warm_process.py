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
import weakref
from pathlib import Path

from casebook.jail import warm_wire as wire

LOG_TAIL_BYTES = 8_192


class WarmProcess:
    """The kernel and its jail's first process; made when the kernel has said that it is ready."""

    def __init__(
        self, pid: int, template: subprocess.Popen[bytes], line: socket.socket, lifeline: int, log: int
    ) -> None:
        """``pid``: the kernel as this process sees it. Owns ``line``, ``lifeline`` and ``log`` from here on.

        Raises WireError when the kernel is gone already.
        """
        self.pid = pid
        self.returncode: int | None = None
        self._template = template
        self._line = line
        try:
            # The kernel waits for our word, so its number and its parent's are still theirs.
            self._kernel = os.pidfd_open(pid)
            self._init = os.pidfd_open(_parent(pid))
        except OSError as error:
            raise wire.WireError(f"the kernel ended before it ran ({error.strerror})") from error
        wire.send(line, {"go": True})
        self._lifeline = lifeline
        self._tail = bytearray()
        self._reader = threading.Thread(target=self._drain, args=(log,), daemon=True, name="casebook-kernel-log")
        self._reader.start()
        self._killed = False
        self._closed = False
        _alive.add(self)

    def poll(self) -> int | None:
        """None while it runs; its exit status afterwards, negative for a signal as `subprocess` has it."""
        while self.returncode is None and not self._closed:
            try:
                packet = wire.receive(self._line, 0.0)
            except wire.WireError:
                packet = None
            if packet is None:
                if self._template.poll() is not None and _ended(self._init):
                    self.returncode = -signal.SIGKILL if self._killed else 1  # nobody is left who could tell
                break
            for descriptor in packet.descriptors:
                os.close(descriptor)
            if packet.pid == self._template.pid and isinstance(packet.fields.get("ended"), int):
                self.returncode = packet.fields["ended"]
        return self.returncode

    def send_signal(self, number: int) -> None:
        """To the kernel alone, not to what it started; nothing happens when it has ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._kernel, number)

    def kill(self) -> None:
        """SIGKILL for the jail's first process: the machine ends everything in the jail with it."""
        self._killed = True
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._init, signal.SIGKILL)

    def log(self) -> str:
        """The last words on its stdout and stderr, at most 8 KiB, whatever they are."""
        return bytes(self._tail).decode("utf-8", "replace")

    def close(self) -> None:
        """Kill what still runs and let go of every descriptor; safe to call twice."""
        if self._closed:
            return
        self.kill()
        self._let_go()

    def _let_go(self) -> None:
        self._closed = True
        if self.returncode is None:
            self.returncode = -signal.SIGKILL
        for descriptor in (self._kernel, self._init, self._lifeline):
            os.close(descriptor)
        self._line.close()

    def _drain(self, log: int) -> None:
        """Read the log until its end, so that a kernel that floods it is never blocked nor kept."""
        with contextlib.suppress(OSError):
            while chunk := os.read(log, 65_536):
                self._tail += chunk
                del self._tail[:-LOG_TAIL_BYTES]
        os.close(log)


def _parent(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("PPid:"):
            return int(line.split()[1])
    raise ProcessLookupError(3, "no parent")


def _ended(pidfd: int) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(0))


def _after_fork() -> None:
    """In a forked copy of the coordinator: lifelines are the original's, and must end with the original."""
    for process in list(_alive):
        if not process._closed:
            process._let_go()


_alive: weakref.WeakSet[WarmProcess] = weakref.WeakSet()
os.register_at_fork(after_in_child=_after_fork)

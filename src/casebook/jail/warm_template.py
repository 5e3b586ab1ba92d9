"""The coordinator's handle on the template: starts it, starts it again when it died, asks it for kernels."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import weakref

from casebook.jail import warm_wire as wire
from casebook.jail.spec import JailError
from casebook.jail.template import ENVIRONMENT, PROGRAM
from casebook.jail.warm_child import Order
from casebook.jail.warm_process import WarmProcess

START_S = 180.0
_SLICE_S = 0.5
_WHAT = "the template of warm kernels"
_REMEDY = "Run: casebook doctor; it says what is missing."


class Template:
    """One template process for any number of threads; started when first asked."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """``names``: what the template imports or calls once (``module`` or ``module:function``)."""
        self.names = names
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """The template's process number, or None while there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start it now, so that its imports are done by the time the first kernel is wanted."""
        with self._lock:
            self._running()

    def launch(self, order: Order) -> WarmProcess:
        """A kernel forked for ``order``; started anew once when the template died meanwhile. Raises JailError."""
        try:
            return self._launch(order)
        except wire.WireError:
            with self._lock:
                self._stop()
        try:
            return self._launch(order)
        except wire.WireError as error:
            raise JailError(_WHAT, f"it ended twice while a kernel was asked of it ({error})", _REMEDY) from error

    def close(self) -> None:
        """End the template; kernels that still run go on and end with their own lifelines."""
        with self._lock:
            self._stop()

    def _launch(self, order: Order) -> WarmProcess:
        ours, theirs = wire.pair()
        lifeline_out, lifeline = os.pipe2(os.O_CLOEXEC)
        log, log_in = os.pipe2(os.O_CLOEXEC)
        try:
            with self._lock:
                process, control = self._running()
                wire.send(control, order.write(), (theirs.fileno(), lifeline_out, log_in))
            theirs.close()
            packet = _first_word(ours, process)
            if refused := packet.fields.get("refused"):
                raise JailError(*(str(word) for word in refused))
            return WarmProcess(packet.pid, process, ours, lifeline, log)
        except BaseException:
            for descriptor in (lifeline, log):
                os.close(descriptor)
            ours.close()
            raise
        finally:
            theirs.close()
            os.close(lifeline_out)
            os.close(log_in)

    def _running(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        if self._process is not None and self._control is not None and self._process.poll() is None:
            return self._process, self._control
        self._stop()
        ours, theirs = wire.pair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", PROGRAM, str(theirs.fileno()), *self.names],
                env=ENVIRONMENT,
                cwd="/",
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            raise JailError(_WHAT, f"it cannot be started ({error})", _REMEDY) from error
        finally:
            theirs.close()
        self._control = ours
        _alive.add(self)
        return self._process, ours

    def _stop(self) -> None:
        process, self._process = self._process, None
        control, self._control = self._control, None
        if control is not None:
            control.close()
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()
            process.wait()

    def _disown(self) -> None:
        """In a forked copy of the coordinator: the line is the original's, and must end with the original."""
        if self._control is not None:
            self._control.close()
        self._process = self._control = None
        self._lock = threading.Lock()


def shared(names: tuple[str, ...]) -> Template:
    """The template of this process for these imports; every thread gets the same one."""
    with _shared_lock:
        return _shared.setdefault(names, Template(names))


def _first_word(line: socket.socket, process: subprocess.Popen[bytes]) -> wire.Packet:
    """The child's word that it is ready, or the reason why not. The template's imports are waited for."""
    end = time.monotonic() + START_S
    while (packet := wire.receive(line, _SLICE_S)) is None:
        if process.poll() is not None:
            raise wire.WireError(f"it ended with status {process.returncode}")
        if time.monotonic() > end:
            raise JailError(_WHAT, f"it gave no kernel within {START_S:g} s", _REMEDY)
    return packet


def _after_fork() -> None:
    global _shared_lock
    _shared_lock = threading.Lock()
    for template in list(_alive):
        template._disown()
    _shared.clear()


_shared: dict[tuple[str, ...], Template] = {}
_shared_lock = threading.Lock()
_alive: weakref.WeakSet[Template] = weakref.WeakSet()
os.register_at_fork(after_in_child=_after_fork)

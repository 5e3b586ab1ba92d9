"""Which jailed kernel runs the next notebook: a cold one while they are few, a warm one once there are more.

And how an ordinary kernel is reached without ports.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from typing import Any

FEW = 2
LATELY_S = 120.0
LONGEST_PATH = 100  # of a socket; systems allow some 104


class Choice:
    """Chooses for all threads of a process. ``wanted``: cold, warm, or auto.

    A template costs about as much as two cold kernels, so it pays once more than a few notebooks must be run.
    """

    def __init__(self, wanted: str = "auto") -> None:
        self.wanted = wanted
        self._lock = threading.Lock()
        self._times: list[float] = []

    def want(self, wanted: str) -> None:
        """Decide it from here on; ValueError for a word that is none of the three."""
        if wanted not in ("auto", "cold", "warm"):
            raise ValueError(f"kernels are cold, warm or auto, not {wanted!r}")
        with self._lock:
            self.wanted = wanted

    def prepare(self) -> None:
        """Start the template now where warm kernels are wanted: its imports are done while others' work begins."""
        if self.wanted == "warm" and sys.platform == "linux":
            from casebook.jail.spec import JailError
            from casebook.jail.warm import WARM_UP
            from casebook.jail.warm_template import shared

            with contextlib.suppress(JailError):  # told when a kernel is wanted
                shared(WARM_UP).start()

    def name(self) -> str:
        """The kernel for a notebook that is to be run now."""
        from casebook.jail.kernelspec import JAILED, WARM

        now = time.monotonic()
        with self._lock:
            self._times = [*(past for past in self._times if now - past < LATELY_S), now]
            many = len(self._times) > FEW
            wanted = self.wanted
        return WARM if wanted == "warm" or (wanted == "auto" and many) else JAILED


choice = Choice()


def by_files(folder: str) -> Any:
    """Settings of a notebook client that reaches its kernel through sockets in ``folder``, which is that run's alone.

    Ports are free when they are chosen and are taken when the kernel has started, a second later: by then another
    kernel may have one, and this one ends. Windows has no such sockets, and keeps its ports.
    """
    from traitlets.config import Config

    path = os.path.join(folder, ".k")
    if os.name != "posix" or len(os.fsencode(path)) > LONGEST_PATH:
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": path}})

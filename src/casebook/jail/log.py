"""The log of a jail, which whoever is in it can write to: its last words are kept, a flood is ended."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

LOG_TAIL_BYTES = 8_192
LOG_LIMIT_BYTES = 64 * 2**20


def drain(log: int, tail: bytearray, end: Callable[[], None]) -> None:
    """Read ``log`` until its end and close it, its last 8 KiB kept in ``tail``; ``end`` is called from 64 MiB on."""
    seen = 0
    with contextlib.suppress(OSError):
        while chunk := os.read(log, 65_536):
            seen += len(chunk)
            tail += chunk
            del tail[:-LOG_TAIL_BYTES]
            if seen > LOG_LIMIT_BYTES:
                end()
    os.close(log)

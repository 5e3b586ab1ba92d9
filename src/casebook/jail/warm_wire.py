"""How coordinator and template talk: small JSON packets with file descriptors beside them, each with its sender.

The kernel of the machine says who sent a packet; nothing in the packet itself is believed about that.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MAX_PACKET_BYTES = 65_536
MAX_DESCRIPTORS = 8
_CREDENTIALS = struct.Struct("3i")


class WireError(Exception):
    """The other side is gone, or sent what is not a packet of ours."""


@dataclass(frozen=True, slots=True)
class Packet:
    """``fields`` as sent, the descriptors that came along (the receiver closes them), and who sent it."""

    fields: dict[str, Any]
    descriptors: tuple[int, ...]
    pid: int
    uid: int


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a new line. Without a name in any folder: who was not handed an end cannot get one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ours, theirs


def send(line: socket.socket, fields: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Send one packet, whole or not at all. Raises WireError when nobody listens any more."""
    data = json.dumps(fields).encode()
    if len(data) > MAX_PACKET_BYTES:
        raise WireError(f"a packet of {len(data)} bytes is longer than {MAX_PACKET_BYTES}")
    try:
        socket.send_fds(line, [data], list(descriptors), socket.MSG_NOSIGNAL)
    except OSError as error:
        raise WireError(f"the other side does not listen ({error.strerror})") from error


def receive(line: socket.socket, timeout_s: float | None = None) -> Packet | None:
    """The next packet; None when none came within ``timeout_s`` (None: wait for ever, 0.0: do not wait).

    Raises WireError at the end of the line and for anything that is not a packet.
    """
    line.settimeout(timeout_s)
    room = socket.CMSG_SPACE(MAX_DESCRIPTORS * 4) + socket.CMSG_SPACE(_CREDENTIALS.size)
    try:
        data, ancillary, flags, _ = line.recvmsg(MAX_PACKET_BYTES, room, socket.MSG_CMSG_CLOEXEC)
    except (BlockingIOError, TimeoutError):
        return None
    except OSError as error:
        raise WireError(f"the line broke ({error.strerror})") from error
    descriptors, pid, uid = _beside(ancillary)
    try:
        if not data:
            raise WireError("the other side is gone")
        if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
            raise WireError("a packet was too long")
        fields = json.loads(data)
        if not isinstance(fields, dict):
            raise WireError("a packet was not a table")
    except (WireError, ValueError, RecursionError) as error:
        for descriptor in descriptors:
            os.close(descriptor)
        raise error if isinstance(error, WireError) else WireError("a packet was not JSON") from error
    return Packet(fields, descriptors, pid, uid)


def _beside(ancillary: list[tuple[int, int, bytes]]) -> tuple[tuple[int, ...], int, int]:
    """Descriptors, and the sender's process and user number as this process sees them."""
    descriptors: list[int] = []
    pid, uid = 0, -1
    for level, kind, data in ancillary:
        if level != socket.SOL_SOCKET:
            continue
        if kind == socket.SCM_RIGHTS:
            descriptors += struct.unpack(f"{len(data) // 4}i", data[: len(data) // 4 * 4])
        elif kind == socket.SCM_CREDENTIALS:
            pid, uid, _ = _CREDENTIALS.unpack(data[: _CREDENTIALS.size])
    return tuple(descriptors), pid, uid

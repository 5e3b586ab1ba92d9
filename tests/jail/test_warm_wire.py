"""What coordinator and template say to each other: whole packets, true senders, orders that stay in their folder."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from casebook.jail import warm_wire as wire
from casebook.jail.spec import JailSpec
from casebook.jail.warm_child import Order


def test_a_packet_brings_fields_descriptors_and_its_sender() -> None:
    ours, theirs = wire.pair()
    with ours, theirs:
        out, into = os.pipe()
        wire.send(ours, {"number": 7}, (into,))
        os.close(into)
        packet = wire.receive(theirs, 1.0)
        assert packet is not None and packet.fields == {"number": 7}
        assert (packet.pid, packet.uid) == (os.getpid(), os.geteuid())
        (copy,) = packet.descriptors
        os.write(copy, b"through")
        assert os.read(out, 10) == b"through"
        os.close(copy)
        os.close(out)


def test_a_forged_sender_is_not_believed() -> None:
    ours, theirs = wire.pair()
    with ours, theirs:
        wire.send(ours, {"pid": 1, "uid": 0, "ended": 0})
        packet = wire.receive(theirs, 1.0)
        assert packet is not None and packet.pid == os.getpid() != 1


@pytest.mark.parametrize("sent", [b"[1, 2]", b"not json", b"\xff\xfe", b"[" * 5000])
def test_what_is_not_a_packet_is_refused_and_its_descriptors_are_closed(sent: bytes) -> None:
    ours, theirs = wire.pair()
    with ours, theirs:
        out, into = os.pipe()
        socket.send_fds(ours, [sent], [into])
        os.close(into)
        with pytest.raises(wire.WireError):
            wire.receive(theirs, 1.0)
        assert os.read(out, 1) == b""  # the end of the pipe: nobody holds the other side any more
        os.close(out)


def test_the_end_of_the_line_and_silence_are_told_apart() -> None:
    ours, theirs = wire.pair()
    with theirs:
        assert wire.receive(theirs, 0.0) is None
        ours.close()
        with pytest.raises(wire.WireError, match="gone"):
            wire.receive(theirs, 1.0)
        with pytest.raises(wire.WireError):
            wire.send(theirs, {})


def test_a_packet_too_long_is_not_sent() -> None:
    ours, theirs = wire.pair()
    with ours, theirs, pytest.raises(wire.WireError, match="longer"):
        wire.send(ours, {"text": "x" * 70_000})


def test_an_order_arrives_as_it_was_given(tmp_path: Path) -> None:
    spec = JailSpec(tmp_path, read_only=(Path("/usr"),), env={"HOME": "/tmp"}, cpu_s=7)
    order = Order(spec, "kernel.json")
    assert Order.read(order.write()) == order


def test_orders_that_are_not_whole_or_lead_elsewhere_are_refused(tmp_path: Path) -> None:
    good = Order(JailSpec(tmp_path), "kernel.json").write()
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    for wrong in (
        {},
        {**good, "connection": "../../etc/passwd"},
        {**good, "spec": {**good["spec"], "scratch": "relative"}},
        {**good, "spec": {**good["spec"], "scratch": str(link)}},
        {**good, "spec": {**good["spec"], "no_such_limit": 1}},
        {**good, "spec": 7},
    ):
        with pytest.raises(ValueError):
            Order.read(wrong)
    with pytest.raises(OSError):
        Order.read({**good, "spec": {**good["spec"], "scratch": str(tmp_path / "nowhere")}})

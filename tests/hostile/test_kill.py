"""The coordinator killed at random moments, in short: run again, it leaves what an undisturbed run leaves."""

from __future__ import annotations

import pytest

from tests.hostile.kill import Killed, different, rounds


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Killed]:
    return list(rounds(2, 7, tmp_path_factory.mktemp("kill"), size=5))


def test_a_killed_run_goes_on_and_ends_like_an_undisturbed_one(found: list[Killed]) -> None:
    assert [line for one in found for line in one.wrong] == []


def test_the_kill_hit_a_running_coordinator(found: list[Killed]) -> None:
    assert any(one.was_running for one in found), found


def test_a_difference_is_seen() -> None:
    told = different({"a": "1\n2", "b": "", "d": "x"}, {"a": "1\n3", "c": "", "d": "x"})
    assert told == ["a is not the same: '2' and now '3'", "b is missing", "c is too much"]

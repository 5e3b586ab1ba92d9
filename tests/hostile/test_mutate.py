"""Mutated notebooks in short: door, repair and reader end every one of them as a refusal or a reading."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.hostile.mutate import WAYS, Bench, Fate, peak_mb


@pytest.fixture(scope="module")
def found() -> list[Fate]:
    bench = Bench()
    return [bench.fate(number, seed=1) for number in range(300)]


def test_no_mutant_crashes_the_door_the_repair_or_the_reader(found: list[Fate]) -> None:
    assert [fate for fate in found if fate.became == "crash"] == []


def test_the_mutants_reach_every_room(found: list[Fate]) -> None:
    for how in WAYS:
        assert {fate.became for fate in found if fate.how == how} >= {"refused"}, how
    counts = Counter(fate.became for fate in found)
    assert min(counts[what] for what in ("read", "read in part", "needs a run", "refused")) > 10, counts


def test_a_mutant_is_the_same_one_next_time() -> None:
    bench = Bench()
    assert [bench.mutant(number, 3) for number in range(10)] == [bench.mutant(number, 3) for number in range(10)]


def test_a_mutant_takes_little_memory() -> None:
    assert max(peak_mb(number, 0) for number in range(5)) < 50

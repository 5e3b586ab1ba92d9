"""Notebooks mutated at random go through intake and repair: taken in or refused with a reason, never a crash."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from casebook.course.errors import Refused
from casebook.course.intake import take_in
from casebook.course.repair import Rebuilt, Release, load_release, rebuild
from tests.course.masters import ROOT

ODD: list[Any] = [None, True, -1, 10**30, 1e308, "", "x" * 5000, "\ud800", "\x1b[2J", [], {}, [[]], {"a": {}}, "‮"]


@pytest.fixture(scope="module")
def release() -> Release:
    return load_release(ROOT / "release" / "stability-moderation")


def mutated(value: Any, chance: random.Random, depth: int = 0) -> Any:
    """``value`` with, here and there, a part replaced, dropped, doubled or renamed."""
    if chance.random() < 0.004:
        return chance.choice(ODD)
    if isinstance(value, dict) and depth < 6:
        pairs = [(k, mutated(v, chance, depth + 1)) for k, v in value.items() if chance.random() > 0.003]
        return {(f"{k}x" if chance.random() < 0.002 else k): v for k, v in pairs}
    if isinstance(value, list) and depth < 6:
        kept = [mutated(v, chance, depth + 1) for v in value if chance.random() > 0.01]
        return kept + kept[: chance.randrange(2)] if chance.random() < 0.05 else kept
    if isinstance(value, str) and value and chance.random() < 0.01:
        at = chance.randrange(len(value))
        return value[:at] + chance.choice(["(", '"', "\\", "\N{ZERO WIDTH SPACE}", "lambda:0"]) + value[at:]
    return value


def fate(release: Release, raw: bytes) -> Rebuilt | Refused:
    """What becomes of a file at the door."""
    try:
        return rebuild(release, take_in(raw))
    except Refused as refused:
        return refused


def test_mutated_notebooks_are_taken_in_or_refused(release: Release) -> None:
    fates = {"taken": 0, "refused": 0}
    for seed in range(400):
        chance = random.Random(seed)
        raw = json.dumps(mutated(release.notebook, chance)).encode()
        if chance.random() < 0.1:
            raw = raw[: chance.randrange(len(raw))]
        rebuilt = fate(release, raw)
        if isinstance(rebuilt, Refused):
            assert rebuilt.reason
            fates["refused"] += 1
            continue
        fates["taken"] += 1
        for mine, theirs in zip(rebuilt.notebook["cells"], release.notebook["cells"], strict=True):
            marks = theirs["metadata"].get("nbgrader", {})
            assert mine["metadata"] == theirs["metadata"]
            assert marks.get("solution") or mine["source"] == theirs["source"]
    assert min(fates.values()) > 20, fates


def test_bytes_flipped_at_random_are_taken_in_or_refused(release: Release) -> None:
    raw = json.dumps(release.notebook).encode()
    for seed in range(200):
        chance = random.Random(seed)
        broken = bytearray(raw)
        for _ in range(chance.randrange(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        found = fate(release, bytes(broken))
        assert found.remedy if isinstance(found, Refused) else found.notebook


def test_what_is_written_is_valid_text(release: Release, tmp_path: Path) -> None:
    raw = json.dumps(release.notebook).replace("questions = []", "questions = ['\\ud800\\u001b[31m']").encode()
    text = json.dumps(rebuild(release, take_in(raw)).notebook, ensure_ascii=False)
    (tmp_path / "x.ipynb").write_text(text, encoding="utf-8")
    assert "\x1b" not in text

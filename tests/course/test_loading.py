"""Modules that take long are imported one after the other, whichever thread asks."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casebook.course.loading import GRADING, RUNNING, loaded

SLOW = "import sys, time\nsys.import_log.append('begin')\ntime.sleep(0.2)\nsys.import_log.append('end')\n"


def test_two_threads_do_not_import_at_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("casebook_slow_one", "casebook_slow_two")
    for name in names:
        (tmp_path / f"{name}.py").write_text(SLOW, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    log: list[str] = []
    monkeypatch.setattr(sys, "import_log", log, raising=False)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: loaded((name,)), names))
    assert log == ["begin", "end", "begin", "end"]


def test_what_is_named_exists() -> None:
    loaded(GRADING)
    loaded(RUNNING)
    assert {*GRADING, *RUNNING} <= sys.modules.keys()

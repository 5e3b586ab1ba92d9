"""Which tests share a worker: those of one file whose costly fixtures (a graded cohort, a built wheel) they share."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
TOGETHER = ("cohort", "course", "project/test_wheel.py", "project/test_smoke.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        place = Path(item.path).relative_to(HERE).as_posix()
        if place.startswith(TOGETHER):
            item.add_marker(pytest.mark.xdist_group(place))

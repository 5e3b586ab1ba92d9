"""Which tests share a worker: those that share a browser, and those of one file whose fixtures cost a lot.

And how long an example of Hypothesis may take: as long as it does.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

# A busy machine is no failure: no test says how long an example may take to be tried.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# One JupyterLab and one Chromium for everything in a browser; a graded cohort or a built wheel once a file.
TOGETHER = {"tests/browser/": "browser"}
BY_FILE = (
    *("tests/cohort/", "tests/course/", "tests/hostile/", "tests/jail/"),
    *("tests/project/test_wheel.py", "tests/project/test_smoke.py"),
)


def companions(nodeid: str) -> str:
    """The name of the group that a test is sent to a worker with; its own id when it can go anywhere."""
    for place, group in TOGETHER.items():
        if nodeid.startswith(place):
            return group
    return nodeid.split("::", 1)[0] if nodeid.startswith(BY_FILE) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """xdist's own groups by mark do nothing under pytest 9.2, so the groups are told to its scheduler."""
    from xdist.scheduler import LoadScopeScheduling

    class ByCompanions(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return companions(nodeid)

    return ByCompanions(config, log)

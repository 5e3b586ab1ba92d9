"""Fixtures for tests in a real browser: ``server`` and ``chromium`` once a run, ``lab`` fresh for each test.

Without Chromium the tests are skipped by name; with CASEBOOK_REQUIRE_BROWSER=1 they fail instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casebook.course.settings import Course
from tests.browser.harness import Lab, Server, browsing, find_chromium, formgrader_page, serving

HERE = Path(__file__).parent
NEEDED = os.environ.get("CASEBOOK_REQUIRE_BROWSER") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; absent, every test that asks for it says so."""
    if find_chromium() is None:
        left_out = "no Chromium here: not looked at in a browser (install chromium, or set CASEBOOK_CHROMIUM)"
        if NEEDED:
            pytest.fail(left_out, pytrace=False)
        pytest.skip(left_out)
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="session")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the server shows; tests write the notebooks they need into it."""
    return tmp_path_factory.mktemp("course")


@pytest.fixture(scope="session")
def server(chromium: Any, course_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One JupyterLab for the whole run."""
    with serving(course_folder, tmp_path_factory.mktemp("lab-state")) as running:
        yield running


@pytest.fixture
def lab(server: Server, chromium: Any) -> Iterator[Lab]:
    """A fresh page with default settings; afterwards zero page errors and failed requests are asserted."""
    server.forget()
    page = Lab(server, chromium)
    try:
        yield page
        page.assert_clean()
    finally:
        page.close()


@pytest.fixture(scope="module")
def formgrader(chromium: Any, course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab with formgrader in the graded ``course`` that the test's own file lays out."""
    with serving(course.root, tmp_path_factory.mktemp("formgrader-state")) as running:
        yield running


@pytest.fixture
def page(formgrader: Server, chromium: Any) -> Iterator[Any]:
    """A fresh page of formgrader, logged in."""
    with formgrader_page(formgrader, chromium) as opened:
        yield opened


@pytest.fixture
def shots() -> Path:
    """Where screenshots go: CASEBOOK_SHOTS, or a folder that git ignores."""
    folder = Path(os.environ.get("CASEBOOK_SHOTS") or HERE.parents[1] / "build" / "shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder

"""What several files of this room share: a small master, released and registered once a process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from casebook.course.release import release
from casebook.course.settings import Course
from tests.course.masters import ASSIGNMENT, course_with, small_master


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder with the small master released; copy it, do not write into it."""
    folder = course_with(tmp_path_factory.mktemp("small") / "course", small_master())
    release(Course(folder), ASSIGNMENT)
    return folder


@pytest.fixture
def course(graded_once: Path, tmp_path: Path) -> Course:
    """A copy of the course that the test's own file graded once, to do with as the test likes."""
    shutil.copytree(graded_once, tmp_path / "course")
    return Course(tmp_path / "course")

"""What several files of this room share: a small master, released and registered once a process."""

from __future__ import annotations

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

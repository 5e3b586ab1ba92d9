"""The judge's values: which are recognisable, where they are noticed, and what a damaged file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.course.errors import CourseError
from casebook.course.values import leaks, load_values, secrets

VALUES = {
    "scenarios": [{"name": "regional festival", "uploads_a_day": 137_500, "peak": 4}],
    "limits": {"p99_ms": 187.5, "on": True, "empty": None},
}


def test_long_words_and_long_numbers_are_recognisable_and_short_ones_are_not() -> None:
    assert secrets(VALUES) == ("137500", "187.5", "regional festival")


def test_what_is_public_anyway_is_no_secret() -> None:
    assert secrets(VALUES, ["a page that says 187.5 ms", "x: 137500"]) == ("regional festival",)


@pytest.mark.parametrize("text", ["137500 uploads", "137,500 uploads", "(137_500)", "Regional Festival!"])
def test_a_leak_is_noticed_however_it_is_written(text: str) -> None:
    assert leaks(text, secrets(VALUES))


@pytest.mark.parametrize("text", ["1375001", "0.137500", "187", "187.51", "a regional festivals' guide"])
def test_what_only_looks_alike_is_not_a_leak(text: str) -> None:
    assert leaks(text, secrets(VALUES)) == []


def test_a_damaged_file_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "week-1.yaml"
    path.write_text("a: 1\nb: [\n")
    with pytest.raises(CourseError, match="at line"):
        load_values(path)
    path.write_text("- a list\n")
    with pytest.raises(CourseError, match="mapping"):
        load_values(path)
    with pytest.raises(CourseError, match="no values for this assignment"):
        load_values(tmp_path / "week-2.yaml")

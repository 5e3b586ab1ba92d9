"""`casebook new-course`: a private folder that releases and grades, with values and a key of its own."""

from __future__ import annotations

import json
import random
import shutil
import stat
from pathlib import Path

import pytest

from casebook.cli import main
from casebook.course.errors import CourseError
from casebook.course.new_course import find_clone, fresh_values, new_course
from casebook.course.release import _refuse_leaks, release
from casebook.course.settings import Course
from casebook.course.values import load_values
from casebook.course.variant import key_path, read_key
from casebook.facts import load_case_data
from tests.course.masters import ROOT

NAME = "stability-moderation"
SAMPLES = sorted(path.stem for path in (ROOT / "autograde" / "judge").glob("*.yaml"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """One new course with one assignment, for tests that only look."""
    folder = tmp_path_factory.mktemp("new") / "course"
    new_course(folder, [NAME], ROOT, codes=True)
    return Course(folder)


def test_it_holds_the_chosen_assignment_and_nothing_else_of_the_clone(made: Course) -> None:
    assert [path.name for path in (made.root / "source").iterdir()] == [NAME]
    copy = made.release(NAME) / f"{NAME}.ipynb"
    assert copy.read_bytes() == (ROOT / "release" / NAME / f"{NAME}.ipynb").read_bytes()
    kept = {path.name for path in made.root.iterdir()}
    assert kept == {"nbgrader_config.py", "README.md", ".gitignore", "source", "release", "autograde"}
    assert {path.name for path in made.autograde.rglob("*")} == {"judge", f"{NAME}.yaml", "variant.key"}


def test_the_config_is_the_one_that_is_shipped(made: Course) -> None:
    assert (made.root / "nbgrader_config.py").read_text() == (ROOT / "nbgrader_config.py").read_text()


def test_key_and_values_are_private_and_new_each_time(made: Course, tmp_path: Path) -> None:
    assert stat.S_IMODE(key_path(made).stat().st_mode) == 0o600
    assert stat.S_IMODE(made.root.stat().st_mode) == 0o700
    other = Course(new_course(tmp_path / "other", [NAME], ROOT, codes=True).folder)
    assert read_key(made) != read_key(other)
    mine, theirs = (load_values(course.judge_values(NAME))["conditions"] for course in (made, other))
    sample = load_values(Course(ROOT).judge_values(NAME))["conditions"]
    assert mine != sample and theirs != sample and mine != theirs
    ignored = (made.root / ".gitignore").read_text().splitlines()
    assert "autograde/judge/*.key" in ignored and "autograde/submitted/" in ignored


@pytest.mark.parametrize("name", SAMPLES)
def test_fresh_values_are_like_the_sample_none_of_them_the_same_and_none_harder(name: str) -> None:
    data, sample = load_case_data(name), load_values(Course(ROOT).judge_values(name))
    drawn = fresh_values(data, sample, random.Random(7))
    day = next(item for item in data.scenarios if item.id == _day(name))
    printed = {"serving_time_factor": 1.0} | {key: float(value) for key, value in day.every_fact.items()}
    for old, new in zip(sample["conditions"], drawn["conditions"], strict=True):
        assert old.keys() == new.keys()
        for fact, value in old.get("facts", {}).items():
            low, high = sorted((printed[fact], float(value)))
            assert low < float(new["facts"][fact]) < high, f"{name}: {fact}"


def _day(name: str) -> str:
    from casebook.design.conditions import default_scenario

    return default_scenario(load_case_data(name))


def test_a_release_from_it_changes_nothing_and_hands_out_no_secret(made: Course, tmp_path: Path) -> None:
    course = Course(tmp_path / "copy")
    shutil.copytree(made.root, course.root)
    assert release(course, NAME).changed is False
    secret = course.source(NAME) / "notes.md"
    secret.write_text(f"our key is {key_path(course).read_text()}", encoding="utf-8")
    with pytest.raises(CourseError, match="the course's key would be handed out"):
        release(course, NAME)
    assert not (course.release(NAME) / "notes.md").exists()
    shutil.copy(key_path(course), course.release(NAME) / "variant.key")
    with pytest.raises(CourseError, match="the course's key would be handed out"):
        _refuse_leaks(course, NAME, course.release(NAME))


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "grades.csv").write_text("mine")
    with pytest.raises(CourseError, match=r"it holds 'grades.csv'"):
        new_course(tmp_path / "there", [NAME], ROOT)
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["grades.csv"]
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CourseError, match="a file of that name"):
        new_course(tmp_path / "file", [NAME], ROOT)
    with pytest.raises(CourseError, match="inside the course"):
        new_course(ROOT / "autograde" / "a-course", [NAME], ROOT)
    assert not (ROOT / "autograde" / "a-course").exists()
    (tmp_path / "empty").mkdir()
    assert new_course(tmp_path / "empty", [NAME], ROOT).assignments == (NAME,)


def test_an_unknown_assignment_lists_what_there_is_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=f"no such assignment.*{NAME}"):
        new_course(tmp_path / "course", ["stability"], ROOT)
    assert list(tmp_path.iterdir()) == []


def test_without_a_clone_the_folder_has_everything_but_masters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = new_course(tmp_path / "course", (), None)
    assert made.assignments == ()
    assert made.files == (".gitignore", "README.md", "nbgrader_config.py")
    assert Course.find(made.folder).root == made.folder.resolve()
    with pytest.raises(CourseError, match="no masters"):
        new_course(tmp_path / "another", [NAME], None)


def test_the_clone_is_the_one_you_are_in_or_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "docs")
    assert find_clone() == ROOT
    assert find_clone(ROOT) == ROOT
    with pytest.raises(CourseError, match="not inside a course"):
        find_clone(tmp_path)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new-course", "mine", NAME, "--from", str(ROOT), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["assignments"] == [NAME] and "autograde/judge/variant.key" not in told["files"]
    assert main(["new-course", "theirs", "--codes", "--from", str(ROOT), "--json"]) == 0
    assert "autograde/judge/variant.key" in json.loads(capsys.readouterr().out)["files"]
    assert main(["new-course", "mine", NAME, "--from", str(ROOT)]) == 1
    assert "nothing is ever overwritten" in capsys.readouterr().err

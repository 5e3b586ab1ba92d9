"""nbgrader's exchange by its own commands: two users' folders, from the release to the feedback that each one finds."""

from __future__ import annotations

import contextlib
import getpass
import io
import json
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from jupyter_core.application import NoStart

from casebook.cli import main
from casebook.commands.doctor import course_folder, privacy
from casebook.course.collect import collect
from casebook.course.settings import Course
from casebook.course.slips import SECRET, STAMP, slip
from tests.course.masters import ASSIGNMENT, filled, full_answers, hand_in, released

NB = f"{ASSIGNMENT}.ipynb"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a home of their own; ``hub`` holds the settings that are everybody's."""

    name: str
    home: Path
    hub: Path

    def nbgrader(self, *words: str) -> str:
        """One of nbgrader's commands in the user's folder and with their settings; what it logged."""
        from nbgrader.apps.nbgraderapp import NbGraderApp

        said = io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
                patch.setenv(name, str(self.home / name.lower()))
            patch.setenv("HOME", str(self.home))
            patch.setenv("JUPYTER_CONFIG_PATH", str(self.hub))
            patch.chdir(self.home)
            app = NbGraderApp.instance()
            try:
                app.initialize(list(words))
                app.init_logging(logging.StreamHandler, [said], color=False, subapps=True)
                with contextlib.suppress(NoStart):  # its command has been carried out
                    app.start()
            finally:
                app.reset()
                NbGraderApp.clear_instance()
        return said.getvalue()

    @property
    def notebook(self) -> Path:
        return self.home / ASSIGNMENT / NB

    def pages(self) -> list[str]:
        """The feedback that lies in the user's folder."""
        return [path.read_text(encoding="utf-8") for path in self.home.glob(f"{ASSIGNMENT}/feedback/*/*.html")]


def test_each_learner_finds_the_feedback_of_what_they_handed_in(small_release: Path, tmp_path: Path) -> None:
    exchange, hub = tmp_path / "exchange", tmp_path / "hub"
    exchange.mkdir()
    exchange.chmod(0o777)
    hub.mkdir()
    shared = f"c.Exchange.root = {str(exchange)!r}\n"
    (hub / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.course_id = 'casebook'\n{shared}")
    course = Course(tmp_path / "course")
    shutil.copytree(small_release, course.root)
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(shared)
    teacher = User("teacher", course.root, hub)
    ada, ben = (User(name, tmp_path / name, hub) for name in ("ada", "ben"))
    words = ["--course", str(course.root)]

    teacher.nbgrader("release_assignment", ASSIGNMENT)
    for user in (ada, ben):
        user.home.mkdir()
        user.nbgrader("fetch_assignment", ASSIGNMENT)
    handed = filled(json.loads(ada.notebook.read_text()), full_answers())
    ada.notebook.write_text(json.dumps(handed))
    for user in (ada, ben):
        user.nbgrader("submit", ASSIGNMENT, f"--student={user.name}")
    hand_in(course.root, "by-mail", released(course.root))

    assert main(["collect", ASSIGNMENT, *words]) == 0
    assert main(["grade", ASSIGNMENT, *words]) == 0
    assert main(["feedback", ASSIGNMENT, *words]) == 0
    said = teacher.nbgrader("release_feedback", ASSIGNMENT)
    assert "No feedback released for by-mail" in said
    assert said.count("Releasing feedback for student") == 2
    for user in (ada, ben):
        user.nbgrader("fetch_feedback", ASSIGNMENT)
    (adas,), (bens,) = ada.pages(), ben.pages()
    assert "Everybody by day 90." in adas
    assert f"{ASSIGNMENT} · ben" in bens
    assert "Everybody by day 90." not in bens

    # A second attempt: until it is graded, nothing is found with its secret.
    ben.notebook.write_text(json.dumps(handed))
    ben.nbgrader("submit", ASSIGNMENT, "--student=ben")
    beside = course.feedback / "ben" / ASSIGNMENT / SECRET
    first = beside.read_bytes()
    assert main(["collect", ASSIGNMENT, *words, "--replace"]) == 0
    assert main(["feedback", ASSIGNMENT, *words, "--student", "ben"]) == 0
    assert not beside.exists()
    assert main(["grade", ASSIGNMENT, *words]) == 0
    assert main(["feedback", ASSIGNMENT, *words, "--student", "ben"]) == 0
    assert beside.read_bytes() not in (b"", first)


def test_a_submission_in_the_name_of_somebody_else_is_not_taken(
    small_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = Course(tmp_path / "course")
    shutil.copytree(small_release, course.root)
    me = getpass.getuser()
    inbound = course.autograde / "exchange" / "casebook" / "inbound"
    for name in (me, "ada"):
        folder = inbound / f"{name}+{ASSIGNMENT}+2026-11-29 10:00:00 UTC+x"
        folder.mkdir(parents=True)
        (folder / NB).write_text(name)
    other = os.geteuid() + 1
    with monkeypatch.context() as patch:
        patch.setattr("casebook.course.collect_source.os.geteuid", lambda: other)
        got = collect(course, ASSIGNMENT)
        assert got.placed == (me,)
        assert [why for _, why in got.unmatched if f"says ada and belongs to the user {me}" in why]
        with (course.root / "nbgrader_config.py").open("a") as config:
            config.write("c.ExchangeCollect.check_owner = False\n")
        assert collect(course, ASSIGNMENT).placed == ("ada",)
    assert (course.submission("ada", ASSIGNMENT) / NB).read_text() == "ada"


def test_nbgraders_own_collect_believes_no_name_either(
    small_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = Course(tmp_path / "course")
    shutil.copytree(small_release, course.root)
    (tmp_path / "hub").mkdir()
    teacher = User("teacher", course.root, tmp_path / "hub")
    me = getpass.getuser()
    inbound = course.autograde / "exchange" / "casebook" / "inbound"

    def submitted(name: str, hour: int, text: str) -> None:
        folder = inbound / f"{name}+{ASSIGNMENT}+2026-11-29 {hour}:00:00 UTC+x"
        folder.mkdir(parents=True)
        (folder / NB).write_text(text)

    submitted(me, 10, "first")
    submitted("ada", 11, "forged")
    other = os.geteuid() + 1
    monkeypatch.setattr("casebook.course.collect_source.os.geteuid", lambda: other)
    said = teacher.nbgrader("collect", ASSIGNMENT)
    assert f"says ada and belongs to the user {me}" in said and f"new: {me}" in said
    assert not course.submission("ada", ASSIGNMENT).exists()
    submitted(me, 12, "second")
    assert "kept as it is" in teacher.nbgrader("collect", ASSIGNMENT)
    assert f"replaced: {me}" in teacher.nbgrader("collect", ASSIGNMENT, "--update")
    assert (course.submission(me, ASSIGNMENT) / NB).read_text() == "second"


def test_doctor_looks_at_an_exchange_outside_of_the_course(small_release: Path, tmp_path: Path) -> None:
    course, exchange = tmp_path / "course", tmp_path / "exchange"
    shutil.copytree(small_release, course)

    def found() -> dict[str, str]:
        return {result.what: result.state for result in course_folder(str(course))}

    assert found() == {"Course folder": "ok", "Disk": "ok"}
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(f"c.Exchange.root = {str(exchange)!r}\n")
    assert found()["Exchange"] == "wrong"
    exchange.mkdir(mode=0o755)
    assert found()["Exchange"] == "note"
    exchange.chmod(0o777)
    assert found()["Exchange"] == "ok"
    tmp_path.chmod(0o700)
    assert found()["Privacy"] == "ok"
    assert privacy(Path("/usr")).state == "wrong"


@pytest.mark.parametrize(
    ("name", "raw", "taken"),
    [
        (STAMP, b"2026-11-29 10:00:00.123456 UTC", True),
        (STAMP, b"yesterday", False),
        (STAMP, b"2026-11-29 10:00" + b" " * 400, False),
        (SECRET, b"0a" * 64, True),
        (SECRET, b"../../grades", False),
        (SECRET, b"short", False),
        (SECRET, "ñ".encode() * 64, False),
    ],
)
def test_a_slip_is_taken_only_if_it_is_one(name: str, raw: bytes, taken: bool) -> None:
    assert slip(name, raw) == (raw if taken else None)

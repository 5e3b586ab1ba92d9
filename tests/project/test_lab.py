"""Copies for learners are made once and never overwritten; ``casebook lab`` serves them, also as root."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from casebook.cli import main
from casebook.course.errors import CourseError
from casebook.course.lab import LabPlan, plan, serve, write_settings
from casebook.course.settings import Course
from casebook.course.workcopy import refresh


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00-start.ipynb").write_text(notebook("start"))
    (tmp_path / "notebooks" / "01-case.ipynb").write_text(notebook("case"))
    (tmp_path / "release" / "homework").mkdir(parents=True)
    (tmp_path / "release" / "homework" / "homework.ipynb").write_text(notebook("homework"))
    (tmp_path / "nbgrader_config.py").write_text("")
    return tmp_path


def notebook(text: str) -> str:
    cell = {"cell_type": "markdown", "id": "one", "metadata": {}, "source": text}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def test_everything_is_copied_the_first_time_and_kept_the_second(course: Path) -> None:
    paths = ["00-start.ipynb", "01-case.ipynb", "assignments/homework/homework.ipynb"]
    assert [(c.path, c.what) for c in refresh(course)] == [(path, "copied") for path in paths]
    assert (course / "my-work" / paths[2]).read_text() == notebook("homework")
    assert {c.what for c in refresh(course)} == {"kept"}


def test_the_command_says_how_many_were_copied_where_to_and_which_to_open(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["lab", "--course", str(course), "--copies-only"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert said.startswith("3 files were copied into my-work/.")
    assert said.rstrip().endswith("Open my-work/00-start.ipynb first.")
    assert "01-case" not in said  # a count, not a list: a course has dozens
    (course / "my-work" / "01-case.ipynb").unlink()
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("1 file was copied into my-work/.")
    assert main(command) == 0
    assert capsys.readouterr().out == ""
    assert main([*command, "--json"]) == 0
    paths = ["00-start.ipynb", "01-case.ipynb", "assignments/homework/homework.ipynb"]
    assert json.loads(capsys.readouterr().out) == [{"path": path, "what": "kept", "beside": ""} for path in paths]


def test_a_course_with_an_assignment_alone_names_that(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for notebook in (course / "notebooks").iterdir():
        notebook.unlink()
    assert main(["lab", "--course", str(course), "--copies-only"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("Open my-work/assignments/homework/homework.ipynb first.")


def test_a_newer_version_lies_beside_the_learners_file_and_is_offered_once(course: Path) -> None:
    refresh(course)
    mine = course / "my-work" / "01-case.ipynb"
    mine.write_text("my own work")
    (course / "notebooks" / "01-case.ipynb").write_text(notebook("case, second edition"))
    [newer] = [c for c in refresh(course) if c.what == "newer"]
    assert newer.beside == "01-case-newer-2.ipynb"
    assert mine.read_text() == "my own work"
    assert (course / "my-work" / newer.beside).read_text() == notebook("case, second edition")
    (course / "my-work" / newer.beside).unlink()  # the learner does not want it: it does not come back
    assert {c.what for c in refresh(course)} == {"kept"}
    (course / "notebooks" / "01-case.ipynb").write_text(notebook("third edition"))
    assert [c.beside for c in refresh(course) if c.what == "newer"] == ["01-case-newer-2.ipynb"]
    assert mine.read_text() == "my own work"


def test_a_deleted_copy_is_made_afresh_and_a_lost_ledger_overwrites_nothing(course: Path) -> None:
    refresh(course)
    (course / "my-work" / "00-start.ipynb").unlink()
    mine = course / "my-work" / "01-case.ipynb"
    mine.write_text("my own work")
    (course / "my-work" / ".casebook" / "offered.json").write_text("{broken")
    what = {c.path: c.what for c in refresh(course)}
    assert what["00-start.ipynb"] == "copied"
    assert what["01-case.ipynb"] == "newer"
    assert what["assignments/homework/homework.ipynb"] == "kept"
    assert mine.read_text() == "my own work"


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_a_link_in_a_release_is_not_followed(course: Path) -> None:
    (course / "release" / "homework" / "judge.yaml").symlink_to(course / "nbgrader_config.py")
    assert "assignments/homework/judge.yaml" not in {c.path for c in refresh(course)}


def test_a_full_disk_is_said_and_leaves_no_half_file(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh(course)
    mine = course / "my-work" / "01-case.ipynb"
    mine.write_text("my own work")
    (course / "notebooks" / "01-case.ipynb").write_text(notebook("second edition"))
    whole = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        whole(self, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    with monkeypatch.context() as disk:
        disk.setattr(Path, "write_bytes", full)
        with pytest.raises(CourseError, match="the disk is full"):
            refresh(course)
    assert mine.read_text() == "my own work"
    assert sorted(path.name for path in (course / "my-work").glob("*1-case*")) == ["01-case.ipynb"]
    assert list((course / "my-work").rglob("*.part")) == []
    assert [c.beside for c in refresh(course) if c.what == "newer"] == ["01-case-newer-2.ipynb"]


def test_the_key_is_on_no_command_line_and_root_is_let_in(course: Path) -> None:
    planned = plan(Course(course), browser=False)
    assert planned.token in planned.address
    assert planned.token == planned.environment()["JUPYTER_TOKEN"]
    assert not any(planned.token in word for word in planned.command())
    assert ("--allow-root" in planned.command()) == (os.geteuid() == 0)
    assert planned.token != plan(Course(course), browser=False).token


def test_outside_a_course_and_on_a_taken_port_the_error_says_what_to_do(
    course: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lab", "--course", str(tmp_path_factory.mktemp("elsewhere"))]) == 1
    assert "not inside a course" in capsys.readouterr().err
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["lab", "--course", str(course), "--port", str(port)]) == 1
    assert f"port {port}: another program is using it" in capsys.readouterr().err


def test_a_port_that_somebody_was_quicker_to_take_is_changed_for_the_next_unless_it_was_asked_for(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as quicker:
        port = quicker.getsockname()[1]
        planned = replace(plan(Course(course), browser=False), port=port)
        write_settings(planned)

        def ends(self: LabPlan) -> list[str]:
            return [sys.executable, "-c", f"raise SystemExit({int(self.port == port)})"]

        monkeypatch.setattr(LabPlan, "command", ends)
        monkeypatch.setattr("casebook.course.lab._ready", lambda plan, server, patience_s: server.wait() == 0)
        with pytest.raises(CourseError, match="did not answer"):
            serve(replace(planned, any_port=False))
        assert serve(planned) == 0
    address = re.search(r"running:\s+http://127\.0\.0\.1:(\d+)/", capsys.readouterr().out)
    assert address and int(address[1]) != port


def test_it_serves_prints_the_address_and_stops_when_told(course: Path) -> None:
    command = [sys.executable, "-m", "casebook", "lab", "--course", str(course)]
    lab = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = ""
    try:
        assert lab.stdout is not None
        for line in lab.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"running:\s+(\S+)", said)
        assert found, said
        with urllib.request.urlopen(found[1], timeout=120) as answer:
            page = answer.read().decode()
        assert "Open first:             my-work/00-start.ipynb" in said
        disabled = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)[1])
        assert "@jupyterlab/apputils-extension:announcements" in disabled["disabledExtensions"]
        assert "@jupyter/nbgrader:formgrader" in disabled["disabledExtensions"]
    finally:
        lab.send_signal(signal.SIGTERM)
        code = lab.wait(30)
    assert code == 0

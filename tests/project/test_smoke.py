"""The headless runs: they pass on this course, and they notice what a callback swallows or a cell raises."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from casebook.cli import main
from casebook.course import smoke
from casebook.course.kernels import by_files
from casebook.course.smoke import Job, attempt, jobs, junit, move_every_control, run_notebook, texts

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = ROOT / "tests" / "answers"
JOBS = jobs(ROOT, ANSWERS)


def cell(source: str, *tags: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"c{abs(hash(source)) % 999}",
        "metadata": {"tags": list(tags)},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def written(folder: Path, *cells: dict[str, Any], **told: str) -> Path:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}, "casebook": told}
    path = folder / f"n{len(list(folder.iterdir()))}.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}))
    return path


def test_everything_in_the_course_is_tried() -> None:
    tried = {(job.name, job.what) for job in JOBS}
    assert {
        ("01-stability", "blank"),
        ("01-stability", "strong"),
        ("stability-moderation", "master"),
        ("stability-moderation", "release"),
        ("stability-moderation", "board"),
    } <= tried
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert notebooks <= {name for name, _ in tried}


@pytest.mark.parametrize("job", JOBS, ids=lambda job: f"{job.what}-{job.name}")
def test_it_runs_and_shows_what_it_should(job: Job) -> None:
    result = attempt(job)
    assert result.trouble == ""
    assert result.showed


def test_a_weak_answer_is_no_strong_one_and_a_filled_scorecard_no_blank_one(tmp_path: Path) -> None:
    parameters = cell("scenario = seed = answer_path = None", "parameters")
    scored = written(tmp_path, parameters, cell("print('40.0 of 100 points (40.0 %), public score', answer_path)"))
    weak = ANSWERS / "stability-moderation.form-filler.json"
    words = ("stability-moderation", "stability")
    assert "less than 95 %" in attempt(Job("n", "strong", scored, *words, weak)).trouble
    assert "no strong answer" in attempt(Job("n", "strong", scored, *words, tmp_path / "none.json")).trouble
    assert "does not say 'not answered'" in attempt(Job("n", "blank", scored, *words)).trouble
    silent = written(tmp_path, parameters)
    assert "no score" in attempt(Job("n", "strong", silent, *words, weak)).trouble


def test_a_cell_that_raises_and_a_callback_that_fails_are_both_noticed(tmp_path: Path) -> None:
    raising = written(tmp_path, cell("1 / 0"))
    assert "ZeroDivisionError" in attempt(Job("one", "plain", raising)).trouble
    swallowed = written(
        tmp_path, cell("try:\n    1 / 0\nexcept Exception:\n    import traceback; traceback.print_exc()")
    )
    assert "ZeroDivisionError" in attempt(Job("one", "plain", swallowed)).trouble
    with pytest.raises(Exception, match="ZeroDivisionError"):
        run_notebook(raising, {})


@pytest.mark.skipif(os.name != "posix", reason="Windows has no sockets in folders")
def test_its_kernel_takes_no_port_that_another_might_have_taken(tmp_path: Path) -> None:
    asked = "from ipykernel.connect import get_connection_info\nprint(get_connection_info(unpack=True)['transport'])"
    assert [text for _, text in texts(run_notebook(written(tmp_path, cell(asked)), {}))] == ["ipc\n"]
    assert not by_files("/tmp/" + "x" * 100)  # too long for one: ports, as ever


def test_a_control_whose_callback_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from casebook.show import board

    def broken(*args: Any) -> str:
        raise RuntimeError("no headline")

    moved, trouble = move_every_control("stability-moderation")
    assert moved > 40
    assert trouble == []
    kept = board.Board._draw
    monkeypatch.setattr(
        board.Board, "_draw", lambda self, ev: broken() if self.kept is None and self._touched else kept(self, ev)
    )
    _, trouble = move_every_control("stability-moderation")
    assert trouble
    assert all("RuntimeError: no headline" in line for line in trouble)


def test_table_junit_and_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "nbgrader_config.py").write_text("")
    (tmp_path / "notebooks" / "bad.ipynb").write_text("not a notebook")
    (tmp_path / "notebooks" / "good.ipynb").write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell("'fine'")]})
    )
    report = tmp_path / "out" / "smoke.xml"
    words = ["smoke", "--course", str(tmp_path), "--only", "plain", "--jobs", "1", "--junit", str(report)]
    assert main(words) == 2
    said = capsys.readouterr().out
    assert "bad" in said
    assert "2 tried, 1 failed." in said
    suite = ET.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    (tmp_path / "notebooks" / "bad.ipynb").unlink()
    assert main(words[:-2]) == 0
    assert main([*words[:3], "--only", "nothing like it"]) == 1


def test_junit_holds_whatever_a_notebook_says() -> None:
    result = smoke.Result(Job('a<b>&"c"', "plain"), "\x1b[31mred\x1b[0m \x00 & <tag>", "ok", 1.0)
    case = ET.fromstring(junit([result]).split("\n", 1)[1])[0]
    assert case.find("failure").get("message") == "red  & <tag>"  # type: ignore[union-attr]

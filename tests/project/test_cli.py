"""The command line: exit codes, JSON, and words instead of tracebacks for whatever a person may type."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from casebook import cli
from casebook.answer import Answer, Hypothesis
from casebook.cli import command_names, main

CASE = "stability-moderation"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_every_command_is_in_the_overview_and_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--help")
    assert code == 0
    expected = {
        "lab",
        "cases",
        "show",
        "score",
        "evaluate",
        "build",
        "release",
        "grade",
        "feedback",
        "export",
        "validate",
        "smoke",
        "doctor",
    }
    assert expected <= set(command_names())
    for name in command_names():
        assert f"  {name} " in out
        code, words, _ = said(capsys, name, "--help")
        assert code == 0
        assert words.startswith(f"usage: casebook {name}")


def test_without_an_installed_script_the_module_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "casebook", "cases", "--json"], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0
    assert CASE in [case["id"] for case in json.loads(done.stdout)]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["grad"], "Did you mean: casebook grade?"),
        (["show", "stability"], "Did you mean stability-moderation?"),
        (["show"], "See: casebook show --help"),
        (["evaluate", CASE], "nothing is chosen"),
        (["evaluate", CASE, "serving=tritn-l4"], "triton-l4"),
        (["evaluate", CASE, "serving"], "Write slot=option"),
        (["evaluate", CASE, "replicas=2", "replicas=3"], "chosen twice"),
        (["evaluate", CASE, "--preset", "reference", "replicas=nan"], "replicas"),
        (["evaluate", CASE, "--preset", "reference", "--scenario", "lunch"], "launch"),
        (["evaluate", CASE, "--preset", "reference", "--requests", "0"], "outside 1 to"),
        (["evaluate", CASE, "--preset", "reference", "--requests", "many"], "invalid int value"),
        (["score", "absent.json"], "there is no such file"),
        (["score", "absent.json", "--rubric", "stabilty"], "Did you mean stability"),
        (["release", "absent"], "course"),
    ],
)
def test_a_mistake_is_answered_with_words_and_exit_code_1(
    words: list[str], hint: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = said(capsys, *words)
    assert code == 1
    assert hint in err
    assert "Traceback" not in out + err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"case_id": "nowhere"}', '{"case_id": 7}', "\x00\xff", "[" * 9999])
def test_a_file_that_is_no_answer_is_refused_in_words(
    text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(text.encode("latin-1"))
    code, _, err = said(capsys, "score", str(path))
    assert code == 1
    assert err.startswith("casebook score: ")


def test_evaluate_gives_figures_and_its_exit_code_tells_missed_targets(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["evaluate", CASE, "--preset", "reference", "--quick", "--requests", "5000", "--json"]
    code, out, _ = said(capsys, *words)
    calm = json.loads(out)
    assert code == 0
    assert calm["stable"] is True
    assert sum(calm["cost_lines"].values()) == pytest.approx(calm["cost_usd_month"])
    code, out, _ = said(capsys, *words, "review_staff=1", "threshold=0.5")
    flooded = json.loads(out)
    assert code == 2
    assert flooded["design"]["review_staff"] == 1
    assert flooded["cost_usd_month"] != calm["cost_usd_month"]
    assert "missed" in {verdict["status"] for verdict in flooded["verdicts"]}


def test_score_names_what_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    hypothesis = Hypothesis(
        persona="creators",
        decision="stay or leave",
        metric="toxic uploads",
        baseline="1 % of uploads",
        target="0.7 % of uploads",
    )
    path = tmp_path / "answer.json"
    path.write_text(Answer(CASE, hypothesis=hypothesis).to_json())
    code, out, _ = said(capsys, "score", str(path))
    assert code in (2, 3)
    assert "Not answered: " in out
    code_again, out, _ = said(capsys, "score", str(path), "--json")
    report = json.loads(out)
    assert code_again == code
    assert 0 < report["score"] < report["possible"]
    assert (code == 3) == bool(report["caps"])


def test_doctor_finds_nothing_to_mend_here_and_a_broken_course(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = said(capsys, "doctor", "--json")
    results = json.loads(out)
    assert code == 0, [result for result in results if result["state"] == "wrong"]
    assert {"Python", "Packages", "Cases", "Simulator", "Diagrams", "Gradebook"} <= {r["what"] for r in results}
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    code, out, _ = said(capsys, "doctor", "--course", str(tmp_path))
    assert code == 2
    assert "the settings cannot be read" in out


def command_that(run: object) -> ModuleType:
    module = ModuleType("casebook.commands.fake")
    module.HELP = "fake"  # type: ignore[attr-defined]
    module.add_arguments = lambda parser: None  # type: ignore[attr-defined]
    module.run = run  # type: ignore[attr-defined]
    return module


def raising(error: BaseException) -> object:
    def run(args: object) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "hint"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "grades.csv"), 1, "No space left on device"),
        (KeyboardInterrupt(), 130, "Stopped."),
    ],
)
def test_a_full_disk_and_a_stop_are_said_plainly(
    error: BaseException, code: int, hint: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "load", lambda name: command_that(raising(error)))
    got, _, err = said(capsys, "cases")
    assert got == code
    assert hint in err


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "load", lambda name: command_that(raising(ZeroDivisionError("ours"))))
    with pytest.raises(ZeroDivisionError):
        main(["cases"])


def test_a_reader_who_goes_away_is_no_error(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m casebook show {CASE} | head -n 1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0
    assert done.stderr == ""


def test_score_writes_a_page_with_the_design_and_nothing_from_a_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = Path(__file__).resolve().parents[1] / "answers" / f"{CASE}.strong.json"
    target = tmp_path / "score.html"
    code, _, _ = said(capsys, "score", str(answer), "--html", str(target))
    page = target.read_text(encoding="utf-8")
    assert code == 0
    assert "<svg" in page and "Triton on L40S" in page
    assert 'src="http' not in page and 'href="http' not in page

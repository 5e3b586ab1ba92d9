"""``casebook build``: exit codes, and what it prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casebook.answer import Answer, read_notebook
from casebook.cli import main
from casebook.course.build_solution import cell_points, python_of, solver
from casebook.course.build_text import AuthoredError
from tests.answers.make import answered_cases, form_filler, strong

ROOT = Path(__file__).resolve().parents[2]
CASE = "stability-moderation"
STRONG = ROOT / "tests" / "answers" / f"{CASE}.strong.json"
TEXT = "# notebook: notebooks/x.ipynb\n# mode: walkthrough\n# %% [markdown] id=a\n# one\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "authored").mkdir()
    (tmp_path / "authored" / "x.py").write_text(TEXT)
    return tmp_path


def test_check_notices_drift_and_strays(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--root", str(course), "--check"]) == 2
    assert "differs" in capsys.readouterr().out
    assert main(["build", "--root", str(course)]) == 0
    assert main(["build", "--root", str(course), "--check"]) == 0
    (course / "notebooks" / "left.ipynb").write_text("{}")
    capsys.readouterr()
    assert main(["build", "--root", str(course), "--check", "--json"]) == 2
    assert json.loads(capsys.readouterr().out) == {
        "built": ["notebooks/x.ipynb"],
        "changed": [],
        "strays": ["notebooks/left.ipynb"],
    }


def test_a_mistake_is_one_sentence_with_its_place(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (course / "authored" / "x.py").write_text(TEXT + "# {{STB.nothing}}\n")
    assert main(["build", "--root", str(course)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("casebook build: authored/x.py, line 3: ") and "STB.nothing" in said
    assert "Traceback" not in said
    assert main(["build", "--root", str(course / "nowhere")]) == 1


def test_the_master_reads_back_as_the_strong_answer() -> None:
    """What the solutions say in Python is what the JSON says, and the released copy holds none of it."""
    strong = Answer.from_json(STRONG.read_text(encoding="utf-8"))
    master = read_notebook(ROOT / "source" / CASE / f"{CASE}.ipynb", CASE)
    assert (master.answer, master.problems, master.must_run) == (strong, (), ())
    released = read_notebook(ROOT / "release" / CASE / f"{CASE}.ipynb", CASE)
    assert (released.answer, released.problems, released.must_run) == (Answer(CASE), (), ())


@pytest.mark.parametrize("case_id", answered_cases())
def test_the_answers_in_git_are_those_of_todays_palette(case_id: str) -> None:
    for name, answer in (("strong", strong(case_id)), ("form-filler", form_filler(case_id))):
        path = STRONG.with_name(f"{case_id}.{name}.json")
        assert path.read_text(encoding="utf-8") == answer.to_json(), "run: python -m tests.answers.make"


def test_every_cell_of_the_rubric_is_a_test_cell_with_its_points() -> None:
    notebook = json.loads((ROOT / "source" / CASE / f"{CASE}.ipynb").read_text(encoding="utf-8"))
    marks = [cell["metadata"]["nbgrader"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    graded = {mark["grade_id"].removeprefix("check-"): mark["points"] for mark in marks if mark["grade"]}
    assert graded == dict(cell_points("stability", CASE))
    assert all(mark["locked"] for mark in marks if not mark["solution"])
    assert not any("HIDDEN TESTS" in "".join(cell["source"]) for cell in notebook["cells"])


def test_a_blank_part_has_no_solution_and_another_cases_answer_is_refused(tmp_path: Path) -> None:
    assert python_of(Answer(CASE), "metrics") == []
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / f"{CASE}.yaml").write_text("case: another-case\n")
    with pytest.raises(AuthoredError, match="another-case"):
        solver(tmp_path, CASE)
    with pytest.raises(AuthoredError, match="no such file"):
        solver(tmp_path, "another-case")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("hypotesis: for nobody", "hypotesis"),
        ("sizing: ['a guess -> many']", "sizing"),
        ("cadence: 'retrain every [[knob.nothing]] week'", "knob.nothing"),
        ("scope: 'a ([[kept.p99_ms]])'", "not a design"),
        ("design: {preset: elastik}", "elastic"),
    ],
)
def test_a_mistake_in_a_strong_answer_names_the_file_and_the_part(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / f"{CASE}.yaml").write_text(f"case: {CASE}\n{line}\n")
    with pytest.raises(AuthoredError, match=words) as caught:
        solver(tmp_path, CASE)
    assert caught.value.file == f"answers/{CASE}.yaml"
    assert caught.value.remedy

"""A case of YAML alone, in a course of its own: board, diagram, notebook, assignment, grades."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casebook.cli import main
from casebook.course.scaffold import RUBRICS, scaffold

ROOT = Path(__file__).resolve().parents[2]
CASE = "photo-tagging"
LOOK = """
import json
from pathlib import Path
from casebook.answer import Answer
from casebook.checks import grade
from casebook.course.build_answer import answer_path, read_answer
from casebook.course.smoke import move_every_control
from casebook.facts import case_ids
told = {}
for case_id in case_ids():
    strong = read_answer(answer_path(Path("authored"), case_id))
    told[case_id] = [grade(strong, "").percent, grade(Answer(case_id), "").percent, *move_every_control(case_id)]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Facts and shared sections of the project, none of its cases, and one new case for each article."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "seeds", root / "seeds", ignore=shutil.ignore_patterns("cases"))
    shutil.copytree(ROOT / "authored" / "sections", root / "authored" / "sections")
    for folder in ("seeds/cases", "authored/cases", "diagrams"):
        (root / folder).mkdir(parents=True)
    for path in (ROOT / "authored" / "cases").glob("_*.py"):
        shutil.copy(path, root / "authored" / "cases")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


def casebook(course: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in another process, where the course's own facts are read."""
    env = {**os.environ, "CASEBOOK_SEEDS": str(course / "seeds")}
    run = [sys.executable, *words] if words[0] == "-c" else [sys.executable, "-m", "casebook", *words]
    return subprocess.run(run, cwd=course, env=env, capture_output=True, text=True, timeout=600)


def test_a_case_of_yaml_alone_is_played_and_graded(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-case", CASE, "--article", "gen", "--title", "Tags for photos", "--root", str(course)]) == 0
    assert f"casebook show {CASE}" in capsys.readouterr().out

    unfinished = casebook(course, "validate")
    assert unfinished.returncode == 1
    assert f"cases/{CASE}.yaml: line" in unfinished.stdout and "still to be written" in unfinished.stdout
    assert "Traceback" not in unfinished.stderr
    path = course / "seeds" / "cases" / f"{CASE}.yaml"
    path.write_text(re.sub("[‹›]", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    finished = casebook(course, "validate")
    assert finished.returncode == 0, finished.stdout + finished.stderr

    built = casebook(course, "build")
    assert built.returncode == 0, built.stderr
    assert (course / "diagrams" / f"{CASE}.svg").read_text(encoding="utf-8").startswith("<svg")
    notebook = json.loads((course / "notebooks" / f"{CASE}.ipynb").read_text(encoding="utf-8"))
    assert notebook["metadata"]["casebook"] == {"case": CASE, "mode": "walkthrough", "rubric": "general"}
    assert "# Tags for photos" in "".join(notebook["cells"][0]["source"])
    assert casebook(course, "release", CASE).returncode == 0
    released = (course / "release" / CASE / f"{CASE}.ipynb").read_text(encoding="utf-8")
    assert "nineteen" not in released.lower() and "fall back to rules" not in released

    shutil.copytree(course / "authored" / "answers", course / "answers")
    made = (
        "from pathlib import Path; from casebook.course.build_answer import read_answer;"
        f"Path('answers/{CASE}.strong.json').write_text(read_answer(Path('authored/answers/{CASE}.yaml')).to_json())"
    )
    assert casebook(course, "-c", made).returncode == 0
    ran = casebook(course, "smoke", "--answers", "answers", "--only", "strong", "--json")
    told = {item["what"]: item for item in json.loads(ran.stdout)}
    assert {what: item["trouble"] for what, item in told.items()} == dict.fromkeys(told, "")
    assert told["strong"]["showed"] == "100 %"


def test_a_new_case_stands_far_apart_under_every_rubric(course: Path) -> None:
    for article in RUBRICS:
        assert main(["new-case", f"try-{article.lower()}", "--article", article, "--root", str(course)]) == 0
    looked = casebook(course, "-c", LOOK)
    assert looked.returncode == 0, looked.stderr
    told = json.loads(looked.stdout)
    assert {f"try-{article.lower()}" for article in RUBRICS} <= set(told)
    for case_id, (strong, blank, moved, broken) in told.items():
        assert strong >= 95.0, case_id
        assert (blank, broken) == (0.0, []), case_id
        assert moved > 12


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["photo", "--article", "SCL"], "two or more small words"),
        (["photo-tagging", "--article", "SLC"], "Choose one of STB, SCL"),
    ],
)
def test_what_cannot_be_made_says_why(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "seeds" / "cases").mkdir(parents=True)
    assert main(["new-case", *words, "--root", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err
    assert main(["new-case", "a-b", "--article", "SCL", "--root", str(tmp_path / "nowhere")]) == 1


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "authored" / "a-b.py"
    there.parent.mkdir()
    there.write_text("mine")
    (tmp_path / "seeds" / "cases").mkdir(parents=True)
    assert main(["new-case", "a-b", "--article", "MJ", "--root", str(tmp_path)]) == 1
    assert "authored/a-b.py is there already" in capsys.readouterr().err
    assert there.read_text() == "mine"
    assert not (tmp_path / "seeds" / "cases" / "a-b.yaml").exists()
    assert next(iter(scaffold("a-b", "MJ", ""))).path == "seeds/cases/a-b.yaml"


def test_two_cases_share_a_notebook_and_nothing_else(course: Path) -> None:
    for name in ("first-case", "second-case"):
        assert main(["new-case", name, "--article", "STU", "--root", str(course)]) == 0
    text = "# %% [markdown] id=title\n# # Two\n\n# %% case first-case as=one\n# %% case second-case as=two\n"
    (course / "authored" / "both.py").write_text(text, encoding="utf-8")
    built = casebook(course, "build")
    assert built.returncode == 0, built.stderr
    notebook = json.loads((course / "notebooks" / "both.ipynb").read_text(encoding="utf-8"))
    assert notebook["metadata"]["casebook"] == {"mode": "walkthrough", "cases": ["first-case", "second-case"]}
    code = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"}
    assert "work_one.check(design=design_one)" in code["one-answer-design"]
    assert "design_two = board_two.keep()" in code["two-answer-design"]
    one = "\n".join(text for name, text in code.items() if name.startswith("one-"))
    assert "_two" not in one and "second-case" not in one
    assert 'open_workbook("first-case", seed=seed, answer_path=answers.get("first-case"), suffix="_one")' in one

    for name in ("first-case", "second-case"):
        made = (
            "from pathlib import Path; from casebook.course.build_answer import read_answer;"
            "Path('both').mkdir(exist_ok=1);"
            f"Path('both/{name}.strong.json').write_text(read_answer(Path('authored/answers/{name}.yaml')).to_json())"
        )
        assert casebook(course, "-c", made).returncode == 0
    ran = casebook(course, "smoke", "--answers", "both", "--only", "both", "--json")
    told = {item["what"]: (item["trouble"], item["showed"]) for item in json.loads(ran.stdout)}
    assert told == {"blank": ("", "scorecard: not answered"), "strong": ("", "100 %, 100 %")}

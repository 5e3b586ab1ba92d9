"""Answers written to hurt: each ends as a status with a reason, in a moment, and nothing of it is executed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casebook.course.assess import Standard, assess
from casebook.course.release import release
from casebook.course.settings import Course
from tests.course.masters import (
    ASSIGNMENT,
    course_with,
    filled,
    full_answers,
    hand_in,
    released,
    small_master,
)

ATTACKS = {
    "runs a program": '__import__("os").system("touch {flag}")',
    "opens a file": 'open("{flag}", "w").write("owned")',
    "reads attributes": 'Hypothesis.__init__.__globals__["os"].system("touch {flag}")',
    "walrus and lambda": '(lambda: open("{flag}", "w"))()',
    "comprehension": '[open("{flag}", "w") for _ in range(3)]',
    "f-string": "f\"{{open('{flag}', 'w')}}\"",
    "a number beyond all": 'Metric("p99 latency < " + str(9**9**9))',
    "a power": "9**9**9**9",
    "a long text": '"x" * 10**12',
    "nested lists": "[" * 150 + "]" * 150,
    "nested signs": "-" * 4000 + "1",
    "nested brackets": "(" * 5000 + ")" * 5000,
    "not a number": 'Hypothesis(float("nan"))',
    "infinite": "Hypothesis(1e999)",
    "half characters": 'Hypothesis("\\ud800\\udfff")',
    "right to left": 'Hypothesis("\u202e for artists, decide x: y from 1 % to 2 %")',
    "one long word": 'Hypothesis("' + "for " * 4000 + '")',
    "a record it is not": 'Rollout("100 %")',
}


@pytest.fixture(scope="module")
def standard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Standard, Course]:
    course = Course(course_with(tmp_path_factory.mktemp("hostile") / "course", small_master()))
    release(course, ASSIGNMENT)
    return Standard.load(course, ASSIGNMENT), course


@pytest.mark.parametrize("attack", list(ATTACKS))
def test_an_attack_is_a_status_and_is_not_executed(
    standard: tuple[Standard, Course], attack: str, tmp_path: Path
) -> None:
    measured_with, course = standard
    flag = tmp_path / "owned"
    line = f"hypothesis = {ATTACKS[attack].replace('{flag}', str(flag)).replace('{{', '{').replace('}}', '}')}"
    answers = full_answers() | {"answer-hypothesis": line}
    path = hand_in(course.root, "mallory", filled(released(course.root), answers))
    outcome = assess(measured_with, path)
    assert not flag.exists()
    assert outcome.status in ("partial", "needs-manual", "graded"), outcome
    assert outcome.status == "graded" or "answer-hypothesis" in outcome.reason
    honest = assess(measured_with, hand_in(course.root, "ada", filled(released(course.root), full_answers())))
    assert honest.score is not None
    assert (outcome.score or 0.0) < honest.score


def test_an_attack_beside_an_honest_answer_changes_nothing(standard: tuple[Standard, Course]) -> None:
    measured_with, course = standard
    honest = filled(released(course.root), full_answers())
    attacked = json.loads(json.dumps(honest))
    for cell in attacked["cells"]:
        marks = cell["metadata"]["nbgrader"]
        if marks["grade"] and not marks["solution"]:
            cell["source"], marks["points"] = "1e9", 1e9
        cell["metadata"]["widgets"] = {"x": "<script>"}
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "10\n" * 1000}]
    own = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1}
    attacked["cells"].insert(0, own | {"source": "import casebook.checks\ncasebook.checks.grade = None"})
    one = assess(measured_with, hand_in(course.root, "ada", honest))
    other = assess(measured_with, hand_in(course.root, "mallory", attacked))
    assert one.cells == other.cells
    assert other.repairs

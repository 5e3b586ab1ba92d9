"""Notebooks that compute, run in the jail on the way to a grade: same answer, same score; each attack its own fate."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, cast

import pytest

from casebook.answer import Answer
from casebook.commands.grade import table as cohort_table
from casebook.course.assess import Standard, judge_answer_text
from casebook.course.cohort import grade_cohort
from casebook.course.jailed_run import MAX_ANSWER_BYTES, run_in_jail
from casebook.course.judge import JudgeProcess
from casebook.course.outcome import Outcome
from casebook.course.release import release
from casebook.course.repair import Rebuilt, Release
from casebook.course.settings import Course
from casebook.jail.ability import jail_ability
from casebook.jail.janitor import make_run, remove_run
from casebook.jail.spec import JailError
from tests.course.masters import ASSIGNMENT, course_with, filled, full_answers, hand_in, released, small_master

pytestmark = pytest.mark.skipif(
    not jail_ability().ok, reason=f"no jail on this machine: {jail_ability().name}: {jail_ability().why}"
)
LOOP = "for _ in range(2):\n    pass"
IMPORT = "from casebook.answer import Hypothesis\n"
NO_RELEASE = Release(ASSIGNMENT, ASSIGNMENT, {"cells": []}, "", {}, {})


class Stub:
    """Stands for the judge: takes any answer of this case, and shows that it was asked."""

    def judge_answer(self, text: str) -> Outcome:
        answer = Answer.from_json(text)
        return Outcome("graded", answer=answer.to_json())


def ran(*sources: str, **limits: Any) -> Outcome:
    """What becomes of a notebook of these cells, the last of which is an answer cell."""
    cell = {"cell_type": "code", "id": "answer-last", "metadata": {}, "source": sources[-1]}
    rebuilt = Rebuilt({"cells": [cell]}, (), tuple(sources), frozenset())
    return run_in_jail(rebuilt, NO_RELEASE, cast(JudgeProcess, Stub()), **limits)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A small course, released."""
    made = Course(course_with(tmp_path_factory.mktemp("jailed") / "course", small_master()))
    release(made, ASSIGNMENT)
    return made


def test_the_same_answer_has_the_same_score_read_and_jailed(course: Course) -> None:
    good = filled(released(course.root), full_answers())
    computes = filled(released(course.root), full_answers())
    computes["cells"][1]["source"] += f"\n{LOOP}"
    hand_in(course.root, "ada", good)
    hand_in(course.root, "eva", computes)
    graded = grade_cohort(course, ASSIGNMENT)
    ada, eva = (one.outcome for one in graded)
    assert (ada.how, ada.must_run, eva.how) == ("read", (), "jailed")
    assert ada.status == eva.status == "graded"
    assert ada.cells == eva.cells
    name = computes["cells"][1]["metadata"]["nbgrader"]["grade_id"]
    assert eva.must_run == (name,)
    assert f"1 had to be run, in a jail (because of {name} in 1)" in cohort_table(graded)
    assert not any(one.fresh for one in grade_cohort(course, ASSIGNMENT))


def test_cells_that_fail_cost_their_part_alone_and_are_named() -> None:
    outcome = ran("1 / 0", IMPORT + "hypothesis = Hypothesis('kept as it is, and long enough')", "risks = 1 / 0")
    assert (outcome.status, outcome.how) == ("partial", "jailed")
    assert "answer-last: the cell ended with ZeroDivisionError." in outcome.reason
    assert "kept as it is" in outcome.answer


# It keeps what it holds until the watcher has looked, as every notebook does that goes on with its work.
FULL = "import time\nheld = bytearray(b'x') * (500 * 2**20)\ntime.sleep(50)"


@pytest.mark.parametrize(
    ("source", "status", "reason", "limits"),
    [
        ("import time\ntime.sleep(600)", "timeout", "A cell ran longer than 1 seconds", {"cell_s": 1.0}),
        (
            "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
            "timeout",
            "longer",
            {"cell_s": 1.0},
        ),
        ("import os\nos._exit(0)", "crashed", "The kernel ended", {}),
        (FULL, "crashed", "more than 400 MB of memory", {"memory_mb": 400}),
        ("import sys\nsys.modules['casebook.answer'] = None", "crashed", "no answer could be taken", {}),
        ("import os\nos.symlink('/etc/passwd', '/scratch/casebook-answer.json')", "crashed", "no answer", {}),
        ("import os\nos.mkfifo('/scratch/casebook-answer.json')", "timeout", "longer", {"cell_s": 1.0}),
    ],
    ids=[
        "sleeps",
        "swallows interrupts",
        "exits",
        "fills memory",
        "takes away what answers are",
        "plants a link",
        "plants a pipe",
    ],
)
def test_a_notebook_that_stops_the_run_has_a_status_and_a_reason(
    source: str, status: str, reason: str, limits: dict[str, Any]
) -> None:
    outcome = ran(source, **limits)
    assert (outcome.status, outcome.how, outcome.score) == (status, "jailed", None)
    assert reason in outcome.reason


FAKE = """
import builtins
kernel = get_ipython().kernel
send, shell = kernel.session.send, kernel.shell_stream
def lie(stream, kind, content=None, *args, **more):
    if kind == "execute_reply":
        for _ in range(5):
            send(stream, kind, {"status": "ok", "evil": "x" * 1000}, *args, **more)
        stream.send_multipart([b"not", b"a", b"message"])
    return send(stream, kind, content, *args, **more)
kernel.session.send = lie
"""
FLOOD = """
kernel = get_ipython().kernel
send = kernel.session.send
def flood(stream, kind, content=None, *args, **more):
    while True:
        send(stream, kind, {"status": "ok", "evil": "x" * 500_000}, None, **more)
kernel.session.send = flood
"""


def test_a_kernel_that_fakes_its_replies_gains_nothing() -> None:
    outcome = ran(FAKE, IMPORT + "hypothesis = Hypothesis('said before the lies, and long enough')")
    assert outcome.status in ("graded", "partial", "crashed")
    assert outcome.how == "jailed"


def test_a_kernel_that_floods_is_stopped() -> None:
    outcome = ran(FLOOD, "x = 1", cell_s=10.0)
    assert (outcome.status, outcome.score) == ("crashed", None)
    assert "flooded the grader" in outcome.reason


def test_what_is_left_instead_of_an_answer_is_refused_by_the_judge(course: Course) -> None:
    standard = Standard.load(course, ASSIGNMENT)
    other = Answer("general-chat").to_json()
    deep = "[" * 100_000
    for text, said in (
        (other, "another assignment"),
        (deep, "not an answer"),
        ("NaN", "not an answer"),
        ("", "not an"),
    ):
        outcome = judge_answer_text(standard, text)
        assert (outcome.status, outcome.score) == ("refused", None)
        assert said in outcome.reason
    assert judge_answer_text(standard, " " * MAX_ANSWER_BYTES).status == "refused"


def test_a_kernel_that_cannot_start_is_the_machine_s_fault_and_no_learner_s() -> None:
    with pytest.raises(JailError, match=r"the kernel (ended|did not answer)") as caught:
        ran("x = 1", memory_mb=20)
    assert "casebook doctor" in caught.value.remedy


def test_nothing_of_a_run_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a temporary folder of its own: in the common one the runs of others come and go at the same time."""
    with tempfile.TemporaryDirectory(dir="/tmp") as own:
        monkeypatch.setattr(tempfile, "tempdir", own)
        seen = make_run()
        assert [path.name for path in Path(own).iterdir()] == [seen.parent.name]
        remove_run(seen)
        ran("import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)", "marker = 'left-behind-7f3a'")
        assert list(Path(own).glob("casebook-jail-*")) == []

"""Two instructors, one course: the second command waits and says for whom, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from casebook.course.export import lines
from casebook.course.one_at_a_time import alone, one_at_a_time
from casebook.course.regrades import regrades
from casebook.course.settings import Course
from tests.course.masters import ASSIGNMENT, filled, full_answers, hand_in, released

HOLDS = """
import sys
from pathlib import Path
from casebook.course.one_at_a_time import one_at_a_time
from casebook.course.settings import Course
with one_at_a_time(Course(Path(sys.argv[1])), "casebook grade other"):
    print("held", flush=True)
    sys.stdin.readline()
"""
PATIENCE_S = 600  # on the busiest machine
STUDENTS = ("ada", "ben", "dov")


@pytest.fixture
def course(small_release: Path, tmp_path: Path) -> Course:
    made = Course(tmp_path / "course")
    shutil.copytree(small_release, made.root)
    good = released(made.root)
    for student in STUDENTS[:2]:
        hand_in(made.root, student, filled(good, full_answers()))
    hand_in(made.root, STUDENTS[2], good)
    return made


def holding(course: Course) -> subprocess.Popen[str]:
    """Another process that grades until it reads a line."""
    words = [sys.executable, "-c", HOLDS, str(course.root)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def casebook(course: Course, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "casebook", *words, "--course", str(course.root)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_second_waits_says_for_whom_and_goes_on_when_the_first_was_killed(course: Course) -> None:
    other = holding(course)
    second = casebook(course, "grade", ASSIGNMENT, "--jobs", "1")
    assert second.stderr is not None
    told = second.stderr.readline()
    assert f"casebook grade other (process {other.pid} on " in told
    assert "Waiting until it has ended" in told
    assert not course.record("ada", ASSIGNMENT).exists()
    assert not course.autograded.exists() or not list(course.autograded.iterdir())
    assert second.poll() is None
    os.kill(other.pid, signal.SIGKILL)
    other.communicate(timeout=PATIENCE_S)
    table, said = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 0, said
    assert "3 submissions: 3 graded. 3 graded now" in table
    assert [row.student for row in lines(course, ASSIGNMENT)] == list(STUDENTS)


def test_two_at_the_same_moment_lose_nothing(course: Course) -> None:
    words = ("--by", "Dr. Osei", "--date", "2026-12-07", "--points", "prose-close=8", "--reason")
    with one_at_a_time(course, "casebook feedback", say=pytest.fail):
        racing = [casebook(course, "regrade", ASSIGNMENT, name, *words, f"{name} asked") for name in STUDENTS[:2]]
        waits = [process.stderr.readline() for process in racing if process.stderr is not None]
        assert ["casebook feedback (process" in line for line in waits] == [True, True]
        assert regrades(course) == []
    said = [process.communicate(timeout=PATIENCE_S) for process in racing]
    assert [process.returncode for process in racing] == [0, 0], said
    log = regrades(course, ASSIGNMENT)
    assert sorted(one.student for one in log) == ["ada", "ben"]
    assert [one.number for one in log] == [1, 2]
    rows = {row.student: row for row in lines(course, ASSIGNMENT)}
    assert rows["ada"].hand_score == rows["ben"].hand_score == 8
    assert rows["ada"].score == rows["ben"].score is not None


def test_the_same_process_may_enter_again(course: Course) -> None:
    inner = alone("casebook feedback")(lambda course, assignment: f"{assignment} done")
    with one_at_a_time(course, "casebook grade", say=pytest.fail):
        assert inner(course, ASSIGNMENT) == f"{ASSIGNMENT} done"

"""From release to exported grade on a small master: statuses, caps, one total, stock's path, disks, kills."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from casebook.cli import main
from casebook.course.assess import Standard
from casebook.course.cohort import grade_cohort
from casebook.course.errors import CourseError
from casebook.course.export import Line, lines, to_csv, to_json
from casebook.course.feedback import write_feedback
from casebook.course.gradebook import HandGrade, enter_hand_grades, sheets
from casebook.course.judge import JudgeProcess
from casebook.course.outcome import Outcome
from casebook.course.records import desk_for
from casebook.course.release import release
from casebook.course.settings import Course
from casebook.jail.spec import Ability
from tests.course.masters import (
    ASSIGNMENT,
    course_with,
    filled,
    full_answers,
    hand_in,
    released,
    small_master,
)

LOOP = "close = None\nfor word in ('a', 'b'):\n    close = Close(word)"
COMPUTED = (
    'close = Close(goal="Toxic uploads fall by " + str(sum([10, 20])) + " % within 3 months.", '
    'design="One small model.", plan="Everybody by day 90.", question="Which complaints may we train on?")'
)


@pytest.fixture(scope="module", autouse=True)
def _no_jail() -> Iterator[None]:
    """As on a machine that has none: what must be run waits for a person here. test_jailed_run has the others."""
    with pytest.MonkeyPatch.context() as patch:
        missing = Ability("namespaces", False, "they are switched off", "Ask whoever runs this machine.")
        patch.setattr("casebook.jail.ability.abilities", lambda: (missing,))
        yield


@pytest.fixture(scope="module")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose small master has been released and registered once."""
    folder = course_with(tmp_path_factory.mktemp("released") / "course", small_master())
    release(Course(folder), ASSIGNMENT)
    return folder


@pytest.fixture
def course(released_course: Path, tmp_path: Path) -> Course:
    """A copy of it for one test."""
    shutil.copytree(released_course, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture(scope="module")
def graded_once(released_course: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Outcome]]:
    """The six submissions graded once, for every test that only looks or grades by hand."""
    folder = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(released_course, folder)
    everybody(Course(folder))
    return folder, outcomes(Course(folder))


@pytest.fixture
def graded(graded_once: tuple[Path, dict[str, Outcome]], tmp_path: Path) -> Course:
    """A copy of the graded course for one test."""
    shutil.copytree(graded_once[0], tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def found(graded_once: tuple[Path, dict[str, Outcome]]) -> dict[str, Outcome]:
    """What became of each of them."""
    return graded_once[1]


def everybody(course: Course) -> dict[str, Any]:
    """Six submissions, one of each fate that needs no kernel."""
    blank, good = released(course.root), filled(released(course.root), full_answers())
    no_rollout = {name: text for name, text in full_answers().items() if name != "answer-rollout"}
    handed = {
        "ada": good,
        "ben": blank,
        "cai": filled(blank, no_rollout),
        "dov": json.dumps(good)[:900],
        "eva": filled(blank, full_answers() | {"answer-close": LOOP}),
        "fin": filled(blank, full_answers() | {"answer-metrics": "metrics = ("}),
    }
    for name, submission in handed.items():
        hand_in(course.root, name, submission)
    return handed


def outcomes(course: Course, **options: Any) -> dict[str, Outcome]:
    return {one.student: one.outcome for one in grade_cohort(course, ASSIGNMENT, **options)}


def table(course: Course) -> dict[str, dict[str, str]]:
    return {row["student"]: row for row in csv.DictReader(io.StringIO(to_csv(lines(course, ASSIGNMENT))))}


def test_every_submission_ends_with_a_status_and_nobody_stops_the_others(found: dict[str, Outcome]) -> None:
    assert {name: outcome.status for name, outcome in found.items()} == {
        "ada": "graded",
        "ben": "graded",
        "cai": "graded",
        "dov": "refused",
        "eva": "needs-manual",
        "fin": "partial",
    }
    assert all(outcome.reason for outcome in found.values() if not outcome.scored)
    assert "answer-close" in found["eva"].reason
    assert "in a jail (namespaces: they are switched off). Ask whoever runs this machine." in found["eva"].reason
    assert "answer-metrics" in found["fin"].reason
    ada, ben = found["ada"].score, found["ben"].score
    assert ben == 0.0
    assert ada is not None
    assert ada > 10


def test_a_failure_is_exported_with_an_empty_score_and_its_reason(graded: Course) -> None:
    found = table(graded)
    for name in ("dov", "eva"):
        assert (found[name]["machine_score"], found[name]["score"]) == ("", "")
        assert found[name]["reason"]
    assert found["ben"]["machine_score"] == "0"


def test_prose_waits_for_a_reader_and_comes_on_top(graded: Course) -> None:
    before = table(graded)
    assert before["ada"]["status"] == "needs-manual"
    assert before["ada"]["score"] == ""
    assert "prose-close" in before["ada"]["reason"]
    enter_hand_grades(
        graded,
        ASSIGNMENT,
        [HandGrade("ada", "prose-close", 7.5, "Good."), HandGrade("ben", "prose-close", 0)],
    )
    after = table(graded)
    assert after["ada"]["status"] == after["ben"]["status"] == "graded"
    assert float(after["ada"]["score"]) == pytest.approx(float(after["ada"]["machine_score"]) + 7.5)
    assert after["ben"]["score"] == "0"


def test_a_grade_of_a_person_survives_grading_again(graded: Course) -> None:
    enter_hand_grades(graded, ASSIGNMENT, [HandGrade("ada", "prose-close", 6, "Kept.")])
    grade_cohort(graded, ASSIGNMENT, ["ada"], force=True)
    assert table(graded)["ada"]["hand_score"] == "6"


def test_a_person_may_grade_what_the_machine_refused(graded: Course) -> None:
    cells = [mark.grade_id for mark in sheets(graded, ASSIGNMENT)["dov"].marks]
    enter_hand_grades(graded, ASSIGNMENT, [HandGrade("dov", cell, 1) for cell in cells])
    row = table(graded)["dov"]
    assert row["status"] == "graded"
    assert "refused" in row["reason"]
    assert float(row["score"]) == len(cells)


@pytest.mark.parametrize(
    ("given", "told"),
    [(HandGrade("ada", "prose-close", 99), "worth 10"), (HandGrade("ada", "prose-open", 1), "no such cell")],
)
def test_a_hand_grade_that_does_not_fit_is_said(graded: Course, given: HandGrade, told: str) -> None:
    with pytest.raises(CourseError, match=told):
        enter_hand_grades(graded, ASSIGNMENT, [given])


def test_gradebook_report_and_export_have_one_total(graded: Course, found: dict[str, Outcome]) -> None:
    for name in ("ada", "ben", "cai", "fin"):
        marks = [mark for mark in sheets(graded, ASSIGNMENT)[name].marks if mark.by_machine]
        assert math.fsum(mark.auto or 0.0 for mark in marks) == pytest.approx(found[name].score, abs=1e-9)
        assert float(table(graded)[name]["machine_score"]) == pytest.approx(found[name].score, abs=1e-4)


def test_only_what_changed_is_graded_again(course: Course) -> None:
    hand_in(course.root, "ada", released(course.root))
    hand_in(course.root, "ben", released(course.root))
    assert all(one.fresh for one in grade_cohort(course, ASSIGNMENT))
    assert not any(one.fresh for one in grade_cohort(course, ASSIGNMENT))
    hand_in(course.root, "ben", filled(released(course.root), full_answers()))
    assert [one.student for one in grade_cohort(course, ASSIGNMENT) if one.fresh] == ["ben"]
    path = course.judge_values(ASSIGNMENT)
    path.write_text(path.read_text() + "note: changed\n")
    assert all(one.fresh for one in grade_cohort(course, ASSIGNMENT))


def test_the_same_answers_give_the_same_bytes(graded: Course, tmp_path: Path) -> None:
    course = graded
    first = to_csv(lines(course, ASSIGNMENT)), to_json(lines(course, ASSIGNMENT))
    other = Course(tmp_path / "elsewhere")
    shutil.copytree(course.root, other.root, ignore=shutil.ignore_patterns("records", "autograded", "*.db"))
    grade_cohort(other, ASSIGNMENT)
    assert (to_csv(lines(other, ASSIGNMENT)), to_json(lines(other, ASSIGNMENT))) == first
    record = course.record("ada", ASSIGNMENT).read_bytes()
    assert other.record("ada", ASSIGNMENT).read_bytes() == record


def without_eva(course: Course) -> list[Line]:
    """The lines without the one whose notebook another process may well run: that one has a jail."""
    return [line for line in lines(course, ASSIGNMENT) if line.student != "eva"]


def test_stock_nbgrader_takes_the_same_path(graded: Course) -> None:
    ours = to_csv(without_eva(graded))
    stray = graded.submission("ada", ASSIGNMENT)
    (stray / "page.html").write_text("<script>alert(1)</script>")
    (stray / "link").symlink_to("/etc/hostname")
    for path in (graded.autograded, graded.records):
        shutil.rmtree(path)
    graded.gradebook.unlink()
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT],
        cwd=graded.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert to_csv(without_eva(graded)) == ours
    kept = sorted(path.name for path in (graded.autograded / "ada" / ASSIGNMENT).iterdir())
    assert kept == [f"{ASSIGNMENT}.ipynb"]


def test_a_missing_notebook_and_a_bad_folder_name_are_on_record(course: Course) -> None:
    everybody(course)
    (course.submitted / "gus" / ASSIGNMENT).mkdir(parents=True)
    (course.submitted / "gus" / ASSIGNMENT / "essay.docx").write_text("x")
    (course.submitted / "=1+1" / ASSIGNMENT).mkdir(parents=True)
    found = outcomes(course)
    assert found["gus"].status == "refused"
    assert "essay.docx" in found["gus"].reason
    text = to_csv(lines(course, ASSIGNMENT))
    assert ",'=1+1," in text
    assert ",=1+1" not in text
    assert found["ada"].status == "graded"


def test_what_must_be_run_is_run_only_when_trusted_and_it_says_so(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(course.root, "eva", filled(released(course.root), full_answers() | {"answer-close": COMPUTED}))
    hand_in(course.root, "ada", filled(released(course.root), full_answers()))
    assert main(["grade", ASSIGNMENT, "--course", str(course.root)]) == 0
    assert "without a jail" not in capsys.readouterr().err
    assert table(course)["eva"]["how"] == "read"
    assert main(["grade", ASSIGNMENT, "--course", str(course.root), "--trusted"]) == 0
    told = capsys.readouterr()
    assert "without a jail" in told.err
    assert "1 had to be run" in told.out
    rows = table(course)
    assert rows["eva"]["how"] == "run"
    assert rows["ada"]["how"] == "read"
    assert float(rows["eva"]["machine_score"]) > 0


def test_reading_and_running_give_the_same_answer(course: Course) -> None:
    good = filled(released(course.root), full_answers())
    run = filled(released(course.root), full_answers())
    run["cells"][1]["source"] += "\nfor _ in range(2):\n    pass"
    hand_in(course.root, "ada", good)
    hand_in(course.root, "eva", run)
    found = outcomes(course, trusted=True)
    assert (found["ada"].how, found["eva"].how) == ("read", "run")
    assert found["ada"].cells == found["eva"].cells


def test_feedback_escapes_what_learners_wrote_and_shows_what_to_mend(course: Course) -> None:
    evil = '<img src=x onerror="alert(1)"> [go](javascript:alert(1)) $\\href{javascript:alert(1)}{x}$'
    handed = filled(released(course.root), full_answers() | {"prose-close": evil})
    handed["cells"][1]["source"] = 'hypothesis = Hypothesis("</pre><script>alert(1)</script>")'
    hand_in(course.root, "ada", handed)
    outcomes(course)
    (page,) = write_feedback(course, ASSIGNMENT)
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text
    assert "Mend it:" in text
    assert "No score yet" not in text
    kept = json.loads((course.autograded / "ada" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text())
    shown = "".join(kept["cells"][-1]["source"])
    assert "<img" not in shown
    assert shown.startswith("<pre")


def test_feedback_of_a_refused_submission_names_no_points(course: Course) -> None:
    hand_in(course.root, "dov", "{")
    outcomes(course)
    (page,) = write_feedback(course, ASSIGNMENT, ["dov"])
    text = page.read_text(encoding="utf-8")
    assert "No score yet" in text
    assert "0 of" not in text
    assert "damaged" in text


def test_no_value_of_the_judge_is_in_feedback_or_record(released_course: Path, tmp_path: Path) -> None:
    shutil.copytree(released_course, tmp_path / "course")
    course = Course(tmp_path / "course")
    secret = "Toxic uploads fall by 30 % within 3 months"
    course.judge_values(ASSIGNMENT).write_text(f"phrase: {json.dumps(secret)}\n")
    hand_in(course.root, "ada", filled(released(course.root), full_answers()))
    outcomes(course)
    notes = [note for cell in outcomes(course)["ada"].cells for note in cell.notes]
    assert notes
    assert not any(secret.lower() in f"{note.evidence}{note.message}{note.fix}".lower() for note in notes)


def test_release_refuses_to_hand_out_a_judges_value(tmp_path: Path, released_course: Path) -> None:
    master = small_master()
    master["cells"][0]["source"] += "\n# on the day of the regional festival"
    course = Course(course_with(tmp_path / "course", master, "scenario_name: Regional Festival\n"))
    shutil.copy(released_course / "autograde" / "gradebook.db", course.autograde)
    with pytest.raises(CourseError, match="judge") as told:
        release(course, ASSIGNMENT)
    assert "festival" not in str(told.value).lower()
    assert "line 1" in str(told.value)
    assert not course.release(ASSIGNMENT).exists()


def test_release_refuses_to_hand_out_a_solution(tmp_path: Path, released_course: Path) -> None:
    master = small_master()
    leaked = small_master()["cells"][1]["source"].split("\n")[2]
    master["cells"][0]["source"] += f"\n# {leaked}"
    course = Course(course_with(tmp_path / "course", master))
    shutil.copy(released_course / "autograde" / "gradebook.db", course.autograde)
    with pytest.raises(CourseError, match="solution"):
        release(course, ASSIGNMENT)


def test_a_release_that_drifted_from_its_master_is_not_graded(course: Course) -> None:
    everybody(course)
    path = course.source(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    path.write_text(path.read_text().replace("from casebook.answer import", "from casebook.answer  import"))
    with pytest.raises(CourseError, match="casebook release"):
        grade_cohort(course, ASSIGNMENT)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["grade", "week-9"], "Known assignments"),
        (["grade", ASSIGNMENT, "--student", "nobody"], "there is no submission"),
        (["release", "week-9"], "no such assignment"),
        (["feedback", ASSIGNMENT], "casebook grade"),
        (["export", "../../etc"], "no such assignment"),
    ],
)
def test_mistakes_are_sentences(
    course: Course, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(course.root, "ada", released(course.root))
    assert main([*words, "--course", str(course.root)]) == 1
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said


def test_outside_a_course_the_remedy_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", ASSIGNMENT, "--course", str(tmp_path)]) == 1
    assert "course folder" in capsys.readouterr().err


def _limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))


def test_a_full_disk_is_a_sentence_and_changes_no_grade(graded: Course) -> None:
    before = to_csv(lines(graded, ASSIGNMENT))
    command = [sys.executable, "-m", "casebook", "grade", ASSIGNMENT, "--force"]
    run = subprocess.run(
        command, cwd=graded.root, capture_output=True, text=True, check=False, preexec_fn=_limit_file_size
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "written" in run.stderr or "larger than" in run.stderr
    assert to_csv(lines(graded, ASSIGNMENT)) == before
    outcomes(graded, force=True)
    assert to_csv(lines(graded, ASSIGNMENT)) == before


# It is killed as soon as somebody is on record, at whatever moment that is; but however late the kill comes, the last
# ones are not graded yet.
GOES_NO_FURTHER = """
import sys, time
from pathlib import Path
from casebook.course.cohort import grade_cohort
from casebook.course.settings import Course

def no_further(names):
    for number, name in enumerate(names):
        if number == 9:
            time.sleep(1000)
        yield name

grade_cohort(Course(Path.cwd()), sys.argv[1], jobs=2, progress=no_further)
"""


def test_a_killed_run_goes_on_where_it_was(course: Course) -> None:
    good = released(course.root)
    for number in range(12):
        hand_in(course.root, f"student-{number:02d}", filled(good, full_answers()))
    hand_in(course.root, "student-05", filled(good, full_answers() | {"answer-rollout": "rollout = None"}))
    command = [sys.executable, "-c", GOES_NO_FURTHER, ASSIGNMENT]
    quiet = subprocess.DEVNULL
    run = subprocess.Popen(command, cwd=course.root, stdout=quiet, stderr=quiet, start_new_session=True)
    end = time.monotonic() + 240
    while time.monotonic() < end and run.poll() is None and not list(course.records.glob(f"{ASSIGNMENT}/*.json")):
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    done = len(list(course.records.glob(f"{ASSIGNMENT}/*.json")))
    assert 0 < done < 13
    resumed = grade_cohort(course, ASSIGNMENT)
    assert sum(not one.fresh for one in resumed) >= done - 1
    interrupted = to_csv(lines(course, ASSIGNMENT))
    grade_cohort(course, ASSIGNMENT, force=True)
    assert to_csv(lines(course, ASSIGNMENT)) == interrupted


def test_a_judge_that_hangs_or_dies_costs_one_submission_its_score(course: Course) -> None:
    hand_in(course.root, "ada", filled(released(course.root), full_answers()))
    desk = desk_for(course, ASSIGNMENT)
    path = course.submission("ada", ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    assert desk.judge.assess(path).status == "graded"
    process = desk.judge._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    desk.judge.limits = type(desk.judge.limits)(seconds=0.3)
    assert desk.judge.assess(path).status == "timeout"
    desk.judge.limits = type(desk.judge.limits)(seconds=60, resident_mb=1)
    with pytest.raises(CourseError, match="did not start"):
        desk.judge.assess(path)
    desk.judge.limits = type(desk.judge.limits)()
    assert desk.judge.assess(path).status == "graded"
    desk.close()


def test_who_asks_one_judge_at_the_same_time_gets_the_reply_to_their_own_question(course: Course) -> None:
    full = filled(released(course.root), full_answers())
    paths = [hand_in(course.root, "full", full), hand_in(course.root, "none", released(course.root))]
    paths.append(hand_in(course.root, "damaged", "{"))
    with JudgeProcess(course.root, ASSIGNMENT) as judge:
        wanted = [judge.assess(path) for path in paths]
        assert len({(one.status, sum(cell.points for cell in one.cells)) for one in wanted}) == 3
        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(judge.assess, paths * 8)) == wanted * 8


def test_a_gradebook_that_was_lost_is_filled_again(graded: Course) -> None:
    before = {name: repr(sheet.marks) for name, sheet in sheets(graded, ASSIGNMENT).items()}
    graded.gradebook.unlink()
    hand_in(graded.root, "zoe", filled(released(graded.root), full_answers()))
    outcomes(graded)
    after = {name: repr(sheet.marks) for name, sheet in sheets(graded, ASSIGNMENT).items()}
    assert after.pop("zoe") and after == before


def test_several_judges_side_by_side_give_the_same_export(course: Course) -> None:
    everybody(course)
    grade_cohort(course, ASSIGNMENT)
    one = to_csv(lines(course, ASSIGNMENT))
    grade_cohort(course, ASSIGNMENT, force=True, jobs=3)
    assert to_csv(lines(course, ASSIGNMENT)) == one


def test_the_judge_loads_while_the_desk_does_and_only_where_somebody_is_new(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(course.root, "ada", filled(released(course.root), full_answers()))
    began: list[JudgeProcess | None] = []
    start, load = JudgeProcess.start, Standard.load
    monkeypatch.setattr(JudgeProcess, "start", lambda judge: (began.append(judge), start(judge))[1])
    monkeypatch.setattr(Standard, "load", lambda *of: (began.append(None), load(*of))[1])
    assert grade_cohort(course, ASSIGNMENT)[0].outcome.status == "graded"
    assert began[0] is not None and began[1] is None
    began.clear()
    assert not grade_cohort(course, ASSIGNMENT)[0].fresh
    assert began == []

    hand_in(course.root, "ben", released(course.root))
    (course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").write_text("{}")
    with pytest.raises(CourseError):
        grade_cohort(course, ASSIGNMENT)
    assert began[0] is not None and began[0]._process is None  # a judge nobody will ask has ended

"""The sample cohort, graded whole: every status, the expected export byte for byte, and what it is made of."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from casebook.course.cohort import grade_cohort
from casebook.course.cohort_report import cohort_report, judged
from casebook.course.export import Line, lines, to_csv
from casebook.course.feedback_design import design_html
from casebook.course.gradebook import sheets
from casebook.course.outcome import Outcome
from casebook.course.report_notebook import notebook_text
from casebook.course.settings import Course
from casebook.jail.ability import jail_ability
from casebook.show.cohort_page import cohort_html
from tests.cohort.demo import GOLDEN, graded_sample
from tests.cohort.people import ASSIGNMENT, MISCHIEF, people


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return graded_sample(tmp_path_factory.mktemp("cohort") / "course")


@pytest.fixture(scope="module")
def rows(course: Course) -> dict[str, Line]:
    return {row.student: row for row in lines(course, ASSIGNMENT)}


def outcome(course: Course, name: str) -> Outcome:
    return Outcome.from_json(course.record(name, ASSIGNMENT).read_text(encoding="utf-8"))


def test_at_least_ten_writers_who_share_less_than_half() -> None:
    cohort = people()
    assert len(cohort) >= 10
    assert set(MISCHIEF) == {trick for person in cohort for trick in person.mischief}
    assert all(len(person.misunderstood.split()) >= 8 for person in cohort)
    for one, other in itertools.combinations(cohort, 2):
        same = sum(one.fields[name] == other.fields.get(name) for name in one.fields)
        assert 2 * same <= min(len(one.fields), len(other.fields)), (one.name, other.name)


def test_the_export_is_the_expected_one(course: Course) -> None:
    if not jail_ability().ok:
        pytest.skip(f"noor's notebook has to be run, and there is no jail here: {jail_ability().why}")
    assert to_csv(lines(course, ASSIGNMENT)) == GOLDEN.read_text(encoding="utf-8"), (
        "when the change is meant: python -m tests.cohort.demo --refresh-golden"
    )


def test_nobody_is_dropped_and_no_failure_is_a_number(course: Course, rows: dict[str, Line]) -> None:
    assert list(rows) == sorted(person.name for person in people())
    for name in ("ivo", "otto"):
        assert (rows[name].status, rows[name].score, rows[name].machine_score) == ("refused", None, None)
        assert rows[name].reason
    noor = outcome(course, "noor")
    assert noor.must_run == ("answer-estimate",)
    assert (noor.how, noor.status) == (("jailed", "graded") if jail_ability().ok else ("read", "needs-manual"))
    assert rows["chidi"].machine_score == 0.0
    assert rows["chidi"].score is None


def test_the_strong_are_ahead_and_the_form_filler_is_not(rows: dict[str, Line]) -> None:
    machine = {name: row.machine_score for name, row in rows.items() if row.machine_score is not None}
    assert machine["amara"] == max(machine.values()) >= 85
    assert machine["fay"] <= 35
    assert all(machine[name] < machine["emil"] < machine["jun"] for name in ("bruno", "goran", "hana", "fay"))


def test_tampering_brings_nothing_and_is_told(course: Course, rows: dict[str, Line]) -> None:
    assert (rows["goran"].machine_score or 0.0) < 30
    assert "restored" in rows["goran"].repairs
    assert (rows["hana"].machine_score or 0.0) < 30
    marks = {mark.grade_id: mark.possible for mark in sheets(course, ASSIGNMENT)["goran"].marks}
    assert math.fsum(marks.values()) == rows["amara"].possible


def test_doubled_cells_cost_nothing_and_are_told(rows: dict[str, Line]) -> None:
    assert "2 times" in rows["jun"].repairs
    assert (rows["jun"].machine_score or 0.0) > 80


def test_a_cap_holds_in_every_cell_and_points_by_hand_stand_on_top(course: Course, rows: dict[str, Line]) -> None:
    capped, row = outcome(course, "dana"), rows["dana"]
    assert capped.caps
    assert capped.score_before_caps is not None
    limit = min(cap.limit for cap in capped.caps)
    assert capped.score_before_caps > limit
    assert math.fsum(cell.points for cell in capped.cells) == pytest.approx(limit)
    factors = {round(cell.points / cell.before_caps, 9) for cell in capped.cells if cell.before_caps}
    assert len(factors) == 1
    assert row.machine_score == pytest.approx(limit, abs=1e-4)
    assert row.score == pytest.approx(limit + (row.hand_score or 0.0), abs=1e-4)


def test_grading_again_changes_nothing(course: Course) -> None:
    before = to_csv(lines(course, ASSIGNMENT))
    again = grade_cohort(course, ASSIGNMENT)
    assert not any(one.fresh for one in again)
    assert to_csv(lines(course, ASSIGNMENT)) == before


def test_graded_notebooks_hold_no_output_of_a_learner(course: Course) -> None:
    kept = Path(course.autograded / "goran" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8")
    assert "casebook.checks.grade = lambda" not in kept


def test_the_cohort_report_names_everybody_once_and_nothing_of_theirs_is_markup(course: Course) -> None:
    told = cohort_report(course, ASSIGNMENT, people=["amara", "zoe <script>alert(1)</script>"])
    page = cohort_html(told)
    assert told.missing == ("zoe <script>alert(1)</script>",) and told.untouched == ("chidi",)
    assert "<script" not in page and "http://" not in page.replace("http://www.w3.org", "")
    assert all(f">{person.name}<" in page for person in people())
    scored = {row.student for row in lines(course, ASSIGNMENT) if row.machine_score is not None}
    assert {line.student for line in told.scored} == scored
    assert "amara" not in cohort_html(told, {line.student: "somebody" for line in told.lines} | {"zoe": "somebody"})


def test_the_report_s_front_is_beaten_by_no_design_of_the_cohort(course: Course) -> None:
    told = cohort_report(course, ASSIGNMENT)
    able = [spot for spot in told.placed if math.isfinite(spot.tail_ms)]
    assert any(spot.best for spot in able) and not all(spot.best for spot in able)
    for spot in able:
        beaten = any(
            other.cost_usd_month <= spot.cost_usd_month
            and other.tail_ms <= spot.tail_ms
            and other.quality >= spot.quality
            and (other.cost_usd_month, other.tail_ms, other.quality)
            != (spot.cost_usd_month, spot.tail_ms, spot.quality)
            for other in able
        )
        assert spot.best is not beaten, spot.name


def test_the_report_as_a_notebook_runs_in_the_course(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course.root)
    notebook = nbformat.reads(notebook_text(ASSIGNMENT, ["amara", "zoe"]), as_version=4)
    told = {"metadata": {"path": str(course.root)}}
    NotebookClient(notebook, timeout=600, iopub_timeout=60, resources=told).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert sum("image/svg+xml" in output.get("data", {}) for output in outputs) == 2
    assert "not handed in: zoe" in outputs[-1].text


def test_feedback_draws_the_learner_s_own_design_with_their_owners(course: Course) -> None:
    drawn = design_html(course, ASSIGNMENT, "amara")
    answer = judged(outcome(course, "amara"))
    assert answer is not None and answer.design is not None
    assert drawn.count("<svg") >= 4 and "<script" not in drawn
    assert all(note.owner.split()[0] in drawn for note in answer.notes)
    assert "Left out of the model" in drawn
    assert design_html(course, ASSIGNMENT, "ivo") == design_html(course, ASSIGNMENT, "chidi") == ""

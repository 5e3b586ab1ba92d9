"""Formgrader on the sample cohort in a real browser: lists, a graded page, a grade by hand, its own button.

What learners wrote is hostile until shown otherwise: nothing of it may run in the instructor's page.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from casebook.course.cohort import grade_cohort
from casebook.course.export import lines
from casebook.course.feedback import write_feedback
from casebook.course.names import PEOPLE, names_into_gradebook
from casebook.course.records import desk_for
from casebook.course.release import release
from casebook.course.settings import Course
from tests.browser.harness import Lab, Server
from tests.cohort.demo import graded_sample
from tests.cohort.people import ASSIGNMENT, hand_in, people

EVIL = (
    '<script>window.owned = 1</script> <img src=x onerror="window.owned = 2"> [go](javascript:owned=3) '
    "![x](x \"onerror=window.owned=4\") $\\href{javascript:window.owned=5}{x}$ <svg onload='window.owned=6'>"
)

SECOND = "startups-tickets"
NAMES = ["student,name,email", "dana,Dana Osei,dana@example.edu", 'kemi,"<img src=x onerror=""window.owned=9"">",']


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The sample cohort, graded, with one more submission that attacks the page it is shown on."""
    made = graded_sample(tmp_path_factory.mktemp("formgrader") / "course")
    released = made.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    evil = json.loads(hand_in(people()[0], json.loads(released.read_text(encoding="utf-8"))))
    for cell in evil["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("solution"):
            cell["source"] = EVIL if cell["cell_type"] == "markdown" else f"# {EVIL}\n{cell['source']}"
        cell["attachments"] = {"x.svg": {"image/svg+xml": "<svg onload='window.owned=7'/>"}}
        cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": EVIL}}]
    folder = made.submission("zoe", ASSIGNMENT)
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(evil), encoding="utf-8")
    (folder / "evil.html").write_text("<script>parent.owned = 8</script>")
    grade_cohort(made, ASSIGNMENT, ["zoe"])
    release(made, SECOND)
    for student in ("dana", "kemi"):
        folder = made.submission(student, SECOND)
        folder.mkdir(parents=True)
        shutil.copy(made.release(SECOND) / f"{SECOND}.ipynb", folder)
    grade_cohort(made, SECOND)
    (made.root / PEOPLE).write_text("\n".join(NAMES) + "\n", encoding="utf-8")
    assert names_into_gradebook(made) == ""
    for name in (ASSIGNMENT, SECOND):
        desk_for(made, name).close()
    return made


def open_submission(page: Any, formgrader: Server, student: str) -> None:
    """A student's graded page, through formgrader's own list of submissions."""
    page.goto(f"{formgrader.url}/formgrader/manage_students/{student}/{ASSIGNMENT}")
    page.get_by_role("link", name=ASSIGNMENT).last.click()
    page.wait_for_selector("#notebook-container")


def test_the_lists_show_everybody(page: Any, formgrader: Server, shots: Path) -> None:
    page.wait_for_selector(f"text={ASSIGNMENT}")
    page.goto(f"{formgrader.url}/formgrader/manage_submissions/{ASSIGNMENT}")
    for person in people():
        page.wait_for_selector(f"text={person.name}")
    page.screenshot(path=str(shots / "formgrader-submissions.png"))


def test_a_graded_page_shows_points_reasons_and_the_learners_text(page: Any, formgrader: Server, shots: Path) -> None:
    open_submission(page, formgrader, "dana")
    text = page.inner_text("#notebook-container")
    assert "Mend it:" in text
    assert "Thirty-five per cent fewer" in text
    page.screenshot(path=str(shots / "formgrader-dana.png"), full_page=True)


def test_nothing_a_learner_wrote_runs_in_the_instructors_page(page: Any, formgrader: Server) -> None:
    open_submission(page, formgrader, "zoe")
    page.wait_for_timeout(1500)
    assert page.evaluate("() => window.owned") is None
    assert "window.owned" in page.inner_text("#notebook-container")
    loose = "a[href^='javascript'], #notebook-container script, [onerror], [onload]"
    assert page.locator(loose).count() == 0
    answer = page.request.get(page.url.split("?")[0].rstrip("/") + "/evil.html")
    assert answer.status == 404


def test_points_given_in_the_page_reach_the_export(page: Any, formgrader: Server, course: Course) -> None:
    before = {row.student: row for row in lines(course, ASSIGNMENT)}["zoe"]
    assert (before.status, before.score) == ("needs-manual", None)
    open_submission(page, formgrader, "zoe")
    box = page.locator("input.score").last
    box.fill("4")
    with page.expect_response(lambda reply: "/api/grade/" in reply.url and reply.request.method == "PUT"):
        box.press("Tab")
    after = {row.student: row for row in lines(course, ASSIGNMENT)}["zoe"]
    assert after.hand_score == 4.0
    assert after.score == pytest.approx((after.machine_score or 0.0) + 4.0)


def test_prose_is_graded_by_keyboard_from_one_submission_to_the_next(
    page: Any, formgrader: Server, course: Course, shots: Path
) -> None:
    elsewhere = lines(course, ASSIGNMENT)
    page.get_by_role("link", name="Manual Grading").click()
    page.get_by_role("link", name=SECOND).click()
    page.get_by_role("link", name=SECOND).last.click()
    page.get_by_role("link", name="Submission #1", exact=True).click()
    given = {}
    page.locator(".to-read a", has_text="prose-close").click()
    for number, (points, comment) in enumerate([("7", "The number is first.\nSay what it costs."), ("3", "")]):
        page.wait_for_function("() => document.activeElement.id === 'prose-close'")
        page.wait_for_function("() => formgrader.grades.loaded && formgrader.comments.loaded")
        given[page.locator("a.name-shown").text_content().strip()] = float(points)
        page.keyboard.type(points)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type(comment)
        if number == 0:
            page.screenshot(path=str(shots / "formgrader-prose.png"))
            with page.expect_navigation():
                page.keyboard.press("Control+.")
    with page.expect_response(lambda reply: reply.request.method == "PUT"):
        page.keyboard.press("Control+,")
    assert set(given) == {"Osei, Dana", "onerror=”window.owned=9”›, ‹img src=x"}
    assert page.evaluate("() => window.owned") is None
    rows = lines(course, SECOND)
    assert sorted((row.status, row.hand_score) for row in rows) == [("graded", 3.0), ("graded", 7.0)]
    assert all(row.score == pytest.approx((row.machine_score or 0.0) + (row.hand_score or 0.0)) for row in rows)
    assert lines(course, ASSIGNMENT) == elsewhere
    pages = "".join(path.read_text(encoding="utf-8") for path in write_feedback(course, SECOND))
    assert "The number is first.\nSay what it costs." in pages
    page.goto(f"{formgrader.url}/formgrader/manage_students")
    page.wait_for_selector("text=Osei, Dana")
    assert page.evaluate("() => window.owned") is None


def test_formgraders_own_button_grades_by_the_same_path(page: Any, formgrader: Server, course: Course) -> None:
    before = {row.student: row for row in lines(course, ASSIGNMENT)}
    record = course.record("goran", ASSIGNMENT)
    record.unlink()
    page.goto(f"{formgrader.url}/formgrader/manage_submissions/{ASSIGNMENT}")
    row = page.locator("tr", has_text="goran")
    with page.expect_response(lambda reply: reply.url.endswith("/autograde"), timeout=180_000) as reply:
        row.locator(".autograde a").click()
    assert reply.value.json()["success"], reply.value.json().get("log", "")[-2000:]
    assert record.is_file()
    assert {row.student: row for row in lines(course, ASSIGNMENT)} == before


def test_validate_in_the_learners_lab_lists_what_is_missing(
    formgrader: Server, chromium: Any, course: Course, shots: Path
) -> None:
    released = course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    writer = next(person for person in people() if person.name == "kemi")
    (course.root / "mine.ipynb").write_bytes(hand_in(writer, json.loads(released.read_text(encoding="utf-8"))))
    lab = Lab(formgrader, chromium)
    try:
        lab.open("mine.ipynb")
        lab.page.get_by_role("button", name="Validate").first.click()
        dialog = lab.page.locator(".jp-Dialog")
        dialog.get_by_text("Not yet:").first.wait_for(timeout=240_000)
        text = dialog.inner_text()
        lab.screenshot(shots / "validate.png")
        assert "Mend it:" in text
        assert "Partial credit" not in text
        assert "Traceback" not in text
    finally:
        lab.close()

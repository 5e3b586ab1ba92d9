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


def open_prose(page: Any, formgrader: Server) -> None:
    """The first submission of the second assignment, as formgrader's own links lead to it, in its box for prose."""
    page.goto(f"{formgrader.url}/formgrader/gradebook")
    page.get_by_role("link", name=SECOND).click()
    page.get_by_role("link", name=SECOND).last.click()
    page.get_by_role("link", name="Submission #1", exact=True).click()
    page.locator(".to-read a", has_text="prose-close").click()
    page.wait_for_selector("#prose-close:focus:read-write")


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
    open_prose(page, formgrader)
    given = {}
    for number, (points, comment) in enumerate([("7", "The number is first.\nSay what it costs."), ("3", "")]):
        page.wait_for_selector("#prose-close:focus:read-write")
        given[page.locator("a.name-shown").text_content().strip()] = float(points)
        page.keyboard.type(points)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type(comment)
        if number == 0:
            page.screenshot(path=str(shots / "formgrader-prose.png"))
        with page.expect_navigation():
            page.keyboard.press("Control+," if number else "Control+.")
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


def test_a_page_is_left_once_and_not_before_everything_is_saved(page: Any, formgrader: Server, course: Course) -> None:
    open_prose(page, formgrader)
    held: list[Any] = []
    left: list[str] = []
    page.on("request", lambda request: left.append(request.url) if request.is_navigation_request() else None)
    page.route("**/api/comment/*", lambda route: held.append(route))
    with page.expect_response(lambda reply: "/api/grade/" in reply.url):
        page.keyboard.type("6")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type("Saved last.")
        page.keyboard.press("Control+.")
    page.wait_for_timeout(500)
    assert (len(held), left) == (1, [])
    with page.expect_navigation():
        held[0].continue_()
    page.wait_for_selector("#prose-close:focus:read-write")
    assert len([url for url in left if "/next" in url]) == 1
    assert "Saved last." in "".join(path.read_text(encoding="utf-8") for path in write_feedback(course, SECOND))


def test_what_the_server_did_not_take_stays_and_is_sent_again(page: Any, formgrader: Server, course: Course) -> None:
    open_prose(page, formgrader)
    here = page.url
    page.route("**/api/comment/*", lambda route: route.fulfill(status=500, body="{}"))
    comment = page.locator("#prose-close-comment")
    comment.fill("Not lost.")
    page.keyboard.press("Control+.")
    page.get_by_role("alert").filter(has_text="Not saved").wait_for()
    assert (page.url.split("?")[0], comment.input_value()) == (here.split("?")[0], "Not lost.")
    page.unroute("**/api/comment/*")
    with page.expect_navigation():
        page.keyboard.press("Control+.")
    assert "Not lost." in "".join(path.read_text(encoding="utf-8") for path in write_feedback(course, SECOND))


def test_a_late_answer_does_not_undo_what_is_being_typed(page: Any, formgrader: Server) -> None:
    open_prose(page, formgrader)
    held: list[Any] = []
    page.route("**/api/grade/*", lambda route: held.append(route))
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    more = page.locator("#prose-close_extra_credit")
    with page.expect_response(lambda reply: "/api/grade/" in reply.url):
        held[0].continue_()
    page.wait_for_function("() => !$.active")
    assert (page.locator("#prose-close").input_value(), more.input_value()) == ("5", "1")
    page.unroute("**/api/grade/*")
    for text, taken in (("1", 1), ("", None)):  # afterwards as it was for the tests that follow
        more.fill(text)
        with page.expect_response(lambda reply: "/api/grade/" in reply.url) as saved:
            more.blur()
        assert saved.value.json()["extra_credit"] == taken


EARLY = """new MutationObserver(function (seen, watch) {
  const link = document.querySelector(".to-read a[data-grade=prose-close]");
  if (link && document.getElementById("prose-close")) {
    watch.disconnect();
    link.click();
    window.early = document.readyState;
  }
}).observe(document, {childList: true, subtree: true})"""


def test_a_box_chosen_while_the_page_loads_stays_chosen(page: Any, formgrader: Server) -> None:
    open_prose(page, formgrader)
    page.add_init_script(EARLY)
    page.goto(page.url.split("?")[0])
    page.wait_for_function("() => MathJax.loaded && !$.active")
    assert page.evaluate("() => [window.early, document.activeElement.id]") == ["loading", "prose-close"]


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

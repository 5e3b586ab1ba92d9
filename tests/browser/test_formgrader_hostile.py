"""Hostile notebooks in formgrader and on feedback pages, in a real browser: nothing runs, nothing leaves loopback.

Script in output, markdown, attachment, SVG, component name, evidence, variable and student name (tests/hostile).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casebook.course.cohort import grade_cohort
from casebook.course.feedback import write_feedback
from casebook.course.records import desk_for
from casebook.course.settings import Course
from tests.browser.harness import Server
from tests.cohort.people import ASSIGNMENT
from tests.hostile.cohort import Corpus, lay_out
from tests.hostile.kind import KINDS

KINDS_HERE = [kind for kind in KINDS if kind.name.startswith("script") or kind.name == "student's name: script"]
OWNED = "() => [window.owned, ...[...document.querySelectorAll('iframe')].map(f => f.contentWindow.owned)]"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The kinds that attack a page, graded, with their feedback written."""
    made = lay_out(tmp_path_factory.mktemp("hostile-pages"), KINDS_HERE)
    made.listener.close()
    grade_cohort(made.course, ASSIGNMENT)
    write_feedback(made.course, ASSIGNMENT)
    desk_for(made.course, ASSIGNMENT).close()
    return made


@pytest.fixture(scope="module")
def course(corpus: Corpus) -> Course:
    return corpus.course


def quiet(page: Any) -> None:
    """Give scripts and loads the time they would need, then look for their traces."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(700)
    assert [mark for mark in page.evaluate(OWNED) if mark is not None] == []
    assert page.locator("a[href^='javascript'], [onerror], [onload], iframe[srcdoc]").count() == 0


def students(corpus: Corpus) -> list[str]:
    return [corpus.students[kind.name] for kind in KINDS_HERE if not kind.student]


def test_the_lists_show_hostile_names_as_text(page: Any, formgrader: Server, corpus: Corpus) -> None:
    page.goto(f"{formgrader.url}/formgrader/manage_submissions/{ASSIGNMENT}")
    for student in students(corpus):
        page.wait_for_selector(f"text={student}")
    quiet(page)
    page.goto(f"{formgrader.url}/formgrader/manage_students")
    page.wait_for_selector(f"text={students(corpus)[0]}")
    quiet(page)


@pytest.mark.parametrize("kind", [kind for kind in KINDS_HERE if not kind.student], ids=lambda kind: kind.name)
def test_a_hostile_notebook_opened_in_formgrader_runs_nothing(
    page: Any, formgrader: Server, corpus: Corpus, kind: Any
) -> None:
    student = corpus.students[kind.name]
    page.goto(f"{formgrader.url}/formgrader/manage_students/{student}/{ASSIGNMENT}")
    page.get_by_role("link", name=ASSIGNMENT).last.click()
    page.wait_for_selector("#notebook-container")
    quiet(page)
    assert page.locator("#notebook-container script").count() == 0


def test_their_feedback_pages_run_nothing(page: Any, corpus: Corpus) -> None:
    pages = [corpus.course.feedback / student / ASSIGNMENT / f"{ASSIGNMENT}.html" for student in students(corpus)]
    for path in pages:
        page.goto(path.as_uri())
        quiet(page)
        assert page.locator("script").count() == 0
    shown = "".join(Path(path).read_text(encoding="utf-8") for path in pages)
    assert "&lt;script&gt;window.owned" in shown

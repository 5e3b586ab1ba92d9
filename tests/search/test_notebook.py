"""The searches as a notebook shows them: a picture that an export keeps, words, and what the model leaves out."""

from __future__ import annotations

import pytest

from casebook.course.workbook import open_workbook
from casebook.design import Case
from casebook.search import Found, knob_tornado, source_tornado
from casebook.show.searched import found_html, front_shown, tornado_shown


@pytest.fixture(scope="module")
def tornadoes(case: Case) -> list:
    return [knob_tornado(case.reference, "launch", requests=5_000),
            source_tornado(case.reference, "launch", requests=5_000)]


def test_the_front_is_a_picture_without_script_and_words(case: Case, found: Found) -> None:
    assert found.front is not None and found.best is not None
    bundle = front_shown(found.front, case.data, found.conditions, found.best.design)._repr_mimebundle_()
    html = bundle["text/html"]
    assert html.count("<svg") == 1 and "<script" not in html and "http" not in html.replace("http://www.w3.org", "")
    assert html.count("<circle") >= sum(point.stable for point in found.front.points)
    assert "The model leaves out" in html and case.data.leaves_out[0][1:] in bundle["text/plain"]


def test_the_tornadoes_say_what_their_bars_show(case: Case, tornadoes: list) -> None:
    shown = tornado_shown(tornadoes, case.data)
    assert shown.html.count("<svg") == 4 and "The model leaves out" in shown.html
    assert "Reviewers on shift" in repr(shown)
    assert "ingest.function.mean_ms" in shown.html  # the catalogue's band, carried to the tail


def test_the_page_of_a_search_opens_offline(case: Case, found: Found, tornadoes: list) -> None:
    page = found_html(found, case.data, "words <b>", tornadoes)
    assert page.startswith("<!doctype html>") and page.count("<svg") == 5
    assert "<script" not in page and "src=" not in page and "words &lt;b&gt;" in page
    assert "The cheapest that meets every target" in page


def test_a_workbook_asks_for_a_design_first(capsys: pytest.CaptureFixture[str]) -> None:
    work = open_workbook("stability-moderation")
    work.front()
    work.tornado()
    assert capsys.readouterr().out.count("no design is kept yet") == 2


def test_a_workbook_shows_both_for_a_design(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    work = open_workbook("stability-moderation")
    work.front(case.reference, designs=20)
    work.tornado(case.reference)
    out = capsys.readouterr().out
    assert "designs were looked at" in out and "What moves the bill most" in out

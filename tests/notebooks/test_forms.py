"""The frameworks as forms: filled with the learner's own words, judged by their checks, blank where nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.answer import Answer, Hypothesis
from casebook.course.workbook_forms import forms_page, words_for
from casebook.facts import case_ids, frameworks, load_case_data

ANSWERS = Path(__file__).resolve().parents[1] / "answers"


def strong(case_id: str) -> Answer:
    return Answer.from_json((ANSWERS / f"{case_id}.strong.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case_id", ["stability-moderation", "scale-prediction"])
def test_every_framework_of_the_article_is_shown_with_what_it_changes(case_id: str) -> None:
    article = load_case_data(case_id).article
    shown = str(forms_page(strong(case_id)))
    for form in frameworks():
        assert (f"({form.id})" in shown) == (form.id.split("-")[1] == article)
        if form.id.split("-")[1] == article:
            assert form.changes in shown
    assert "✓" in shown


def test_a_blank_answer_fills_nothing_and_passes_nothing() -> None:
    shown = str(forms_page(Answer.from_names("stability-moderation", {})))
    assert "0 of" in shown and "not answered" in shown and "✓" not in shown


def test_a_part_shows_the_learners_own_words_and_escapes_them() -> None:
    said = Hypothesis(persona="<b>artists</b>", decision="what is published", metric="toxic uploads", baseline="1 %",
                      target="0.7 %")  # fmt: skip
    answer = Answer.from_names("stability-moderation", {"hypothesis": said})
    assert "artists" in words_for(answer, "Hypothesis")
    assert words_for(answer, "Risk") == ""
    html = forms_page(answer)._repr_mimebundle_()["text/html"]
    assert "&lt;b&gt;artists" in html and "<b>artists" not in html


def test_every_record_that_a_form_names_is_one_that_an_answer_has() -> None:
    whole = [strong(case_id) for case_id in case_ids() if (ANSWERS / f"{case_id}.strong.json").is_file()]
    named = {part.record for form in frameworks() for part in form.parts if part.record}
    assert {record for record in named if not any(words_for(answer, record) for answer in whole)} == set()

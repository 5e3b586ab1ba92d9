"""Each framework is a form whose parts are the article's, in its order; its questions, checks and records exist."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from casebook import facts
from casebook.answer import RECORDS
from casebook.facts import Framework, SeedError, read_seed
from casebook.facts.base import build
from casebook.facts.framework import FrameworkBook, check_frameworks
from casebook.facts.loader import own_seeds

FORMS = facts.frameworks()
ALL = own_seeds().facts()
# Records of an answer: those that exist, the design, and those that later cases bring
LATER = {"Design", "Phase", "DataPlan", "TimePlan"}


def test_every_framework_of_the_articles_is_a_form() -> None:
    told = {fact.id for fact in ALL.values() if fact.section == "frameworks"}
    assert {form.id for form in FORMS} == told
    assert len(told) == 8 + 5 + 6 + 5 + 7


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_form_has_the_articles_parts_and_a_question_for_each(form: Framework) -> None:
    assert tuple(part.part for part in form.parts) == ALL[form.fact].parts
    assert all(part.ask.endswith("?") for part in form.parts)
    assert len({part.ask for part in form.parts}) == len(form.parts)
    assert all(part.record in {"", *RECORDS, *LATER} for part in form.parts)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_form_is_practised_judged_and_shown_on_the_board(form: Framework) -> None:
    article = form.id.split("-")[1]
    for case in form.cases:
        assert ALL[case].section == "cases"
        assert case.startswith(f"{article}-")
    assert form.checks
    known = re.compile(r"U([1-9]|1\d|2[0-7])|X([1-9]|[1-3]\d|4[0-8])|[A-Z]+-\d+(\.[a-z]+)?")
    assert all(known.fullmatch(check) for check in form.checks)
    assert form.changes.endswith(".")


def test_the_formula_that_misleads_says_why() -> None:
    flawed = {form.id: form.flawed for form in FORMS if form.flawed}
    assert list(flawed) == ["F-STB-8"]
    assert "X1" in flawed["F-STB-8"]


def test_forms_without_an_order_say_so() -> None:
    free = {form.id for form in FORMS if not form.in_order}
    assert {"F-GEN-3", "F-SCL-1"} <= free
    assert not free & {"F-STB-1", "F-STU-2", "F-GEN-1", "F-SCL-2", "F-MJ-4"}


def form_of(data: dict[str, Any], form_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in data["frameworks"] if item["id"] == form_id)
    return found


@pytest.mark.parametrize(("spoil", "words"), [
    (lambda form: form["parts"].reverse(), "The fact has, in this order: hypothesis, metric"),
    (lambda form: form["parts"].pop(), "in this order"),
    (lambda form: form["parts"][0].update(part="guess"), "guess"),
    (lambda form: form.update(cases=["SCL-33"]), "SCL-3"),
    (lambda form: form.update(facts=["SCL.weight_metrik"]), "SCL.weight_metric"),
    (lambda form: form.update(fact="F-SCL-4"), "Write the same id"),
    (lambda form: form.update(change=form.pop("changes")), "'changes'"),
    (lambda form: form.update(cases=[]), "cases"),
])
def test_a_form_that_differs_from_its_fact_is_refused(spoil: Callable[[dict[str, Any]], object], words: str) -> None:
    data = deepcopy(read_seed("frameworks.yaml"))
    spoil(form_of(data, "F-SCL-3"))
    with pytest.raises(SeedError) as caught:
        check_frameworks(build(FrameworkBook, data, "frameworks.yaml"), ALL, "frameworks.yaml")
    assert words in str(caught.value)
    assert caught.value.key.startswith("frameworks.F-SCL-3")


def test_a_framework_without_a_form_is_named() -> None:
    data = deepcopy(read_seed("frameworks.yaml"))
    data["frameworks"].remove(form_of(data, "F-MJ-5"))
    with pytest.raises(SeedError, match="no form for 'F-MJ-5'"):
        check_frameworks(build(FrameworkBook, data, "frameworks.yaml"), ALL, "frameworks.yaml")

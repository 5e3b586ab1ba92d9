"""What the context of a case changes: a handful of customers, a handful of people, words and numbers of its own."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from casebook.answer import Answer, ComponentNote
from casebook.checks import all_checks, examples, grade
from casebook.checks import subject as subject_module
from casebook.checks.casefile import own_rubric, slots_named
from casebook.checks.formula import value
from casebook.checks.kind import params_of
from casebook.checks.registry import check_for
from casebook.checks.subject import Subject
from casebook.design import evaluate, load_case
from casebook.facts import load_case_data
from casebook.facts.case import CaseData, Context
from tests.checks.mutations import CASE, answered_cases, strong


def changed(**context: float) -> CaseData:
    made = Context.model_validate({**context, "kind": "assumption", "label": "ours", "note": "a test"})
    return load_case_data(CASE).model_copy(update={"context": made})


@pytest.mark.parametrize(("customers", "asked"), [(1, False), (3, False), (4, True), (12, True)])
def test_a_rollout_in_steps_is_not_asked_for_a_handful_of_customers(customers: int, asked: bool) -> None:
    absent = check_for("U12", load_case_data(CASE)).absent
    assert absent is not None
    why = absent(changed(customers=customers))
    assert bool(why) is not asked
    assert asked or str(customers) in why


@pytest.mark.parametrize(("people", "passes"), [(6, True), (10, True), (11, False)])
def test_one_owner_for_everything_is_fine_in_a_small_company(
    people: int, passes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = changed(people=people)
    data = data.model_copy(update={"slots": tuple(
        slot.model_copy(update={"owner_kinds": ("Product",)}) for slot in data.slots)})
    monkeypatch.setattr(subject_module, "load_case_data", lambda _: data)
    answer = strong()
    notes = tuple(ComponentNote(note.slot, "Product", note.because) for note in answer.notes)
    outcome = check_for("U5", data).run(Subject(replace(answer, notes=notes), "launch"))
    assert outcome.passed is passes, outcome.message


def test_a_case_without_a_latency_or_a_store_is_not_asked_about_them() -> None:
    data = load_case_data(CASE)
    bare = data.model_copy(update={
        "targets": tuple(t for t in data.targets if t.metric != "latency_ms"),
        "slots": tuple(s for s in data.slots if s.role != "feedback"), "owners": ()})
    for check_id in ("U21", "U16", "U9", "U5"):
        absent = all_checks()[check_id].absent
        assert absent is not None
        assert absent(bare)
        assert not absent(data)


@pytest.mark.parametrize("case", answered_cases())
def test_examples_speak_of_the_case_at_hand(case: str) -> None:
    """No example of another case quotes this project's first one, and every one is there."""
    data = load_case_data(case)
    told = [finding.fix for finding in grade(Answer(case)).findings]
    assert all(told)
    if case != CASE:
        foreign = [word for word in ("toxic", "upload", "artist") if word not in str(data.model_dump())]
        assert not [fix for fix in told for word in foreign if word in fix]


@pytest.mark.parametrize("case", answered_cases())
def test_the_example_of_a_metric_is_one(case: str) -> None:
    data = load_case_data(case)
    for target in data.targets:
        line = examples.metric_record(target, data, "guardrail")
        from casebook.answer import Metric

        assert eval(line, {"Metric": Metric}).value is not None, line


def test_a_role_names_a_slot_and_the_article_a_rubric() -> None:
    data = load_case_data(CASE)
    assert slots_named(data, "entry") == ("ingestion",)
    assert slots_named(data, "ingestion") == ("ingestion",)
    assert slots_named(data, "nowhere") == ()
    assert own_rubric(data.model_copy(update={"rubric": "", "article": "SCL"})) == "scale"


@pytest.mark.parametrize("case", answered_cases())
def test_every_formula_of_a_case_has_a_value_for_its_reference(case: str) -> None:
    made = load_case(case)
    checks = [entry for entry in made.data.checks if entry.kind]
    for entry in checks:
        params = params_of(entry, made.data)
        scenario = getattr(params, "scenario", "")
        evaluation = evaluate(made.reference, made.conditions(scenario), requests=20_000)
        for name, field in type(params).model_fields.items():
            formula = getattr(params, name)
            if "formula" in str((field.annotation, field.metadata)) and isinstance(formula, str):
                assert math.isfinite(value(formula, evaluation)), (entry.id, name, formula)

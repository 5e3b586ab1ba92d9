"""Every kind of check has a fixture that passes, and one changed field that flips it and only what is named with it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from casebook.answer import Answer
from casebook.checks.finding import Outcome
from casebook.checks.kind import all_kinds, check_of, params_of
from casebook.checks.subject import Subject
from casebook.facts import SeedError, load_case_data
from casebook.facts.check import CheckEntry
from tests.checks.fields import with_field
from tests.checks.mutations import CASE, strong

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "kinds.yaml").read_text(encoding="utf-8"))
KINDS: dict[str, dict[str, Any]] = BOOK["kinds"]


def entry(name: str, kind: str, params: dict[str, Any]) -> CheckEntry:
    return CheckEntry(
        id=name, kind=kind, points=1, params=params, provenance={"kind": "assumption", "note": "a test"})


@cache
def answer() -> Answer:
    """The strong answer with the parts that only some cases ask for."""
    return Answer.from_json(json.dumps(json.loads(strong().to_json()) | BOOK["answer"]))


def outcomes(given: Answer) -> dict[str, Outcome]:
    """What each kind says of an answer, an unanswered part earning nothing."""
    data, subject = load_case_data(CASE), Subject(given, "launch")
    made = {}
    for name, item in KINDS.items():
        check = check_of(entry(name, item.get("kind", name), item["params"]), data)
        missing = [part for part in check.needs if not subject.answered(part)]
        made[name] = Outcome(0.0, "", f"Not answered: {missing}") if missing else check.run(subject)
    return made


@cache
def before() -> dict[str, Outcome]:
    return outcomes(answer())


def test_every_kind_has_a_fixture() -> None:
    assert {item.get("kind", name) for name, item in KINDS.items()} == set(all_kinds())


@pytest.mark.parametrize("name", KINDS)
def test_one_changed_field_flips_the_kind_and_only_what_is_named(name: str) -> None:
    item = KINDS[name]
    assert before()[name].passed, before()[name].message
    after = outcomes(with_field(answer(), item["field"], item["bad"]))
    flipped = {other for other, outcome in after.items() if before()[other].passed and not outcome.passed}
    assert flipped == {name, *item.get("also", ())}
    assert item["says"] in after[name].message
    assert after[name].fix


@pytest.mark.parametrize("name", KINDS)
def test_no_kind_passes_where_its_subject_is_absent(name: str) -> None:
    item, data = KINDS[name], load_case_data(CASE)
    check = check_of(entry(name, item.get("kind", name), item["params"]), data)
    assert check.needs
    for part in check.needs:
        left = Answer.from_json(json.dumps({k: v for k, v in json.loads(answer().to_json()).items() if k != part}))
        assert not Subject(left, "launch").answered(part)
    assert check.example(data)


@pytest.mark.parametrize("at", range(len(BOOK["refused"])))
def test_a_parameter_that_does_not_fit_is_refused_with_file_key_and_remedy(at: int) -> None:
    item, data = BOOK["refused"][at], load_case_data(CASE)
    with pytest.raises(SeedError) as caught:
        check_of(entry("T-1", item["kind"], item["params"]), data)
    assert caught.value.file == f"cases/{CASE}.yaml"
    assert caught.value.key.startswith("checks.T-1")
    assert item["place"] in caught.value.key
    assert item["remedy"] in caught.value.remedy
    assert caught.value.problem


def test_an_entry_of_the_case_fits_its_kind() -> None:
    data = load_case_data(CASE)
    for item in data.checks:
        assert params_of(item, data)

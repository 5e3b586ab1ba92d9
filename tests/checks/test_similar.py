"""Look-alikes: a copy is found after renaming, reordering and rounding; honest writers of one form are not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from casebook.answer import Answer, read_notebook
from casebook.checks.similar import similar
from casebook.course.intake import open_submission
from casebook.course.repair import load_release, rebuild
from tests.cohort.people import ASSIGNMENT, hand_in, people

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    folder = tmp_path_factory.mktemp("similar")
    release = load_release(ROOT / "release" / ASSIGNMENT)
    blank = json.loads((ROOT / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
    found = {}
    for person in people():
        if not person.mischief:
            path = folder / f"{person.name}.ipynb"
            path.write_bytes(hand_in(person, blank))
            found[person.name] = read_notebook(
                rebuild(release, open_submission(path)).notebook, release.case_id
            ).answer
    return {name: answer for name, answer in found.items() if answer.answered()}


@pytest.fixture(scope="module")
def known() -> str:
    release = load_release(ROOT / "release" / ASSIGNMENT)
    return release.text + (ROOT / "seeds" / "cases" / f"{ASSIGNMENT}.yaml").read_text(encoding="utf-8")


def disguised(answer: Answer) -> Answer:
    """The same answer with every team renamed, lists turned round and every number changed a little."""
    data: dict[str, Any] = json.loads(answer.to_json())
    for name, value in data.items():
        if isinstance(value, list):
            data[name] = list(reversed(value))
    text = json.dumps(data)
    teams = ("Trust and Safety", "Data Science", "Model Ops", "Platform Engineering", "Data Engineering")
    for letter, team in zip("ABCDE", teams, strict=True):
        text = text.replace(team, f"Crew {letter} of Operations")
    text = re.sub(r"(?<=[a-z] )(\d+)(?= [a-z])", lambda found: str(int(found[1]) + 1), text)
    return Answer.from_json(text)


def test_honest_writers_of_one_form_are_not_named(cohort: dict[str, Answer], known: str) -> None:
    assert len(cohort) >= 8
    assert similar(cohort, known) == ()


def test_a_disguised_copy_is_the_only_pair_named(cohort: dict[str, Answer], known: str) -> None:
    copied = {**cohort, "zoe": disguised(cohort["amara"])}
    assert copied["zoe"].to_json() != cohort["amara"].to_json()
    found = similar(copied, known)
    assert [(pair.student, pair.other) for pair in found] == [("amara", "zoe")]
    assert found[0].share > 0.6 and len(found[0].example.split()) >= 5


def test_a_copy_with_somebody_s_own_paragraphs_added_is_found(cohort: dict[str, Answer], known: str) -> None:
    mixed = json.loads(cohort["emil"].to_json())
    other = json.loads(cohort["dana"].to_json())
    mixed["risks"] = mixed.get("risks", []) + other.get("risks", [])
    pairs = similar({**cohort, "zoe": Answer.from_json(json.dumps(mixed))}, known)
    assert ("emil", "zoe") in {(pair.student, pair.other) for pair in pairs}


def test_what_the_form_says_is_nobody_s_wording(cohort: dict[str, Answer]) -> None:
    twin = {"one": cohort["amara"], "two": cohort["amara"]}
    said = " ".join(text for _, text in cohort["amara"].text_fields())
    assert similar(twin)[0].share == pytest.approx(1.0)
    assert similar(twin, said) == ()

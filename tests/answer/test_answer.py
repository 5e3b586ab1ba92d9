"""The answer: gathered from names, to JSON and back, and hostile JSON refused with field and remedy."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.answer import PART_NAMES, Answer, AnswerError, Audit, Metric, Question, read_notebook
from casebook.answer.strict_json import MAX_DEPTH, MAX_JSON_CHARS

CASE = "stability-moderation"


@pytest.fixture
def strong(cells: dict[str, str], as_notebook: Callable[[Mapping[str, str]], dict[str, Any]]) -> Answer:
    return read_notebook(as_notebook(cells), CASE).answer


def test_json_is_sorted_stable_and_comes_back_the_same(strong: Answer) -> None:
    text = strong.to_json()
    again = Answer.from_json(text)
    assert again == strong
    assert again.to_json() == text
    keys = list(json.loads(text))
    assert keys == sorted(keys)
    assert set(keys) - {"case_id", "format"} == set(PART_NAMES)
    assert text.isascii()


def test_an_empty_answer_is_all_blank_and_survives() -> None:
    empty = Answer.from_names(CASE, {"unrelated": 5, "hypothesis": None})
    assert empty == Answer(CASE)
    assert empty.blank_fields() == PART_NAMES
    assert Answer.from_json(empty.to_json()) == empty


def test_texts_stand_for_records_and_mappings_for_audits() -> None:
    answer = Answer.from_names(
        CASE,
        {
            "questions": ("volume", Question("latency")),
            "metrics": "recall >= 60 % daily",
            "audits": {"impact-score": 24, "drift-base": "share", "left": None},
            "hypothesis": ["for artists, decide what is shown: toxic uploads from 1 % to 0.7 %"],
            "design": {"serving": "triton-l4", "replicas": 2},
        },
    )
    assert answer.questions == (Question("volume"), Question("latency"))
    assert answer.metrics == (Metric("recall >= 60 % daily"),)
    assert answer.audits == (Audit("impact-score", 24), Audit("drift-base", "share"))
    assert answer.hypothesis is not None
    assert answer.hypothesis.target == "0.7 %"
    assert answer.design is not None
    assert answer.design.knobs["replicas"] == 2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("hypothesis", 5, "Hypothesis belongs"),
        ("hypothesis", [1, 2], "Hypothesis belongs"),
        ("metrics", [object()], "Metric belongs"),
        ("metrics", {"a": 1}, "Metric belongs"),
        ("metrics", ["recall"], "needs a direction"),
        ("metrics", ["recall >= 60 % daily"] * 61, "60 is the limit"),
        ("speaking", ["a"], "text belongs"),
        ("speaking", "x" * 5_000, "is the limit"),
        ("design", 5, "a design belongs"),
        ("design", {"serving": ["triton-l4"]}, "no choice on the board"),
        ("design", {5: "x"}, "no choice on the board"),
        ("design", {"serving": "abacus"}, "abacus"),
        ("design", {"replicas": True}, "no choice on the board"),
        ("design", {"replicas": math.inf}, "replicas"),
    ],
)
def test_what_does_not_belong_is_named_and_the_other_parts_are_kept(name: str, value: object, said: str) -> None:
    names = {name: value, "questions": ["volume"]}
    with pytest.raises(AnswerError) as caught:
        Answer.from_names(CASE, names)
    assert caught.value.field == name
    assert said in str(caught.value)
    answer, errors = Answer.gather(CASE, names)
    assert [error.field for error in errors] == [name]
    assert answer.answered() == ("questions",)


def test_a_design_of_another_case_or_an_unknown_case_is_refused(strong: Answer) -> None:
    with pytest.raises(AnswerError, match="this answer is about elsewhere"):
        Answer.from_names("elsewhere", {"design": strong.design})
    with pytest.raises(AnswerError, match="design"):
        Answer.from_json('{"case_id": "elsewhere", "design": {"serving": "triton-l4"}}')


def test_parts_can_be_replaced_one_by_one(strong: Answer) -> None:
    other = strong.with_parts(risks=None, metrics=["recall >= 60 % daily"])
    assert other.blank_fields() == ("risks",)
    assert other.metrics[0].name == "recall"
    assert other.design == strong.design
    with pytest.raises(AnswerError, match="Did you mean risks"):
        strong.with_parts(risk=None)


def test_every_text_of_the_learner_is_listed_with_its_place(strong: Answer) -> None:
    texts = dict(strong.text_fields())
    assert texts["risks[0].action"] == "retrain"
    assert texts["scope.out[0][1]"] == "no labels yet"
    assert texts["rollout.stages[0].gate"] == "false positive rate < 5 %"
    assert texts["speaking"].startswith("Artists")
    marked = strong.with_parts(close="<b>a|b|c|d?", speaking="<script>")
    assert {place for place, text in marked.text_fields() if "<" in text} >= {"close.goal", "speaking"}


def test_the_note_of_a_slot_is_found_however_it_is_spelt(strong: Answer) -> None:
    answer = strong.with_parts(notes=["Feedback Store: Data Science", "serving: A Team", "serving: Model Ops"])
    assert answer.note_for("feedback-store") is not None
    note = answer.note_for("serving")
    assert note is not None
    assert note.owner == "Model Ops"
    assert answer.note_for("review") is None


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("", "answer", "not JSON"),
        ("[]", "answer", "no object"),
        ("{}", "case_id", "not named"),
        ('{"case_id": 5}', "case_id", "not named"),
        ('{"case_id": "x", "format": 99}', "format", "another version"),
        ('{"case_id": "x", "metrix": []}', "metrix", "Did you mean metrics"),
        ('{"case_id": "x", "metrics": {}}', "metrics", "a list of Metric"),
        ('{"case_id": "x", "metrics": [5]}', "metrics[0]", "where a Metric belongs"),
        ('{"case_id": "x", "metrics": [{"txt": "a < 1"}]}', "metrics[0].txt", "Did you mean text"),
        ('{"case_id": "x", "metrics": [{"text": []}]}', "metrics[0].text", "a text or a number"),
        ('{"case_id": "x", "metrics": [{"text": 5}]}', "metrics[0]", "a text in quotes"),
        ('{"case_id": "x", "metrics": [{"parsed": null}]}', "metrics[0].parsed", "no such field"),
        ('{"case_id": "x", "prediction": {"p99_ms": NaN}}', "answer", "NaN is no number"),
        ('{"case_id": "x", "prediction": {"p99_ms": -Infinity}}', "answer", "-Infinity is no number"),
        ('{"case_id": "x", "prediction": {"p99_ms": 1e999}}', "answer", "too large"),
        ('{"case_id": "x", "prediction": {"p99_ms": ' + "9" * 5_000 + "}}", "answer", "too many digits"),
        ('{"case_id": "x", "case_id": "y"}', "case_id", "twice"),
        ('{"case_id": "x", "metrics": ' + "[" * 50 + "]" * 50 + "}", "answer", f"more than {MAX_DEPTH} deep"),
        ("[" * 100_000, "answer", "deep"),
        ('{"case_id": "' + "x" * MAX_JSON_CHARS + '"}', "answer", "is the limit"),
        ('{"case_id": "x", "speaking": 5}', "speaking", "a text belongs"),
        ('{"case_id": "x", "design": "y"}', "design", "slots and knobs"),
        ('{"case_id": "stability-moderation", "design": {"case_id": "y"}}', "design", "case_id"),
        ('{"case_id": "x", "notes": [' + ",".join(["{}"] * 61) + "]}", "notes", "60 is the limit"),
    ],
)
def test_hostile_json_is_refused_with_field_and_reason(text: str, field: str, said: str) -> None:
    with pytest.raises(AnswerError) as caught:
        Answer.from_json(text)
    assert caught.value.field == field
    assert said in str(caught.value)
    assert len(str(caught.value)) < 1_000


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["text", "kind", "stages", "out", "share_percent", "id", "value", "serving", "self", "slot"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(parts=st.dictionaries(st.sampled_from(PART_NAMES), VALUES, max_size=4))
def test_any_json_is_an_answer_or_an_answer_error(parts: dict[str, Any]) -> None:
    try:
        answer = Answer.from_json(json.dumps({"case_id": CASE} | parts))
    except AnswerError:
        return
    assert Answer.from_json(answer.to_json()) == answer


@given(parts=st.dictionaries(st.sampled_from(PART_NAMES), VALUES, max_size=4))
def test_any_names_are_an_answer_and_errors(parts: dict[str, Any]) -> None:
    answer, errors = Answer.gather(CASE, parts)
    assert {error.field for error in errors} <= set(parts)
    assert Answer.from_json(answer.to_json()) == answer


@given(st.text(max_size=60))
def test_any_text_is_json_or_an_answer_error(text: str) -> None:
    with pytest.raises(AnswerError):
        Answer.from_json(text)

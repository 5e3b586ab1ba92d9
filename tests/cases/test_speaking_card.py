"""What a card says can be said in a minute and a half, whichever case it is for; nothing that counts is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.answer import Answer
from casebook.course.workbook_card import WORDS_PER_MINUTE, said_parts
from casebook.design import cases, evaluate, load_case

ANSWERS = Path(__file__).resolve().parents[1] / "answers"


@pytest.mark.parametrize("case_id", cases())
def test_a_strong_answer_is_said_in_a_minute_and_a_half(case_id: str) -> None:
    answer = Answer.from_json((ANSWERS / f"{case_id}.strong.json").read_text(encoding="utf-8"))
    assert answer.design is not None and answer.close is not None
    said = dict(said_parts(answer, evaluate(answer.design, load_case(case_id).conditions(), requests=5_000)))
    assert all(said.values()), "all six are said"
    seconds = 60 * sum(len(words.split()) for words in said.values()) / WORDS_PER_MINUTE
    assert 45 <= seconds <= 90
    assert answer.close.goal in said["The close"] and answer.close.question in said["The close"]


def test_what_nothing_above_has_said_stays_in_the_close() -> None:
    answer = Answer.from_json((ANSWERS / "stability-moderation.strong.json").read_text(encoding="utf-8"))
    assert answer.close is not None
    alone = dict(said_parts(answer.with_parts(design=None, rollout=None), None))
    assert answer.close.design in alone["The close"] and answer.close.plan in alone["The close"]

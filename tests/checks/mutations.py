"""Answers made from the strong one: shuffled parts, and a form filled with well-formed nonsense."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from casebook.answer import Answer, Close, Rollout

CASE = "stability-moderation"
ANSWERS = Path(__file__).resolve().parents[1] / "answers"


def strong() -> Answer:
    return Answer.from_json((ANSWERS / f"{CASE}.strong.json").read_text(encoding="utf-8"))


def rebuilt(record: Any, **values: Any) -> Any:
    """The record with other field values, made anew so that what it parses is parsed again."""
    given = {field.name: getattr(record, field.name) for field in fields(record) if field.init}
    return type(record)(**(given | values))


def _permuted(records: tuple[Any, ...], name: str, rng: random.Random) -> tuple[Any, ...]:
    values = [getattr(record, name) for record in records]
    rng.shuffle(values)
    return tuple(rebuilt(record, **{name: value}) for record, value in zip(records, values, strict=True))


def _column(part: str, name: str) -> Callable[[Answer, random.Random], Answer]:
    def shuffle(answer: Answer, rng: random.Random) -> Answer:
        return replace(answer, **{part: _permuted(getattr(answer, part), name, rng)})

    return shuffle


def _swap_designs(answer: Answer, rng: random.Random) -> Answer:
    return replace(answer, design=answer.alternative, alternative=answer.design)


def _sizing_order(answer: Answer, rng: random.Random) -> Answer:
    passes = list(answer.sizing)
    rng.shuffle(passes)
    return replace(answer, sizing=tuple(passes))


def _close_order(answer: Answer, rng: random.Random) -> Answer:
    assert answer.close is not None
    values = [answer.close.goal, answer.close.design, answer.close.plan, answer.close.question]
    rng.shuffle(values)
    return replace(answer, close=Close(*values))


def _stages_order(answer: Answer, rng: random.Random) -> Answer:
    assert answer.rollout is not None
    return replace(answer, rollout=Rollout(stages=tuple(reversed(answer.rollout.stages)),
                                           mvp_weeks=answer.rollout.mvp_weeks))


SHUFFLES: tuple[Callable[[Answer, random.Random], Answer], ...] = (
    _column("notes", "owner"), _column("notes", "because"), _column("notes", "estimate_usd_month"),
    _column("notes", "slot"), _column("handoffs", "dst"), _column("metrics", "text"), _column("metrics", "kind"),
    _column("constraints", "rank"), _column("pushbacks", "number"), _column("audits", "value"),
    _column("risks", "trigger"), _column("risks", "action"), _column("assumptions", "topic"),
    _swap_designs, _sizing_order, _close_order, _stages_order,
)


def shuffled(answer: Answer, seed: int) -> Answer:
    """The same words in other places: one to four kinds of parts of the answer are permuted."""
    rng = random.Random(seed)
    for shuffle in rng.sample(SHUFFLES, rng.randint(1, 4)):
        answer = shuffle(answer, rng)
    return answer


def form_filler() -> Answer:
    """Every field filled and well formed, nothing related: one owner, round numbers, stock phrases."""
    return Answer.from_json((ANSWERS / f"{CASE}.form-filler.json").read_text(encoding="utf-8"))

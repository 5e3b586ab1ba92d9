"""Answers made from the strong one: shuffled parts, and a form filled with well-formed nonsense."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from casebook.answer import Answer, Close, Rollout, Table, TimePlan
from casebook.design import cases

CASE = "stability-moderation"
ANSWERS = Path(__file__).resolve().parents[1] / "answers"


def strong(case: str = CASE) -> Answer:
    """The case's strong answer, as it is authored."""
    return Answer.from_json((ANSWERS / f"{case}.strong.json").read_text(encoding="utf-8"))


def answered_cases() -> list[str]:
    """Cases that have a strong answer."""
    return [case for case in cases() if (ANSWERS / f"{case}.strong.json").is_file()]


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
    if answer.alternative is None:
        return answer
    return replace(answer, design=answer.alternative, alternative=answer.design)


def _sizing_order(answer: Answer, rng: random.Random) -> Answer:
    passes = list(answer.sizing)
    rng.shuffle(passes)
    return replace(answer, sizing=tuple(passes))


def _close_order(answer: Answer, rng: random.Random) -> Answer:
    if answer.close is None:
        return answer
    values = [answer.close.goal, answer.close.design, answer.close.plan, answer.close.question]
    rng.shuffle(values)
    return replace(answer, close=Close(*values))


def _stages_order(answer: Answer, rng: random.Random) -> Answer:
    if answer.rollout is None:
        return answer
    return replace(answer, rollout=Rollout(stages=tuple(reversed(answer.rollout.stages)),
                                           mvp_weeks=answer.rollout.mvp_weeks))


def _table_columns(answer: Answer, rng: random.Random) -> Answer:
    if answer.table is None:
        return answer
    units, ms, usd = (list(column) for column in zip(*answer.table.rows, strict=True))
    rng.shuffle(ms)
    rng.shuffle(usd)
    return replace(answer, table=Table(rows=list(zip(units, ms, usd, strict=True))))


def _minutes(answer: Answer, rng: random.Random) -> Answer:
    if answer.time_plan is None:
        return answer
    names, minutes = (list(column) for column in zip(*answer.time_plan.blocks, strict=True))
    rng.shuffle(names)
    return replace(answer, time_plan=TimePlan(blocks=list(zip(names, minutes, strict=True))))


SHUFFLES: tuple[Callable[[Answer, random.Random], Answer], ...] = (
    _column("notes", "owner"), _column("notes", "because"), _column("notes", "estimate_usd_month"),
    _column("notes", "slot"), _column("handoffs", "dst"), _column("metrics", "text"), _column("metrics", "kind"),
    _column("constraints", "rank"), _column("pushbacks", "number"), _column("audits", "value"),
    _column("risks", "trigger"), _column("risks", "action"), _column("assumptions", "topic"),
    _swap_designs, _sizing_order, _close_order, _stages_order,
)


RARE: dict[str, Callable[[Answer, random.Random], Answer]] = {
    "phases": _column("phases", "capacity"), "cadences": _column("cadences", "what"), "table": _table_columns,
    "time_plan": _minutes,
}


def shuffled(answer: Answer, seed: int) -> Answer:
    """The same words in other places: one to four kinds of parts of the answer are permuted."""
    rng = random.Random(seed)
    kinds = [*SHUFFLES, *(shuffle for part, shuffle in RARE.items() if getattr(answer, part))]
    for shuffle in rng.sample(kinds, rng.randint(1, 4)):
        answer = shuffle(answer, rng)
    return answer


def form_filler(case: str = CASE) -> Answer:
    """Every field filled and well formed, nothing related: one owner, round numbers, stock phrases."""
    return Answer.from_json((ANSWERS / f"{case}.form-filler.json").read_text(encoding="utf-8"))

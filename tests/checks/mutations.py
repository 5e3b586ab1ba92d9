"""Answers made from the strong one: shuffled parts, and a form filled with well-formed nonsense."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from casebook.answer import (
    Answer,
    Assumption,
    Audit,
    Cadence,
    Close,
    ComponentNote,
    Constraint,
    Handoff,
    Hypothesis,
    Metric,
    Prediction,
    Pushback,
    Risk,
    Rollout,
    Scope,
    SizingPass,
    Tradeoff,
)
from casebook.design import load_case

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
    case = load_case(CASE)
    data = case.data
    design = case.design(ingestion="kubernetes", prefilter="small-classifier", messaging="kafka", serving="cpu-fleet",
                         review="staffed-pool", feedback="feature-store")
    return Answer.from_names(CASE, dict(
        questions=[question.id for question in data.questions[-6:]],
        assumptions=[Assumption("growth: it grows by 10 % a month", because="everything grows these days")],
        constraints=[Constraint("1. quality: it has to be good"), Constraint("2. speed: it has to be fast")],
        hypothesis=Hypothesis(persona="our valued users", decision="decide how to improve the product",
                              metric="user satisfaction", baseline="50 % of users", target="60 % of users"),
        metrics=[Metric("user satisfaction +10 % relative within 6 months", baseline="50 % of users"),
                 Metric("support tickets < 100 weekly", kind="guardrail")],
        scope=Scope(out=[("other things", "not enough time")]),
        prediction=Prediction(p99_ms=100, cost_usd_month=1000, bottleneck="serving", review_queue_hours=1),
        design=design, alternative=design.changed(replicas=4),
        notes=[ComponentNote(slot=slot, owner="Product", because="best practice", estimate_usd_month=1000,
                             effort_weeks=2) for slot in design.components],
        handoffs=[Handoff("ingestion -> serving: regular meetings between everybody")],
        tradeoff=Tradeoff(metric="user satisfaction", delta="+10 %", cost_usd_month=1000,
                          decision="invest in quality", rejected="doing nothing"),
        sizing=[SizingPass("a rough guess", estimate="10 servers"),
                SizingPass("a better guess", estimate="10 servers", observed="10 requests"),
                SizingPass("the same again", estimate="10 servers", observed="10 requests")],
        rollout=Rollout("MVP 4 weeks; 10 % of users for 1 week, if all is well; 100 % of users for 1 week, if all is well"),
        risks=[Risk("errors > 10 % over 1 week -> investigate, Product"),
               Risk("costs > 10 % over 1 week -> investigate, Product"),
               Risk("delays > 10 % over 1 week -> investigate, Product")],
        cadence=Cadence("review meeting every 1 week", owner="Product"),
        pushbacks=[Pushback(item.id, number="100", stance="survives", because="the design is robust and scalable")
                   for item in data.pushbacks],
        audits=[Audit(item.id, 10) for item in data.audits],
        close=Close("We raise satisfaction by 10 % within 6 months.", "A scalable cloud-native platform.",
                    "We start in 2 weeks and iterate.", "Do you have any questions for me?"),
    ))

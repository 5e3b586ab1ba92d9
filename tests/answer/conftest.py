"""One realistic set of answer cells, and what stands around it in a notebook, for reading and for running."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from casebook.answer import RECORDS, Answer
from casebook.design import Design

CASE = "stability-moderation"

CELLS: dict[str, str] = {
    "answer-ask": 'questions = ["volume", "latency"]\nwork.ask(questions)\n',
    "answer-assume": """
from casebook.answer import Assumption, Constraint
volume = 100_000
assumptions = [
    Assumption("volume: 100,000 uploads a day", because="a shop of this size"),
    Assumption(topic="tenancy", statement="one marketplace " "and no tenants"),
]
constraints = [Constraint("1. latency: a verdict within 200 ms"), Constraint("cost", rank=2)]
scope = Scope("video uploads (no labels yet)")
work.check(assumptions=assumptions, constraints=constraints, scope=scope)
""",
    "answer-frame": '''
"""A note to self."""
hypothesis = Hypothesis("for artists who sell, decide what is published: toxic uploads from 1 % of uploads "
                        + "to 0.7 % of uploads")
latency: Metric = Metric("p99 latency from upload to verdict < 200 ms over 1 week", kind="guardrail")
metrics = [
    Metric("toxic uploads -30 % relative within 3 months", baseline="1 % of uploads"),   # the goal
    Metric("false positive rate < 5 % weekly", kind="guardrail"),
]
metrics += [latency]
Metric("recall >= 60 % daily")
work.check(hypothesis=hypothesis, metrics=metrics)
''',
    "answer-predict": """
prediction = Prediction(p99_ms=2 * 90, cost_usd_month=-(-9_000), bottleneck="serving", review_queue_hours=24 / 6)
work.lock(prediction)
""",
    "answer-design": """
board = work.board("design")
design = board.keep(serving="triton-l4", replicas=2)
flag_precision = Audit("flag-precision", 100 * 300 / (300 + 4_950))
audits = [flag_precision]
work.compare_prediction(design)
""",
    "answer-estimate": """
notes = [
    ComponentNote("ingestion: Data Engineering, because latency, $400 a month, 1 week"),
    ComponentNote("serving", owner="Model Ops", because="latency", estimate_usd_month=1_200, effort_weeks=3),
    ComponentNote(""),
]
handoffs = [Handoff("ingestion -> serving: schema agreed by Data Engineering")]
display(notes)
""",
    "answer-tradeoff": """
alternative = case.design(serving="triton-l4", replicas=3)
tradeoff = Tradeoff("p99 latency -80 ms for +$600 a month: a third GPU, instead of waiting")
""",
    "answer-sizing": """
per_s = volume / 86_400
sizing = [
    SizingPass("average", estimate="1 GPU"),
    SizingPass("three times the average at peak -> 2 GPUs, observed 3.5 uploads/s"),
    SizingPass("corrected", estimate="2 GPUs", observed=per_s * 3),
]
""",
    "answer-rollout": """
rollout = Rollout("MVP in 8 weeks; 5 % of users for 2 weeks, if false positive rate < 5 %; "
                  "then 100 % of users for 3 weeks, if p99 latency < 200 ms")
risks = [Risk("drift > 3 % over 1 week -> retrain, Model Ops"),
         Risk("review queue > 1,000 items daily", action="add reviewers", owner="Trust and Safety"), Risk("")]
cadence = Cadence("retrain every 1 week", owner="Model Ops")
impact_score, weeks_left = Audit("impact-score", 200 * 0.12), Audit("weeks-left", 13 - 8 - 2)
audits = [flag_precision, impact_score, weeks_left]
""",
    "answer-plans": """
cadences = [Cadence("sample verdicts daily, Data Science"), Cadence("review failures every 1 week", owner="Operations")]
phases = [Phase("day 0 for 90 days: 200,000 uploads a day, one region, 4 nodes"),
          Phase(start_day=90, days=45 * 2, capacity="2M uploads a day", technique="three regions", resources="9 nodes")]
data_plan = DataPlan("complaints: 2,000 labelled by two moderators, label error 8 %, agreement 85 %, "
                     "refresh every 1 week, Data Science")
time_plan = TimePlan("clarify 5, design 10, deep dive 15, trade-offs 10, close 5")
table = Table(rows=[(1, 140, 380.5), (2, 90, 2 * 380.5)])
""",
    "answer-pushbacks": """
pushbacks = [Pushback("ten-times: 310 ms, changes, because two more GPUs are needed"),
             Pushback("half-money", number=4.5, stance="defended", because="less", price_usd_month="$900 a month")]
""",
    "answer-close": '''
close = Close("""
Cut toxic uploads by 30 % within 3 months.
One GPU tier, paid with $1,200 a month.
MVP in 8 weeks, canary for 2, everybody by day 90.
Which sources should come first for training?
""")
speaking = "Artists leave.\\nWe cut it."
pass
''',
}


def notebook(cells: Mapping[str, str]) -> dict[str, Any]:
    """A notebook dict with these answer cells, named by their nbgrader ids."""
    return {
        "nbformat": 4,
        "cells": [
            {"cell_type": "code", "id": f"c{at}", "source": source, "metadata": {"nbgrader": {"grade_id": name}}}
            for at, (name, source) in enumerate(cells.items())
        ],
    }


class Anything:
    """Stands for `work` and boards while a cell runs: methods do nothing, keep and board do what they do there."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *values, **keywords: None

    def board(self, name: str = "design") -> Anything:
        return Anything()

    def keep(self, **choices: Any) -> Design | None:
        return self.design(**choices) if choices else None

    def design(self, **choices: Any) -> Design:
        return Design.from_kwargs(CASE, **choices)


def run(cells: Mapping[str, str]) -> Answer:
    """The answer that running the cells, one after the other, leaves behind."""
    there = Anything()
    names: dict[str, Any] = {
        **RECORDS,
        "work": there,
        "case": there,
        "board": there,
        "board2": there,
        "display": lambda *values: None,
    }
    for source in cells.values():
        exec(source, names)
    return Answer.from_names(CASE, names)


@pytest.fixture
def cells() -> dict[str, str]:
    return dict(CELLS)


@pytest.fixture
def as_notebook() -> Callable[[Mapping[str, str]], dict[str, Any]]:
    return notebook


@pytest.fixture
def run_cells() -> Callable[[Mapping[str, str]], Answer]:
    return run

"""Writes every case's strong answer and form-filler's: ``python -m tests.answers.make``, after a change of prices.

The strong answer comes from authored/answers/<case>.yaml. The form-filler fills every blank and means nothing by it.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from casebook.answer import (
    Answer,
    Assumption,
    Audit,
    Cadence,
    Close,
    ComponentNote,
    Constraint,
    DataPlan,
    Handoff,
    Hypothesis,
    Metric,
    Phase,
    Prediction,
    Pushback,
    Question,
    Risk,
    Rollout,
    Scope,
    SizingPass,
    Table,
    TimePlan,
    Tradeoff,
)
from casebook.checks.rubric import OPTIONAL, asked
from casebook.course.build_answer import answer_path, read_answer
from casebook.design import load_case
from casebook.facts import case_ids

FOLDER = Path(__file__).parent
AUTHORED = FOLDER.parents[1] / "authored"
CASE = "stability-moderation"


def answered_cases() -> list[str]:
    """Cases that have a strong answer."""
    return [case_id for case_id in case_ids() if answer_path(AUTHORED, case_id).is_file()]


def strong(case_id: str = CASE) -> Answer:
    """Everything fits together; the figures are those of today's palette."""
    return read_answer(answer_path(AUTHORED, case_id))


def form_filler(case_id: str = CASE) -> Answer:
    """Every blank is filled and well formed; nothing has to do with anything else."""
    case = load_case(case_id)
    data = case.data
    roles = {preset.role: preset.id for preset in reversed(data.presets)}
    design = case.preset(roles.get("tempting", data.presets[-1].id))
    worth = {"low": 0, "medium": 1, "high": 2}
    poorest = sorted(data.questions, key=lambda question: worth[question.worth])[: int(data.asking.allowed)]
    slots = list(design.components)
    optional = {
        "phases": (Phase("day 0 for 30 days: 10 requests a day, hard work, 1 nodes"),),
        "data_plan": DataPlan("the internet: 100 labelled by interns, label error 50 %, agreement 50 %"),
        "time_plan": TimePlan("talk 10, more talk 20"),
        "table": Table("1 nodes: 100 ms, $100 a month; 2 nodes: 200 ms, $200 a month"),
        "cadences": (Cadence("review the roadmap every 4 weeks", owner="Product"),),
    }
    return Answer(
        case_id,
        hypothesis=Hypothesis(
            "users of the platform",
            "make the best possible choice every time",
            "user satisfaction",
            "50 %",
            "80 %",
        ),
        questions=tuple(Question(question.id) for question in poorest),
        assumptions=(Assumption("quality: it will be good", because="we are going to test it"),),
        constraints=(Constraint("1. quality"), Constraint("2. innovation")),
        scope=Scope("other things (later)"),
        metrics=(
            Metric("user satisfaction +30 points within 1 year, baseline 50 % of users", kind="primary"),
            Metric("uptime > 99 % over 1 month", kind="guardrail"),
            Metric("p50 latency from start to end < 2 s over 1 month", kind="guardrail"),
        ),
        prediction=Prediction(p99_ms=100, cost_usd_month=100, bottleneck="serving", review_queue_hours=1),
        design=design,
        alternative=case.preset(roles.get("plain", data.presets[0].id)),
        notes=tuple(ComponentNote(slot, "Product", "innovation", 100, 1) for slot in slots),
        handoffs=tuple(Handoff(f"{a} -> {b}: data") for a, b in pairwise(slots))[:2],
        tradeoff=Tradeoff("user satisfaction", "+10 points", 100, "go with the best", "the worse one"),
        sizing=(
            SizingPass("a guess", "10 servers"),
            SizingPass("a better guess", "20 servers", "5 %"),
            SizingPass("the final figure", "40 servers", "10 %"),
        ),
        rollout=Rollout(
            "MVP 4 weeks; 50 % of users for 1 weeks, if all goes well; 100 % of users for 1 weeks, if all goes well"
        ),
        risks=(
            Risk("errors > 10 % over 1 month", action="investigate", owner="Product"),
            Risk("uptime < 99 % over 1 month", action="investigate", owner="Product"),
            Risk("complaints > 10 % over 1 month", action="investigate", owner="Product"),
        ),
        cadence=Cadence("review the roadmap every 4 weeks", owner="Product"),
        pushbacks=tuple(Pushback(item.id, "100", "survives", "the design is very scalable") for item in data.pushbacks),
        audits=tuple(Audit(item.id, 10) for item in data.audits),
        close=Close(
            goal="Make users 10 % happier.",
            design="A modern and scalable platform.",
            plan="We iterate quickly after 90 days.",
            question="Do you have any questions for me?",
        ),
    ).with_parts(**{part: optional[part] for part in sorted(asked(data).parts & OPTIONAL)})


def main() -> None:
    """Write both files of every case that has a strong answer."""
    for case_id in answered_cases():
        for name, answer in (("strong", strong(case_id)), ("form-filler", form_filler(case_id))):
            (FOLDER / f"{case_id}.{name}.json").write_text(answer.to_json(), encoding="utf-8")


if __name__ == "__main__":
    main()

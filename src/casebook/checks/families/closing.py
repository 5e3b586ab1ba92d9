"""The close: the goal restated with its number, the design that was kept, a dated plan, and a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks import examples
from casebook.checks.casefile import primary_target
from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import is_about, mentions, quoted, target_of, words

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

PLAN_DAYS = 92


def _close_example(data: CaseData) -> str:
    target = primary_target(data)
    goal = examples.metric(target, data) if target else "the goal with its number"
    part = examples.part(data).options[0].title
    weeks = float(data.schedule.mvp_weeks)
    return f'Close("{goal} … | {part} … | a first version in week {weeks:g}, … | Which …?")'


@check(
    "U20",
    "The close repeats the goal you committed to, the design you kept, a dated plan, and asks",
    needs=("close", "metrics", "design"),
    compares=True,
    good=_close_example,
    bad="a walk through the boxes, another number, no question",
)
def close(subject: Subject) -> Outcome:
    """Subject and number of the primary metric; two chosen parts; a time within 90 days; a question."""
    said, design, data = subject.answer.close, subject.answer.design, subject.data
    assert said is not None and design is not None
    tally = Tally(evidence=[quoted(said.goal), quoted(said.question)])
    primary = [metric for metric in subject.answer.metrics if metric.kind == "primary" and metric.value is not None]
    same = any(
        is_about(said.goal, target_of(metric.name, data), data)
        and any(abs(abs(quantity.value) - abs(metric.value or 0.0)) < 1e-9 for quantity in said.goal_quantities)
        for metric in primary
    )
    tally.say(
        same,
        "the goal is not the metric and the number you committed to",
        "Repeat the primary metric with its number.",
        weight=2,
    )
    named = [
        part.title
        for part in design.parts()
        if any(mentions(said.design, name) for name in (part.title, part.option_id.replace("-", " ")))
    ]
    tally.say(
        min(1.0, len(named) / 2),
        "the design sentence names fewer than two parts you kept",
        "Name the parts as the board calls them.",
    )
    dated = [quantity for quantity in said.plan_quantities if quantity.is_time and 0 < quantity.to("days") <= PLAN_DAYS]
    tally.say(bool(dated), "the plan has no date within 90 days", "Say what stands in which week.")
    tally.say(
        said.question.rstrip().endswith("?") and len(words(said.question)) >= 4,
        "it does not end in a question",
        "Ask what you would need to know first.",
    )
    return tally.outcome("Goal, design, plan and a question: short, and the same as everything before.")

"""The minutes of the session: they add up, and go where they count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from casebook.checks.casefile import rule
from casebook.checks.finding import Outcome
from casebook.checks.kind import Params, kind
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions
from casebook.facts.base import Number

if TYPE_CHECKING:
    from casebook.facts.case import CaseData


def _session(data: CaseData) -> float | None:
    plan = data.time_plan
    minutes = rule(data, "session_minutes", float(plan.total_minutes) if plan is not None else None)
    return None if minutes is None else float(minutes)


def _time_example(data: CaseData) -> str:
    plan = data.time_plan
    if plan is None:
        return 'TimePlan("clarify 5, design 10, …")'
    return f'TimePlan("{", ".join(f"{block.section} {float(block.minutes):g}" for block in plan.blocks)}")'


@check(
    "U22",
    "The minutes add up to the session",
    needs=("time_plan",),
    good=_time_example,
    bad="55 minutes planned for 45",
    absent=lambda data: "" if _session(data) else "The case names no length of a session.",
)
def minutes(subject: Subject) -> Outcome:
    """Every section has minutes, together those of the session; where the rules say so the loop is not last."""
    plan, total = subject.answer.time_plan, _session(subject.data)
    assert plan is not None and total is not None
    tally = Tally(evidence=[", ".join(f"{name} {spent:g}" for name, spent in plan.blocks)])
    _add_up(tally, plan.blocks, total)
    early = str(rule(subject.data, "not_last", ""))
    if early:
        _not_last(tally, plan.blocks, early)
    return tally.outcome("The minutes add up.")


def _add_up(tally: Tally, blocks: tuple[tuple[str, float], ...], total: float) -> None:
    spent = sum(minutes for _, minutes in blocks)
    tally.say(abs(spent - total) < 0.01, f"{spent:g} minutes are planned for {total:g}", "Make them add up.")
    tally.say(all(minutes > 0 for _, minutes in blocks), "a section has no minutes", "Give each section its minutes.")


def _not_last(tally: Tally, blocks: tuple[tuple[str, float], ...], phrase: str) -> None:
    at = [place for place, (name, _) in enumerate(blocks) if mentions(name, phrase)]
    tally.say(
        bool(at) and at[0] < len(blocks) - 1,
        f"{phrase} comes last, or not at all: in a short session it is never reached",
        f"Bring {phrase} forward.",
    )


class Minutes(Params):
    """``total`` minutes; ``sections``: name → minutes, each within ``tolerance`` minutes; ``not_last``: a section that
    must come earlier.
    """

    total: Number
    sections: dict[str, Number] = Field(default_factory=dict)
    tolerance: Number = 2  # type: ignore[assignment]
    not_last: str = ""


@kind(
    "time-plan",
    "The minutes follow the plan that the article gives",
    Minutes,
    needs=("time_plan",),
    example=lambda data, told: 'TimePlan("' + ", ".join(f"{k} {float(v):g}" for k, v in told.sections.items()) + '")',
)
def time_plan(subject: Subject, told: Minutes) -> Outcome:
    """Sections and minutes as asked for, adding up."""
    plan = subject.answer.time_plan
    assert plan is not None
    tally = Tally(evidence=[", ".join(f"{name} {spent:g}" for name, spent in plan.blocks)])
    _add_up(tally, plan.blocks, float(told.total))
    for name, wanted in told.sections.items():
        spent = sum(minutes for section, minutes in plan.blocks if mentions(section, name))
        tally.say(
            abs(spent - float(wanted)) <= float(told.tolerance) and spent > 0,
            f"{name} has {spent:g} minutes, not about {float(wanted):g}",
            f"Give {name} {float(wanted):g} minutes.",
        )
    if told.not_last:
        _not_last(tally, plan.blocks, told.not_last)
    return tally.outcome("The minutes add up, and go where they count.")

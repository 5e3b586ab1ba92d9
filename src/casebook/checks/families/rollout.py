"""The rollout: stages with gates that grow to everybody, a small first one, a first version in time."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from casebook.checks import examples
from casebook.checks.casefile import FEW_CUSTOMERS, context
from casebook.checks.finding import Outcome
from casebook.checks.kind import Params, kind
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import target_of
from casebook.facts.base import Number

if TYPE_CHECKING:
    from casebook.facts.case import CaseData


def _rollout_example(data: CaseData) -> str:
    target = examples.guard_target(data)
    gate = examples.metric(target, data).removesuffix(" weekly").removesuffix(" over 1 week") if target else "…"
    weeks = float(data.schedule.mvp_weeks)
    return f'Rollout("MVP {weeks:g} weeks; 5 % of users for 2 weeks, if {gate}; 100 % of users …")'


def _too_few(data: CaseData) -> str:
    customers = context(data, "customers")
    if customers is None or customers > FEW_CUSTOMERS:
        return ""
    return f"With {customers:g} customers there is nobody to roll out to in steps."


@check(
    "U12",
    "The rollout grows to everybody, each stage with a length and a gate",
    needs=("rollout", "metrics"),
    compares=True,
    good=_rollout_example,
    absent=lambda data: _too_few(data),
    bad="everybody on day one",
)
def stages(subject: Subject) -> Outcome:
    """Shares rise strictly to 100 %; every stage has a duration and a gate about something that is measured."""
    rollout = subject.answer.rollout
    assert rollout is not None
    found = rollout.stages
    tally = Tally(evidence=[", ".join(f"{stage.share_percent or 0:g} %" for stage in found)])
    shares = [stage.share_percent or 0.0 for stage in found]
    tally.say(
        len(shares) >= 2 and all(a < b for a, b in itertools.pairwise(shares)),
        "there are not two stages whose shares rise",
        "Begin with a few, end with everybody.",
    )
    tally.say(bool(shares) and shares[-1] == 100, "the last stage is not everybody", "End with 100 %.")
    measured = {target_of(metric.name, subject.data) for metric in subject.answer.metrics} - {None}
    for stage in found:
        about = target_of(stage.gate, subject.data)
        gate = about in measured and stage.gate_target is not None
        tally.say(
            bool(stage.duration_days) and gate,
            f"the stage of {stage.share_percent or 0:g} % lacks a length, or a gate on a number you measure",
            "Write “5 % of users for 2 weeks, if false positive rate < 5 %”.",
        )
    return tally.outcome("It grows step by step, and every step can be stopped.")


class FirstStage(Params):
    """At most ``percent`` of users, for ``days`` or longer."""

    percent: Number
    days: Number


@kind(
    "rollout-at-most",
    "The first stage is small, and long enough",
    FirstStage,
    needs=("rollout",),
    example=lambda data, told: f"{float(told.percent):g} % of users for {float(told.days) / 7:g} weeks",
)
def first_stage(subject: Subject, told: FirstStage) -> Outcome:
    """The first stage has at most so many users, for so long or longer."""
    rollout = subject.answer.rollout
    assert rollout is not None
    percent, days = float(told.percent), float(told.days)
    if not rollout.stages:
        return Outcome(
            0.0, "", "There is no first stage.", f"Begin with {percent:g} % of users for {days / 7:g} weeks."
        )
    first = rollout.stages[0]
    good = 0 < (first.share_percent or 0) <= percent and (first.duration_days or 0) >= days
    evidence = f"{first.share_percent or 0:g} % for {first.duration_days or 0:g} days"
    return Outcome(
        float(good),
        evidence,
        "Few users, and long enough to see." if good else f"The first stage is {evidence}.",
        "" if good else f"Begin with {percent:g} % of users for {days / 7:g} weeks.",
    )


class FirstVersion(Params):
    """``weeks`` until a first version at most (the schedule's if left out)."""

    weeks: Number | None = None


@kind(
    "mvp",
    "The first version is early enough, and not earlier than its parts allow",
    FirstVersion,
    needs=("rollout", "design"),
    compares=True,
    example=lambda data, told: f"MVP {float(told.weeks or data.schedule.mvp_weeks):g} weeks, parts that take no longer",
)
def mvp(subject: Subject, told: FirstVersion) -> Outcome:
    """MVP within the limit, not shorter than the parts take, MVP plus canary within the window."""
    rollout = subject.answer.rollout
    assert rollout is not None
    schedule = subject.data.schedule
    limit = float(told.weeks or schedule.mvp_weeks)
    evaluation = subject.evaluation
    if rollout.mvp_weeks is None:
        return Outcome(0.0, "", "The first version has no date.", f"Begin the rollout with “MVP {limit:g} weeks”.")
    weeks = rollout.mvp_weeks
    tally = Tally(evidence=[f"MVP {weeks:g} weeks, the parts take {evaluation.mvp_weeks:g}"])
    tally.say(
        weeks <= limit + 1e-9,
        f"{weeks:g} weeks is later than {limit:g}",
        "Leave out a part, or take one that is quicker to build.",
    )
    tally.say(
        weeks >= evaluation.mvp_weeks - 0.5,
        f"the parts you chose take {evaluation.mvp_weeks:g} weeks one after the other",
        "Choose fewer or plainer parts, or promise later.",
    )
    canary_days = rollout.stages[0].duration_days if rollout.stages else None
    total = weeks + (canary_days or 0.0) / 7
    tally.say(
        canary_days is not None and total <= float(schedule.window_weeks),
        f"first version and canary take {total:g} weeks of {float(schedule.window_weeks):g}",
        "Leave weeks in which the effect can be seen.",
    )
    return tally.outcome("The first version is in time, with weeks left to show the effect.")

"""Rollout and risks: stages with gates, triggers with actions, an alarm, a first version in time."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from casebook.checks.families.owning import _owner
from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.rubric import case_rule, vocabulary
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions, metric_for, quoted, target_of, topics, words

if TYPE_CHECKING:
    from casebook.answer import Risk

RISKS = 3


@check(
    "U12",
    "The rollout grows to everybody, each stage with a length and a gate",
    needs=("rollout", "metrics"),
    compares=True,
    good='Rollout("MVP 8 weeks; 5 % of users for 2 weeks, if false positive rate < 5 %; 100 % of users …")',
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


@check(
    "U13",
    "Three risks with a line, a window, an action and an owner",
    needs=("risks", "metrics"),
    compares=True,
    good='Risk("drift > 3 % over 1 week -> retrain, Model Ops")',
    bad='Risk("things may go wrong")',
)
def risks(subject: Subject) -> Outcome:
    """Three different things that are measured; comparator, threshold, window; an action and a function that acts."""
    tally = Tally()
    complete: set[str] = set()
    for risk in subject.answer.risks:
        missing = _missing(risk, subject)
        about = _about(risk, subject)
        if not missing and about:
            complete.add(about)
        tally.evidence.append(quoted(risk.trigger))
        if missing:
            tally.complaints.append(f"{quoted(risk.trigger)} lacks {', '.join(missing)}")
    tally.say(
        min(1.0, len(complete) / RISKS),
        f"{len(complete)} of {RISKS} different risks are complete",
        "Write “what is measured > number over a time -> action, owner”.",
    )
    return tally.outcome("Three risks, each with a line and somebody who acts.")


def _about(risk: Risk, subject: Subject) -> str | None:
    found = target_of(risk.metric, subject.data)
    return found or next(iter(topics(risk.metric, vocabulary(subject.data.id, "drift"))), None)


def _missing(risk: Risk, subject: Subject) -> list[str]:
    missing = []
    measured = {target_of(metric.name, subject.data) for metric in subject.answer.metrics} - {None}
    measured |= {"drift"} if subject.answer.design and "feedback" in subject.answer.design.components else set()
    if risk.parsed is None or risk.comparator == "":
        missing.append("a line (> 3 %)")
    if risk.window_days is None:
        missing.append("a window (over 1 week)")
    if not words(risk.action):
        missing.append("an action")
    if _owner(risk.owner, subject.data.owners) is None:
        missing.append("an owner among the functions of the case")
    if _about(risk, subject) not in measured:
        missing.append("a metric that you measure")
    return missing


@check(
    "U16",
    "An alarm stands apart from the promise of latency",
    needs=("risks", "metrics"),
    compares=True,
    good='a promise of 200 ms and Risk("p99 latency > 180 ms over 1 hours -> add a GPU, Model Ops")',
    bad="the alarm rings at the promised number itself, or far past it",
)
def alarm(subject: Subject) -> Outcome:
    """A risk about latency on the promised percentile, not at the promise itself, and within half of it."""
    metric = metric_for("latency", subject.answer.metrics, subject.data)
    if metric is None or metric.quantity is None or not metric.quantity.is_time:
        return Outcome(0.0, "", "There is no promise of latency to watch.", "Commit to a latency first.")
    promised = metric.quantity.to("ms")
    risk = next(
        (
            risk
            for risk in subject.answer.risks
            if target_of(risk.metric, subject.data) == "latency"
            and risk.threshold is not None
            and risk.threshold.is_time
        ),
        None,
    )
    if risk is None or risk.threshold is None:
        return Outcome(
            0.0,
            quoted(metric.text),
            "No risk watches the latency.",
            'Add Risk("p99 latency > 180 ms over 1 hours -> …, Model Ops").',
        )
    line = risk.threshold.to("ms")
    tally = Tally(evidence=[f"alarm {line:g} ms, promise {promised:g} ms"])
    tally.say(
        line != promised,
        "alarm and promise are the same number",
        "Ring before the promise breaks, or say how far past it.",
    )
    tally.say(
        0.5 * promised <= line <= 1.5 * promised,
        "the alarm is too far from the promise to mean anything",
        "Set it within half of the promise.",
    )
    tally.say(
        risk.quantile == metric.quantile,
        "alarm and promise name different percentiles",
        "Watch the percentile you promised.",
    )
    tally.say(
        risk.window_days is not None and bool(words(risk.action)),
        "it lacks a window or an action",
        "Say over what time, and what is done.",
    )
    return tally.outcome("The alarm rings apart from the promise, and somebody acts.")


@check(
    "STB-1.canary",
    "A canary of a few users for long enough",
    needs=("rollout",),
    good="5 % of users for 2 weeks",
    bad="20 % for 3 days",
)
def canary(subject: Subject) -> Outcome:
    """The first stage has at most 5 % of users, for two weeks or longer."""
    rollout = subject.answer.rollout
    assert rollout is not None
    if not rollout.stages:
        return Outcome(0.0, "", "There is no first stage.", "Begin with 5 % of users for 2 weeks.")
    first = rollout.stages[0]
    percent = float(case_rule(subject.data.id, "canary_percent", 5))
    days = float(case_rule(subject.data.id, "canary_days", 14))
    good = 0 < (first.share_percent or 0) <= percent and (first.duration_days or 0) >= days
    evidence = f"{first.share_percent or 0:g} % for {first.duration_days or 0:g} days"
    return Outcome(
        float(good),
        evidence,
        "Few users, and long enough to see." if good else f"The first stage is {evidence}.",
        "" if good else f"Begin with {percent:g} % of users for {days / 7:g} weeks.",
    )


@check(
    "STB-1.drift",
    "Drift has a line, and crossing it leads to retraining",
    needs=("risks",),
    good='Risk("drift > 3 % over 1 week -> retrain, ML Engineering")',
    bad='Risk("drift > 30 % over 1 year -> talk, …")',
)
def drift(subject: Subject) -> Outcome:
    """A risk about drift at 3 % or tighter, over a week or less, whose action is to retrain."""
    words_of = vocabulary(subject.data.id, "drift")
    risk = next((risk for risk in subject.answer.risks if topics(risk.metric, words_of)), None)
    if risk is None or risk.threshold is None:
        return Outcome(
            0.0, "", "No risk is about drift.", 'Add Risk("drift > 3 % over 1 week -> retrain, ML Engineering").'
        )
    tally = Tally(evidence=[quoted(f"{risk.trigger} -> {risk.action}")])
    limit, days = (
        float(case_rule(subject.data.id, "drift_percent", 3)),
        float(case_rule(subject.data.id, "drift_window_days", 7)),
    )
    tally.say(
        risk.threshold.unit == "percent" and risk.threshold.value <= limit,
        f"the line is not at {limit:g} % or below",
        f"Draw it at {limit:g} %.",
    )
    tally.say(
        risk.window_days is not None and risk.window_days <= days,
        "the window is longer than a week",
        "Look over 1 week.",
    )
    tally.say(
        any(mentions(risk.action, word) for word in ("retrain", "retraining", "train")),
        "the action is not to retrain",
        "Retrain.",
    )
    return tally.outcome("Drift is seen within a week and leads to retraining.")


@check(
    "STB-1.mvp",
    "The first version is early enough, and not earlier than its parts allow",
    needs=("rollout", "design"),
    compares=True,
    good="MVP 8 weeks, canary 2 weeks, within 13",
    bad="MVP 2 weeks for parts that take eight",
)
def mvp(subject: Subject) -> Outcome:
    """MVP within the limit, not shorter than the parts take, MVP plus canary within the window."""
    rollout = subject.answer.rollout
    assert rollout is not None
    schedule = subject.data.schedule
    evaluation = subject.evaluation
    if rollout.mvp_weeks is None:
        return Outcome(0.0, "", "The first version has no date.", "Begin the rollout with “MVP 8 weeks”.")
    weeks = rollout.mvp_weeks
    tally = Tally(evidence=[f"MVP {weeks:g} weeks, the parts take {evaluation.mvp_weeks:g}"])
    tally.say(
        weeks <= float(schedule.mvp_weeks) + 1e-9,
        f"{weeks:g} weeks is later than {float(schedule.mvp_weeks):g}",
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

"""Rollout and risks: stages with gates, triggers with actions, an alarm, a first version in time."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal

from casebook.checks import examples
from casebook.checks.casefile import (
    FEW_CUSTOMERS,
    context,
    latency_target,
    target_words,
    words_for,
)
from casebook.checks.families.goal import phrases
from casebook.checks.finding import Outcome
from casebook.checks.kind import Params, kind
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions, metric_for, owner_of, quoted, target_of, topics, words
from casebook.facts.base import Number

if TYPE_CHECKING:
    from casebook.answer import Risk
    from casebook.facts.case import CaseData

RISKS = 3


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


def _alarm_example(data: CaseData) -> str:
    return examples.risk(latency_target(data), data, "add a machine", examples.owner_for(examples.part(data), data))


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


@check(
    "U13",
    "Three risks with a line, a window, an action and an owner",
    needs=("risks", "metrics"),
    compares=True,
    good=lambda data: examples.risk(examples.guard_target(data), data, "what is done", examples.owner_for(None, data)),
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
    return found or next(iter(topics(risk.metric, {"drift": words_for(subject.data, "drift")})), None)


def _missing(risk: Risk, subject: Subject) -> list[str]:
    missing = []
    measured = {target_of(metric.name, subject.data) for metric in subject.answer.metrics} - {None}
    design = subject.answer.design
    roles = {subject.data.slot(slot).role for slot in design.components} if design else set()
    measured |= {"drift"} if "feedback" in roles else set()
    if risk.parsed is None or risk.comparator == "":
        missing.append("a line (> 3 %)")
    if risk.window_days is None:
        missing.append("a window (over 1 week)")
    if not words(risk.action):
        missing.append("an action")
    if owner_of(risk.owner, subject.data.owners) is None:
        missing.append("an owner among the functions of the case")
    if _about(risk, subject) not in measured:
        missing.append("a metric that you measure")
    return missing


@check(
    "U16",
    "An alarm stands apart from the promise of latency",
    needs=("risks", "metrics"),
    compares=True,
    good=_alarm_example,
    bad="the alarm rings at the promised number itself, or far past it",
    absent=lambda data: "" if latency_target(data) else "No limit of this case is a latency.",
)
def alarm(subject: Subject) -> Outcome:
    """A risk about latency on the promised percentile, not at the promise itself, and within half of it."""
    target = latency_target(subject.data)
    assert target is not None
    metric = metric_for(target.id, subject.answer.metrics, subject.data)
    if metric is None or metric.quantity is None or not metric.quantity.is_time:
        return Outcome(0.0, "", "There is no promise of latency to watch.", "Commit to a latency first.")
    promised = metric.quantity.to("ms")
    risk = next(
        (
            risk
            for risk in subject.answer.risks
            if target_of(risk.metric, subject.data) == target.id
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
            f"Add {_alarm_example(subject.data)}.",
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


class Trigger(Params):
    """A risk about ``words`` (phrases, or a word list or target of the case) whose line is ``threshold`` ``unit`` or
    tighter, over ``window_days`` or less; ``actions``: words one of which the action must have; ``percentile`` the
    line must name; ``side`` above where crossing upwards sets it off.
    """

    words: tuple[str, ...] | str
    threshold: Number
    unit: str = ""
    window_days: Number | None = None
    actions: tuple[str, ...] = ()
    percentile: Number | None = None
    side: Literal["above", "below"] = "above"


def trigger_names(data: CaseData, told: Trigger) -> tuple[str, ...]:
    """The phrases that say what is watched."""
    given = (told.words,) if isinstance(told.words, str) else told.words
    ids = target_words(data)
    return tuple(name for word in given for name in (ids.get(word) or phrases(data, (word,))))


def _trigger_example(data: CaseData, told: Trigger) -> str:
    sign = ">" if told.side == "above" else "<"
    unit = {"percent": " %", "usd": " $"}.get(told.unit, f" {told.unit}" if told.unit else "")
    days = float(told.window_days or 7)
    over = f"{days / 7:g} week" if days >= 7 else f"{days * 24:g} hours"
    first = f"p{100 * float(told.percentile):g} " if told.percentile else ""
    action = told.actions[0] if told.actions else "what is done"
    owner = examples.owner_for(examples.part(data), data)
    name = trigger_names(data, told)[0]
    return f'Risk("{first}{name} {sign} {float(told.threshold):g}{unit} over {over} -> {action}, {owner}")'


@kind(
    "trigger", "It has a line, and crossing it leads to something", Trigger, needs=("risks",), example=_trigger_example
)
def trigger(subject: Subject, told: Trigger) -> Outcome:
    """A risk about it, at the line or tighter, seen in time, with the action asked for."""
    names = trigger_names(subject.data, told)
    risk = next((r for r in subject.answer.risks if any(mentions(r.metric, name) for name in names)), None)
    if risk is None or risk.threshold is None:
        return Outcome(0.0, "", f"No risk is about {names[0]}.", f"Add {_trigger_example(subject.data, told)}.")
    tally = Tally(evidence=[quoted(f"{risk.trigger} -> {risk.action}")])
    limit = float(told.threshold)
    unit = {"percent": "%", "usd": "$"}.get(told.unit, told.unit)
    line = risk.threshold
    value = line.to(told.unit) if line.is_time and told.unit in _TIMES else line.value
    same = line.unit == told.unit or (line.is_time and told.unit in _TIMES) or not told.unit
    tight = value <= limit if told.side == "above" else value >= limit
    tally.say(
        same and tight,
        f"the line is not at {limit:g} {unit} or {'below' if told.side == 'above' else 'above'}",
        f"Draw it at {limit:g} {unit}.",
    )
    if told.percentile is not None:
        tally.say(
            risk.quantile is not None and abs(risk.quantile - float(told.percentile)) < 1e-9,
            f"it does not say p{100 * float(told.percentile):g}",
            f"Watch the p{100 * float(told.percentile):g}.",
        )
    if told.window_days is not None:
        days = float(told.window_days)
        span = "a week" if days == 7 else f"{days:g} days"
        tally.say(
            risk.window_days is not None and risk.window_days <= days,
            f"the window is longer than {span}",
            f"Look over {'1 week' if days == 7 else span}.",
        )
    if told.actions:
        tally.say(
            any(mentions(risk.action, word) for word in told.actions),
            f"the action is not to {told.actions[0]}",
            f"{told.actions[0][:1].upper()}{told.actions[0][1:]}.",
        )
    else:
        tally.say(bool(words(risk.action)), "it lacks an action", "Say what is done.")
    return tally.outcome(f"{names[0][:1].upper()}{names[0][1:]} is seen in time and leads to something.")


_TIMES = ("ms", "s", "min", "hours", "days", "weeks")


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

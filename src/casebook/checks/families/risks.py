"""Risks: triggers with a line, a window, an action and an owner; an alarm apart from the promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from casebook.checks import examples
from casebook.checks.casefile import latency_target, target_words, words_for
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
_TIMES = ("ms", "s", "min", "hours", "days", "weeks")


def _alarm_example(data: CaseData) -> str:
    return examples.risk(latency_target(data), data, "add a machine", examples.owner_for(examples.part(data), data))


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

"""The goal and the guards that a case commits to, and single metrics it asks for, whatever words the learner chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from casebook.checks import examples
from casebook.checks.casefile import primary_target, target, words_for
from casebook.checks.finding import Outcome
from casebook.checks.kind import Params, TargetId, kind
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions, metric_for, quoted
from casebook.facts.base import Number

if TYPE_CHECKING:
    from casebook.answer import Metric
    from casebook.facts.case import CaseData, Target


class Goal(Params):
    """``target`` (the primary one if left out); ``change`` relative, points or level; ``way`` fall or rise of what
    the learner names; ``within_days`` by which it must hold.
    """

    target: TargetId = ""
    change: Literal["relative", "points", "level"] = "level"
    way: Literal["fall", "rise"] = "fall"
    within_days: Number | None = None


def _aim(data: CaseData, told: Goal) -> Target:
    found = target(data, told.target) if told.target else primary_target(data)
    assert found is not None
    return found


def _goal_verify(data: CaseData, told: Goal) -> str:
    if told.target or primary_target(data):
        return ""
    return "no target of the case is the primary one. Name a target, or give one the role primary"


@kind(
    "goal",
    "The goal is the one the case commits to",
    Goal,
    needs=("metrics", "hypothesis"),
    compares=True,
    example=lambda data, told: examples.metric_record(_aim(data, told), data, "primary"),
    verify=_goal_verify,
)
def goal(subject: Subject, told: Goal) -> Outcome:
    """Primary, of the kind asked for, at least as far as the limit, in time; the hypothesis says the same."""
    data = subject.data
    aim = _aim(data, told)
    name = examples.word(aim, data)
    metric = metric_for(aim.id, [item for item in subject.answer.metrics if item.kind == "primary"], data)
    if metric is None:
        return Outcome(0.0, "", f"No primary metric is about {name}.", "Commit to the number the case is about.")
    tally = Tally(evidence=[quoted(metric.text)])
    if told.change == "level":
        _level(subject, metric, aim, tally)
    else:
        _moved(subject, metric, aim, told, tally)
    if told.within_days is not None:
        days = float(told.within_days)
        tally.say(
            metric.within_days is not None and metric.within_days <= days + 1,
            f"it does not hold within {_span(days)}",
            f'Add "within {_months(days)}".',
        )
    _same_story(subject, metric, told, tally)
    return tally.outcome("The goal is the committed one, and both statements of it agree.")


def _level(subject: Subject, metric: Metric, aim: Target, tally: Tally) -> None:
    value, limit = _in_unit(metric, aim), float(aim.limit) * (100 if aim.unit == "share" else 1)
    good = value is not None and (value <= limit * (1 + 1e-9) if aim.direction == "max" else value >= limit - 1e-9)
    fits = metric.direction in ("below", "equal") if aim.direction == "max" else metric.direction in ("above", "equal")
    tally.say(
        good and fits,
        f"{quoted(metric.text)} is looser than {limit:g} {'%' if aim.unit == 'share' else aim.unit}",
        f"Commit to {examples.metric(aim, subject.data)}.",
    )


def _moved(subject: Subject, metric: Metric, aim: Target, told: Goal, tally: Tally) -> None:
    wanted = float(aim.limit) * (100 if aim.unit == "share" else 1)
    moved = (metric.value or 0.0) * (-1 if told.way == "fall" else 1)
    tally.say(
        metric.percent_kind == told.change and moved >= wanted - 1e-9,
        f"a {told.way} of {moved:g} % ({metric.percent_kind or 'of what it does not say'}) is not {wanted:g} % "
        f"{told.change}",
        f"Commit to {'-' if told.way == 'fall' else '+'}{wanted:g} % {told.change}.",
    )


def _same_story(subject: Subject, metric: Metric, told: Goal, tally: Tally) -> None:
    """From and to of the hypothesis give the metric's number."""
    said = subject.answer.hypothesis
    assert said is not None
    start, end = said.baseline_quantity, said.target_quantity
    if start is None or end is None or not start.value:
        tally.say(False, "the hypothesis has no numbers to hold against it", "Give from and to in numbers.")
        return
    sign = -1 if told.way == "fall" else 1
    if told.change == "level":
        quantity = metric.quantity
        same = quantity is not None and (
            end.to("ms") == quantity.to("ms")
            if end.is_time and quantity.is_time
            else (end.unit == quantity.unit and abs(end.value - quantity.value) < 1e-9)
        )
        complaint = f"the hypothesis ends at {said.target}, the metric at {quantity}"
    else:
        by = (end.value - start.value) * sign
        moved = (metric.value or 0.0) * sign
        told_by = 100 * by / start.value if told.change == "relative" else by
        same = abs(told_by - moved) <= 1.0
        complaint = f"the hypothesis tells of a {told.way} of {told_by:.0f} %, the metric of {moved:g} %"
    fix = "Make from, to and the percentage agree." if told.change == "relative" else "Make both numbers agree."
    tally.say(same, complaint, fix, evidence=f"{said.baseline} → {said.target}")


def _in_unit(metric: Metric, aim: Target) -> float | None:
    """The metric's number in the target's unit (percent for a share); None where it cannot be compared."""
    quantity = metric.quantity
    if quantity is None or metric.is_change:
        return None
    if quantity.is_time:
        return quantity.to(aim.unit) if aim.unit in ("ms", "s", "min", "hours", "days", "weeks") else None
    if aim.unit == "share":
        return quantity.value if quantity.unit == "percent" else None
    if aim.unit == "usd":
        return quantity.value if quantity.unit == "usd" else None
    return quantity.value if quantity.unit != "percent" else None


class Guard(Params):
    """``target`` (the first guard if left out), looked at at least every ``every_days`` days."""

    target: TargetId = ""
    every_days: Number | None = None


def _guarded(data: CaseData, told: Guard) -> Target:
    found = target(data, told.target) if told.target else examples.guard_target(data)
    assert found is not None
    return found


@kind(
    "guard",
    "What the goal could ruin is guarded, and looked at often enough",
    Guard,
    needs=("metrics",),
    example=lambda data, told: examples.metric_record(_guarded(data, told), data, "guardrail"),
)
def guard(subject: Subject, told: Guard) -> Outcome:
    """A guardrail about the target, no looser than the case's, over the time asked for or less."""
    data = subject.data
    aim = _guarded(data, told)
    metric = metric_for(aim.id, [m for m in subject.answer.metrics if m.kind == "guardrail"], data)
    if metric is None or metric.value is None:
        return Outcome(
            0.0,
            "",
            f"No guardrail is about {examples.word(aim, data)}.",
            f"Add {examples.metric_record(aim, data, 'guardrail')}.",
        )
    tally = Tally(evidence=[quoted(metric.text)])
    limit = float(aim.limit) * (100 if aim.unit == "share" else 1)
    value = _in_unit(metric, aim)
    unit = "%" if aim.unit == "share" else aim.unit
    strict = value is not None and (value <= limit + 1e-9 if aim.direction == "max" else value >= limit - 1e-9)
    tally.say(
        strict and metric.direction == ("below" if aim.direction == "max" else "above"),
        f"{metric.value:g} {metric.unit} is looser than {limit:g} {unit}",
        f"Guard it at {limit:g} {unit} or {'less' if aim.direction == 'max' else 'more'}.",
    )
    if told.every_days is not None:
        days = float(told.every_days)
        tally.say(
            metric.window_days is not None and metric.window_days <= days,
            "it is not looked at every week" if days == 7 else f"it is not looked at every {days:g} days",
            "Add weekly." if days == 7 else f'Add "over {days:g} days".',
        )
    return tally.outcome("It is bounded, and somebody looks in time.")


class MetricAsked(Params):
    """A metric about ``about`` (phrases, or the name of a word list of the case), in ``unit``, its number between
    ``at_least`` and ``at_most``; ``kind_of`` primary or guardrail; ``window_days`` at most.
    """

    about: tuple[str, ...]
    unit: str = ""
    at_most: Number | None = None
    at_least: Number | None = None
    kind_of: Literal["", "primary", "guardrail"] = ""
    window_days: Number | None = None


def phrases(data: CaseData, told: tuple[str, ...]) -> tuple[str, ...]:
    """Phrases as given; a single name may stand for a word list of the case."""
    return tuple(phrase for name in told for phrase in (words_for(data, name) or (name,)))


@kind(
    "metric",
    "A metric says it, with a number",
    MetricAsked,
    needs=("metrics",),
    example=lambda data, told: f'Metric("{phrases(data, told.about)[0]} < … over 1 week")',
)
def metric_asked(subject: Subject, told: MetricAsked) -> Outcome:
    """One committed metric is about it, with a number in the unit and within the bounds."""
    names = phrases(subject.data, told.about)
    found = [m for m in subject.answer.metrics if any(mentions(m.name, name) for name in names)]
    found = [m for m in found if not told.kind_of or m.kind == told.kind_of] or found
    if not found:
        return Outcome(0.0, "", f"No metric is about {names[0]}.", f"Commit to a number for {names[0]}.")
    metric = found[0]
    tally = Tally(evidence=[quoted(metric.text)])
    tally.say(
        not told.kind_of or metric.kind == told.kind_of,
        f"it is not marked as {told.kind_of}",
        f'Add kind="{told.kind_of}".',
    )
    quantity = metric.quantity
    if told.unit:
        same_time = quantity is not None and quantity.is_time and told.unit in ("ms", "s", "min", "hours", "days")
        value = None if quantity is None else quantity.to(told.unit) if same_time else quantity.value
        fits = quantity is not None and (same_time or told.unit in (quantity.unit, "" if not quantity.unit else None))
        tally.say(fits, f"it is in {metric.unit or 'no unit'}, not in {told.unit}", f"Give it in {told.unit}.")
    else:
        value = metric.value
    inside = value is not None and (told.at_most is None or value <= float(told.at_most) + 1e-9)
    inside = inside and (told.at_least is None or (value or 0.0) >= float(told.at_least) - 1e-9)
    bounds = " to ".join(f"{float(bound):g}" for bound in (told.at_least, told.at_most) if bound is not None)
    tally.say(inside, f"{metric.value:g} lies outside {bounds}", f"Commit to {bounds} {told.unit}".rstrip() + ".")
    if told.window_days is not None:
        tally.say(
            metric.window_days is not None and metric.window_days <= float(told.window_days),
            f"it is not seen within {_span(float(told.window_days))}",
            "Say over what time it is measured.",
        )
    return tally.outcome(f"{names[0][:1].upper()}{names[0][1:]} is measured, with a number.")


class OnePrimary(Params):
    """No parameters."""


@kind(
    "one-primary",
    "One success metric is locked",
    OnePrimary,
    needs=("metrics",),
    example=lambda data, told: examples.primary(data),
)
def one_primary(subject: Subject, told: OnePrimary) -> Outcome:
    """Exactly one metric is primary, and it is about the case's own goal."""
    found = [metric for metric in subject.answer.metrics if metric.kind == "primary"]
    aim = primary_target(subject.data)
    about = [metric for metric in found if aim and metric_for(aim.id, [metric], subject.data)]
    evidence = "; ".join(quoted(metric.text) for metric in found)
    if len(found) == 1 and about:
        return Outcome(1.0, evidence, "One number decides.")
    if len(found) == 1:
        name = examples.word(aim, subject.data) if aim else "the goal"
        return Outcome(0.0, evidence, f"The one primary metric is not about {name}.", f"Lock {name}.")
    return Outcome(0.0, evidence, f"{len(found)} metrics are primary.", 'Keep one; the others are kind="guardrail".')


def _span(days: float) -> str:
    return "three months" if 89 <= days <= 92 else _months(days)


def _months(days: float) -> str:
    return f"{round(days / 30.4):g} months" if days >= 27 else f"{days:g} days"

"""Whether the kept design keeps its word: graded runs against the learner's own limits and the case's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from casebook.checks import examples
from casebook.checks.casefile import latency_target, primary_target, slot_of_role
from casebook.checks.finding import Outcome
from casebook.checks.formula import value as formula_value
from casebook.checks.kind import Formula, Params, ScenarioId, TargetId, kind
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions, metric_for, quoted
from casebook.design import Conditions
from casebook.design.verdict import TOO_CLOSE, Verdict

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

# A span that ends with a person includes the wait for one: hours, not milliseconds (audit X4).
BUSIEST = "Look at the busiest part of the board."
_PEOPLE = ("person", "human", "reviewer", "review", "people", "moderator")


@check(
    "U21",
    "The promised latency holds at the peak",
    needs=("design", "metrics"),
    compares=True,
    good=lambda data: f"{examples.promise(data)}, and a design that keeps it",
    bad="a promise that the kept design breaks at the peak",
    absent=lambda data: "" if latency_target(data) else "No limit of this case is a latency.",
)
def latency_kept(subject: Subject) -> Outcome:
    """The quantile and span the metric names, simulated in graded mode, within its limit and the case's.

    Every condition the judge tries counts; the public score tries the case's own scenario alone.
    """
    target = latency_target(subject.data)
    assert target is not None
    metric = metric_for(target.id, subject.answer.metrics, subject.data)
    if metric is None or metric.quantity is None or not metric.quantity.is_time:
        return Outcome(
            0.0,
            "",
            "No metric promises a latency, so nothing can be held against the design.",
            f"Promise one: {examples.promise(subject.data)}.",
        )
    quantile = metric.quantile or 0.5
    promised = metric.quantity.to("ms")
    people = slot_of_role(subject.data, "review") is not None and any(mentions(metric.span, word) for word in _PEOPLE)
    span = "person" if people else target.span
    tally = Tally(evidence=[quoted(metric.text)])
    for trial in subject.trials:
        limit = min(promised, dict(trial.targets).get(target.id, float(target.limit)))
        design = subject.answer.design
        assert design is not None
        evaluation = subject.under(design, trial)
        value = evaluation.figure("latency_ms", quantile, span)
        where = _where(trial)
        if not evaluation.stable:
            tally.say(
                False,
                f"{evaluation.bottleneck} gets more work than it can do{where}, so the wait grows without end",
                f"Give {evaluation.bottleneck} more capacity.",
                evidence="not stable",
            )
            continue
        tally.say(
            value <= limit * (1 + TOO_CLOSE),
            f"p{quantile * 100:g} is {value:,.0f} ms{where}, over the {limit:,.0f} ms that count",
            f"Look at {evaluation.bottleneck}, the busiest part, or take out a slow step.",
            evidence=f"p{quantile * 100:g} {value:,.0f} ms",
        )
    loose = promised > float(target.limit) * (1 + 1e-9)
    tally.say(
        not loose, f"your promise of {promised:g} ms is looser than the case's", "Promise what the case asks for."
    )
    tally.say(quantile >= 0.9 - 1e-9, f"p{quantile * 100:g} says nothing about the slow ones", "Promise a p95 or p99.")
    return tally.outcome("The design keeps the promise, at the peak and in graded mode.")


class Targets(Params):
    """``double``: targets that count twice (the primary one, unless said otherwise); ``leave_out``: not looked at."""

    double: tuple[TargetId, ...] | None = None
    leave_out: tuple[TargetId, ...] = ()


def _all_targets(data: CaseData, told: Targets) -> str:
    return ", ".join(item.title.lower() for item in data.targets if item.id not in told.leave_out) + ": within limits"


@kind(
    "targets", "Every other limit of the case is kept", Targets, needs=("design",), compares=True, example=_all_targets
)
def targets_kept(subject: Subject, told: Targets) -> Outcome:
    """Every target but the simulated latency, under every condition that is tried: one point each."""
    design = subject.answer.design
    assert design is not None
    goal, latency = primary_target(subject.data), latency_target(subject.data)
    double = told.double if told.double is not None else (goal.id,) if goal else ()
    tally = Tally()
    remedies = {item.id: item.remedy for item in subject.data.targets}
    for trial in subject.trials:
        for verdict in subject.under(design, trial).verdicts:
            if verdict.target in told.leave_out or (latency is not None and verdict.target == latency.id):
                continue
            word = "above" if verdict.direction == "max" else "below"
            tally.say(
                verdict.ok,
                f"{verdict.title} is {shown(verdict.value, verdict.unit)}{_where(trial)}, {word} the "
                f"limit of {shown(verdict.limit, verdict.unit)}",
                remedies.get(verdict.target) or BUSIEST,
                weight=2 if verdict.target in double else 1,
                evidence="" if verdict.ok else f"{verdict.title} {shown(verdict.value, verdict.unit)}",
            )
    return tally.outcome("Every limit is kept.")


def shown(value: float, unit: str) -> str:
    """A figure as a person reads it: shares in percent, money with its sign."""
    if unit == "share":  # a limit of 0.05 % must not read 0.1 %
        return f"{100 * value:.2g} %" if 0 < abs(value) < 0.01 else f"{100 * value:.1f} %"
    if unit == "usd":
        return f"${value:,.4f}" if abs(value) < 1 else f"${value:,.2f}"
    if value == float("inf"):
        return "without end"
    return f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}"


def _where(trial: Conditions) -> str:
    return f" ({trial.title})" if trial.facts or trial.targets else ""


class TargetIn(Params):
    """``targets`` that must hold in each of ``scenarios``, with the same kept design."""

    targets: tuple[TargetId, ...]
    scenarios: tuple[ScenarioId, ...]


def _in_example(data: CaseData, told: TargetIn) -> str:
    names = [item.title.lower() for item in data.targets if item.id in told.targets]
    return f"{' and '.join(names)}: within limits in {' and in '.join(told.scenarios)}"


@kind(
    "target-in",
    "The limits hold in every scenario that is named",
    TargetIn,
    needs=("design",),
    compares=True,
    example=_in_example,
)
def target_in(subject: Subject, told: TargetIn) -> Outcome:
    """One point for each target in each scenario: the kept design is run there, in graded mode."""
    design = subject.answer.design
    assert design is not None
    tally = Tally()
    for scenario in told.scenarios:
        conditions = Conditions.of(subject.data, scenario)
        here = {verdict.target: verdict for verdict in subject.under(design, conditions).verdicts}
        for name in told.targets:
            verdict = here[name]
            tally.say(
                verdict.ok,
                f"{conditions.title}: {verdict.title} is {said(verdict)}",
                next(item for item in subject.data.targets if item.id == name).remedy or BUSIEST,
                evidence=f"{conditions.title}: {verdict.title} {shown(verdict.value, verdict.unit)}",
            )
    return tally.outcome("It holds in every scenario that is asked for.")


def said(verdict: Verdict) -> str:
    """'$0.05, above the limit of $0.03'."""
    word = "above" if verdict.direction == "max" else "below"
    return f"{shown(verdict.value, verdict.unit)}, {word} the limit of {shown(verdict.limit, verdict.unit)}"


class Holds(Params):
    """``formula`` over the kept design lies between ``at_least`` and ``at_most`` (numbers or formulas too), in
    ``scenario`` (the graded one if left out); ``what`` names it in a sentence, with ``unit``.
    """

    what: str
    formula: Formula
    at_most: Formula | None = None
    at_least: Formula | None = None
    unit: str = ""
    scenario: ScenarioId = ""


def _limits(data: CaseData, told: Holds) -> str:
    return (
        ""
        if told.at_most is not None or told.at_least is not None
        else ("neither at_most nor at_least is given. Give one of them")
    )


@kind(
    "holds",
    "A figure of the kept design is within its bounds",
    Holds,
    needs=("design",),
    compares=True,
    example=lambda data, told: f"a design for which {told.what} is within bounds",
    verify=_limits,
)
def holds(subject: Subject, told: Holds) -> Outcome:
    """The formula's value for the learner's design, compared with its bounds."""
    design = subject.answer.design
    assert design is not None
    conditions = Conditions.of(subject.data, told.scenario) if told.scenario else subject.conditions
    evaluation = subject.under(design, conditions)
    figure = formula_value(told.formula, evaluation)
    evidence = f"{told.what}: {shown(figure, told.unit)}"
    if math.isnan(figure):
        return Outcome(0.0, evidence, f"This design has no {told.what}.", "Choose parts that have it.")
    tally = Tally(evidence=[evidence])
    for bound, sign, word in ((told.at_most, 1, "above"), (told.at_least, -1, "below")):
        if bound is not None:
            limit = formula_value(bound, evaluation)
            tally.say(
                sign * figure <= sign * limit + 1e-9 * abs(limit),
                f"{told.what} is {shown(figure, told.unit)}, {word} {shown(limit, told.unit)}",
                "Look at the part of the board that moves it.",
            )
    return tally.outcome(f"{told.what[:1].upper()}{told.what[1:]} is {shown(figure, told.unit)}, within bounds.")

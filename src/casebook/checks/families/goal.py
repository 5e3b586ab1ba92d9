"""The goal and the guard that this case asks for, whatever words the learner chose."""

from __future__ import annotations

from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.rubric import case_rule
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import metric_for, quoted


@check(
    "STB-1.goal",
    "The goal is the one the case commits to",
    needs=("metrics", "hypothesis"),
    compares=True,
    good='Metric("toxic uploads -30 % relative within 3 months", baseline="1 % of uploads")',
    bad='Metric("toxic uploads -5 % relative within 2 years")',
)
def goal(subject: Subject) -> Outcome:
    """Primary, relative, at least as large as the target, within the window; the hypothesis says the same fall."""
    data = subject.data
    target = next(target for target in data.targets if target.id == "toxic")
    primary = [metric for metric in subject.answer.metrics if metric.kind == "primary"]
    metric = metric_for("toxic", primary, data)
    if metric is None:
        return Outcome(0.0, "", "No primary metric is about toxic uploads.", "Commit to the number the case is about.")
    tally = Tally(evidence=[quoted(metric.text)])
    wanted = 100 * float(target.limit)
    fall = -(metric.value or 0.0)
    tally.say(
        metric.percent_kind == "relative" and fall >= wanted - 1e-9,
        f"a fall of {fall:g} % ({metric.percent_kind or 'of what it does not say'}) is not {wanted:g} % relative",
        f"Commit to -{wanted:g} % relative.",
    )
    days = case_rule(data.id, "window_days", 91)
    tally.say(
        metric.within_days is not None and metric.within_days <= days + 1,
        "it does not hold within three months",
        'Add "within 3 months".',
    )
    said = subject.answer.hypothesis
    assert said is not None
    start, end = said.baseline_quantity, said.target_quantity
    if start is not None and end is not None and start.value:
        told = 100 * (1 - end.value / start.value)
        tally.say(
            abs(told - fall) <= 1.0,
            f"the hypothesis tells of a fall of {told:.0f} %, the metric of {fall:g} %",
            "Make from, to and the percentage agree.",
            evidence=f"{said.baseline} → {said.target}",
        )
    else:
        tally.say(False, "the hypothesis has no numbers to hold against it", "Give from and to in numbers.")
    return tally.outcome("The goal is the committed one, and both statements of it agree.")


@check(
    "STB-1.guard",
    "The false-positive rate is guarded, and looked at often enough",
    needs=("metrics",),
    good='Metric("false positive rate < 5 % weekly", kind="guardrail")',
    bad='Metric("false positive rate < 20 % monthly", kind="guardrail")',
)
def guard(subject: Subject) -> Outcome:
    """A guardrail on false positives, no looser than the case's, over a week or less."""
    data = subject.data
    target = next(target for target in data.targets if target.id == "fpr")
    metric = metric_for("fpr", [m for m in subject.answer.metrics if m.kind == "guardrail"], data)
    if metric is None or metric.value is None:
        return Outcome(
            0.0,
            "",
            "No guardrail is about false positives.",
            'Add Metric("false positive rate < 5 % weekly", kind="guardrail").',
        )
    tally = Tally(evidence=[quoted(metric.text)])
    limit = 100 * float(target.limit)
    tally.say(
        metric.unit == "percent" and metric.direction == "below" and metric.value <= limit,
        f"{metric.value:g} {metric.unit} is looser than {limit:g} %",
        f"Guard it at {limit:g} % or less.",
    )
    days = case_rule(data.id, "guard_window_days", 7)
    tally.say(
        metric.window_days is not None and metric.window_days <= days, "it is not looked at every week", "Add weekly."
    )
    return tally.outcome("False alarms are bounded, and somebody looks every week.")

"""The frame: a user, a decision, a number that moves, a number that must not, and units that can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks import examples
from casebook.checks.casefile import primary_target, words_for
from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions, quoted, target_of, words

if TYPE_CHECKING:
    from casebook.answer import Metric
    from casebook.facts.case import CaseData

_UNITS = {
    "ms": {"ms", "s", "min"},
    "share": {"percent"},
    "usd": {"usd"},
    "s": {"ms", "s", "min"},
    "min": {"s", "min", "hours"},
    "hours": {"min", "hours", "days"},
    "days": {"hours", "days", "weeks", "months"},
    "weeks": {"days", "weeks", "months"},
}


def _palette_words(data: CaseData) -> set[str]:
    found = set(words_for(data, "components"))
    for slot in data.slots:
        for option in slot.options:
            if not option.none:
                found |= {option.title, option.id.replace("-", " "), option.serves}
    return {phrase for phrase in found if phrase}


@check(
    "U1",
    "The hypothesis names a user, a decision and a number from and to, and no component",
    needs=("hypothesis",),
    compares=True,
    good=examples.hypothesis,
    bad='Hypothesis("for everyone, decide to use Triton: quality from low to high")',
)
def hypothesis(subject: Subject) -> Outcome:
    """Persona and decision have words, baseline and target have numbers of one unit, the metric is the primary one."""
    said = subject.answer.hypothesis
    assert said is not None
    tally = Tally(evidence=[quoted(f"{said.persona}: {said.metric} {said.baseline} → {said.target}")])
    tally.say(
        len(words(said.persona)) >= 2 and not mentions(said.persona, "everyone"),
        "it names no particular user",
        "Name one kind of person, such as the case's own.",
    )
    tally.say(len(words(said.decision)) >= 3, "it does not say what is decided", "Say which decision changes for them.")
    start, end = said.baseline_quantity, said.target_quantity
    tally.say(
        start is not None and end is not None, "the metric has no number from and to", "Write from … to … with numbers."
    )
    tally.say(
        start is not None and end is not None and start.unit == end.unit and start.value != end.value,
        "from and to are not two different numbers of one unit",
        "Give both in the same unit.",
    )
    text = " ".join((said.persona, said.decision, said.metric))
    named = sorted(phrase for phrase in _palette_words(subject.data) if mentions(text, phrase))
    tally.say(
        not named,
        f"it already names a component: {', '.join(named)}",
        "Keep parts out of it: a design must be able to fail it.",
    )
    about = target_of(said.metric, subject.data)
    primary = {target_of(metric.name, subject.data) for metric in subject.answer.metrics if metric.kind == "primary"}
    tally.say(
        about is not None and about in primary,
        "its metric is not the primary metric you committed to",
        "Use one name for the number you move, here and in the metrics.",
        weight=2,
    )
    return tally.outcome("A user, a decision, and a number a design can fail.")


@check(
    "U2",
    "Every metric has a number, a unit, a direction and a window",
    needs=("metrics",),
    good=lambda data: examples.promise(data) or examples.guard(data),
    bad="a change in percent: relative or points, and by when?",
)
def metrics_complete(subject: Subject) -> Outcome:
    """At least one primary; percentages of change say relative or points; latencies say percentile and span."""
    metrics = subject.answer.metrics
    tally = Tally()
    tally.say(
        any(metric.kind == "primary" for metric in metrics),
        "no metric is primary",
        'Mark the number you want to move with kind="primary".',
    )
    for metric in metrics:
        missing = _missing(metric)
        tally.say(
            not missing,
            f"{quoted(metric.text)} lacks {', '.join(missing)}",
            "Add what is missing to the same line.",
            evidence=quoted(metric.text),
        )
    return tally.outcome("Numbers, units, directions and windows are all there.")


def _missing(metric: Metric) -> list[str]:
    missing = []
    if metric.value is None:
        return ["a number"]
    if not metric.unit:
        missing.append("a unit")
    if metric.window_days is None:
        missing.append("a window (over 1 week, within 3 months)")
    if metric.is_change and metric.unit == "percent" and metric.percent_kind not in ("relative", "points"):
        missing.append("relative or points")
    if metric.unit in ("ms", "s") and metric.quantile is None:
        missing.append("a percentile (p99)")
    if metric.unit in ("ms", "s") and not metric.span:
        missing.append("the span (from … to …)")
    return missing


@check(
    "U3",
    "A guardrail stands beside the goal, about something else",
    needs=("metrics",),
    compares=True,
    good=examples.guard,
    bad="two guardrails about the primary metric",
)
def guardrail(subject: Subject) -> Outcome:
    """At least one guardrail whose subject is a target of the case and not that of the primary metric."""
    data = subject.data
    primary = {target_of(metric.name, data) for metric in subject.answer.metrics if metric.kind == "primary"}
    guards = [metric for metric in subject.answer.metrics if metric.kind == "guardrail"]
    good = [metric for metric in guards if (about := target_of(metric.name, data)) and about not in primary]
    evidence = "; ".join(quoted(metric.text) for metric in guards)
    if good:
        return Outcome(1.0, evidence, "What must not get worse is written down.")
    return Outcome(
        0.0,
        evidence,
        "No guardrail is about something other than the goal.",
        f"Add what the goal could ruin, such as {examples.guard(data)}.",
    )


@check(
    "U4",
    "A change has a baseline",
    needs=("metrics",),
    compares=True,
    good=examples.primary,
    bad="a change without the number it starts from",
)
def baseline(subject: Subject) -> Outcome:
    """Every metric that is a change names where it starts, in a number; the hypothesis starts at the same one.

    Where the case's goal is a level, the primary metric itself says where it starts.
    """
    data = subject.data
    goal = primary_target(data)
    changes = [metric for metric in subject.answer.metrics if metric.is_change]
    if goal is not None and not examples.change_of(goal, data):
        changes = changes or [metric for metric in subject.answer.metrics if metric.kind == "primary"]
    if not changes:
        return Outcome(
            0.0,
            "",
            "No metric is a change, so there is nothing to start from.",
            f'Write the goal as a change with a baseline: "{examples.metric(goal, data)}".' if goal else "",
        )
    tally = Tally()
    for metric in changes:
        start = metric.baseline_quantity
        tally.say(
            start is not None,
            f"{quoted(metric.text)} has no baseline",
            f'Add baseline="{examples.baseline(data)}".',
            evidence=f"baseline {quoted(metric.baseline)}" if metric.baseline else "",
        )
        said = subject.answer.hypothesis.baseline_quantity if subject.answer.hypothesis else None
        if start is not None and metric.kind == "primary":
            tally.say(
                said is not None and said.unit == start.unit and abs(said.value - start.value) < 1e-9,
                "hypothesis and metric start from different numbers",
                "Use one baseline in both.",
            )
    return tally.outcome("It is clear where the change starts.")


@check(
    "U25",
    "Units fit what is measured",
    needs=("metrics",),
    good="latency in ms, rates in %, money in $",
    bad='Metric("p99 latency < 5 % weekly")',
)
def units(subject: Subject) -> Outcome:
    """A metric about one of the case's targets has a unit that can be compared with the target's."""
    targets = {target.id: target for target in subject.data.targets}
    lists = subject.data.words.items()
    measured = [phrase for name, phrases in lists if name != "components" for phrase in phrases]
    tally = Tally()
    for metric in subject.answer.metrics:
        about = target_of(metric.name, subject.data)
        if about is None and any(mentions(metric.name, phrase) for phrase in measured):
            tally.say(bool(metric.unit), f"{quoted(metric.text)} has no unit", "Say what is counted.")
            continue
        known = _UNITS.get(targets[about].unit, {targets[about].unit}) if about else set()
        tally.say(
            about is not None and metric.unit in known,
            f"{quoted(metric.text)} is about nothing this case measures"
            if about is None
            else f"{quoted(metric.text)} is in {metric.unit or 'no unit'}; {targets[about].title} is measured in "
            f"{' or '.join(sorted(known))}",
            "Use the unit in which the thing is measured.",
            evidence=quoted(metric.text),
        )
    return tally.outcome("Every number can be compared with what is measured.")

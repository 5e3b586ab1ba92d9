"""Whether the kept design keeps its word: graded runs against the learner's own limits and the case's."""

from __future__ import annotations

from casebook.checks.finding import Outcome
from casebook.checks.registry import check
from casebook.checks.subject import Subject
from casebook.checks.tally import Tally
from casebook.checks.words import mentions, metric_for, quoted
from casebook.design import Conditions
from casebook.design.verdict import TOO_CLOSE

# A span that ends with a person includes the wait for one: hours, not milliseconds (audit X4).
_PEOPLE = ("person", "human", "reviewer", "review", "people", "moderator")


@check(
    "U21",
    "The promised latency holds at the peak",
    needs=("design", "metrics"),
    compares=True,
    good="p99 140 ms against the promised 200 ms, every station below its capacity",
    bad="p99 520 ms against the promised 200 ms",
)
def latency_kept(subject: Subject) -> Outcome:
    """The quantile and span the metric names, simulated in graded mode, within its limit and the case's.

    Every condition the judge tries counts; the public score tries the case's own scenario alone.
    """
    metric = metric_for("latency", subject.answer.metrics, subject.data)
    if metric is None or metric.quantity is None or not metric.quantity.is_time:
        return Outcome(
            0.0,
            "",
            "No metric promises a latency, so nothing can be held against the design.",
            'Promise one: Metric("p99 latency from upload to verdict < 200 ms over 1 week", kind="guardrail").',
        )
    quantile = metric.quantile or 0.5
    promised = metric.quantity.to("ms")
    span = "person" if any(mentions(metric.span, word) for word in _PEOPLE) else "verdict"
    tally = Tally(evidence=[quoted(metric.text)])
    for trial in subject.trials:
        target = next(target for target in subject.data.targets if target.id == "latency")
        limit = min(promised, dict(trial.targets).get("latency", float(target.limit)))
        design = subject.answer.design
        assert design is not None
        evaluation = subject.under(design, trial)
        value = evaluation.latency_ms(quantile, span)
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
    loose = promised > float(next(t.limit for t in subject.data.targets if t.id == "latency")) * (1 + 1e-9)
    tally.say(
        not loose, f"your promise of {promised:g} ms is looser than the case's", "Promise what the case asks for."
    )
    tally.say(quantile >= 0.9 - 1e-9, f"p{quantile * 100:g} says nothing about the slow ones", "Promise a p95 or p99.")
    return tally.outcome("The design keeps the promise, at the peak and in graded mode.")


@check(
    "STB-1.targets",
    "Every other limit of the case is kept",
    needs=("design",),
    compares=True,
    good="false positives, fall in toxic uploads, cost, wait for a person and weeks: all within limits",
    bad="custom hardware: the quickest, and live long after the window",
)
def targets_kept(subject: Subject) -> Outcome:
    """The remaining targets under every condition that is tried: one point each, the goal itself counts double."""
    design = subject.answer.design
    assert design is not None
    tally = Tally()
    for trial in subject.trials:
        for verdict in subject.under(design, trial).verdicts:
            if verdict.target == "latency":
                continue
            word = "above" if verdict.direction == "max" else "below"
            tally.say(
                verdict.ok,
                f"{verdict.title} is {shown(verdict.value, verdict.unit)}{_where(trial)}, {word} the "
                f"limit of {shown(verdict.limit, verdict.unit)}",
                _REMEDY.get(verdict.target, ""),
                weight=2 if verdict.target == "toxic" else 1,
                evidence="" if verdict.ok else f"{verdict.title} {shown(verdict.value, verdict.unit)}",
            )
    return tally.outcome("Every limit is kept.")


_REMEDY = {
    "fpr": "Raise the score cut-off.",
    "toxic": "Lower the cut-off, take a model that separates better, or parts that are live within the window.",
    "budget": "Look at the largest line of the bill, mistakes included.",
    "review": "Flag less, or put more people on shift.",
    "mvp": "Leave out a part, or take one that is quicker to build.",
}


def shown(value: float, unit: str) -> str:
    """A figure as a person reads it: shares in percent, money with its sign."""
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "usd":
        return f"${value:,.4f}" if abs(value) < 1 else f"${value:,.2f}"
    if value == float("inf"):
        return "without end"
    return f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}"


def _where(trial: Conditions) -> str:
    return f" ({trial.title})" if trial.facts or trial.targets else ""

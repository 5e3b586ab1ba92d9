"""An answer under a rubric: every check once, weighed, capped, and gathered into the cells of the assignment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casebook.checks.finding import Cap, CellScore, Finding, Level, Outcome, Report
from casebook.checks.registry import Check, check_for
from casebook.checks.rubric import CapRule, Rubric, load_rubric
from casebook.checks.subject import Subject

if TYPE_CHECKING:
    from casebook.answer import Answer


def grade(answer: Answer, rubric: str = "", judge: Mapping[str, Any] | None = None) -> Report:
    """The report of an answer under one company's rubric; '' takes the one its case is written for.

    Without ``judge`` it is the public score. With the judge's values (``scenario``, ``injections``, ``limits``)
    the same checks run under more conditions; the report then is not public. Deterministic: the same answer
    gives the same report. An answer without anything in it earns 0 and says "not answered".
    """
    rules = load_rubric(rubric, answer.case_id)
    values = dict(judge or {})
    subject = Subject(answer, str(values.get("scenario") or rules.scenario), values)
    findings = tuple(
        _finding(subject, check_for(check_id, subject.data), points, cell.id, rules)
        for cell in rules.cells
        for check_id, points in cell.checks.items()
    )
    before = sum(finding.earned for finding in findings)
    caps = tuple(
        Cap(cap.id, cap.percent, cap.cause, cap.label, cap.verdict) for cap in rules.caps if _applies(cap, findings)
    )
    limit = min((cap.percent / 100.0 * rules.points for cap in caps), default=math.inf)
    factor = limit / before if before > limit else 1.0
    cells = {}
    for cell in rules.cells:
        own = tuple(finding for finding in findings if finding.cell == cell.id)
        points = sum(finding.earned for finding in own)
        cells[cell.id] = CellScore(cell.id, cell.title, points * factor, cell.points, points, own)
    return Report(
        answer.case_id,
        rules.id,
        rules.title,
        findings,
        caps if factor < 1.0 else (),
        before,
        before * factor,
        rules.points,
        cells,
        public=judge is None,
        levels=_levels(rules, findings),
        label=rules.label,
    )


def _levels(rules: Rubric, findings: tuple[Finding, ...]) -> tuple[Level, ...]:
    """The article's own verdicts on single checks, where they are asked and answered."""
    made = []
    for level in rules.levels:
        finding = next((item for item in findings if item.id == level.check and item.answered), None)
        if finding is not None:
            share = finding.earned / finding.possible
            step = next((step for step in level.steps if share >= float(step.share) - 1e-9), None)
            if step is not None:
                made.append(Level(level.id, level.title, step.verdict, level.check))
    return tuple(made)


def _finding(subject: Subject, check: Check, points: float, cell: str, rules: Rubric) -> Finding:
    missing = [name for name in check.needs if not subject.answered(name)]
    if missing:
        outcome = Outcome(0.0, "", f"Not answered: {', '.join(missing)}.", _fix(check, subject))
    else:
        outcome = check.run(subject)
    share = min(1.0, max(0.0, outcome.share)) if math.isfinite(outcome.share) else 0.0
    fix = "" if share >= 1.0 - 1e-9 else outcome.fix or _fix(check, subject)
    return Finding(
        check.id,
        check.title,
        share >= 1.0 - 1e-9,
        points * share,
        points,
        outcome.evidence,
        outcome.message,
        fix,
        rules.label,
        not missing,
        cell,
    )


def _fix(check: Check, subject: Subject) -> str:
    good = check.example(subject.data)
    return f"For example: {good}" if good else ""


def _applies(cap: CapRule, findings: tuple[Finding, ...]) -> bool:
    """A cap applies where any of its checks earned less than its share; it never lifts or lowers an empty answer."""
    watched = [finding for finding in findings if finding.id in cap.when_lost]
    lost = any(finding.earned < cap.below * finding.possible for finding in watched)
    if not lost or not cap.and_lost:
        return lost
    others = [finding for finding in findings if finding.id in cap.and_lost]
    return sum(finding.earned for finding in others) < cap.and_below * sum(finding.possible for finding in others)

"""What an interview came to: the score under its company's rubric, the order of the steps, what to mend first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casebook.answer import Answer
    from casebook.checks import Finding, Report
    from casebook.course.interview import Interview
    from casebook.facts.interview import Interview as Kind

FIRST_TO_MEND = 5


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """One rule of the order: kept or not, what was said, why it matters. ``None`` steps were never begun."""

    said: str
    kept: bool
    why: str


@dataclass(frozen=True, slots=True)
class ToMend:
    """One finding that lost points."""

    title: str
    lost: float
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Result:
    """Everything the report shows. ``earned`` and ``possible`` leave out the audits: no interviewer asks them."""

    title: str
    case_title: str
    brief: str
    rubric_title: str
    label: str
    minutes: float
    seed: int
    answered: bool
    earned: float
    possible: float
    caps: tuple[Any, ...]
    order: tuple[OrderFinding, ...]
    steps: tuple[str, ...]
    blocks: tuple[tuple[str, float, tuple[str, ...]], ...]
    mend: tuple[ToMend, ...]
    said: tuple[tuple[str, str], ...]
    picture: str

    @property
    def percent(self) -> float:
        return 100.0 * self.earned / self.possible if self.possible else 0.0

    @property
    def headline(self) -> str:
        kept = sum(item.kept for item in self.order)
        return f"{self.percent:.0f} % of what was asked, order {kept} of {len(self.order)}"


def result_of(interview: Interview) -> Result:
    """The result of an interview as it stands now."""
    return result(interview.kind, interview.answer, interview.order, interview.seed)


def result(kind: Kind, answer: Answer, order: Sequence[str], seed: int) -> Result:
    """The result of ``answer`` under ``kind``; ``order`` are the steps as they were begun."""
    from casebook.checks import grade
    from casebook.facts import load_case_data, render

    data = load_case_data(answer.case_id)
    report = grade(answer, kind.rubric)
    asked = [finding for finding in report.findings if not is_audit(finding, data)]
    possible = sum(finding.possible for finding in asked)
    earned = sum(finding.earned for finding in asked)
    limit = min((cap.percent / 100.0 * possible for cap in report.caps), default=possible)
    lost = sorted((item for item in asked if not item.passed), key=lambda item: (item.earned - item.possible, item.id))
    return Result(
        title=kind.title,
        case_title=data.title,
        brief=render(data.brief),
        rubric_title=report.rubric_title,
        label=report.label,
        minutes=float(kind.minutes),
        seed=seed,
        answered=report.answered,
        earned=min(earned, limit),
        possible=possible,
        caps=tuple(report.caps),
        order=judged_order(kind, order),
        steps=tuple(order),
        blocks=tuple((block.title, float(block.minutes), tuple(block.steps)) for block in kind.blocks),
        mend=tuple(
            ToMend(item.title, item.possible - item.earned, item.message, item.fix) for item in lost[:FIRST_TO_MEND]
        ),
        said=_said(answer),
        picture=_picture(answer, report),
    )


def is_audit(finding: Finding, data: Any) -> bool:
    """True for a question about the source: a workbook's, not an interviewer's."""
    return finding.id in {audit.fact.rpartition(".")[2] for audit in data.audits}


def judged_order(kind: Kind, order: Sequence[str]) -> tuple[OrderFinding, ...]:
    """Every rule of the interview held against the steps begun. A step never begun breaks the rules that need it."""
    place = {step: at for at, step in enumerate(order)}
    made = []
    for rule in kind.order:
        first, then = place.get(rule.first), place.get(rule.then)
        if first is None:
            made.append(OrderFinding(f"{rule.first} was never begun", False, rule.why))
        elif then is not None and then < first:
            made.append(OrderFinding(f"{rule.then} came before {rule.first}", False, rule.why))
        else:
            made.append(OrderFinding(f"{rule.first} before {rule.then}", True, rule.why))
    return tuple(made)


def _said(answer: Answer) -> tuple[tuple[str, str], ...]:
    """The answer as one would say it, blank parts left out."""
    from casebook.course.workbook_card import said_parts

    evaluation = _evaluation(answer)
    return tuple((head, words) for head, words in said_parts(answer, evaluation) if words)


def _evaluation(answer: Answer) -> Any:
    if answer.design is None:
        return None
    from casebook.design import evaluate

    return evaluate(answer.design, graded=True)


def _picture(answer: Answer, report: Report) -> str:
    if answer.design is None or not report.answered:
        return ""
    from casebook.show.sketching import architecture_svg

    return architecture_svg(answer.design, _evaluation(answer), answer.notes)

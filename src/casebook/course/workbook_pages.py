"""The pages of the workbook on what was written, each a pure function of the case, an answer or a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from casebook.course.workbook_page import Block, Page, page, para, points_list, table

if TYPE_CHECKING:
    from casebook.checks import Finding, Report
    from casebook.course.attempts import Attempt
    from casebook.design import Case

NOT_ANSWERED = "not answered"


def welcome(case: Case, scenario: str, borrowed: bool) -> Page:
    """What is open, on which day, and where blanks are filled from."""
    day = case.data.scenario(scenario)
    blocks = [para(f"The day: {day.title}. {day.story}")]
    if borrowed:
        blocks.append(para("What you leave blank is taken from a finished answer."))
    return page(f"Your workbook is open: {case.title}", *blocks, mood="quiet")


def uncovered(case: Case, asked: Sequence[str], allowed: int) -> Page:
    """The facts that the asked questions uncover, and what is left to assume."""
    from casebook.facts import render

    data = case.data
    bank = {item.id: item for item in data.questions}
    if not asked:
        return page(
            "Questions: not answered yet",
            para(f"Put up to {allowed} names from the table between the brackets and run the cell again."),
            mood="mend",
        )
    rows = [("•", f"{bank[name].ask}", render(bank[name].uncovers, instead=data.instead)) for name in asked]
    left = [item.id for item in data.questions if item.id not in asked and item.maps_to != "decoy"]
    spare = allowed - len(asked)
    more = [para(f"You may still ask {spare}.")] if spare > 0 else []
    wasted = [name for name in asked if bank[name].maps_to == "decoy"]
    if wasted:
        more.append(
            para(f"{' and '.join(wasted)}: an honest question, and it changed nothing you would build.")
        )
    if left:
        more.append(para(f"Not asked, so yours to assume where it matters: {', '.join(left)}."))
    return page(f"You asked {len(asked)} of {allowed}", points_list(rows), *more, mood="good")


def checked(
    names: Sequence[str],
    blank: Sequence[str],
    findings: Sequence[Finding],
    later: Sequence[tuple[Finding, Sequence[str]]],
) -> Page:
    """What the checks say about the parts just written; ``later`` are checks that wait for other parts."""
    what = listed([spoken(name) for name in names])
    if blank and len(blank) == len(names):
        return page(
            f"{what[:1].upper()}{what[1:]}: {NOT_ANSWERED} yet",
            para("Fill in the blanks above and run the cell again, or go on: everything else still works."),
            mood="quiet",
        )
    passed = [finding for finding in findings if finding.passed]
    lost = [finding for finding in findings if not finding.passed]
    rows: list[tuple[str, ...]] = [("✓", finding.title) for finding in passed]
    rows += [("→", finding.title, finding.message, finding.fix) for finding in lost]
    blocks = [points_list(rows)]
    if blank:
        blocks.append(para(f"Still blank: {listed([spoken(name) for name in blank])}."))
    if later:
        waits = sorted({spoken(name) for _, missing in later for name in missing})
        more = "more checks look" if len(later) > 1 else "more check looks"
        blocks.append(para(f"{len(later)} {more} at this once there is something in: {', '.join(waits)}."))
    head = f"Kept: {what}" if not lost else f"Kept: {what}. {len(lost)} thing{'s' * (len(lost) > 1)} to mend"
    return page(head, *blocks, mood="mend" if lost else "good")


def locked(prediction: Any) -> Page:
    """The prediction is fixed; the board opens."""
    if prediction is None:
        return page(
            "No prediction",
            para(
                "The board below opens all the same. Next time guess first: you will remember the surprise."
            ),
            mood="quiet",
        )
    return page("Locked. The board below is open.", para(prediction_words(prediction)), mood="good")


def nothing_yet(title: str) -> Page:
    """A panel that has nothing to show before something is written."""
    return page(f"{title}: {NOT_ANSWERED}", para("It fills itself from what you write above."), mood="quiet")


def prediction_words(prediction: Any) -> str:
    """The four guesses in one line."""
    from casebook.show.series import duration, money

    said = []
    if prediction.p99_ms is not None:
        said.append(f"p99 {duration(prediction.p99_ms)}")
    if prediction.cost_usd_month is not None:
        said.append(f"{money(prediction.cost_usd_month)} a month")
    if prediction.bottleneck:
        said.append(f"busiest: {prediction.bottleneck}")
    if prediction.review_queue_hours is not None:
        said.append(f"{prediction.review_queue_hours:g} h in the queue of people")
    return " · ".join(said) or NOT_ANSWERED


def scorecard(report: Report, attempts: Sequence[Attempt]) -> Page:
    """Points for each step, deal breakers, and what to mend first; the attempt before beside it."""
    old = attempts[-2] if len(attempts) > 1 else None
    if not report.answered:
        return page(
            f"Scorecard: {NOT_ANSWERED}",
            para(
                f"0 of {report.possible:g} points. Every step still says "
                f"“{NOT_ANSWERED}”; begin with the first one you have something to say about."
            ),
            _steps(report, old),
            mood="quiet",
        )
    blocks = [
        Block(
            f'<p><span class="big">{report.score:.0f}</span> of {report.possible:g} points'
            f" ({report.percent:.0f} %), public score</p>",
            f"{report.score:.1f} of {report.possible:g} points ({report.percent:.1f} %), public score",
        )
    ]
    if old is not None:
        blocks.append(para(f"The attempt before: {old.score:.0f} of {old.possible:g}."))
    blocks += [
        para(
            f"Deal breaker: {cap.cause} The score stops at {cap.percent:g} %"
            f"{' (ours)' if cap.label == 'ours' else ''}; without it, {report.score_before_caps:.0f} points."
        )
        for cap in report.caps
    ]
    blocks.append(_steps(report, old))
    if report.missing:
        first = report.missing[:5]
        blocks.append(para("Mend these first:" if len(report.missing) > 5 else "Still to mend:"))
        blocks.append(
            points_list(
                ("→", f"{item.title} (−{item.possible - item.earned:.1f})", item.message, item.fix)
                for item in first
            )
        )
    if report.findings and any(item.label == "ours" for item in report.findings):
        blocks.append(
            para("The points are ours: the article says what sinks an answer, not how many points it costs.")
        )
    return page(
        f"Scorecard, by the rubric “{report.rubric_title}”",
        *blocks,
        mood="good" if report.percent >= 80 else "mend",
    )


def _steps(report: Report, old: Attempt | None) -> Block:
    head = ["step", "points", "of"] + (["before"] if old else [])
    rows = []
    for cell in report.cells.values():
        answered = any(finding.answered for finding in cell.findings)
        row = [cell.title, f"{cell.points:.1f}" if answered else NOT_ANSWERED, f"{cell.possible:g}"]
        rows.append(row + ([f"{old.cells.get(cell.cell_id, 0.0):.1f}"] if old else []))
    return table(head, rows, (1, 2, 3))


SPOKEN: Mapping[str, str] = {
    "notes": "owners and estimates",
    "handoffs": "hand-overs",
    "metrics": "metrics",
    "risks": "risks",
    "hypothesis": "the hypothesis",
    "scope": "what you leave out",
    "assumptions": "assumptions",
    "questions": "questions",
    "constraints": "the ranking",
    "prediction": "the prediction",
    "design": "the design",
    "alternative": "the alternative",
    "tradeoff": "the trade-off",
    "sizing": "sizing",
    "rollout": "the rollout",
    "cadence": "what is repeated",
    "close": "the close",
    "pushbacks": "your stances",
    "audits": "the number",
    "cadences": "what is repeated every day, week and quarter",
    "phases": "the phases",
    "data_plan": "the plan of the data",
    "time_plan": "the plan of your time",
    "table": "the table",
}


def listed(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def spoken(name: str) -> str:
    """A part of the answer as one says it."""
    return SPOKEN.get(name, name)

"""The pages of the workbook, each a pure function of an answer, a report or an evaluation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from casebook.course.workbook_page import Block, Page, page, para, points_list, table

if TYPE_CHECKING:
    from casebook.checks import Finding, Report
    from casebook.course.attempts import Attempt
    from casebook.design import Case, Evaluation

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


def compared(prediction: Any, ev: Evaluation) -> Page:
    """Prediction beside outcome, with how many times too high or too low each guess was."""
    from casebook.show.headline import amount
    from casebook.show.series import money

    guess = prediction
    rows = [
        _compare(
            "slowest 1 in 100 (p99)", guess and guess.p99_ms, ev.latency_ms(0.99), lambda v: amount(v, "ms")
        ),
        _compare("cost a month", guess and guess.cost_usd_month, ev.cost_usd_month, money),
        [
            "busiest part",
            (guess and guess.bottleneck) or "–",
            ev.bottleneck,
            ""
            if not guess or not guess.bottleneck
            else ("right" if guess.bottleneck == ev.bottleneck else "another part"),
        ],
    ]
    hours = guess and guess.review_queue_hours
    if hours or (math.isfinite(ev.review_wait_hours) and ev.review_wait_hours > 0):
        rows.append(_compare("hours in the queue of people", hours, ev.review_wait_hours, lambda v: amount(v, "hours")))
    words = (
        "Not graded. Look at the row you were furthest off: what did you leave out of your picture?"
        if guess
        else "There was no prediction to compare with."
    )
    blocks = [table(["", "you said", "it is", ""], rows, (1, 2)), para(words)]
    if own := own_figures(ev):
        blocks += [para("What else the model says of the design you kept:"), table(["", ""], own, (1,))]
    return page("Your guess and the outcome", *blocks)


_FIGURE_UNITS = {"percent": "%", "1/s": "a second", "ratio": "", "usd/month": "usd a month", "usd/year": "usd a year"}


def own_figures(ev: Evaluation, only: str = "") -> list[list[str]]:
    """Title and value of the figures that the case works out and no target shows; ``only`` one of them by metric.

    A figure of a knob that the chosen options do not have means nothing: it stands as a dash.
    """
    from casebook.show.headline import amount

    shown = {target.metric for target in ev.design.data.targets}
    rows = []
    for figure in ev.design.data.figures:
        metric = f"quality.{figure.id}"
        if metric not in shown and only in ("", metric):
            unit = _FIGURE_UNITS.get(figure.unit, figure.unit)
            said = amount(ev.quality[figure.id], unit).strip() if figure.told_by(ev.design.knobs) else "–"
            rows.append([figure.title, said])
    return rows


def _compare(name: str, guess: float | None, value: float, say: Any) -> list[str]:
    if guess is None:
        return [name, "–", say(value), ""]
    return [name, say(guess), say(value), off_by(guess, value)]


def off_by(guess: float, value: float) -> str:
    """'spot on', '3 × too high', '2 × too low'; nothing where it cannot be said."""
    if guess <= 0 or value <= 0 or not math.isfinite(guess) or not math.isfinite(value):
        return "" if guess != value else "spot on"
    ratio = guess / value
    if 0.9 <= ratio <= 1.1:
        return "spot on"
    times, way = (ratio, "high") if ratio > 1 else (1 / ratio, "low")
    return f"{times:,.0f} × too {way}" if times >= 10 else f"{times:.2g} × too {way}"


def pushed(
    pushback: Any, before: Evaluation | None, after: Evaluation | None, instead: Mapping[str, float] | None = None
) -> Page:
    """The interviewer's line, the kept design before and after, and the one number asked for.

    ``instead``: figures that a variant multiplies (id → factor)."""
    from casebook.facts import render
    from casebook.show.colours import status_look
    from casebook.show.headline import amount
    from casebook.show.series import money

    said = para(f"“{render(pushback.line, instead=instead)}”", "say")
    if before is None or after is None:
        return page(
            pushback.title,
            said,
            para("Keep a design on the board first; it is then run again in the new world."),
            mood="quiet",
        )
    rows = []
    for was, now in zip(before.verdicts, after.verdicts, strict=True):
        look = status_look("" if now.status == "quick" else now.status)
        rows.append(
            [
                was.title,
                amount(was.value, was.unit),
                amount(now.value, now.unit),
                f"{look.sign} {look.word} ({'≤' if now.direction == 'max' else '≥'} {amount(now.limit, now.unit)})",
            ]
        )
    rows += [["Bill a month", money(before.cost_usd_month), money(after.cost_usd_month), ""]]
    for key, name in (("flagged_day", "Flagged a day"), ("review_hours_day", "Hours of review a day")):
        if before.quality.get(key) or after.quality.get(key):
            rows.append([name, _count(before.quality[key]), _count(after.quality[key]), ""])
    rows.append(["Busiest part", _busy(before), _busy(after), ""])
    metric = pushback.asks.metric
    for was_row, now_row in zip(own_figures(before, metric), own_figures(after, metric), strict=True):
        rows.append([was_row[0], was_row[1], now_row[1], ""])
    unit = UNITS.get(pushback.asks.unit, pushback.asks.unit)
    asked = para(
        f"Asked for: {pushback.asks.text}, in {unit}. Then: does it survive, does it change, or do you defend it, "
        "and at what price?"
    )
    return page(pushback.title, said, table(["", "before", "now", ""], rows, (1, 2)), asked)


def _count(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _busy(ev: Evaluation) -> str:
    busy = ev.utilisation.get(ev.bottleneck)
    return ev.bottleneck if busy is None else f"{ev.bottleneck} {busy:.0%}"


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


UNITS: Mapping[str, str] = {"usd": "dollars", "share": "percent"}
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
    "cadences": "what is repeated",
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

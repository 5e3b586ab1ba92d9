"""Pages on what the kept design does: beside the guess, and before and after an interviewer's pushback."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casebook.course.workbook_page import Page, page, para, table

if TYPE_CHECKING:
    from casebook.design import Evaluation

UNITS: Mapping[str, str] = {"usd": "dollars", "share": "percent"}
# Why 417 ms may stand here and 413 ms beside the word "met".
ONE_RUN = "Times are those of one run; the words met and missed come from sixteen, so a last digit may differ."
_FIGURE_UNITS = {"percent": "%", "1/s": "a second", "ratio": "", "usd/month": "usd a month", "usd/year": "usd a year"}


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
    blocks = [table(["", "you said", "it is", ""], rows, (1, 2)), para(words), para(ONE_RUN)]
    if own := own_figures(ev):
        blocks += [para("What else the model says of the design you kept:"), table(["", ""], own, (1,))]
    return page("Your guess and the outcome", *blocks)


def own_figures(ev: Evaluation, only: str = "") -> list[list[str]]:
    """Title and value of the figures that the case works out and no target shows; ``only`` one of them by metric.

    Without ``only``, a figure that tells another one in another unit is left out.
    A figure of a knob that the chosen options do not have means nothing: it stands as a dash.
    """
    from casebook.show.headline import amount
    from casebook.show.own_figures import retold

    shown = {target.metric for target in ev.design.data.targets}
    twice = frozenset() if only else retold(ev.design.data)
    rows = []
    for figure in ev.design.data.figures:
        metric = f"quality.{figure.id}"
        if metric not in shown and figure.id not in twice and only in ("", metric):
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
    from casebook.show.colours import look_of
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
        look = look_of(now)
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

"""The case's own figures beside the design that was kept: what stands behind the targets, and what moved since."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from casebook.show.headline import amount
from casebook.show.svg import esc, join

if TYPE_CHECKING:
    from casebook.design import Evaluation
    from casebook.facts.case import CaseData

# A share times a hundred, or a percentile in seconds: the same number in another unit.
_RETOLD = re.compile(r"100\s*\*\s*([a-z][a-z0-9_]*)|([a-z][a-z0-9_]*)\s*\*\s*100|p(50|95|99)_ms\s*/\s*1000")
# Figures of the quality models that are code; those of a case file carry title and unit there.
_BUILT_IN = {
    "recall": ("Of the bad, found", "share"),
    "precision": ("Of the flagged, bad", "share"),
    "false_positive_rate": ("Of the clean, flagged", "share"),
    "scored_share": ("Scored by the model", "share"),
    "flagged_share": ("Flagged, of the scored", "share"),
    "toxic_removed": ("Bad content removed", "share"),
    "flagged_day": ("Flagged a day", ""),
    "review_hours_day": ("Work for reviewers a day", "hours"),
    "missed_day": ("Missed a day", ""),
    "wrongly_blocked_day": ("Wrongly blocked a day", ""),
}


def retold(data: CaseData) -> frozenset[str]:
    """Ids of figures that say what another figure or the latency target says, in another unit.

    Formulas and pushbacks need them ("points"); who reads both takes them for two things, or, where a late figure
    comes from a shorter run than the target, for two answers.
    """
    shares = {one.id for one in data.figures if one.unit == "share"}
    tails = {f"{100 * float(one.quantile):g}" for one in data.targets if one.quantile is not None}
    found = {one.id: _RETOLD.fullmatch(str(one.formula).strip()) for one in data.figures}
    return frozenset(
        key for key, match in found.items() if match and ((match[1] or match[2]) in shares or match[3] in tails)
    )


def own_figures(ev: Evaluation, kept: Evaluation | None) -> list[tuple[str, str, str, str]]:
    """(title, what the shown design does, what the kept one does, where it comes from), in the case's order.

    Figures that a target shows already are left out, and those that tell another one in another unit.
    """
    data = ev.design.data
    shown = {target.metric.removeprefix("quality.") for target in data.targets}
    twice = retold(data)
    told = [(one.id, one.title, one.unit, one.note) for one in data.figures if one.id not in twice]
    if not data.figures:
        told = [(key, title, unit, "") for key, (title, unit) in _BUILT_IN.items()]
    now, then = dict(ev.quality), {} if kept is None else dict(kept.quality)
    for one in data.figures:  # a figure of a knob that a design does not have means nothing: a dash
        for values, shown_by in ((now, ev), (then, kept)):
            if shown_by is not None and one.id in values and not one.told_by(shown_by.design.knobs):
                values[one.id] = math.nan
    rows, titles = [], set[str]()
    for key, title, unit, note in told:
        if key in shown or key not in now or title in titles:
            continue
        titles.add(title)
        rows.append((title, _told(now[key], unit), _told(then[key], unit) if key in then else "", note))
    return rows


def _told(value: float, unit: str) -> str:
    return "–" if math.isnan(value) else amount(float(value), unit)


def own_figures_html(ev: Evaluation, kept: Evaluation | None) -> str:
    """The figures as a block of the board; empty where the case has none."""
    rows = own_figures(ev, kept)
    if not rows:
        return ""
    return (
        '<section class="cb-own" aria-label="The case\'s own figures">'
        '<p class="cb-own-title">Behind the targets: the case\'s own figures <small>(now, and as kept where it differs)'
        f"</small></p><dl>{join(_entry(*row) for row in rows)}</dl></section>"
    )


def _entry(title: str, now: str, then: str, note: str) -> str:
    hint = f' title="{esc(note)}"' if note else ""
    before = f"<small>kept {esc(then)}</small>" if then and then != now else ""
    number, _, unit = now.partition(" ")
    what = f' <span class="cb-unit">{esc(unit)}</span>' if unit else ""
    return f"<div{hint}><dt>{esc(title)}</dt><dd>{esc(number)}{what}{before}</dd></div>"

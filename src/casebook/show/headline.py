"""The headline numbers: every target beside what the design does, and the one that binds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from casebook.show.colours import look_of
from casebook.show.series import duration, money, three, unit_price
from casebook.show.svg import esc, join

if TYPE_CHECKING:
    from casebook.design import Evaluation, Verdict


def amount(value: float, unit: str) -> str:
    """A figure with its unit in the words of the page: 180 ms, 4.8 %, $0.0132, 3.2 h, 6.5 weeks, 40 a second."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "never ends"
    if value < 0:
        return f"−{amount(-value, unit)}"
    if unit == "ms":
        return duration(value)
    if unit in ("share", "percent"):
        return f"{three(value * 100 if unit == 'share' else value)} %"
    if unit == "usd":
        return unit_price(value) if value < 1 else money(value)
    if unit == "hours":
        return duration(value * 3_600_000.0) if 0 < value < 1 else f"{three(value)} h"
    if unit == "ratio":
        return _short(value)
    if unit.startswith(("usd ", "usd/")):
        return f"{money(value)} {_spoken(unit)[4:]}"
    return f"{_short(value)} {_one(_spoken(unit)) if value == 1 else _spoken(unit)}".rstrip()


def _short(value: float) -> str:
    shown = three(value)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _one(unit: str) -> str:
    """The unit of a single one: week, answer a day; s and ms stay as they are."""
    first, gap, rest = unit.partition(" ")
    plural = len(first) > 2 and first.endswith("s") and not first.endswith("ss")
    return (first[:-1] if plural else first) + gap + rest


def _spoken(unit: str) -> str:
    """A unit without a slash: 1/s is a second, questions/day is questions a day."""
    what, slash, per = unit.partition("/")
    if not slash:
        return unit
    each = f"a {({'s': 'second', 'h': 'hour', 'min': 'minute'}).get(per, per)}"
    return each if what == "1" else f"{what} {each}"


def limit(verdict: Verdict) -> str:
    """The limit of a verdict, without idle zeros: 24 h, 5 %, $0.015."""
    number, gap, unit = amount(verdict.limit, verdict.unit).partition(" ")
    return (number.rstrip("0").rstrip(".") if "." in number else number) + gap + unit


def figure_words(ev: Evaluation, verdict: Verdict) -> str:
    """What a target's tile shows; where nobody ever waits for a person, that, and no time of nought."""
    target = next((one for one in ev.design.data.targets if one.id == verdict.target), None)
    if target is not None and target.metric == "review_wait_hours" and verdict.value == 0:
        return "none"
    return amount(verdict.value, verdict.unit)


def verdict_words(verdict: Verdict) -> str:
    """One verdict as a sentence, for people who hear the page."""
    sign = "at most" if verdict.direction == "max" else "at least"
    look = look_of(verdict)
    return (
        f"{verdict.title}: {amount(verdict.value, verdict.unit)}, target {sign} "
        f"{limit(verdict)}: {look.word}."
    )


def headline(ev: Evaluation) -> str:
    """The row of tiles as HTML; the tile of the dominant constraint says so."""
    binding = ev.dominant_constraint.target
    tiles = join(_tile(one, figure_words(ev, one), one.target == binding) for one in ev.verdicts)
    return f'<div class="cb-tiles" role="list" style="--cb-cols: {columns(len(ev.verdicts), 6)}">{tiles}</div>'


def columns(count: int, most: int) -> int:
    """Columns for so many things in rows as even as can be."""
    rows = -(-count // most) or 1
    return -(-count // rows)


def binding_line(ev: Evaluation) -> str:
    """Which target has the least room, which part is the busiest, and what the whole costs."""
    verdict = ev.dominant_constraint
    busy = ev.utilisation.get(ev.bottleneck)
    part = next((slot.title for slot in ev.design.data.slots if slot.id == ev.bottleneck), ev.bottleneck)
    load = "" if busy is None else f", {_busy(busy)} busy" if busy < 1 else ", more work than it can do"
    room = verdict.margin
    if not math.isfinite(room):
        space = "no steady state at all"
    elif abs(room) < 0.005:
        space = "no room at all"
    elif room < -2 and verdict.direction == "max" and verdict.limit > 0:
        space = f"{three(verdict.value / verdict.limit)} times its limit"
    else:
        space = f"{abs(room) * 100:.0f} % {'to spare' if room > 0 else 'short of its target'}"
    return (
        f'<p class="cb-binding"><b>What binds:</b> {esc(verdict.title.lower())} ({space}). '
        f"<b>Bottleneck:</b> {esc(part.lower())}{esc(load)}. "
        f"<b>Bill:</b> {esc(money(ev.cost_usd_month))} a month.</p>"
    )


def _busy(share: float) -> str:
    return f"{share * 100:.0f} %" if share >= 0.01 else "under 1 %"


def _tile(verdict: Verdict, shown: str, binding: bool) -> str:
    look = look_of(verdict)
    sign = "≤" if verdict.direction == "max" else "≥"
    ours = (
        '<abbr title="This limit is ours: the article gives none.">ours</abbr>'
        if verdict.kind == "assumption"
        else ""
    )
    mark = '<span class="cb-least">binds</span>' if binding else ""
    return (
        f'<div class="cb-tile cb-{look.css}{" cb-binds" if binding else ""}" role="listitem">'
        f'<span class="cb-name">{esc(verdict.title)}</span>'
        f'<span class="cb-value">{esc(shown)}</span>'
        f'<span class="cb-limit">{sign} {esc(limit(verdict))} {ours}</span>'
        f'<span class="cb-status"><span aria-hidden="true">{look.sign}</span> {esc(look.word)}{mark}</span></div>'
    )

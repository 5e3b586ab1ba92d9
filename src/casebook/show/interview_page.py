"""The report of a mock interview: one page that opens without a network and prints on one sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from casebook.show.colours import FAINT_INK, INK, PAPER, RULE
from casebook.show.svg import FONT, esc, join

if TYPE_CHECKING:
    from collections.abc import Sequence


class Sheet(Protocol):
    """What the page shows; ``course.interview_result.Result`` is one."""

    @property
    def title(self) -> str: ...
    @property
    def case_title(self) -> str: ...
    @property
    def brief(self) -> str: ...
    @property
    def rubric_title(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def minutes(self) -> float: ...
    @property
    def seed(self) -> int: ...
    @property
    def answered(self) -> bool: ...
    @property
    def percent(self) -> float: ...
    @property
    def earned(self) -> float: ...
    @property
    def possible(self) -> float: ...
    @property
    def caps(self) -> Sequence[Any]: ...
    @property
    def order(self) -> Sequence[Any]: ...
    @property
    def steps(self) -> Sequence[str]: ...
    @property
    def blocks(self) -> Sequence[tuple[str, float, Sequence[str]]]: ...
    @property
    def mend(self) -> Sequence[Any]: ...
    @property
    def said(self) -> Sequence[tuple[str, str]]: ...
    @property
    def picture(self) -> str: ...


_LONGEST = 420
_STYLE = f"""
*{{box-sizing:border-box}} body{{margin:0;background:#fff;color:{INK};font:14px/1.4 {FONT}}}
main{{max-width:1000px;margin:20px auto;padding:0 20px}}
h1{{font-size:20px;margin:0}} h2{{font-size:14px;margin:14px 0 4px;text-transform:none}} p{{margin:3px 0}}
.faint{{color:{FAINT_INK}}} .score{{font-size:34px;font-weight:700;line-height:1}}
.two{{display:grid;grid-template-columns:1fr 1fr;gap:0 26px}}
.head{{display:flex;justify-content:space-between;gap:20px}}
.cap{{border-left:5px double #b34300;padding:3px 10px;background:#fff4ee;margin:4px 0}}
ul{{list-style:none;margin:0;padding:0}} li{{margin:3px 0;padding-left:20px;position:relative;overflow-wrap:anywhere}}
li>b:first-child{{position:absolute;left:0}} .good{{color:#00734f}} .bad{{color:#b34300}}
.bar{{display:flex;gap:3px;margin:4px 0}} .bar div{{background:{PAPER};border:1px solid {RULE};border-radius:4px;
padding:2px 6px;font-size:12px;flex-basis:0;min-width:70px}}
.picture{{overflow-x:auto}} .picture svg{{max-width:100%;height:auto}}
@media (max-width:720px){{.two{{grid-template-columns:1fr}} .bar{{flex-wrap:wrap}}}}
@page{{size:A4 portrait;margin:10mm}}
@media print{{body{{font-size:10.5px;line-height:1.3}} main{{margin:0;padding:0;max-width:none}} h1{{font-size:15px}}
h2{{font-size:11.5px;margin:8px 0 2px}} .score{{font-size:24px}} .bar div{{font-size:9.5px}} li{{margin:2px 0}}
.picture svg{{max-height:56mm;width:auto;display:block;margin:0 auto}} .cap,li,.bar{{break-inside:avoid}}
*{{-webkit-print-color-adjust:exact;print-color-adjust:exact}}}}
"""


def interview_html(sheet: Sheet) -> str:
    """The whole page. Every word of the learner is escaped; nothing is loaded from anywhere."""
    title = f"Mock interview: {sheet.case_title}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{esc(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>{_head(sheet, title)}{_blocks(sheet)}"
        f'<div class="two"><section>{_order(sheet)}</section><section>{_mend(sheet)}</section></div>'
        f"{_said(sheet)}{_picture(sheet)}{_foot(sheet)}</main></body></html>"
    )


def _head(sheet: Sheet, title: str) -> str:
    score = (
        f'<div class="score">{sheet.percent:.0f} %</div><div class="faint">{sheet.earned:.3g} of {sheet.possible:.3g} '
        "points</div>"
        if sheet.answered
        else '<div class="score">–</div><div class="faint">not answered</div>'
    )
    caps = join(
        f'<p class="cap">Held at {cap.percent:g} %{f" ({esc(cap.label)})" if cap.label else ""}: {esc(cap.cause)}</p>'
        for cap in sheet.caps
    )
    ours = f" (points: {esc(sheet.label)})" if sheet.label else ""
    return (
        f'<div class="head"><div><h1>{esc(title)}</h1><p>“{esc(sheet.brief)}”</p><p class="faint">{esc(sheet.title)} · '
        f"rubric as the article tells it: {esc(sheet.rubric_title)}{ours} · drawn by seed {sheet.seed}</p></div>"
        f"<div>{score}</div></div>{caps}"
    )


def _blocks(sheet: Sheet) -> str:
    parts = join(
        f'<div style="flex-grow:{minutes:g}"><b>{esc(title)}</b> {minutes:g} min<br>'
        f'<span class="faint">{esc(", ".join(steps))}</span></div>'
        for title, minutes, steps in sheet.blocks
    )
    return f'<div class="bar">{parts}</div>'


def _order(sheet: Sheet) -> str:
    went = " → ".join(sheet.steps) or "no step was begun"
    rows = join(
        f'<li><b class="{"good" if item.kept else "bad"}">{"✓" if item.kept else "✗"}</b>{esc(item.said)}'
        f"{'' if item.kept else f'<br><span class=faint>{esc(item.why)}</span>'}</li>"
        for item in sheet.order
    )
    return f"<h2>The order in which you spoke</h2><p>{esc(went)}</p><ul>{rows}</ul>"


def _mend(sheet: Sheet) -> str:
    if not sheet.answered:
        return "<h2>What to mend first</h2><p>Nothing was written.</p>"
    if not sheet.mend:
        return "<h2>What to mend first</h2><p>Nothing is missing.</p>"
    rows = join(
        f'<li><b class="bad">→</b><b>{esc(item.title)}</b> (−{item.lost:.3g})<br>{esc(_short(item.message))} '
        f'<span class="faint">{esc(_short(item.fix))}</span></li>'
        for item in sheet.mend
    )
    return f"<h2>What to mend first</h2><ul>{rows}</ul>"


def _said(sheet: Sheet) -> str:
    if not sheet.said:
        return ""
    rows = join(f"<p><b>{esc(head)}.</b> {esc(_short(words))}</p>" for head, words in sheet.said)
    return f"<h2>What you said</h2>{rows}"


def _picture(sheet: Sheet) -> str:
    return f'<h2>What you drew</h2><div class="picture">{sheet.picture}</div>' if sheet.picture else ""


def _foot(sheet: Sheet) -> str:
    return (
        '<p class="faint">Public score of the workbook. Questions about the source are left out; what a person would '
        "have heard in your voice is not in here.</p>"
    )


def _short(words: str) -> str:
    """A long line cut at a word, so that one page stays one page."""
    if len(words) <= _LONGEST:
        return words
    return f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"

"""A report as one page that can be saved, printed or mailed: score, caps, what to mend first, the design."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from casebook.show.colours import FAINT_INK, INK, PAPER, RULE
from casebook.show.sketching import architecture_svg
from casebook.show.svg import FONT, esc, join

if TYPE_CHECKING:
    from casebook.checks import Finding, Report
    from casebook.design import Evaluation

_STYLE = f"""
body{{margin:0;background:#fff;color:{INK};font:14px/1.45 {FONT}}}
main{{max-width:980px;margin:24px auto;padding:0 20px}}
h1{{font-size:22px;margin:0 0 4px}} h2{{font-size:16px;margin:22px 0 6px}} p{{margin:4px 0}}
.faint{{color:{FAINT_INK}}} .score{{font-size:34px;font-weight:700}}
.cap{{border-left:5px double #b34300;padding:6px 12px;background:#fff4ee;margin:6px 0}}
table{{border-collapse:collapse;width:100%}}
th,td{{text-align:left;vertical-align:top;padding:6px 10px 6px 0;border-bottom:1px solid {RULE}}}
td.n{{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}}
.pass{{color:#00734f}} .mend{{color:#b34300}} .picture{{overflow-x:auto}}
code{{background:{PAPER};padding:0 3px;overflow-wrap:anywhere}} @media print{{main{{margin:0}}}}
"""


def report_html(
    report: Report,
    previous: Report | None = None,
    evaluation: Evaluation | None = None,
    notes: Iterable[Any] = (),
) -> str:
    """A whole HTML page. With `previous`, both attempts stand side by side; with an evaluation of the design,
    its picture is on the page. Every word of a learner is escaped; nothing is loaded from a network."""
    kind = "Public score" if report.public else "Score"
    picture = ""
    if evaluation is not None:
        drawn = architecture_svg(evaluation.design, evaluation, notes)
        picture = f'<h2>The design</h2><div class="picture">{drawn}</div>'
    title = f"{kind}: {report.case_id}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{esc(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>"
        f"<h1>{esc(title)}</h1><p class='faint'>Rubric: {esc(report.rubric_title)}</p>{_score(report, previous)}"
        f"{join(_cap(cap) for cap in report.caps)}{_missing(report)}{_cells(report, previous)}{picture}"
        f"{_findings(report)}</main></body></html>"
    )


def points(value: float) -> str:
    """Points as people write them: at most two decimals, no idle zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _score(report: Report, previous: Report | None) -> str:
    if not report.answered:
        return (
            '<p class="score">not answered</p><p>Nothing was written yet, so there is nothing to score.</p>'
        )
    before = ""
    if report.caps:
        before = f' <span class="faint">(before caps {points(report.score_before_caps)})</span>'
    then = ""
    if previous is not None:
        change = report.score - previous.score
        then = (
            f"<p>The attempt before: {points(previous.score)} of {points(previous.possible)}; "
            f"{'up' if change > 0 else 'down' if change < 0 else 'unchanged'} "
            f"{points(abs(change)) if change else ''}</p>"
        )
    return (
        f'<p><span class="score">{points(report.score)}</span> of {points(report.possible)} points'
        f"{before}</p>{then}"
    )


def _cap(cap: Any) -> str:
    ours = " <small>(the limit is ours)</small>" if cap.label == "ours" else ""
    return (
        f'<p class="cap"><b>Deal breaker.</b> {esc(cap.cause)} The score may not pass '
        f"{points(cap.percent)} % of what was possible.{ours}</p>"
    )


def _missing(report: Report) -> str:
    rows = report.missing[:3]
    if not rows or not report.answered:
        return ""
    entries = join(
        f"<li><b>{esc(row.title)}</b> ({points(row.possible - row.earned)} points): "
        f"{esc(row.fix or row.message)}</li>"
        for row in rows
    )
    return f"<h2>Mend these first</h2><ol>{entries}</ol>"


def _cells(report: Report, previous: Report | None) -> str:
    head = (
        "<tr><th>Part</th>" + ("<th>Before</th>" if previous else "") + "<th>Now</th><th>Possible</th></tr>"
    )
    rows = []
    for name, cell in report.cells.items():
        old = previous.cells.get(name) if previous else None
        then = f'<td class="n">{points(old.points) if old else "–"}</td>' if previous else ""
        rows.append(
            f'<tr><td>{esc(cell.title)}</td>{then}<td class="n">{points(cell.points)}</td>'
            f'<td class="n">{points(cell.possible)}</td></tr>'
        )
    return f"<h2>Part by part</h2><table>{head}{join(rows)}</table>"


def _findings(report: Report) -> str:
    head = "<tr><th></th><th>Checked</th><th>Points</th><th>What decided it, and how to mend it</th></tr>"
    return f"<h2>Every check</h2><table>{head}{join(_finding(row) for row in report.findings)}</table>"


def _finding(row: Finding) -> str:
    sign, look, word = ("✓", "pass", "passed") if row.passed else ("✗", "mend", "to mend")
    told = esc(row.message)
    if row.evidence:
        told += f"<br><small>decided by <code>{esc(row.evidence)}</code></small>"
    if row.fix and not row.passed:
        told += f"<br><b>Mend it:</b> {esc(row.fix)}"
    ours = " <small>(ours)</small>" if row.label == "ours" else ""
    return (
        f'<tr><td class="{look}" title="{word}">{sign}</td><td>{esc(row.title)}{ours}</td>'
        f'<td class="n">{points(row.earned)} / {points(row.possible)}</td><td>{told}</td></tr>'
    )

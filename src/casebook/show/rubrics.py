"""The same answer under all rubrics, side by side: a table that needs no script and survives an export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.show.colours import FAINT_INK, INK, PAPER, RULE
from casebook.show.svg import FONT, Shown, esc, join

if TYPE_CHECKING:
    from casebook.answer import Answer
    from casebook.checks.side import Column, Row, SideBySide

_STYLE = f"""<style>
.cbr{{font:14px/1.4 {FONT};color:{INK};background:{PAPER};border:1px solid {RULE};border-radius:8px;
 padding:12px 16px;max-width:980px;overflow-x:auto}}
.cbr table{{border-collapse:collapse;margin:6px 0;font-size:13px}}
.cbr td,.cbr th{{padding:4px 12px 4px 0!important;text-align:left!important;vertical-align:top;white-space:normal;
 border-bottom:1px solid {RULE};background:none!important;color:{INK}}}
.cbr .score{{font-size:20px;font-weight:650}} .cbr .faint{{color:{FAINT_INK};font-size:12px;font-weight:400}}
.cbr .pass{{color:#00734f}} .cbr .mend{{color:#b34300}}
</style>"""
_SIGNS = {"earned": ("✓", "pass"), "lost": ("✗", "mend"), "not asked here": ("·", "faint")}


def rubrics_panel(answer: Answer) -> Shown:
    """The answer under every rubric; words of a learner do not appear, titles are escaped."""
    from casebook.checks.side import side_by_side

    found = side_by_side(answer)
    return Shown(panel_html(found), panel_text(found))


def panel_html(found: SideBySide) -> str:
    """A table with a column for each rubric: score, what each dimension got, then every finding's state."""
    heads = join(f"<th>{esc(column.title)}{_own(column)}</th>" for column in found.columns)
    scores = join(f"<td>{_score(column)}</td>" for column in found.columns)
    parts = join(f"<td class='faint'>{_parts(column)}</td>" for column in found.columns)
    rows = join(_row(row, found.columns) for row in found.rows)
    told = join(
        f"<li><b>{esc(column.title)}</b>, as the article tells it: {esc(column.as_told)} "
        f"<span class='faint'>{esc(_whose(column))}</span></li>"
        for column in found.columns
    )
    return (
        f"{_STYLE}<div class='cbr' data-panel='rubrics'><b>The same answer under {len(found.columns)} rubrics</b>"
        f"<table><tr><th></th>{heads}</tr><tr><th>Score</th>{scores}</tr><tr><th>Of it</th>{parts}</tr>"
        f"{rows}</table><p class='faint'>✓ earned, ✗ lost (points kept in brackets), · not asked here. A percentage "
        f"is over what was asked; where less than half was asked there is none.</p><ul>{told}</ul></div>"
    )


def panel_text(found: SideBySide) -> str:
    """The panel as aligned text."""
    head = ["", *(column.title for column in found.columns)]
    rows = [["score", *(percent(column) for column in found.columns)]]
    for row in found.rows:
        rows.append([f"{row.check} {row.title}"[:60], *(state for state in row.states)])
    widths = [max(len(line[at]) for line in (head, *rows)) for at in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in (head, *rows)
    ]
    return "\n".join([*lines, *(f"{column.title}: {_whose(column)}" for column in found.columns)])


def percent(column: Column) -> str:
    """'87 %', or 'findings only' where less than half of the rubric is asked."""
    if not column.report.answered:
        return "not answered"
    return "findings only" if column.percent is None else f"{column.percent:.0f} %"


def _own(column: Column) -> str:
    return "<br><span class='faint'>this case's own</span>" if column.own else ""


def _whose(column: Column) -> str:
    """Whose the numbers are: said on the scorecard itself."""
    return f"Points {column.label}: {column.note}." if column.label else column.note


def _score(column: Column) -> str:
    asked = f"{column.report.possible:g} points asked"
    if column.asked_share < 1:
        asked += f", {100 * column.asked_share:.0f} % of the rubric"
    caps = join(
        f"<br><span class='mend'>{esc(cap.verdict or 'deal breaker')}</span>: {esc(cap.cause)}"
        f"{' (limit ours)' if cap.label == 'ours' else ''}"
        for cap in column.report.caps
    )
    levels = join(f"<br>{esc(level.title)}: {esc(level.verdict)}" for level in column.report.levels)
    return (
        f"<span class='score'>{esc(percent(column))}</span><br>"
        f"<span class='faint'>{esc(asked)}{' · points ours' if column.label == 'ours' else ''}{levels}{caps}</span>"
    )


def _parts(column: Column) -> str:
    return join(f"{esc(part.title)} {part.points:.0f} of {part.possible:g}<br>" for part in column.dimensions)


def _row(row: Row, columns: tuple[Column, ...]) -> str:
    cells = []
    for state, points in zip(row.states, row.points, strict=True):
        sign, look = _SIGNS[state]
        kept = f" ({points[0]:.2g} of {points[1]:g})" if state == "lost" and points and points[0] else ""
        cells.append(f"<td class='{look}' title='{state}'>{sign}{kept}</td>")
    return f"<tr><td>{esc(row.title)} <span class='faint'>{esc(row.check)}</span></td>{join(cells)}</tr>"

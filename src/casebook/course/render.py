"""Everything of a judged submission that somebody will look at, with every learner's word escaped.

The output of a test cell, the banner of a submission that was not scored, prose, and the whole notebook.
"""

from __future__ import annotations

import copy
from html import escape
from typing import Any

from casebook.course.outcome import CellGrade, Note, Outcome

MAX_QUOTE = 600
OURS = "How many points a check is worth is ours: the article says what matters and names no points."
STATUS_WORDS = {
    "graded": "Graded",
    "partial": "Graded in part",
    "refused": "Not graded: the notebook could not be accepted",
    "timeout": "Not graded: it took too long",
    "crashed": "Not graded: grading was interrupted",
    "needs-manual": "Waits for a person",
}


def points(value: float) -> str:
    """A number of points as people write it: at most two decimals, no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


# JupyterLab and nbgrader both push table cells to the right unless each says otherwise.
LEFT = 'style="text-align: left; vertical-align: top"'


def cell_html(cell: CellGrade, outcome: Outcome) -> str:
    """The findings of one test cell with the way to mend them; caps are told where they cost points."""
    rows = "".join(_row(note) for note in cell.notes)
    title = f"{escape(cell.title)}: " if cell.title else ""
    head = f"<p><b>{title}{points(cell.points)} of {points(cell.possible)} points</b>{_capped(cell, outcome)}</p>"
    heads = ("", "Checked", "Points", "What decided it, and how to mend it")
    columns = f"<tr>{''.join(f'<th {LEFT}>{head}</th>' for head in heads)}</tr>"
    table = f"<table>{columns}{rows}</table>" if rows else "<p>Nothing to check here.</p>"
    return f"<div class='mathjax_ignore tex2jax_ignore'>{head}{table}</div>"


def not_scored_html(outcome: Outcome) -> str:
    """What a test cell shows when no honest number can be given."""
    return f"<p><b>{escape(STATUS_WORDS[outcome.status])}.</b> {_quote(outcome.reason)}</p>"


def banner(outcome: Outcome) -> str:
    """Markdown for the top of a graded notebook: status, reason, totals, caps and repairs."""
    lines = [f"<b>{escape(STATUS_WORDS[outcome.status])}</b>"]
    if outcome.score is not None and outcome.possible is not None and outcome.score_before_caps is not None:
        lines[0] += f": {points(outcome.score)} of {points(outcome.possible)} points in the machine-graded part"
        if outcome.caps:
            lines.append(f"Before caps it was {points(outcome.score_before_caps)} points.")
    if outcome.reason:
        lines.append(_quote(outcome.reason, 4 * MAX_QUOTE))
    if outcome.how != "read":
        place = " in a jail" if outcome.how == "jailed" else ""
        lines.append(f"It was run{place}, because these cells compute: {_quote(', '.join(outcome.must_run))}.")
    lines.extend(f"Cap at {points(cap.limit)} points: {_quote(cap.cause)}" for cap in outcome.caps)
    if outcome.scored:
        lines.append(f"<small>{OURS}</small>")
    lines.extend(f"Repaired: {_quote(repair)}" for repair in outcome.repairs)
    classes = f"mathjax_ignore tex2jax_ignore casebook-{outcome.status}"
    return f"<div class='{classes}'>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>"


def prose(text: str) -> str:
    """A learner's own words as they were typed: no markup of theirs is ever interpreted."""
    return f'<pre style="white-space: pre-wrap">{escape(text)}</pre>'


def showable(notebook: dict[str, Any], outcome: Outcome | None = None) -> dict[str, Any]:
    """A copy of a rebuilt notebook that is safe in the instructor's browser.

    Written answers become quoted text (unless they are still the released stub, whose checksum nbgrader
    compares), code cells carry no output, and with ``outcome`` a banner stands on top.
    """
    shown = copy.deepcopy(notebook)
    for cell in shown["cells"]:
        marks = cell.get("metadata", {}).get("nbgrader") or {}
        cell.pop("attachments", None)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        elif marks.get("solution") and cell["source"] and not is_stub(cell):
            cell["source"] = prose(str(cell["source"]))
    if outcome is not None:
        top = {"cell_type": "markdown", "id": "casebook-status", "metadata": {}, "source": banner(outcome)}
        shown["cells"].insert(0, top)
    return shown


def is_stub(cell: dict[str, Any]) -> bool:
    """Whether a written answer is still the text that was released."""
    from nbformat.notebooknode import from_dict
    from nbgrader.utils import compute_checksum

    marks = cell["metadata"]["nbgrader"]
    return bool(marks.get("checksum")) and marks["checksum"] == compute_checksum(from_dict(cell))


def _row(note: Note) -> str:
    mark = "✓" if note.passed else "✗"
    spoken = "passed" if note.passed else "to mend"
    told = _quote(note.message)
    if note.evidence:
        told += f"<br><small>decided by: <code>{_quote(note.evidence)}</code></small>"
    if note.fix and not note.passed:
        told += f"<br><b>Mend it:</b> {_quote(note.fix)}"
    score = f"{points(note.earned)} / {points(note.possible)}"
    checked = f'<td {LEFT} title="{spoken}">{mark}</td><td {LEFT}>{_quote(note.label)}</td>'
    narrow = LEFT.replace("top", "top; white-space: nowrap")  # "0.33 / 1" in one line
    return f"<tr>{checked}<td {narrow}>{score}</td><td {LEFT}>{told}</td></tr>"


def _capped(cell: CellGrade, outcome: Outcome) -> str:
    if not outcome.caps or cell.points >= cell.before_caps:
        return ""
    causes = " ".join(f"Cap at {points(cap.limit)}: {_quote(cap.cause)}" for cap in outcome.caps)
    return f" (before the cap: {points(cell.before_caps)}). {causes}"


def _quote(text: str, limit: int = MAX_QUOTE) -> str:
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return escape(shown)

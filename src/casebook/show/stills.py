"""The board as a still page of HTML: what an export, a reopened notebook or a mail shows in its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from casebook.show.colours import INK, PAPER, RULE, look_of
from casebook.show.costs import bill_series, volume_series
from casebook.show.headline import amount, figure_words, limit
from casebook.show.plots import bill_picture, latency_picture, volume_picture
from casebook.show.series import latency_series
from casebook.show.sketching import architecture_svg
from casebook.show.svg import FONT, esc, join

if TYPE_CHECKING:
    from casebook.design import Evaluation

RUN_ALL = (
    "This is a still picture of the board. To use it, open the notebook in JupyterLab and choose "
    "Run, then Run All Cells."
)


def latency_limit(ev: Evaluation) -> tuple[float | None, str]:
    """The limit of the latency target under this evaluation, and the label that stands at its line."""
    target = next((one for one in ev.design.data.targets if one.metric == "latency_ms"), None)
    if target is None:
        return None, ""
    limit_ms = dict(ev.conditions.targets).get(target.id, float(target.limit))
    return limit_ms, f"target {amount(limit_ms, 'ms')}"


def board_html(
    ev: Evaluation,
    judged: Evaluation | None = None,
    notes: Iterable[Any] = (),
    line: str = RUN_ALL,
    cover: str = "",
) -> str:
    """Headline table, three plots and the architecture: complete without script, style sheet or network.

    `judged` is the graded evaluation of the same design, for the words; without it none are given. With
    `cover`, only these words are shown.
    """
    frame = (
        f"font-family:{FONT};color:{INK};background:{PAPER};border:1px solid {RULE};border-radius:10px;"
        "padding:12px;max-width:1120px"
    )
    scenario = next(item.title for item in ev.design.data.scenarios if item.id == ev.scenario)
    head = f"<p><b>{esc(ev.design.data.title)}</b>, scenario {esc(scenario)}. {esc(line)}</p>"
    if cover:
        return f'<div class="cb-still" style="{esc(frame)}">{head}<p>{esc(cover)}</p></div>'
    limit_ms, label = latency_limit(ev)
    plots = (
        latency_picture(latency_series(ev, limit_ms, label, ev.design.data.unit.request)),
        bill_picture(bill_series(ev)),
        volume_picture(volume_series(ev)),
    )
    return (
        f'<div class="cb-still" style="{esc(frame)}">{head}{_table(judged or ev)}'
        f'<div style="display:flex;flex-wrap:wrap;gap:8px">{join(plots)}</div>'
        f'<div style="overflow-x:auto;margin:8px 0">{architecture_svg(ev.design, ev, notes)}</div>'
        f'<p style="font-size:12px">The design: <code>{esc(repr(ev.design))}</code></p>'
        f'<p style="font-size:12px">Left out of the model: {esc("; ".join(ev.leaves_out))}.</p></div>'
    )


def _table(ev: Evaluation) -> str:
    rows = []
    for verdict in ev.verdicts:
        look = look_of(verdict)
        word = "not judged in a quick run" if verdict.status == "quick" else look.word
        sign = "at most" if verdict.direction == "max" else "at least"
        cells = (
            f"<b>{esc(verdict.title)}</b>",
            esc(figure_words(ev, verdict)),
            f"{sign} {esc(limit(verdict))}",
            f"{look.sign} {esc(word)}",
        )
        rows.append(f"<tr>{join(f'<td {_CELL}>{cell}</td>' for cell in cells)}</tr>")
    names = ("Target", "This design", "Limit", "Verdict")
    head = join(f"<th {_CELL}>{name}</th>" for name in names)
    return f'<table style="border-collapse:collapse;font-size:13px;margin:6px 0"><tr>{head}</tr>{join(rows)}</table>'


_CELL = 'style="text-align:left;padding:2px 16px 2px 0"'

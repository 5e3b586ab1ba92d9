"""What a search shows: the front and the tornadoes as a cell's output, and a whole page for ``optimise --html``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casebook.show.colours import FAINT_INK, INK, PAPER, RULE, look_of
from casebook.show.front import front_picture, front_words, words
from casebook.show.headline import amount, limit
from casebook.show.svg import FONT, Shown, esc, join
from casebook.show.tornado import still, tornado_words

if TYPE_CHECKING:
    from casebook.design import Conditions, Design, Evaluation
    from casebook.facts import CaseData
    from casebook.search import Found, Front, Tornado

ONE_RUN = "each point is one run: the words met and missed come from graded runs alone"
ALONE = "each bar is moved alone: what two of them do together can be more"


def tail_limit_ms(data: CaseData, conditions: Conditions) -> float | None:
    """The limit of the case's first target on a latency, as these conditions have it."""
    target = next((one for one in data.targets if one.metric == "latency_ms"), None)
    return None if target is None else dict(conditions.targets).get(target.id, float(target.limit))


def left_out(data: CaseData, *more: str) -> str:
    """The line that every figure carries."""
    told = "; ".join(text[:1].lower() + text[1:] for text in data.leaves_out)
    return f"The model leaves out: {told}. {' '.join(f'{line[:1].upper()}{line[1:]}.' for line in more)}"


def front_shown(front: Front, data: CaseData, conditions: Conditions, best: Design | None = None) -> Shown:
    """The front with the learner's design on it, and what beats it."""
    said = [front_words(front), *(f"Beats yours: {words(front, i)}." for i in front.beating_learner[:3])]
    omits = left_out(data, ONE_RUN)
    picture = front_picture(front, tail_limit_ms(data, conditions), best)
    return Shown(_framed(picture, said, omits), "\n".join([*said, omits]))


def tornado_shown(tornadoes: Sequence[Tornado], data: CaseData) -> Shown:
    """Tail and bill, knob by knob and source by source."""
    said = [tornado_words(one, figure) for one in tornadoes for figure in ("tail", "cost")]
    omits = left_out(data, ALONE)
    return Shown(_framed(still(tornadoes), [], omits), "\n".join([*said, omits]))


def found_html(found: Found, data: CaseData, said: str, tornadoes: Sequence[Tornado] = ()) -> str:
    """A whole page: the best, ``said`` (what a terminal shows), the front and the tornadoes; needs no network."""
    title = f"{data.title}: what the palette holds"
    parts = [f"<h1>{esc(title)}</h1>"]
    for name, ev in (("The cheapest that meets every target", found.best), ("Yours", found.learner)):
        if ev is not None:
            parts.append(f"<h2>{name}: {esc(amount(ev.cost_usd_month, 'usd'))} a month</h2>{_verdicts(ev)}"
                         f"<p><code>{esc(repr(ev.design))}</code></p>")
    if found.front is not None and found.front.points:
        best = None if found.best is None else found.best.design
        parts.append(f"<h2>What can be had</h2>{front_shown(found.front, data, found.conditions, best).html}")
    if tornadoes:
        parts.append(f"<h2>What moves it most</h2>{tornado_shown(tornadoes, data).html}")
    parts.append(f"<h2>The search in words</h2><pre>{esc(said)}</pre>")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{esc(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>{join(parts)}</main></body></html>\n"
    )


_STYLE = (
    f"body{{margin:0;background:#fff;color:{INK};font:14px/1.45 {FONT}}}main{{max-width:1280px;margin:24px auto;"
    f"padding:0 20px}}h1{{font-size:22px}}h2{{font-size:16px;margin:22px 0 6px}}table{{border-collapse:collapse}}"
    f"td,th{{text-align:left;padding:3px 18px 3px 0;border-bottom:1px solid {RULE}}}code,pre{{background:{PAPER};"
    f"white-space:pre-wrap;overflow-wrap:anywhere}}"
)


def _verdicts(ev: Evaluation) -> str:
    rows = []
    for verdict in ev.verdicts:
        look = look_of(verdict)
        sign = "at most" if verdict.direction == "max" else "at least"
        cells = (verdict.title, amount(verdict.value, verdict.unit), f"{sign} {limit(verdict)}",
                 f"{look.sign} {look.word}")
        rows.append(f"<tr>{join(f'<td>{esc(cell)}</td>' for cell in cells)}</tr>")
    return f"<table><tr><th>Target</th><th>It does</th><th>Limit</th><th>Verdict</th></tr>{join(rows)}</table>"


def _framed(picture: str, said: Sequence[str], omits: str) -> str:
    lines = join(f"<p>{esc(line)}</p>" for line in said)
    small = f'<p style="font-size:12px;color:{FAINT_INK}">{esc(omits)}</p>'
    frame = f"font-family:{FONT};color:{INK};background:{PAPER};border:1px solid {RULE};border-radius:10px;padding:12px"
    # A notebook would set what stands between two dollar signs as a formula.
    kind = "cb-still tex2jax_ignore mathjax_ignore"
    style = f"{frame};max-width:1240px;overflow-x:auto"
    return f'<div class="{kind}" style="{esc(style)}">{picture}{lines}{small}</div>'

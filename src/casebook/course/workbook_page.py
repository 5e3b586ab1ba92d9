"""What a cell of the workbook shows: a small page that reads well as HTML in Lab and as text anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

# Colours follow JupyterLab's theme, with fallbacks for an exported page.
STYLE = """<style>
.cbw{font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:14px;line-height:1.45;max-width:880px;
 color:var(--jp-ui-font-color0,#1f2a33);border-left:4px solid #0072B2;padding:2px 0 2px 14px;margin:4px 0}
.cbw.good{border-color:#009E73}.cbw.mend{border-color:#D55E00}.cbw.quiet{border-color:#999}
.cbw h4{margin:2px 0 6px;font-size:15px;font-weight:600}.cbw p{margin:4px 0}
.cbw ul{margin:4px 0;padding-left:0!important;list-style:none}
.cbw li{margin:4px 0;padding-left:22px;position:relative}.cbw li>b:first-child{position:absolute;left:0}
.cbw .fix{color:var(--jp-ui-font-color1,#444)}.cbw small{color:var(--jp-ui-font-color2,#6a6a6a)}
.cbw table{border-collapse:collapse;margin:6px 0;font-size:13px;display:table}
.cbw td,.cbw th{padding:4px 16px 4px 0!important;text-align:left!important;vertical-align:top;white-space:normal;
 border-bottom:1px solid var(--jp-border-color2,#ddd);background:none!important}
.cbw td.n,.cbw th.n{text-align:right!important;font-variant-numeric:tabular-nums;white-space:nowrap}
.cbw .big{font-size:26px;font-weight:650}.cbw .say{font-size:15px;margin:6px 0}
</style>"""


@dataclass(frozen=True, slots=True)
class Page:
    """``html`` is already escaped; ``text`` says the same. Shown by being the last value of a cell, or by `show`."""

    html: str
    text: str
    mood: str = ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {
            # Two dollar signs would otherwise be set as a formula.
            "text/html": f'{STYLE}<div class="cbw mathjax_ignore {self.mood}">{self.html}</div>',
            "text/plain": self.text,
        }

    def __repr__(self) -> str:
        return self.text


def show(page: Any) -> None:
    """Display in a notebook; print where there is none."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        print(page)
        return
    if get_ipython() is None:
        print(page)
    else:
        display(page)


def page(title: str, *blocks: Block, mood: str = "") -> Page:
    """A page of a title and blocks below each other."""
    html = f"<h4>{escape(title)}</h4>" + "".join(block.html for block in blocks)
    return Page(html, "\n".join([title, *(block.text for block in blocks if block.text)]), mood)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page in both forms."""

    html: str
    text: str


def para(words: str, css: str = "") -> Block:
    """A paragraph; ``words`` may be anybody's."""
    return Block(f'<p class="{css}">{escape(words)}</p>', words)


def points_list(rows: Iterable[tuple[str, ...]]) -> Block:
    """A list of (sign, words, …): what follows the words stands below them, the last of several as the remedy."""
    html, text = [], []
    for sign, words, *below in rows:
        told = [line for line in below if line]
        lines = [
            f'<br><span class="{"fix" if i == len(told) - 1 else ""}">{escape(line)}</span>'
            for i, line in enumerate(told)
        ]
        head = f"<strong>{escape(words)}</strong>" if len(told) > 1 else escape(words)
        html.append(f"<li><b>{escape(sign)}</b>{head}{''.join(lines)}</li>")
        text.append("\n".join([f"  {sign} {words}", *(f"      {line}" for line in told)]))
    return Block(f"<ul>{''.join(html)}</ul>", "\n".join(text)) if html else Block("", "")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> Block:
    """A table; columns in ``numbers`` are set right."""
    filled = [list(row) for row in rows]
    widths = [max(len(str(row[i])) for row in [head, *filled]) for i in range(len(head))]
    lines = [
        "  " + "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *filled]
    ]
    cells = "".join(
        "<tr>"
        + "".join(
            f'<td class="{"n" if i in numbers else ""}">{escape(str(cell))}</td>'
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in filled
    )
    top = "".join(
        f'<th class="{"n" if i in numbers else ""}">{escape(name)}</th>' for i, name in enumerate(head)
    )
    return Block(f"<table><thead><tr>{top}</tr></thead><tbody>{cells}</tbody></table>", "\n".join(lines))

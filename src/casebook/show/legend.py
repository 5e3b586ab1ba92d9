"""The bill in words and swatches under its figure: legend and text alternative in one."""

from __future__ import annotations

from casebook.show.colours import Fill, fill
from casebook.show.series import BillSeries, CostLine, money
from casebook.show.svg import el, esc, hatching, join


def swatch(look: Fill) -> str:
    """A 12 px square in a fill's colour and hatching."""
    rows = [el("rect", width="12", height="12", rx="2", fill=look.colour)]
    mark, strokes = hatching("cb-swatch", look.pattern, 6, "1.4")
    if strokes:
        rows.append(strokes)
        rows.append(el("rect", width="12", height="12", rx="2", fill=f"url(#{mark})"))
    return el("svg", *rows, viewBox="0 0 12 12", aria_hidden="true")


def _amount(line: CostLine, withheld: frozenset[str]) -> str:
    return "?" if line.key in withheld else esc(money(line.usd_month))


def bill_legend(series: BillSeries, withheld: frozenset[str] = frozenset()) -> str:
    """Every line of the bill with its swatch and dollars a month; the order is that of the bars.

    ``withheld``: components whose amount stays hidden until the learner has estimated it.
    """
    entries = join(
        f"<span>{swatch(fill(place))}{esc(line.title)} <b>{_amount(line, withheld)}</b></span>"
        for place, line in enumerate(series.lines)
        if line.usd_month > 0
    )
    later = " Amounts appear once you have estimated the part." if withheld else ""
    return f'<p class="cb-alt cb-legend">{entries}{later}</p>'

"""Fills ``{{STB.fpr}}`` in authored prose with the figure and its unit, and finds bare figures."""

from __future__ import annotations

import re

from casebook.facts.article import Fact
from casebook.facts.book import Entry
from casebook.facts.errors import SeedError, near_miss
from casebook.facts.loader import _facts, catalog

REFERENCE = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_.\-]*)\s*(?:\|\s*([a-z]+)\s*)?\}\}")
_PLURAL_UNITS = {"week": "weeks", "day": "days", "minute": "minutes", "month": "months", "hour": "hours"}


def render(text: str, file: str = "", mark_source: bool = False) -> str:
    """Text with every ``{{id}}`` filled in; ``{{id|bare}}`` leaves the unit away.

    ``mark_source`` adds ' (STB-1, article's claim)' after each figure. ``SeedError`` for an unknown id.
    """

    def fill(match: re.Match[str]) -> str:
        item = lookup(match.group(1), file)
        shown = figure(item, bare=match.group(2) == "bare")
        return f"{shown} ({origin(item)})" if mark_source else shown

    return REFERENCE.sub(fill, text)


def lookup(wanted: str, file: str = "") -> Fact | Entry:
    """The fact or catalogue entry behind a reference in prose."""
    known = _facts()
    if wanted in known:
        return known[wanted]
    if wanted in catalog():
        return catalog()[wanted]
    raise SeedError(file or "*.yaml", f"{{{{{wanted}}}}}", f"there is no figure {wanted!r}",
                    near_miss(wanted, [*known, *catalog().ids()]))


def figure(item: Fact | Entry, bare: bool = False) -> str:
    """A figure as a reader wants to see it: '5 %', '$0.12', '200 ms', '100,000 uploads/day'."""
    if item.value is None:
        return item.text.rstrip(".") if isinstance(item, Fact) else item.id
    if item.low is not None and item.high is not None and isinstance(item, Fact):
        number = f"{plain(item.low)}–{plain(item.high)}"
    else:
        number = plain(item.value)
    unit = item.unit
    if bare or unit in ("count", "ratio"):
        return number
    if unit == "percent":
        return f"{number} %"
    if unit == "usd" or unit.startswith("usd/"):
        return f"${number}" + (f" per {unit[4:]}" if unit != "usd" else "")
    one = float(item.value) == 1 and item.low is None
    return f"{number} {unit if one else _PLURAL_UNITS.get(unit, unit)}"


def plain(value: float) -> str:
    """A number without noise: thousands separated, at most four significant decimals."""
    number = float(value)
    if number == int(number):
        return f"{int(number):,}"
    return f"{number:,.2f}" if abs(number) >= 1000 else f"{number:.4g}"


def origin(item: Fact | Entry) -> str:
    """Where a figure comes from, in a few words."""
    if isinstance(item, Entry):
        return f"catalogue, {item.source}" + (f", {item.as_of}" if item.as_of else "")
    words = {"seed_claim": "the article's claim", "derived": "worked out", "assumption": "ours",
             "illustrative": "illustration", "measured": "measured"}[item.kind]
    return f"{item.case or item.id}, {words}"

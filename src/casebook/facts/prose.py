"""Fills ``{{STB.fpr}}`` in authored prose with the figure and its unit, and finds figures written bare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casebook.facts.article import Fact
from casebook.facts.book import Entry
from casebook.facts.errors import SeedError, near_miss
from casebook.facts.loader import Seeds, own_seeds

REFERENCE = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_.\-]*)\s*(?:\|\s*([a-z]+)\s*)?\}\}")
SINGULAR = {"weeks": "week", "days": "day", "minutes": "minute", "months": "month", "hours": "hour",
            "rounds": "round", "creators": "creator", "customers": "customer"}
PERIODS = {"day": "a day", "month": "a month", "year": "a year", "s": "a second", "h": "an hour"}
WRITTEN = {"tok/s": "tokens a second", "1/s": "a second", "Mbit/s": "Mbit/s", "GB/s": "GB/s"}   # no words to read aloud
KINDS = {"seed_claim": "the article's claim", "derived": "worked out", "assumption": "ours",
         "illustrative": "illustration", "measured": "measured", "listed": "listed"}


def render(
    text: str, file: str = "", seeds: Seeds | None = None, instead: Mapping[str, float] | None = None
) -> str:
    """Text with every ``{{id}}`` filled in; ``{{id|bare}}`` leaves the unit away.

    ``instead`` (a variant's: id → factor) multiplies the figures it names. ``SeedError`` for an unknown id.
    """

    def fill(match: re.Match[str]) -> str:
        item = lookup(match.group(1), file, seeds)
        if match.group(2) not in (None, "bare"):
            raise SeedError(file or "*.yaml", match.group(0), f"no way to show a figure: {match.group(2)!r}",
                            "Write {{id}} or {{id|bare}}.")
        factor = (instead or {}).get(item.id, 1.0)
        if factor != 1.0 and item.value is not None:
            item = item.model_copy(update={"value": float(f"{float(item.value) * factor:.12g}"), "low": None,
                                           "high": None})
        return figure(item, bare=match.group(2) == "bare")

    return REFERENCE.sub(fill, text)


def lookup(wanted: str, file: str = "", seeds: Seeds | None = None) -> Fact | Entry:
    """The fact or catalogue entry behind a reference in prose."""
    folder = seeds or own_seeds()
    known = folder.facts()
    if wanted in known:
        return known[wanted]
    if wanted in folder.catalog():
        return folder.catalog()[wanted]
    raise SeedError(file or "*.yaml", f"{{{{{wanted}}}}}", f"there is no figure {wanted!r}",
                    near_miss(wanted, [*known, *folder.catalog().ids()]))


def figure(item: Fact | Entry, bare: bool = False) -> str:
    """A figure as a reader wants to see it: '5 %', '$0.12', '200 ms', '3–5 boxes'."""
    if item.value is None:
        return item.text.rstrip(".") if isinstance(item, Fact) else item.id
    number = plain(item.value) if item.unit != "year" else f"{item.value:.0f}"
    ranged = isinstance(item, Fact) and item.low is not None and item.high is not None
    if ranged and item.low is not None and item.high is not None:
        number = f"{plain(item.low)}–{plain(item.high)}"
    if item.unit.split("/")[0] == "usd" and re.fullmatch(r"\d+\.\d", number):
        number += "0"  # $0.50
    if bare or item.unit in ("count", "ratio", "share", "year"):
        return number
    if item.unit == "percent":
        return f"{number} %"
    if item.unit in ("day", "round", "minute"):
        return f"{item.unit} {number}"  # a place in a row, not a length: day 8, round 3, minute 45
    single = float(item.value) == 1 and not ranged
    unit = spoken(item.unit, single)
    if item.unit.split("/")[0] == "usd":
        return f"${number}{unit.removeprefix('usd')}"
    if unit.startswith(("thousand usd", "million usd")):
        return f"${number} {unit.replace(' usd', '')}"
    return f"{number} {unit}"


def spoken(unit: str, single: bool = False) -> str:
    """A unit as it is read aloud: 'predictions/day' is 'predictions a day', 'usd/node/month' usd per node a month.

    ``single``: after the number 1, '1 event per user a day'.
    """
    if unit in WRITTEN:
        return WRITTEN[unit]
    head, *others = unit.split("/")
    if single:
        head = SINGULAR.get(head, head.removesuffix("s") if others else head)
    return " ".join([head, *(PERIODS.get(other, f"per {other}") for other in others)])


def plain(value: float) -> str:
    """A number without noise: thousands separated, four significant digits, more where those would round it off."""
    number = float(value)
    if number == int(number):
        return f"{int(number):,}"
    if abs(number) >= 1000:
        return f"{number:,.2f}"
    short = f"{number:.4g}"
    return f"{number:.8g}" if float(short) == int(float(short)) else short


def origin(item: Fact | Entry) -> str:
    """Where a figure comes from, in a few words."""
    if isinstance(item, Entry):
        return f"catalogue: {item.source}" + (f", {item.as_of}" if item.as_of else "")
    return f"{item.case or item.id}, {KINDS[item.kind]}"


@dataclass(frozen=True, slots=True)
class BareFigure:
    """A figure typed into prose although a seed holds it."""

    line: int
    text: str
    seed_id: str


_CODE = re.compile(r"`[^`]*`|\{\{[^}]*\}\}|https?://\S+")
_FIGURE = re.compile(
    r"(?P<usd>\$)?(?<![\w.])(?P<number>\d[\d,]*(?:\.\d+)?)(?P<scale>[kKM])?(?!\w)"
    r"(?:[\s\u00a0\u202f-]?(?P<unit>%|percent\b|ms\b|milliseconds?\b|s\b|seconds?\b|weeks?\b|days?\b|months?\b"
    r"|minutes?\b|hours?\b|(?:uploads|tickets|requests|queries|calls|predictions) a day\b))?"
)
_UNIT_OF = {"%": "percent", "percent": "percent", "ms": "ms", "millisecond": "ms", "milliseconds": "ms",
            "s": "s", "second": "s", "seconds": "s", "week": "weeks", "day": "days", "month": "months",
            "minute": "minutes", "hour": "hours"}
_SCALE = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6}
ALLOWED = "bare figure:"   # '<!-- bare figure: why -->' on the line lets one stand


def bare_figures(text: str, seeds: Seeds | None = None, articles: tuple[str, ...] = ()) -> Iterator[BareFigure]:
    """Figures with a unit in ``text`` that a fact of an article holds; code spans and links are skipped.

    ``articles`` (ids such as 'STB') are those the text is about: a wait of ten minutes in one story is not the
    ten minutes of another. Empty means all of them.
    """
    known = _figures(seeds or own_seeds(), articles)
    for number, line in enumerate(text.splitlines(), start=1):
        if ALLOWED in line:
            continue
        for match in _FIGURE.finditer(_CODE.sub(" ", line)):
            unit = match.group("unit") or ""
            kind = "usd" if match.group("usd") else _UNIT_OF.get(unit, unit)
            if not kind:
                continue
            value = float(match.group("number").replace(",", "")) * _SCALE[match.group("scale") or ""]
            seed_id = known.get((value, kind))
            if seed_id:
                yield BareFigure(number, match.group(0).strip(), seed_id)


def articles_of(name: str, seeds: Seeds | None = None) -> tuple[str, ...]:
    """Ids of the articles a file is about, by its name: '01-stability.py' or 'stability-moderation.yaml' → STB.

    Empty, which stands for all, where the name holds neither an article nor a case.
    """
    folder = seeds or own_seeds()
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if stem in folder.case_ids():
        return (folder.case(stem).article,)
    words = stem.split("-")
    return tuple(folder.article(article).article.id for article in folder.article_ids() if article in words)


def _figures(seeds: Seeds, articles: tuple[str, ...]) -> dict[tuple[float, str], str]:
    found: dict[tuple[float, str], str] = {}
    for name in seeds.article_ids():
        article = seeds.article(name)
        if articles and article.article.id not in articles:
            continue
        for fact in article.facts:
            if fact.value is not None and fact.low is None:
                found.setdefault((abs(float(fact.value)), _kind_of(fact.unit)), fact.id)
    return found


def _kind_of(unit: str) -> str:
    """How a unit is met in prose: money is '$…' whatever it is for, a rate is written out."""
    return "usd" if unit.startswith("usd/") else spoken(unit)

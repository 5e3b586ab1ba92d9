"""What must agree within a file of seeds: ids stand once, references lead somewhere, derived figures recompute."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from casebook.facts.arithmetic import calculate
from casebook.facts.article import Article, Fact
from casebook.facts.audit import AuditBook, AuditItem
from casebook.facts.base import build
from casebook.facts.book import Catalog
from casebook.facts.drill import Drill, DrillBook
from casebook.facts.errors import SeedError, near_miss
from casebook.facts.provenance import require_provenance

TOLERANCE = 5e-3   # a derived figure may be written rounded to about three digits


def article_from(data: Mapping[str, Any], file: str) -> Article:
    """Validate an article and recompute its derived figures from the file's own facts."""
    article = build(Article, data, file)
    no_twice(file, [fact.id for fact in article.facts])
    known = {fact.id: fact for fact in article.facts}
    for fact in article.facts:
        if fact.case and fact.case not in known:
            raise SeedError(file, f"facts.{fact.id}.case", f"no case {fact.case!r}",
                            near_miss(fact.case, known))
        if fact.derive:
            check_derived(file, f"facts.{fact.id}", fact.derive, fact.value, known)
    return article


def audits_from(data: Mapping[str, Any], file: str, known: Mapping[str, Fact]) -> tuple[AuditItem, ...]:
    """Validate the questions about the source and recompute every number they ask for."""
    require_provenance(data, file)
    items = build(AuditBook, data, file).audits
    no_twice(file, [item.id for item in items])
    for item in items:
        if item.fact not in known:
            raise SeedError(file, f"audits.{item.id}.fact", f"no fact {item.fact!r}", near_miss(item.fact, known))
        if known[item.fact].fact_id != item.row:
            raise SeedError(file, f"audits.{item.id}.fact", f"{item.fact!r} is not the row {item.row}",
                            "Name the contradiction of that row.")
        if item.derive:
            check_derived(file, f"audits.{item.id}", item.derive, item.value, known)
    return items


def drills_from(data: Mapping[str, Any], file: str, known: Mapping[str, Fact]) -> tuple[Drill, ...]:
    """Validate the exercises: their rows and the exercises they lead to exist, their numbers recompute."""
    require_provenance(data, file)
    items = build(DrillBook, data, file).drills
    ids = [item.id for item in items]
    no_twice(file, ids)
    for item in items:
        for row in item.rows:
            if row not in known:
                raise SeedError(file, f"drills.{item.id}.rows", f"no fact {row!r}", near_miss(row, known))
        if item.next and (item.next not in ids or item.next == item.id):
            raise SeedError(file, f"drills.{item.id}.next", f"{item.next!r} is no other exercise of the file",
                            near_miss(item.next, ids))
        if item.derive:
            check_derived(file, f"drills.{item.id}", item.derive, item.value, known)
    return items


def catalog_from(data: Mapping[str, Any], file: str) -> Catalog:
    """Validate a catalogue: every entry has a source that exists, derived ones recompute."""
    made = build(Catalog, data, file)
    no_twice(file, list(made.ids()))
    known = {entry.id: entry for entry in made.entries}
    for entry in made.entries:
        if entry.source not in made.sources:
            raise SeedError(file, f"entries.{entry.id}.source", f"no source {entry.source!r}",
                            near_miss(entry.source, made.sources))
        if entry.derive:
            check_derived(file, f"entries.{entry.id}", entry.derive, entry.value, known)
    return made


def recompute(expression: str, known: Mapping[str, Any]) -> float:
    """Value of a ``derive:`` expression; its names are ids in ``known`` (facts or catalogue entries)."""

    def lookup(name: str) -> float:
        item = known.get(name)
        if item is None or item.value is None:
            raise ValueError(f"no figure {name!r}; {near_miss(name, known)}")
        return float(item.value)

    return calculate(expression, lookup)


def check_derived(file: str, key: str, expression: str, value: float | None, known: Mapping[str, Any]) -> None:
    """``SeedError`` where the figure that is written is not what its expression gives, to about three digits."""
    if value is None:
        raise SeedError(file, key, "'derive' stands without a 'value'", "Add the value it gives.")
    try:
        computed = recompute(expression, known)
    except ValueError as error:
        raise SeedError(file, f"{key}.derive", str(error), "Mend the expression or the ids in it.") from None
    if not math.isclose(computed, value, rel_tol=TOLERANCE, abs_tol=1e-9):
        raise SeedError(file, f"{key}.value", f"{float(value):g} is written, but {expression} gives "
                        f"{computed:.6g}", "Correct the value or the expression.")


def no_twice(file: str, ids: list[str]) -> None:
    """``SeedError`` for the first id that a file has more than once."""
    for name, times in Counter(ids).items():
        if times > 1:
            raise SeedError(file, name, f"the id appears {times} times", "Keep one, or rename the others.")


def item_key(value: Any, position: int) -> str:
    """How an item of a list is called in the place of an error: by its id, else by its position."""
    return str(value["id"]) if isinstance(value, Mapping) and "id" in value else f"[{position}]"


def fact_references(data: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every ``fact: <id>`` and ``facts: [<id>, …]`` in a case, with its place."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            here = f"{key}.{name}".lstrip(".")
            if name == "fact" and isinstance(value, str):
                yield here, value
            elif name == "facts" and isinstance(value, list):
                yield from ((here, str(item)) for item in value)
            else:
                yield from fact_references(value, here)
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from fact_references(value, f"{key}.{item_key(value, position)}")

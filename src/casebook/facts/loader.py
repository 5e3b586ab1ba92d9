"""Loads and cross-checks the seeds: articles, the catalogue, cases. Everything is cached."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from casebook.facts.arithmetic import calculate
from casebook.facts.article import Article, Fact
from casebook.facts.base import Sourced, build
from casebook.facts.case import CaseData
from casebook.facts.book import Catalog
from casebook.facts.errors import SeedError, near_miss
from casebook.facts.files import Folder, parse_seed, read_seed, seeds_root
from casebook.facts.provenance import require_provenance

_NOT_ARTICLES = {"catalog", "rubrics", "frameworks", "audits"}


def article_ids() -> tuple[str, ...]:
    """Names of the articles that have a seeds file."""
    names = (path.name for path in seeds_root().iterdir() if path.name.endswith(".yaml"))
    return tuple(sorted(name[:-5] for name in names if name[:-5] not in _NOT_ARTICLES))


def case_ids() -> tuple[str, ...]:
    """Ids of the full cases."""
    folder = seeds_root().joinpath("cases")
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.name[:-5] for path in folder.iterdir() if path.name.endswith(".yaml")))


@cache
def load_article(name: str) -> Article:
    """The article in ``seeds/<name>.yaml``."""
    if name not in article_ids():
        raise SeedError(f"{name}.yaml", "", f"there is no article {name!r}", near_miss(name, article_ids()))
    return article_from(read_seed(f"{name}.yaml"), f"{name}.yaml")


def article_from(data: Mapping[str, Any], file: str) -> Article:
    """Validate an article and recompute its derived figures from the file's own facts."""
    article = build(Article, data, file)
    _no_twice(file, [fact.id for fact in article.facts])
    known = {fact.id: fact for fact in article.facts}
    for fact in article.facts:
        if fact.case and fact.case not in known:
            raise SeedError(file, f"facts.{fact.id}.case", f"no case {fact.case!r}",
                            near_miss(fact.case, known))
        if fact.derive:
            _check_derived(file, f"facts.{fact.id}", fact.derive, fact.value, known)
    return article


@cache
def catalog() -> Catalog:
    """The catalogue in ``seeds/catalog.yaml``."""
    return catalog_from(read_seed("catalog.yaml"), "catalog.yaml")


def catalog_from(data: Mapping[str, Any], file: str) -> Catalog:
    """Validate a catalogue: every entry has a source that exists, derived ones recompute."""
    made = build(Catalog, data, file)
    _no_twice(file, list(made.ids()))
    known = {entry.id: entry for entry in made.entries}
    for entry in made.entries:
        if entry.source not in made.sources:
            raise SeedError(file, f"entries.{entry.id}.source", f"no source {entry.source!r}",
                            near_miss(entry.source, made.sources))
        if entry.derive:
            _check_derived(file, f"entries.{entry.id}", entry.derive, entry.value, known)
    return made


@cache
def _facts() -> dict[str, Fact]:
    return {fact.id: fact for name in article_ids() for fact in load_article(name).facts}


def fact(fact_id: str) -> Fact:
    """The fact with this id, from whichever article holds it."""
    known = _facts()
    if fact_id not in known:
        raise SeedError("*.yaml", fact_id, f"there is no fact {fact_id!r}", near_miss(fact_id, known))
    return known[fact_id]


@cache
def load_case_data(case_id: str) -> CaseData:
    """The case in ``seeds/cases/<id>.yaml`` with every reference replaced by its figure."""
    if case_id not in case_ids():
        raise SeedError(f"cases/{case_id}.yaml", "", f"there is no case {case_id!r}",
                        near_miss(case_id, case_ids()))
    file = f"cases/{case_id}.yaml"
    return case_from(read_seed(file), file)


def case_from(data: Mapping[str, Any], file: str) -> CaseData:
    """Validate a case: provenance first, then references, then shape."""
    require_provenance(data, file)
    case = build(CaseData, _resolved(data, file, ""), file)
    if f"cases/{case.id}.yaml" != file and file.startswith("cases/"):
        raise SeedError(file, "id", f"the id {case.id!r} is not the file's name", "Make them the same.")
    for audit in case.audits:
        _check_derived(file, f"audits.{audit.id}", audit.derive, audit.value, {})
    return case


def resolve(reference: str, file: str = "", key: str = "") -> Sourced:
    """The figure behind ``catalog:<id>`` or ``fact:<id>``, with band and kind."""
    source, _, wanted = reference.partition(":")
    if source == "catalog":
        book = catalog()
        if wanted not in book:
            raise SeedError(file, key, f"no catalogue entry {wanted!r}", near_miss(wanted, book.ids()))
        entry = book[wanted]
        low, high = book.band(wanted)
        return Sourced(entry.value, reference, low, high, entry.kind)
    known = _facts()
    if wanted not in known:
        raise SeedError(file, key, f"no fact {wanted!r}", near_miss(wanted, known))
    found = known[wanted]
    if found.value is None:
        raise SeedError(file, key, f"the fact {wanted!r} has no single value", "Refer to one that has.")
    scale = 0.01 if found.unit == "percent" else 1.0
    value = float(found.value) * scale
    low = float(found.low) * scale if found.low is not None else value
    high = float(found.high) * scale if found.high is not None else value
    return Sourced(value, reference, low, high, found.kind)


def _resolved(data: Any, file: str, key: str) -> Any:
    """A copy in which 'catalog:…' and 'fact:…' are figures; a percentage becomes a share."""
    if isinstance(data, Mapping):
        return {name: _resolved(value, file, f"{key}.{name}".lstrip(".")) for name, value in data.items()}
    if isinstance(data, list):
        return [_resolved(value, file, f"{key}[{i}]") for i, value in enumerate(data)]
    if isinstance(data, str) and data.startswith(("catalog:", "fact:")) and " " not in data:
        return resolve(data, file, key)
    return data


def _no_twice(file: str, ids: list[str]) -> None:
    for name, times in Counter(ids).items():
        if times > 1:
            raise SeedError(file, name, f"the id appears {times} times", "Keep one, or rename the others.")


def _check_derived(file: str, key: str, expression: str, value: float | None, known: Mapping[str, Any]) -> None:
    if value is None:
        raise SeedError(file, key, "'derive' stands without a 'value'", "Add the value it gives.")
    try:
        computed = recompute(expression, known)
    except ValueError as error:
        raise SeedError(file, f"{key}.derive", str(error), "Mend the expression or the ids in it.") from None
    if not math.isclose(computed, value, rel_tol=5e-3, abs_tol=1e-9):
        raise SeedError(file, f"{key}.value", f"{float(value):g} is written, but {expression} gives {computed:.6g}",
                        "Correct the value or the expression.")


def recompute(expression: str, known: Mapping[str, Any]) -> float:
    """Value of a ``derive:`` expression; names are ids in ``known``, then facts, then the catalogue."""

    def lookup(name: str) -> float:
        item = known.get(name)
        if item is None and not known:
            item = _facts().get(name) or (catalog()[name] if name in catalog() else None)
        if item is None or item.value is None:
            raise ValueError(f"no figure {name!r}. {near_miss(name, known or _facts())}")
        return float(item.value)

    return calculate(expression, lookup)


__all__ = ["article_from", "article_ids", "case_from", "case_ids", "catalog", "catalog_from", "fact",
           "load_article", "load_case_data", "parse_seed", "read_seed", "recompute", "resolve", "Folder"]

"""Loads and cross-checks a seeds folder: articles, frameworks, audits, the catalogue, cases; all read once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from casebook.facts.arithmetic import calculate
from casebook.facts.article import Article, Fact
from casebook.facts.audit import AuditBook, AuditItem
from casebook.facts.base import Sourced, build
from casebook.facts.book import Catalog
from casebook.facts.case import CaseData
from casebook.facts.drill import Drill, DrillBook
from casebook.facts.errors import SeedError, near_miss
from casebook.facts.files import Folder, read_seed, seeds_root
from casebook.facts.formula import check_formulas
from casebook.facts.framework import Framework, FrameworkBook, check_frameworks
from casebook.facts.interview import Interview, InterviewBook
from casebook.facts.provenance import require_provenance
from casebook.facts.variant import varied
from casebook.facts.variant_id import base_id, number_of

ARTICLES = ("stability", "scale", "startups", "general", "midjourney")
TOLERANCE = 5e-3   # a derived figure may be written rounded to about three digits


class Seeds:
    """One folder of seeds. The module's functions below ask the project's own; ``validate`` any other."""

    __slots__ = (
        "_articles", "_audits", "_cases", "_catalog", "_drills", "_facts", "_frameworks", "_interviews", "root",
    )

    def __init__(self, root: Folder) -> None:
        self.root = root
        self._articles: dict[str, Article] = {}
        self._cases: dict[str, CaseData] = {}
        self._catalog: Catalog | None = None
        self._facts: dict[str, Fact] | None = None
        self._audits: tuple[AuditItem, ...] | None = None
        self._drills: tuple[Drill, ...] | None = None
        self._interviews: tuple[Interview, ...] | None = None
        self._frameworks: tuple[Framework, ...] | None = None

    def article_ids(self) -> tuple[str, ...]:
        return tuple(name for name in ARTICLES if self.root.joinpath(f"{name}.yaml").is_file())

    def case_ids(self) -> tuple[str, ...]:
        folder = self.root.joinpath("cases")
        if not folder.is_dir():
            return ()
        return tuple(sorted(path.name[:-5] for path in folder.iterdir() if path.name.endswith(".yaml")))

    def article(self, name: str) -> Article:
        if name not in self._articles:
            file = f"{name}.yaml"
            if name not in self.article_ids():
                raise SeedError(file, "", f"there is no article {name!r}",
                                near_miss(name, self.article_ids()))
            self._articles[name] = article_from(read_seed(file, self.root), file)
        return self._articles[name]

    def catalog(self) -> Catalog:
        if self._catalog is None:
            self._catalog = catalog_from(read_seed("catalog.yaml", self.root), "catalog.yaml")
        return self._catalog

    def facts(self) -> dict[str, Fact]:
        if self._facts is None:
            self._facts = {fact.id: fact for name in self.article_ids() for fact in self.article(name).facts}
        return self._facts

    def fact(self, fact_id: str) -> Fact:
        known = self.facts()
        if fact_id not in known:
            raise SeedError("*.yaml", fact_id, f"there is no fact {fact_id!r}", near_miss(fact_id, known))
        return known[fact_id]

    def check_against(self, name: str) -> None:
        """``SeedError`` where a contradiction of an article names a fact that no article has."""
        for fact in self.article(name).facts:
            for other in fact.against:
                if other not in self.facts():
                    raise SeedError(f"{name}.yaml", f"facts.{fact.id}.against", f"no fact {other!r}",
                                    near_miss(other, self.facts()))

    def audits(self) -> tuple[AuditItem, ...]:
        """The questions of ``audits.yaml``, their numbers recomputed from the facts of all articles."""
        if self._audits is None:
            self._audits = audits_from(read_seed("audits.yaml", self.root), "audits.yaml", self.facts())
        return self._audits

    def drills(self) -> tuple[Drill, ...]:
        """The exercises of ``drills.yaml``, their numbers recomputed from the facts of all articles."""
        if self._drills is None:
            self._drills = drills_from(read_seed("drills.yaml", self.root), "drills.yaml", self.facts())
        return self._drills

    def interviews(self) -> tuple[Interview, ...]:
        """The kinds of interview in ``interviews.yaml``, their minutes taken from the facts they name."""
        if self._interviews is None:
            file = "interviews.yaml"
            data = read_seed(file, self.root)
            require_provenance(data, file)
            for key, fact_id in fact_references(data):
                if not fact_id.startswith("fact:") and fact_id not in self.facts():
                    raise SeedError(file, key, f"no fact {fact_id!r}", near_miss(fact_id, self.facts()))
            made = build(InterviewBook, self._resolved(data, file, ""), file).interviews
            _no_twice(file, [item.id for item in made])
            self._interviews = made
        return self._interviews

    def frameworks(self) -> tuple[Framework, ...]:
        """The forms of ``frameworks.yaml``; each has the parts that its article names, in that order."""
        if self._frameworks is None:
            file = "frameworks.yaml"
            book = build(FrameworkBook, read_seed(file, self.root), file)
            _no_twice(file, [form.id for form in book.frameworks])
            check_frameworks(book, self.facts(), file)
            self._frameworks = book.frameworks
        return self._frameworks

    def case(self, case_id: str) -> CaseData:
        if case_id not in self._cases and (number := number_of(case_id)):
            self._cases[case_id] = varied(self.case(base_id(case_id)), number)
        if case_id not in self._cases:
            file = f"cases/{case_id}.yaml"
            if case_id not in self.case_ids():
                raise SeedError(file, "", f"there is no case {case_id!r}",
                                near_miss(case_id, self.case_ids()))
            made = self.case_from(read_seed(file, self.root), file)
            if made.id != case_id:
                raise SeedError(file, "id", f"the id {made.id!r} is not the file's name",
                                "Make them the same.")
            self._cases[case_id] = made
        return self._cases[case_id]

    def case_from(self, data: Mapping[str, Any], file: str) -> CaseData:
        """Validate a case: provenance first, then references, then shape, then derived figures."""
        require_provenance(data, file)
        for key, fact_id in fact_references(data):
            if fact_id not in self.facts():
                raise SeedError(file, key, f"no fact {fact_id!r}", near_miss(fact_id, self.facts()))
        case = build(CaseData, self._resolved(data, file, ""), file)
        for key, name in check_formulas(case):
            if name not in self.catalog() and self._valueless(name):
                known = [*self.facts(), *self.catalog().ids()]
                raise SeedError(file, key, f"no figure {name!r}", near_miss(name, known))
        for audit in case.audits:
            _check_derived(file, f"audits.{audit.id}", audit.derive, audit.value, self.facts())
        return case

    def _valueless(self, name: str) -> bool:
        return name not in self.facts() or self.facts()[name].value is None

    def resolve(self, reference: str, file: str = "", key: str = "") -> Sourced:
        """The figure behind ``catalog:<id>`` or ``fact:<id>``, with band and kind; percent as a share."""
        source, _, wanted = reference.partition(":")
        if source == "catalog":
            book = self.catalog()
            if wanted not in book:
                raise SeedError(file, key, f"no catalogue entry {wanted!r}", near_miss(wanted, book.ids()))
            low, high = book.band(wanted)
            return Sourced(book[wanted].value, reference, low, high, book[wanted].kind)
        known = self.facts()
        if wanted not in known:
            raise SeedError(file, key, f"no fact {wanted!r}", near_miss(wanted, known))
        found = known[wanted]
        if found.value is None:
            raise SeedError(file, key, f"the fact {wanted!r} has no single value", "Refer to one that has.")
        scale = 0.01 if found.unit == "percent" else 1.0
        low = (found.value if found.low is None else found.low) * scale
        high = (found.value if found.high is None else found.high) * scale
        return Sourced(found.value * scale, reference, low, high, found.kind)

    def _resolved(self, data: Any, file: str, key: str) -> Any:
        """A copy in which 'catalog:…' and 'fact:…' are figures."""
        if isinstance(data, Mapping):
            return {name: self._resolved(value, file, f"{key}.{name}".lstrip("."))
                    for name, value in data.items()}
        if isinstance(data, list):
            return [self._resolved(value, file, f"{key}.{_item(value, i)}") for i, value in enumerate(data)]
        if isinstance(data, str) and data.startswith(("catalog:", "fact:")) and " " not in data:
            return self.resolve(data, file, key)
        return data


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


def audits_from(data: Mapping[str, Any], file: str, known: Mapping[str, Fact]) -> tuple[AuditItem, ...]:
    """Validate the questions about the source and recompute every number they ask for."""
    require_provenance(data, file)
    items = build(AuditBook, data, file).audits
    _no_twice(file, [item.id for item in items])
    for item in items:
        if item.fact not in known:
            raise SeedError(file, f"audits.{item.id}.fact", f"no fact {item.fact!r}", near_miss(item.fact, known))
        if known[item.fact].fact_id != item.row:
            raise SeedError(file, f"audits.{item.id}.fact", f"{item.fact!r} is not the row {item.row}",
                            "Name the contradiction of that row.")
        if item.derive:
            _check_derived(file, f"audits.{item.id}", item.derive, item.value, known)
    return items


def drills_from(data: Mapping[str, Any], file: str, known: Mapping[str, Fact]) -> tuple[Drill, ...]:
    """Validate the exercises: their rows and the exercises they lead to exist, their numbers recompute."""
    require_provenance(data, file)
    items = build(DrillBook, data, file).drills
    ids = [item.id for item in items]
    _no_twice(file, ids)
    for item in items:
        for row in item.rows:
            if row not in known:
                raise SeedError(file, f"drills.{item.id}.rows", f"no fact {row!r}", near_miss(row, known))
        if item.next and (item.next not in ids or item.next == item.id):
            raise SeedError(file, f"drills.{item.id}.next", f"{item.next!r} is no other exercise of the file",
                            near_miss(item.next, ids))
        if item.derive:
            _check_derived(file, f"drills.{item.id}", item.derive, item.value, known)
    return items


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


def recompute(expression: str, known: Mapping[str, Any]) -> float:
    """Value of a ``derive:`` expression; its names are ids in ``known`` (facts or catalogue entries)."""

    def lookup(name: str) -> float:
        item = known.get(name)
        if item is None or item.value is None:
            raise ValueError(f"no figure {name!r}; {near_miss(name, known)}")
        return float(item.value)

    return calculate(expression, lookup)


def _check_derived(file: str, key: str, expression: str, value: float | None,
                   known: Mapping[str, Any]) -> None:
    if value is None:
        raise SeedError(file, key, "'derive' stands without a 'value'", "Add the value it gives.")
    try:
        computed = recompute(expression, known)
    except ValueError as error:
        raise SeedError(file, f"{key}.derive", str(error), "Mend the expression or the ids in it.") from None
    if not math.isclose(computed, value, rel_tol=TOLERANCE, abs_tol=1e-9):
        raise SeedError(file, f"{key}.value", f"{float(value):g} is written, but {expression} gives "
                        f"{computed:.6g}", "Correct the value or the expression.")


def _no_twice(file: str, ids: list[str]) -> None:
    for name, times in Counter(ids).items():
        if times > 1:
            raise SeedError(file, name, f"the id appears {times} times", "Keep one, or rename the others.")


def _item(value: Any, position: int) -> str:
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
            yield from fact_references(value, f"{key}.{_item(value, position)}")


@cache
def own_seeds() -> Seeds:
    """The project's own seeds."""
    return Seeds(seeds_root())


def article_ids() -> tuple[str, ...]:
    """Names of the articles that have a seeds file."""
    return own_seeds().article_ids()


def case_ids() -> tuple[str, ...]:
    """Ids of the full cases."""
    return own_seeds().case_ids()


def load_article(name: str) -> Article:
    """The article in ``seeds/<name>.yaml``."""
    return own_seeds().article(name)


def catalog() -> Catalog:
    """The catalogue in ``seeds/catalog.yaml``."""
    return own_seeds().catalog()


def audits() -> tuple[AuditItem, ...]:
    """The questions about the source in ``seeds/audits.yaml``."""
    return own_seeds().audits()


def drills() -> tuple[Drill, ...]:
    """The exercises in ``seeds/drills.yaml``."""
    return own_seeds().drills()


def interviews() -> tuple[Interview, ...]:
    """The kinds of interview in ``seeds/interviews.yaml``."""
    return own_seeds().interviews()


def frameworks() -> tuple[Framework, ...]:
    """The forms in ``seeds/frameworks.yaml``."""
    return own_seeds().frameworks()


def fact(fact_id: str) -> Fact:
    """The fact with this id, from whichever article holds it."""
    return own_seeds().fact(fact_id)


def load_case_data(case_id: str) -> CaseData:
    """The case in ``seeds/cases/<id>.yaml`` with every reference replaced by its figure."""
    return own_seeds().case(case_id)

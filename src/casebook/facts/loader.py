"""A folder of seeds, each file read once: articles, frameworks, audits, the catalogue, cases with their figures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from casebook.facts.article import Article, Fact
from casebook.facts.audit import AuditItem
from casebook.facts.base import Sourced, build
from casebook.facts.book import Catalog
from casebook.facts.case import CaseData
from casebook.facts.crosscheck import (
    article_from,
    audits_from,
    catalog_from,
    check_derived,
    drills_from,
    fact_references,
    item_key,
    no_twice,
)
from casebook.facts.drill import Drill
from casebook.facts.errors import SeedError, near_miss
from casebook.facts.files import Folder, read_seed, seeds_root
from casebook.facts.formula import check_formulas
from casebook.facts.framework import Framework, FrameworkBook, check_frameworks
from casebook.facts.interview import Interview, InterviewBook
from casebook.facts.provenance import require_provenance
from casebook.facts.variant import varied
from casebook.facts.variant_id import base_id, number_of

ARTICLES = ("stability", "scale", "startups", "general", "midjourney")


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
            no_twice(file, [item.id for item in made])
            self._interviews = made
        return self._interviews

    def frameworks(self) -> tuple[Framework, ...]:
        """The forms of ``frameworks.yaml``; each has the parts that its article names, in that order."""
        if self._frameworks is None:
            file = "frameworks.yaml"
            book = build(FrameworkBook, read_seed(file, self.root), file)
            no_twice(file, [form.id for form in book.frameworks])
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
            check_derived(file, f"audits.{audit.id}", audit.derive, audit.value, self.facts())
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
            return [self._resolved(value, file, f"{key}.{item_key(value, i)}") for i, value in enumerate(data)]
        if isinstance(data, str) and data.startswith(("catalog:", "fact:")) and " " not in data:
            return self.resolve(data, file, key)
        return data


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

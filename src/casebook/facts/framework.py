"""The articles' frameworks as forms: what to fill in for each part, and what that changes in the Evaluation."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, model_validator

from casebook.facts.article import Fact
from casebook.facts.base import Provenance, Record
from casebook.facts.errors import SeedError, near_miss


class FormPart(Record):
    """One part of a framework: ``part`` as the article's fact names it, the question that fills it.

    ``record`` is the record of the answer that holds it, '' where it is said aloud and judged by a person.
    """

    part: str
    ask: str = Field(min_length=12)
    record: str = Field(default="", pattern=r"^[A-Za-z]*$")


class Framework(Record):
    """A form made of a framework: its parts in the article's order, where it is practised, who judges it."""

    id: str = Field(pattern=r"^F-[A-Z]+-[0-9]+$")
    fact: str
    facts: tuple[str, ...] = ()
    cases: tuple[str, ...] = Field(min_length=1)
    parts: tuple[FormPart, ...] = Field(min_length=2)
    checks: tuple[str, ...] = ()
    in_order: bool = True
    changes: str = Field(min_length=20)
    flawed: str = ""
    provenance: Provenance

    @model_validator(mode="after")
    def _own_fact(self) -> Framework:
        if self.fact != self.id:
            raise ValueError(f"the framework {self.id!r} is tied to {self.fact!r}. Write the same id in 'fact'")
        return self


class FrameworkBook(Record):
    """Everything in ``frameworks.yaml``."""

    frameworks: tuple[Framework, ...]


def check_frameworks(book: FrameworkBook, known: Mapping[str, Fact], file: str) -> None:
    """``SeedError`` where a form and the article's fact differ: unknown ids, other parts, another order."""
    for form in book.frameworks:
        place = f"frameworks.{form.id}"
        for key, wanted in (("fact", (form.fact,)), ("cases", form.cases), ("facts", form.facts)):
            for fact_id in wanted:
                if fact_id not in known:
                    raise SeedError(file, f"{place}.{key}", f"no fact {fact_id!r}", near_miss(fact_id, known))
        told = known[form.fact].parts
        written = tuple(part.part for part in form.parts)
        if written != told:
            raise SeedError(file, f"{place}.parts", f"the parts are {', '.join(written)}",
                            f"The fact has, in this order: {', '.join(told)}.")
    formed = {form.fact for form in book.frameworks}
    for fact in known.values():
        if fact.section == "frameworks" and fact.id not in formed:
            raise SeedError(file, "frameworks", f"no form for {fact.id!r}", "Add one, or remove the fact.")

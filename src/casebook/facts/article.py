"""An article's claims as records: cases, frameworks, figures, rules, mistakes, contradictions, probes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from casebook.facts.base import Kind, Number, Record

Section = Literal["cases", "frameworks", "numbers", "rules", "mistakes", "contradictions", "probes",
                  "scripts", "notes"]


class ArticleInfo(Record):
    """Which article, for whom it was written, and how far to trust it."""

    id: str = Field(pattern=r"^[A-Z]{2,4}$")
    name: str
    title: str
    reader: str
    note: str


class Fact(Record):
    """One claim. ``fact_id`` is its row in the requirement list, ``derive`` recomputes ``value``.

    ``against`` names the facts (of any article) that a contradiction sets against each other, ``changes`` what
    a probe makes the model change, ``shows_in`` whether a mistake can be read off the record or only heard.
    """

    id: str = Field(pattern=r"^[A-Za-z]+[A-Za-z0-9_.-]*$")
    kind: Kind
    section: Section
    text: str = Field(min_length=8)
    fact_id: str = ""
    title: str = ""
    case: str = ""
    role: Literal["", "full", "mini", "anti", "prompt", "reference"] = ""
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str = ""
    percent: Literal["", "relative", "points", "share", "unstated"] = ""
    window: str = ""
    derive: str = ""
    parts: tuple[str, ...] = ()
    bad: str = ""
    good: str = ""
    teaches: str = ""
    against: tuple[str, ...] = ()
    changes: str = ""
    shows_in: Literal["", "record", "talk"] = ""
    label: Literal["", "ours"] = ""
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Fact:
        if self.value is not None and not self.unit:
            raise ValueError(f"the value {float(self.value):g} has no unit. Add 'unit'")
        if self.kind == "derived" and self.value is not None and not self.derive:
            raise ValueError("a derived value needs 'derive'. Write the arithmetic that gives it")
        if self.unit == "percent" and self.value is not None and not self.percent:
            raise ValueError("a percentage needs 'percent'. Say relative, points, share or unstated")
        if self.kind == "assumption" and self.label != "ours":
            raise ValueError("an assumption is ours. Add 'label: ours'")
        if (self.low is None) != (self.high is None):
            raise ValueError("'low' and 'high' belong together. Give both or neither")
        if self.low is not None and self.high is not None and self.value is not None \
                and not self.low <= self.value <= self.high:
            raise ValueError(f"the value {float(self.value):g} lies outside its range. Mend 'low' or 'high'")
        if self.against and self.section != "contradictions":
            raise ValueError(f"'against' stands in the section {self.section!r}. Use it in contradictions only")
        if self.section == "mistakes" and not (self.bad and self.good):
            raise ValueError("a mistake needs 'bad' and 'good'. Add the missing one")
        return self


class Article(Record):
    """All facts of one article."""

    article: ArticleInfo
    facts: tuple[Fact, ...]

    def section(self, name: Section) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.section == name)

    def case(self, case_id: str) -> tuple[Fact, ...]:
        """Facts that belong to one case, the case itself first."""
        return tuple(fact for fact in self.facts if case_id in (fact.id, fact.case))

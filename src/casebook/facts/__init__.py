"""Seeds as typed records. The only room that reads the files in ``seeds/``.

Importing it is cheap: YAML and pydantic load with the first fact that is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.facts.errors import SeedError, near_miss
from casebook.lean import door

if TYPE_CHECKING:
    from casebook.facts.article import Article, Fact
    from casebook.facts.audit import AuditItem
    from casebook.facts.base import Sourced
    from casebook.facts.book import Catalog, Entry
    from casebook.facts.case import CaseData
    from casebook.facts.drill import Drill
    from casebook.facts.files import parse_seed, read_seed
    from casebook.facts.framework import Framework
    from casebook.facts.interview import Interview
    from casebook.facts.loader import (
        Seeds,
        article_ids,
        audits,
        case_ids,
        catalog,
        drills,
        fact,
        frameworks,
        interviews,
        load_article,
        load_case_data,
    )
    from casebook.facts.prose import figure, render

_HOME = {
    "Article": "article", "Fact": "article", "AuditItem": "audit", "Drill": "drill", "drills": "loader",
    "Interview": "interview", "interviews": "loader", "Framework": "framework", "Sourced": "base",
    "CaseData": "case", "Catalog": "book", "Entry": "book", "Seeds": "loader", "parse_seed": "files",
    "read_seed": "files", "article_ids": "loader", "audits": "loader", "frameworks": "loader",
    "case_ids": "loader", "catalog": "loader", "fact": "loader", "load_article": "loader",
    "load_case_data": "loader", "figure": "prose", "render": "prose",
}

__all__ = [
    "Article", "AuditItem", "CaseData", "Catalog", "Drill", "Entry", "Fact", "Framework", "Interview", "SeedError",
    "Seeds", "Sourced", "article_ids", "audits", "case_ids", "catalog", "drills", "fact", "figure", "frameworks",
    "interviews", "load_article", "load_case_data", "near_miss", "parse_seed", "read_seed", "render",
]

__getattr__ = door(__name__, {name: f"casebook.facts.{module}" for name, module in _HOME.items()})

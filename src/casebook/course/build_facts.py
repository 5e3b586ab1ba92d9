"""Tables of everything an article says, for the notebook in which a figure is looked up."""

from __future__ import annotations

import re

from casebook.facts import load_article
from casebook.facts.loader import ARTICLES, own_seeds

_NAMED = re.compile(r"\b[A-Z]{2,3}\.[A-Za-z][A-Za-z0-9_]*")
# Section of the seeds → heading; in the order in which somebody would look.
HEADINGS = {
    "cases": "Cases",
    "numbers": "Figures",
    "frameworks": "Frameworks",
    "rules": "Rules of the rubric",
    "probes": "What the interviewer asks",
    "mistakes": "Mistakes, and what would have been better",
    "scripts": "Sentences to have ready",
    "notes": "Other things said",
    "contradictions": "What does not fit together",
}


def fact_tables(article: str) -> str:
    """Markdown tables of all facts of the article with this code (STB, SCL, …). ``KeyError`` for another."""
    from casebook.facts.prose import KINDS, figure

    book = next((load_article(name) for name in ARTICLES if load_article(name).article.id == article), None)
    if book is None:
        raise KeyError(article)
    lines: list[str] = []
    sections = dict.fromkeys([*HEADINGS, *(fact.section for fact in book.facts)])
    for section in sections:
        facts = [fact for fact in book.facts if fact.section == section]
        if not facts:
            continue
        lines += ["", f"### {HEADINGS.get(section, section)}", ""]
        lines += ["| id | | what is said | whose |", "|---|---|---|---|"]
        for fact in facts:
            shown = figure(fact) if fact.value is not None else (fact.title or "")
            shown = shown.replace("-", "−", 1) if shown.startswith("-") else shown
            words = fact.text if not (fact.bad or fact.good) else f"{fact.text} {_pair(fact.bad, fact.good)}".strip()
            lines.append(f"| `{fact.id}` | {_cell(shown)} | {_cell(_told(words))} | {KINDS[fact.kind]} |")
    return "\n".join(lines).strip()


def _told(words: str) -> str:
    """A figure that a text names by its id, as a figure: nobody reads 'longer than MJ.answer_minutes' aloud."""
    from casebook.facts.prose import figure

    known = own_seeds().facts()

    def said(match: re.Match[str]) -> str:
        fact = known.get(match[0])
        return match[0] if fact is None or fact.value is None else figure(fact)

    return _NAMED.sub(said, words)


def _pair(bad: str | None, good: str | None) -> str:
    """'✗ … ✓ …' for a mistake and its better form."""
    return " ".join(f"{sign} “{words.rstrip('.')}.”" for sign, words in (("✗", bad), ("✓", good)) if words)


def _cell(words: str) -> str:
    return words.replace("|", "/").replace("\n", " ")


__all__ = ["HEADINGS", "fact_tables"]

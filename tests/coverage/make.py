"""Writes docs/coverage.md: ``python -m tests.coverage.make``. A test fails where the page and the project differ."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.coverage.rows import ROOT, Row, rows

PAGE = ROOT / "docs" / "coverage.md"
HEADINGS = {
    "cases": "Systems and cases",
    "frameworks": "Frameworks",
    "probes": "What the interviewer asks",
    "numbers": "Figures",
    "rules": "Rules of the rubrics",
    "mistakes": "Mistakes and their better form",
    "contradictions": "Contradictions and arithmetic",
    "scripts": "Sentences and stories",
    "notes": "Other things said",
    "checks": "Universal checks",
}
_LONGEST = 3


def page() -> str:
    """The whole page."""
    return tables() + scores()


def tables() -> str:
    """A table for each part of the requirement list, a row for each row."""
    found = list(rows())
    many = Counter(row.section for row in found)
    lines = [
        "# Where every row lives",
        "",
        "Made by `python -m tests.coverage.make`; `tests/coverage` opens every place that is named here. A row is a",
        "fact of the seeds (a claim of an article, what was worked out of it, or what is ours), or a universal check.",
        "*Where*: cells of the notebooks, as `notebook#cell`. *Judged by*: ids of checks (docs/checks.md) and of",
        "exercises (`casebook drill ID`), or, for a figure nobody is asked about, how it is held on loading. Long",
        "lists are cut.",
        "",
        ", ".join(f"{many[name]} {HEADINGS[name].lower()}" for name in HEADINGS if many[name]) + ".",
    ]
    for section, heading in HEADINGS.items():
        mine = [row for row in found if row.section == section]
        if mine:
            lines += ["", f"## {heading}", "", "| row | what | where | judged by | shown by |", "|---|---|---|---|---|"]
            lines += [_line(row) for row in mine]
    return "\n".join(lines) + "\n"


def scores() -> str:
    """How far apart the strong, blank, form-filling, shuffled and borrowed answers stand, for each case."""
    from tests.answers.table import rows as scored
    from tests.answers.table import table

    return f"\n## How far apart answers stand\n\n{table(scored())}\n"


def _line(row: Row) -> str:
    tests = [test.removeprefix("tests/").replace("::", " · ") for test in row.tests]
    return (
        f"| {row.id} | {_cell(row.title)} | {_list(map(str, row.cells))} | {_list(row.judges)} | {_list(tests, 2)} |"
    )


def _list(items: object, most: int = _LONGEST) -> str:
    words = [f"`{item}`" for item in items]  # type: ignore[attr-defined]
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


def _cell(words: str) -> str:
    short = words if len(words) <= 80 else f"{words[:80].rsplit(' ', 1)[0]} …"
    return short.replace("|", "/")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{Path('docs') / PAGE.name} written")


if __name__ == "__main__":
    main()

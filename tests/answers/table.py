"""Prints what the strong, blank, form-filler, shuffled and borrowed answers to every case score, for docs/coverage.md.

``python -m tests.answers.table``; ``rows()`` gives the same to whoever writes the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from casebook.answer import Answer
from casebook.checks import grade
from tests.checks.borrowed import borrowed, sources
from tests.checks.mutations import answered_cases, form_filler, shuffled, strong

SHUFFLINGS = 10
HEAD = (
    "case", "rubric", "strong", "blank", "form-filler", "shuffled (median)",
    "borrowed, highest (before deal breakers)", "from",
)


@dataclass(frozen=True, slots=True)
class Scores:
    """Percent under the case's own rubric, deal breakers applied; ``source`` gave the highest borrowed score."""

    case: str
    rubric: str
    strong: float
    blank: float
    form_filler: float
    shuffled: float
    borrowed: float
    borrowed_before: float
    source: str

    @property
    def apart(self) -> bool:
        """True where they stand as far apart as they must."""
        return self.strong >= 95 and self.blank == 0 and self.form_filler <= 35 + 1e-9 and self.borrowed < 40


def scores(case: str) -> Scores:
    """The five kinds of answers to one case."""
    best = strong(case)
    mixed = [grade(shuffled(best, seed)).percent for seed in range(SHUFFLINGS)]
    lent = {source: grade(borrowed(case, source)) for source in sources(case)}
    source = max(sorted(lent), key=lambda name: lent[name].percent)
    worst = lent[source]
    report = grade(best)
    return Scores(
        case,
        report.rubric,
        report.percent,
        grade(Answer(case)).percent,
        grade(form_filler(case)).percent,
        median(mixed),
        worst.percent,
        100 * worst.score_before_caps / worst.possible,
        source,
    )


def rows() -> list[Scores]:
    """Every case that has a strong answer."""
    return [scores(case) for case in answered_cases()]


def table(found: list[Scores]) -> str:
    """The rows as Markdown."""
    lines = [f"| {' | '.join(HEAD)} |", "|---|---|---:|---:|---:|---:|---:|---|"]
    for row in found:
        numbers = (row.strong, row.blank, row.form_filler, row.shuffled, row.borrowed)
        told = " | ".join(f"{number:.0f} %" for number in numbers)
        lines.append(f"| `{row.case}` | {row.rubric} | {told} ({row.borrowed_before:.0f}) | `{row.source}` |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(rows()))

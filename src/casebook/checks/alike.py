"""U24: prose that a student uses for two cases. Needs the student's other submissions, so only a cohort run asks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casebook.checks.words import words

if TYPE_CHECKING:
    from casebook.answer import Answer

SHINGLE = 5
LIMIT = 0.30
FEWEST = 20
# Parts whose words are the case's own: ids of questions, slots, options and audits say nothing about copying.
_NAMES = ("questions", "design", "alternative", "audits")


@dataclass(frozen=True, slots=True)
class Alike:
    """Two answers of one student: the share of the shorter one's shingles that the other has too, and an example."""

    case_id: str
    other_id: str
    share: float
    example: str

    @property
    def finding(self) -> str:
        """What the cohort report says."""
        return (
            f"{100 * self.share:.0f} % of the wording is that of {self.other_id}, for example “{self.example}”. "
            "A template used for another case answers neither."
        )


def overlap(one: Answer, other: Answer) -> tuple[float, str]:
    """Share of the shorter answer's five-word shingles found in the other, numbers left out, and the first of them.

    (0, '') where either has fewer than twenty: too little to compare.
    """
    mine, theirs = set(_shingles(one)), set(_shingles(other))
    fewer = min(len(mine), len(theirs))
    if fewer < FEWEST:
        return 0.0, ""
    both = mine & theirs
    return len(both) / fewer, " ".join(min(both)) if both else ""


def too_alike(answers: Iterable[Answer], limit: float = LIMIT) -> tuple[Alike, ...]:
    """Every pair of one student's answers to different cases whose wording overlaps by ``limit`` or more (ours)."""
    found: list[Alike] = []
    kept = list(answers)
    for at, one in enumerate(kept):
        for other in kept[at + 1 :]:
            share, example = overlap(one, other)
            if one.case_id != other.case_id and share >= limit:
                found.append(Alike(one.case_id, other.case_id, share, example))
    return tuple(sorted(found, key=lambda pair: (-pair.share, pair.case_id, pair.other_id)))


def _shingles(answer: Answer) -> Iterator[tuple[str, ...]]:
    for name, text in answer.text_fields():
        if not name.startswith(_NAMES):
            said = [word for word in words(text) if not word.isdigit()]
            for at in range(len(said) - SHINGLE + 1):
                yield tuple(said[at : at + SHINGLE])

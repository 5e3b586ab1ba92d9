"""Two students' answers to one case whose wording is the same once names, numbers and order are put aside.

A place to look, never a verdict: two people may have sat together, or read the same page.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from casebook.checks.words import words

if TYPE_CHECKING:
    from casebook.answer import Answer

SHINGLE = 3
LIMIT = 0.50  # share of the shorter answer's rare wording; ours
FEWEST = 25  # rare shingles that both must have before anything is said; ours
_NAME, _NUMBER = "@", "#"
# Fields that hold names, or ids of the case's own palette: they say nothing about whose words these are.
_NAMES = ("owner", "who", "persona", "team", "to_team", "from_team")
_IDS = ("questions", "design", "alternative", "audits")

Shingle = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """Two students, the weighted share of the shorter answer found in the other (0 to 1), and the longest run."""

    student: str
    other: str
    share: float
    passages: int
    example: str

    @property
    def finding(self) -> str:
        """What the cohort report says."""
        return (
            f"{100 * self.share:.0f} % of the wording is the same once names, numbers and order are put aside, "
            f"for example “{self.example}”."
        )


def similar(
    answers: Mapping[str, Answer], known: str = "", limit: float = LIMIT, fewest: int = FEWEST
) -> tuple[Similar, ...]:
    """Every pair of students whose answers to one case share ``limit`` or more of their rare wording.

    Rare: a run of three words that is not in ``known`` (the released notebook and the case, which everybody has), and
    each weighed by log(n/k), where k of n students have it; what all write counts nothing. Containment, so that a
    copy with paragraphs added is found too. Quadratic in the students: 300 take about two seconds.
    """
    public = _runs(tuple(_masked(word, frozenset()) for word in words(known)))
    bags = {student: _bag(answer, public) for student, answer in sorted(answers.items())}
    seen = Counter(shingle for bag in bags.values() for shingle in bag)
    crowd = len(bags) + 1
    worth = {shingle: math.log(crowd / count) for shingle, count in seen.items()}
    weights = {student: math.fsum(worth[shingle] for shingle in bag) for student, bag in bags.items()}
    found: list[Similar] = []
    for one, other in combinations(bags, 2):
        both = bags[one] & bags[other]
        least = min(weights[one], weights[other])
        if len(both) < fewest or least <= 0:
            continue
        share = math.fsum(worth[shingle] for shingle in sorted(both)) / least
        if share >= limit:
            found.append(Similar(one, other, min(share, 1.0), len(both), _longest(answers[one], both)))
    return tuple(sorted(found, key=lambda pair: (-pair.share, pair.student, pair.other)))


def _bag(answer: Answer, public: set[Shingle]) -> set[Shingle]:
    """What this student alone could have written; a public run stays public when a name in it is masked."""
    named = _named(answer)
    own = (run for said in _said(answer, frozenset()) for run in _runs(said) - public)
    return {tuple(_masked(word, named) for word in run) for run in own}


def _named(answer: Answer) -> frozenset[str]:
    """The words of the teams and people that the answer names."""
    fields = answer.text_fields()
    return frozenset(word for place, text in fields if place.rpartition(".")[2] in _NAMES for word in words(text))


def _said(answer: Answer, named: frozenset[str]) -> list[tuple[str, ...]]:
    """Each field's words with numbers and ``named`` masked, so that exchanging them changes nothing."""
    return [
        tuple(_masked(word, named) for word in words(text))
        for place, text in answer.text_fields()
        if not place.startswith(_IDS) and place.rpartition(".")[2] not in _NAMES
    ]


def _masked(word: str, named: frozenset[str]) -> str:
    if any(letter.isdigit() for letter in word):
        return _NUMBER
    return _NAME if word in named and len(word) > 3 else word


def _runs(said: tuple[str, ...]) -> set[Shingle]:
    return {said[at : at + SHINGLE] for at in range(len(said) - SHINGLE + 1)}


def _longest(answer: Answer, both: set[Shingle]) -> str:
    """The longest passage of ``answer`` that the other has too, as words."""
    best: tuple[str, ...] = ()
    for said in _said(answer, _named(answer)):
        start = 0
        for at in range(len(said) - SHINGLE + 2):
            if at <= len(said) - SHINGLE and said[at : at + SHINGLE] in both:
                continue
            if at > start and at - start + SHINGLE - 1 > len(best):
                best = said[start : at + SHINGLE - 1]
            start = at + 1
    return " ".join(best[:25])

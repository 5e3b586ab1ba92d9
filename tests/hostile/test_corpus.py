"""The corpus in short: every third kind that can be read, and some of those that must run, in one cohort.

The whole of it is `python -m tests.hostile.run`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from casebook.course.outcome import CellGrade, Outcome
from casebook.jail.ability import jail_ability
from tests.cohort.demo import GOLDEN
from tests.hostile.cohort import Corpus
from tests.hostile.kind import BEST, KINDS, READ, RUN
from tests.hostile.markup import active, active_markdown
from tests.hostile.pages import MARKDOWN, SCRIPT, SVG
from tests.hostile.run import rows, tried
from tests.hostile.verdict import Verdict, of_outcome

IN_SHORT = ("a harmless loop", "reads outside its jail", "a process that outlives it", "ends its own kernel")
NEVER_LEFT_OUT = (
    "time stamp that never ends",
    "folder is a link to a neighbour's",
    "ids that look alike",
    "notebook of another assignment",
    "script in",
    "student's name: bytes",
    "student's name: long",
)
SHOWN = ("script", "forged outputs")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Corpus, Verdict]]:
    jail = jail_ability().ok
    read = [kind for kind in KINDS if kind.how == READ]
    wanted = {kind.name for at, kind in enumerate(read) if at % 3 == 0 or kind.name.startswith(NEVER_LEFT_OUT)}
    kinds = [kind for kind in KINDS if kind.name in wanted or (jail and kind.name in IN_SHORT)]
    corpus, verdict = tried(tmp_path_factory.mktemp("hostile") / "corpus", kinds, shown=SHOWN, plainly=False)
    yield corpus, verdict
    corpus.listener.close()


def test_at_least_forty_kinds_under_names_of_their_own() -> None:
    assert len(KINDS) >= 40
    assert max(Counter(kind.name for kind in KINDS).values()) == 1
    assert {kind.name for kind in KINDS if kind.how == RUN} >= set(IN_SHORT)


def test_nothing_is_wrong_with_any_of_them(graded: tuple[Corpus, Verdict]) -> None:
    assert graded[1].told() == []


def test_the_strong_answer_has_its_score_plainly_and_inside_an_attack(graded: tuple[Corpus, Verdict]) -> None:
    _, verdict = graded
    inside = [seen.score for seen in verdict.seen if seen.kind.same and seen.status == "graded"]
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        plainly = next(float(row["machine_score"]) for row in csv.DictReader(file) if row["student"] == BEST)
    assert verdict.score == plainly
    assert len(inside) > 10 and set(inside) == {plainly}


def test_the_table_has_a_row_for_each(graded: tuple[Corpus, Verdict]) -> None:
    _, verdict = graded
    lines = rows(verdict).splitlines()
    assert sum(line.startswith("| ") for line in lines) == len(verdict.seen) + 2


def test_a_wrong_outcome_would_be_seen() -> None:
    """The judge of the corpus is itself tried."""
    strong = next(kind for kind in KINDS if kind.name == "os._exit")
    assert of_outcome(strong, None, 99.0) == ["there is no record of it"]
    assert "refused and not graded" in of_outcome(strong, Outcome("refused", "It is empty."), 99.0)[0]
    cell = CellGrade("frame", 90.0, 90.0, 100.0)
    graded = Outcome("graded", cells=(cell,), score_before_caps=90.0, possible=100.0)
    assert of_outcome(strong, graded, 90.0) == []
    assert "has 90.0 points here and 99.0 plainly" in of_outcome(strong, graded, 99.0)[0]
    assert "worth 80.0" in of_outcome(replace(strong, same=False), graded, 80.0)[0]


@pytest.mark.parametrize(
    "text", [SCRIPT, MARKDOWN, SVG, "<a href=' java\nscript:x'>", "<p style='x:url(//y)'>", "<x onX=1>"]
)
def test_active_markup_is_seen(text: str) -> None:
    assert active_markdown(text)


def test_quoted_markup_is_not_active() -> None:
    assert active("<pre>&lt;script&gt;owned = 1&lt;/script&gt;</pre><a href='#x'>y</a>") == []

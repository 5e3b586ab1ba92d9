"""The questions about the source: each row has one, numbers are recomputed, choices are fair, nothing is given away."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from casebook import facts
from casebook.answer import parse_quantity
from casebook.facts import AuditItem, SeedError, read_seed
from casebook.facts.crosscheck import audits_from, recompute
from casebook.facts.loader import own_seeds
from casebook.facts.prose import plain, render

ITEMS = facts.audits()
NUMBERS = [item for item in ITEMS if item.asks == "number"]
CHOICES = [item for item in ITEMS if item.asks == "choice"]
ALL = own_seeds().facts()

# Once more in plain Python, for the questions whose figure is no fact of its own, and for those that cross articles
BY_HAND = {
    "X1.old-latency": 200 * 1.1, "X9.goal": 0.03 * 5e6 * 30, "X18.share": 90 - 20, "X21.reach": 45 - 45,
    "X22.day": 5_000 / 0.01 / 30, "X22.other-price": 5_000 / 0.12 / 30, "X31.ramp": 60_000 * 2 / (15 * 2),
    "X31.new": 60_000 / (15 + 15 + 15), "X43.spread": 0.12 / 0.005,
    "X44.share": 100 * (0.018 - 0.01) / (0.018 - 0.006), "X35.points": 120_000 / (1 - 60 / 78),
}


def test_every_row_has_a_question() -> None:
    assert sorted({int(item.row[1:]) for item in ITEMS}) == list(range(1, 49))
    assert len(NUMBERS) > 40
    assert len(CHOICES) > 25


def test_rows_that_are_worked_out_ask_for_a_number() -> None:
    rows = (fact for fact in ALL.values() if fact.section == "contradictions" and fact.fact_id)
    worked = {fact.fact_id for fact in rows if fact.derive}
    assert worked - {item.row for item in NUMBERS} == set()


@pytest.mark.parametrize("item", NUMBERS, ids=lambda item: item.id)
def test_a_number_recomputes_and_is_told_from_its_neighbours(item: AuditItem) -> None:
    assert item.value is not None
    computed = recompute(item.derive, ALL)
    assert item.accepts(computed), "the exact figure must be right"
    assert item.accepts(float(item.value))
    off = 1.2 * computed if computed else 1.0
    assert not item.accepts(off)
    assert not item.accepts(-computed if computed else -1.0)
    if item.id in BY_HAND:
        assert computed == pytest.approx(BY_HAND[item.id], rel=1e-9)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_what_a_learner_reads_is_filled_in_and_stands_alone(item: AuditItem) -> None:
    shown = [render(text) for text in (item.title, item.ask, item.explains, *(c.text for c in item.choices))]
    assert not any("{{" in text for text in shown)
    assert not render(item.ask).startswith(("And ", "At that", "The same"))
    assert render(item.ask).endswith(("?", ".")) and "?" in render(item.ask)


@pytest.mark.parametrize("item", NUMBERS, ids=lambda item: item.id)
def test_a_question_names_its_unit_and_does_not_give_the_answer_away(item: AuditItem) -> None:
    assert item.value is not None
    asked = render(item.ask)
    if float(item.value) > 9:
        assert not re.search(rf"(?<![\d.,]){re.escape(plain(item.value))}(?![\d,]|\.\d)", asked)
    word = {"usd/month": "dollars a month", "usd/year": "dollars a year", "usd/call": "dollars", "percent": "p",
            "ratio": "", "round": "number in the list", "s": "second", "ms": "milliseconds"}.get(item.unit)
    assert (item.unit.split("/")[0].split()[0] if word is None else word) in asked
    if item.unit == "percent":
        assert ("points" if item.percent == "points" else "percentage") in asked


@pytest.mark.parametrize("item", NUMBERS, ids=lambda item: item.id)
def test_the_answer_can_be_typed_as_it_is_asked_for(item: AuditItem) -> None:
    assert item.value is not None
    typed = parse_quantity(f"{float(item.value):g} {item.unit}")
    assert item.accepts(typed.value)


def behind(expression: str) -> set[str]:
    """Every fact that a number rests on, those behind derived ones included."""
    found = set(re.findall(r"[A-Z]{2,4}\.[A-Za-z0-9_]+", expression))
    return found.union(*(behind(ALL[name].derive) for name in found))


@pytest.mark.parametrize("item", NUMBERS, ids=lambda item: item.id)
def test_a_number_that_rests_on_something_of_ours_says_so(item: AuditItem) -> None:
    not_told = {name for name in behind(item.derive) if ALL[name].kind in ("assumption", "illustrative")}
    assert {name for name in not_told if name not in item.provenance.note} == set()
    assert not_told or not item.provenance.note or "ours" not in item.provenance.note


def test_the_right_choice_is_not_betrayed_by_its_place_or_length() -> None:
    places = [item.choices.index(answer) for item in CHOICES if (answer := item.answer)]
    for place in range(3):
        assert places.count(place) >= len(CHOICES) // 6
    for extreme in (max, min):
        met = [item.id for item in CHOICES if item.answer
               and len(item.answer.text) == extreme(len(choice.text) for choice in item.choices)]
        assert 0.2 * len(CHOICES) <= len(met) <= 0.55 * len(CHOICES), (extreme.__name__, met)


def test_a_question_for_a_choice_takes_no_number() -> None:
    assert not any(item.accepts(0) or item.accepts(1) for item in CHOICES)
    assert all(item.answer and item.answer.right for item in CHOICES)
    assert all(item.answer is None for item in NUMBERS)


def item_of(data: dict[str, Any], item_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in data["audits"] if item["id"] == item_id)
    return found


@pytest.mark.parametrize(("item_id", "spoil", "words"), [
    ("X31.ramp", lambda item: item.update(value=2000), "gives 4000"),
    ("X31.ramp", lambda item: item.pop("tolerance"), "tolerance"),
    ("X31.ramp", lambda item: item.pop("derive"), "derive"),
    ("X31.ramp", lambda item: item.update(fact="MJ.X32"), "not the row X31"),
    ("X31.ramp", lambda item: item.update(fact="MJ.X99"), "no fact"),
    ("X31.ramp", lambda item: item.update(derive="MJ.nothing * 2"), "MJ.nothing"),
    ("X31.ramp", lambda item: item.pop("provenance"), "no provenance"),
    ("X32.cushion", lambda item: item.pop("percent"), "percent"),
    ("X32.curve", lambda item: item["choices"][0].update(right=True), "2 choices are right"),
    ("X32.curve", lambda item: item["choices"].pop(0), "too few"),
    ("X32.curve", lambda item: item["choices"][0].update(id=item["choices"][1]["id"]), "same id"),
    ("X32.curve", lambda item: item.update(value=3, unit="s"), "has no 'value'"),
    ("X32.curve", lambda item: item.update(explain="x"), "'explains'"),
])
def test_a_question_that_does_not_hold_together_is_refused(
    item_id: str, spoil: Callable[[dict[str, Any]], object], words: str,
) -> None:
    data = deepcopy(read_seed("audits.yaml"))
    spoil(item_of(data, item_id))
    with pytest.raises(SeedError) as caught:
        audits_from(data, "audits.yaml", ALL)
    assert words in str(caught.value)
    assert item_id in caught.value.key

"""The deck practises every row it should, gives nothing away by form, and marks what it says it marks."""

from __future__ import annotations

import copy
import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.drills import DrillError, deck, find, mark, offered
from casebook.facts import SeedError, audits, drills, load_article, read_seed, render
from casebook.facts.crosscheck import drills_from
from casebook.facts.loader import ARTICLES, own_seeds

FACTS = [fact for name in ARTICLES for fact in load_article(name).facts]
ASKED = [fact.id for fact in FACTS if fact.section in ("mistakes", "probes")]
SMALL = [fact.id for fact in FACTS if fact.section == "cases" and fact.role in ("mini", "anti", "reference")]
CHOICES = [drill for drill in deck() if drill.choices]
NUMBERS = [drill for drill in deck() if drill.asks == "number"]


@pytest.mark.parametrize("row", [*SMALL, *ASKED, *(f"X{number}" for number in range(1, 49))])
def test_every_small_case_decoy_mistake_probe_and_contradiction_is_practised(row: str) -> None:
    assert any(row in drill.rows or drill.id.startswith(f"{row}.") for drill in deck())


def test_the_form_of_a_choice_gives_nothing_away() -> None:
    places, longest = Counter[int](), 0
    for drill in (item for item in drills() if item.choices):
        shown = offered(drill, drill.choices)
        right = next(place for place, choice in enumerate(shown) if choice.right)
        places[right] += 1
        longest += max(shown, key=lambda choice: len(render(choice.text))).right
    assert max(places.values()) <= 0.5 * places.total()
    assert longest <= 0.45 * places.total()
    reasons = [offered(drill, drill.reasons) for drill in drills() if drill.reasons]
    assert sum(max(shown, key=lambda item: len(item.text)).decides for shown in reasons) <= 0.5 * len(reasons)


@pytest.mark.parametrize("drill", CHOICES, ids=lambda drill: drill.id)
def test_each_choice_is_told_what_breaks_with_it(drill) -> None:
    decides = next((reason.id for reason in drill.reasons if reason.decides), "")
    for choice in drill.choices:
        marked = mark(drill, choice.id, decides)
        assert marked.right == choice.right
        assert marked.broke == ("" if choice.right else choice.why)
        assert drill.explains in marked.explains


@pytest.mark.parametrize("drill", [drill for drill in deck() if drill.reasons], ids=lambda drill: drill.id)
def test_a_true_reason_that_does_not_decide_earns_half(drill) -> None:
    right = next(choice.id for choice in drill.choices if choice.right)
    for reason in drill.reasons:
        marked = mark(drill, right, reason.id)
        assert (marked.points, marked.possible) == (2 if reason.decides else 1, 2)
    with pytest.raises(DrillError, match="the reason that decides"):
        mark(drill, right)


@pytest.mark.parametrize("drill", NUMBERS, ids=lambda drill: drill.id)
def test_a_number_is_right_within_its_tolerance_and_nowhere_else(drill) -> None:
    value = float(drill.value)
    assert mark(drill, value).right
    assert not mark(drill, value + 1.5 * drill.room).right
    assert not mark(drill, value - 1.5 * drill.room).right


@given(st.floats(-1e6, 1e6))
def test_a_number_is_marked_by_its_distance_alone(number: float) -> None:
    drill = find("SCL-3.utilisation")
    assert mark(drill, number).right == (abs(number - float(drill.value)) <= drill.room * (1 + 1e-9))


@pytest.mark.parametrize(
    ("drill_id", "reply", "right"),
    [
        ("MJ-4.distance", "0.33 s", True),
        ("MJ-4.distance", "330 ms", True),
        ("MJ-3.wait", "4000 ms", True),
        ("SCL-8.blend", "2.75 cents", True),
        ("SCL-8.blend", "$0.0275", True),
        ("STU-14.redeploy", "60 min", True),
        ("STU-14.redeploy", "60 s", False),
        ("SCL-3.utilisation", "35 %", True),
        ("SCL-7.share", "26,667 predictions a day", True),
    ],
)
def test_units_are_converted_not_guessed(drill_id: str, reply: str, right: bool) -> None:
    assert mark(find(drill_id), reply).right is right


@pytest.mark.parametrize(
    ("drill_id", "reply"),
    [("MJ-4.distance", "$330"), ("SCL-8.blend", "3 %"), ("SCL-3.utilisation", "35 ms"), ("SCL-3.utilisation", ""),
     ("SCL-3.utilisation", "about a third"), ("STB-6.nobody", "z"), ("STB-6.nobody", " "), ("MJ-3.wait", math.inf)],
)  # fmt: skip
def test_what_cannot_be_marked_is_said_and_not_counted_as_wrong(drill_id: str, reply: str | float) -> None:
    with pytest.raises(DrillError):
        mark(find(drill_id), reply)


@given(st.text(max_size=200))
def test_any_text_is_marked_or_refused_in_words(text: str) -> None:
    for drill_id in ("SCL-3.utilisation", "STB-6.nobody"):
        try:
            mark(find(drill_id), text)
        except DrillError:
            continue


def test_a_slip_of_units_is_hinted_at_without_giving_the_number_away() -> None:
    broke = mark(find("MJ-3.wait"), 4000).broke
    assert "a thousand times too large" in broke


def test_every_exercise_that_is_named_next_exists_and_none_leads_to_itself() -> None:
    ids = {drill.id for drill in drills()}
    assert all(drill.next in ids - {drill.id} for drill in drills())


def test_the_audits_are_in_the_deck_unchanged() -> None:
    for item in audits():
        found = find(item.id)
        assert (found.ask, found.value, found.explains) == (item.ask, item.value, item.explains)


BROKEN = {
    "two right": (lambda d: d["choices"][0].update(right=True), "Mark exactly one"),
    "unknown row": (lambda d: d.update(rows=["STB-99"]), "no fact 'STB-99'"),
    "next to nowhere": (lambda d: d.update(next="STB-2.nothing"), "is no other exercise"),
    "two deciding reasons": (lambda d: [r.update(decides=True) for r in d["reasons"]], "Mark exactly one"),
    "no provenance": (lambda d: d.pop("provenance"), "provenance"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_exercise_is_refused_with_its_place(what: str) -> None:
    data = copy.deepcopy(read_seed("drills.yaml"))
    breaks, words = BROKEN[what]
    breaks(data["drills"][0])
    with pytest.raises(SeedError, match=words) as caught:
        drills_from(data, "drills.yaml", own_seeds().facts())
    assert "drills.yaml" in str(caught.value)


def test_a_number_that_its_facts_do_not_give_is_refused() -> None:
    data = copy.deepcopy(read_seed("drills.yaml"))
    next(item for item in data["drills"] if item["id"] == "SCL-3.utilisation")["value"] = 36
    with pytest.raises(SeedError, match="36 is written"):
        drills_from(data, "drills.yaml", own_seeds().facts())

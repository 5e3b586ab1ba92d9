"""A palette too large to be searched through: looked at in places, told so, and never called proven."""

from __future__ import annotations

import math

from casebook.design import Case
from casebook.search import Space, optimise
from casebook.search.ground import look_over
from casebook.search.nearby import neighbours
from casebook.search.space import thinned
from casebook.search.task import Task
from casebook.search.workers import Threads
from tests.search.conftest import CORNER


def test_every_combination_comes_once_and_every_option_comes_in_a_thinned_look(case: Case) -> None:
    space = Space(case.conditions("launch"), case.data)
    every = [tuple(choices.values()) for choices in space.choices()]
    assert len(every) == len(set(every)) == math.prod(map(len, space.offered))
    for step in (thinned(16), thinned(100)):
        looked = list(space.choices(step))
        assert [tuple(one.values()) for one in looked] == every[::step]
        for slot, offered in zip(case.data.slots, space.offered, strict=True):
            assert {one[slot.id] for one in looked} == set(offered)


def test_a_look_in_places_claims_nothing(case: Case) -> None:
    conditions = case.conditions("launch").with_values({"targets": {"toxic": 2.0}})
    hands = Threads(1)
    task = Task.of(case, conditions, None, {}, 9, hands, lambda what, done, of: None)
    ground = look_over(task, 2_000, tails=False)
    assert not ground.whole and ground.possible and ground.blockers == ()
    assert any(not one.possible for one in ground.bounds)
    assert all("not all of it" in one.how for one in ground.bounds)


def test_from_a_few_places_the_search_still_comes_close(case: Case) -> None:
    whole = optimise(case, "launch", only=CORNER, with_front=False)
    look = optimise(case, "launch", only=CORNER, with_front=False, sketches=60)
    assert whole.best is not None and look.best is not None
    assert whole.proven and not look.proven and look.sketched < whole.sketched
    assert all(verdict.ok for verdict in look.best.verdicts)
    assert whole.best.cost_usd_month <= look.best.cost_usd_month <= whole.best.cost_usd_month * 1.2
    again = optimise(case, "launch", only=CORNER, with_front=False, sketches=60)
    assert again.best is not None and again.best.design == look.best.design


def test_neighbours_differ_in_one_or_two_parts_and_keep_what_arithmetic_knows(case: Case) -> None:
    task = Task.of(case, case.conditions("launch"), case.reference, {}, 3, Threads(1), lambda what, done, of: None)
    found = neighbours(task, case.reference, 30)
    assert 10 < len(found) <= 30
    for design in found:
        other = [slot for slot, option in design.choices.items() if option != case.reference.choices[slot]]
        assert 1 <= len(other) <= 2
        sketched = task.sketch(design.choices, design.knobs)
        assert sketched.quality["false_positive_rate"] <= task.limits["fpr"]

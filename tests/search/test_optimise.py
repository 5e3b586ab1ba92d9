"""The cheapest design: against trying everything, whoever does the work, stopped half-way, and where none exists."""

from __future__ import annotations

import itertools
import math

import pytest

from casebook.design import Case, Design, evaluate
from casebook.design.sketch import known_figure, sketch
from casebook.search import Found, SearchError, Space, Threads, optimise
from tests.search.conftest import CORNER

NARROW = {
    "ingestion": ["lambda"], "prefilter": ["hash-list"], "messaging": ["none"], "feedback": ["dynamodb"],
    "serving": ["triton-t4", "triton-l4"], "review": ["vendor"], "cache_share": [0.0],
    "threshold": [2.5, 3.0], "max_batch": [8.0], "max_wait_ms": [0.0], "replicas": [1.0, 4.0],
}


def test_it_is_the_cheapest_of_all_that_meet_the_targets(case: Case) -> None:
    found = optimise(case, "viral", only=NARROW, with_front=False)
    assert found.best is not None and found.proven
    bills = []
    for serving, threshold, replicas in itertools.product(NARROW["serving"], NARROW["threshold"], range(1, 5)):
        design = case.design(
            ingestion="lambda", prefilter="hash-list", serving=serving, review="vendor", feedback="dynamodb",
            threshold=threshold, replicas=replicas, max_batch=8, max_wait_ms=0, cache_share=0,
        )
        if sketch(design, found.conditions).cost_usd_month > found.best.cost_usd_month + 1e-6:
            continue  # dearer: whether it meets the targets makes no difference
        ev = evaluate(design, "viral", graded=True)
        if all(verdict.ok for verdict in ev.verdicts):
            bills.append((ev.cost_usd_month, design))
    assert bills and min(bills, key=lambda pair: pair[0])[0] == pytest.approx(found.best.cost_usd_month)


def test_the_best_is_graded_and_meets_every_target(found: Found) -> None:
    assert found.best is not None and found.best.graded
    assert all(verdict.ok for verdict in found.best.verdicts)
    again = evaluate(found.best.design, "launch", graded=True)
    assert again.cost_usd_month == found.best.cost_usd_month


def test_ties_are_other_parts_for_nearly_the_same_money(found: Found) -> None:
    assert found.best is not None
    for tie in found.ties:
        assert tie.design.choices != found.best.design.choices
        assert all(verdict.ok for verdict in tie.verdicts)
        assert found.best.cost_usd_month <= tie.cost_usd_month <= found.best.cost_usd_month * 1.012


def test_no_step_of_the_cut_off_is_cheaper(case: Case, found: Found) -> None:
    assert found.best is not None
    design = found.best.design
    for step in (-0.05, 0.05):
        moved = design.changed(threshold=round(design.knobs["threshold"] + step, 2))
        if sketch(moved, found.conditions).cost_usd_month < found.best.cost_usd_month:
            assert not all(verdict.ok for verdict in evaluate(moved, "launch", graded=True).verdicts)


def test_the_answer_does_not_depend_on_the_number_of_threads(case: Case, found: Found) -> None:
    one = Threads(1)
    again = optimise(
        case, "launch", only=CORNER, learner=case.reference, front_designs=40, front_requests=20_000, workers=one
    )
    assert again.best is not None and found.best is not None
    assert again.best.design == found.best.design
    assert [tie.design for tie in again.ties] == [tie.design for tie in found.ties]
    assert again.front == found.front
    assert (again.runs, again.sketched) == (found.runs, found.sketched)


def test_the_learner_s_design_lies_on_the_front_s_picture(case: Case, found: Found) -> None:
    front = found.front
    assert front is not None and front.learner is not None
    assert front.points[front.learner].design == case.reference
    assert found.learner is not None and found.learner.design == case.reference
    own = front.points[front.learner]
    for i in front.beating_learner:
        better = front.points[i]
        assert better.cost_usd_month <= own.cost_usd_month and better.tail_ms <= own.tail_ms
        assert better.quality >= own.quality


def test_people_on_the_front_can_do_the_work(found: Found) -> None:
    assert found.front is not None
    staffed = [p.design for p in found.front.points if p.design.choices["review"] == "staffed-pool"]
    assert staffed
    for design in staffed:
        assert evaluate(design, found.conditions, requests=1_000).review_utilisation < 1.0


def test_an_impossible_limit_is_shown_before_anything_is_searched(case: Case) -> None:
    conditions = case.conditions("launch").with_values({"targets": {"latency": 5.0}})
    found = optimise(case, conditions, only=CORNER, with_front=False)
    assert found.best is None and found.impossible and found.settled == 0
    bound = next(one for one in found.bounds if one.target == "latency")
    assert not bound.possible and bound.best > 5.0


def test_targets_that_exclude_each_other_are_named(case: Case) -> None:
    conditions = case.conditions("launch").with_values({"targets": {"fpr": 0.0005, "toxic": 0.45}})
    found = optimise(case, conditions, only=CORNER, with_front=False)
    assert found.best is None and found.impossible
    assert {name for name, _ in found.blockers} == {"fpr", "toxic"}
    assert all(one.possible for one in found.bounds)


def test_stopped_half_way_it_gives_the_best_so_far(case: Case) -> None:
    def tell(what: str, done: int, of: int) -> None:
        if what.startswith("nothing below"):
            raise KeyboardInterrupt

    cards = {"serving": ["triton-l4", "triton-l40s"], "feedback": ["dynamodb", "s3-job"]}
    corner = {**CORNER, **cards, "review": ["vendor"]}
    found = optimise(case, "launch", tell=tell, only=corner)
    assert found.stopped and not found.proven
    assert found.best is not None and found.best.design == case.preset("elastic")
    assert 0 < found.floor_usd_month <= found.best.cost_usd_month


def test_a_design_outside_what_is_searched_is_never_the_best(case: Case) -> None:
    found = optimise(case, "launch", only={**CORNER, "serving": ["triton-l4"], "review": ["vendor"]}, with_front=False)
    assert found.best is not None and found.best.design.choices["serving"] == "triton-l4"


def test_roles_follow_from_what_a_knob_moves(case: Case) -> None:
    space = Space(case.conditions("launch"), case.data)
    roles = space.roles(case.reference.choices)
    assert roles == {
        "threshold": "priced", "cache_share": "priced", "replicas": "count", "max_batch": "free",
        "max_wait_ms": "free", "review_staff": "people", "review_hours": "hours",
    }


def test_the_size_of_the_space_is_the_number_of_its_designs(case: Case) -> None:
    space = Space(case.conditions("launch"), case.data, only=NARROW | {"threshold": [2.5], "replicas": [1.0, 2.0]})
    assert space.size() == 4


@pytest.mark.parametrize(
    ("only", "says"),
    [
        ({"serving": ["abacus"]}, "offers no 'abacus'"),
        ({"colour": ["red"]}, "no slot or knob"),
        ({"serving": []}, "nothing is left"),
    ],
)
def test_a_corner_that_does_not_exist_is_refused(case: Case, only: dict, says: str) -> None:
    with pytest.raises(SearchError, match=says):
        optimise(case, "launch", only=only)


def test_what_only_a_simulation_can_tell_is_not_known_beforehand(case: Case) -> None:
    made = sketch(case.reference, case.conditions("launch"))
    assert math.isnan(known_figure(made, "latency_ms")) and math.isnan(known_figure(made, "review_wait_hours"))
    real = evaluate(case.reference, "launch", requests=1_000)
    for metric in ("cost_usd_month", "cost_usd_per_request", "quality.toxic_reduction", "mvp_weeks"):
        assert known_figure(made, metric) == real.figure(metric)


def test_a_design_survives_the_way_to_a_worker(case: Case) -> None:
    import pickle

    assert pickle.loads(pickle.dumps(case.reference)) == case.reference
    assert isinstance(case.reference, Design)

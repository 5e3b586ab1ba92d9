"""Machines and people as few as will do, and the bounds that rule designs out."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.design import Case, Design, evaluate
from casebook.design.sketch import path_of, people_wait, unqueued
from casebook.engine import simulate
from casebook.search.bounds import conflicts, within
from casebook.search.settle import Limit, Path, Shift, settle_path, settle_shift


@pytest.mark.parametrize("preset", ["reference", "elastic", "platform-first", "own-hardware"])
@pytest.mark.parametrize("scenario", ["launch", "viral"])
def test_nobody_is_quicker_than_on_the_path_without_queues(case: Case, preset: str, scenario: str) -> None:
    arch, workload = path_of(case.preset(preset), case.conditions(scenario))
    real = simulate(arch, workload, 5_000, 3)
    floor = simulate(unqueued(arch, workload), workload, 5_000, 3)
    assert np.all(floor.sojourn_ms <= real.sojourn_ms + 1e-6)


def _path(case: Case, limit_ms: float, scenario: str = "viral", **knobs: float) -> Path:
    design = case.design(ingestion="ec2-service", prefilter="none", serving="triton-l4", review="vendor",
                         feedback="dynamodb", **knobs)
    return Path(
        design, case.conditions(scenario), (Limit(0.99, limit_ms),), {"replicas": 600.0, "ingest_machines": 150.0},
        ({"max_batch": 8.0, "max_wait_ms": 0.0},), {"replicas": 1, "ingest_machines": 1},
        {"replicas": 12, "ingest_machines": 12},
    )


def _good(path: Path, replicas: int, machines: int) -> bool:
    design = path.design.changed(replicas=replicas, ingest_machines=machines, max_batch=8, max_wait_ms=0)
    ev = evaluate(design, path.conditions, graded=True)
    return ev.stable and ev.latency_ms(0.99) <= path.limits[0].allowed_ms


def test_the_counts_are_the_cheapest_that_do(case: Case) -> None:
    path = _path(case, 150.0)
    settled = settle_path(path)
    assert settled.knobs is not None
    replicas, machines = int(settled.knobs["replicas"]), int(settled.knobs["ingest_machines"])
    assert _good(path, replicas, machines)
    price = 600 * replicas + 150 * machines
    cheaper = [(r, m) for r in range(1, 13) for m in range(1, 13) if 600 * r + 150 * m < price]
    # Only the largest of the cheaper ones can do at all; the others have no more of anything.
    edge = [(r, m) for r, m in cheaper if not any((a >= r and b >= m) and (a, b) != (r, m) for a, b in cheaper)]
    assert edge and not any(_good(path, r, m) for r, m in edge)


def test_a_limit_below_the_floor_is_refused_without_trying_machines(case: Case) -> None:
    settled = settle_path(_path(case, 6.0))
    assert settled.knobs is None and settled.reason == "floor"
    assert settled.floor_ms > 6.0


def test_more_than_all_machines_can_do_is_said(case: Case) -> None:
    path = _path(case, 60.0)
    few = dataclasses.replace(path, highest={"replicas": 2, "ingest_machines": 2})
    settled = settle_path(few)
    assert settled.knobs is None and settled.reason == "counts"


def test_the_shift_is_the_cheapest_that_answers_in_time(case: Case) -> None:
    design = case.reference
    shift = Shift(design, case.conditions("launch"), "review", 24.0, (4.0, 8.0, 12.0))
    chosen = settle_shift(shift)
    assert chosen is not None

    def good(people: float, hours: float) -> bool:
        knobs = dict(design.knobs) | {"review_staff": people, "review_hours": hours}
        wait, busy = people_wait(Design(design.case_id, design.choices, knobs), shift.conditions)
        return busy < 1 and wait <= 24.0

    price = chosen["review_staff"] * chosen["review_hours"]
    assert good(chosen["review_staff"], chosen["review_hours"])
    assert not any(good(math.ceil(price / hours) - 1, hours) for hours in shift.hours)


def test_nobody_can_answer_at_once(case: Case) -> None:
    assert settle_shift(Shift(case.reference, case.conditions("launch"), "review", 0.001, (8.0,))) is None


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=30))
def test_conflicts_count_what_one_target_holds_back(rows: list[tuple[bool, ...]]) -> None:
    for name, count in conflicts(rows, ["a", "b", "c"]):
        others = [i for i in range(3) if "abc"[i] != name]
        assert count == sum(all(row[i] for i in others) for row in rows) > 0


@settings(max_examples=50)
@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_within_is_what_a_verdict_says(value: float, limit: float) -> None:
    from casebook.design.verdict import status_of

    for direction in ("max", "min"):
        word = status_of(value, limit, direction, simulated=False, graded=False, stable=True)
        assert within(value, limit, direction) == (word == "met")

"""The front, the tornado, and the command that prints both."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.cli import main
from casebook.design import Case, evaluate
from casebook.search import front, knob_tornado, pareto, source_tornado


@given(st.lists(st.tuples(*[st.integers(0, 5)] * 3), max_size=40))
def test_the_front_is_what_nothing_dominates(rows: list[tuple[int, int, int]]) -> None:
    def dominated(row: tuple[int, ...]) -> bool:
        return any(all(a <= b for a, b in zip(other, row, strict=True)) and other != row for other in rows)

    assert sorted(pareto(rows)) == [i for i, row in enumerate(rows) if not dominated(row)]


def test_points_are_what_evaluate_says_and_the_learner_comes_last(case: Case) -> None:
    designs = [case.preset(p.id) for p in case.data.presets if p.id != "reference"]
    made = front(designs, case.conditions("launch"), learner=case.reference, requests=20_000, every_tail=True)
    assert made.learner == len(designs)
    for point in made.points:
        ev = evaluate(point.design, "launch", requests=20_000)
        assert point.cost_usd_month == ev.cost_usd_month
        assert point.tail_ms == ev.latency_ms(0.99)
        assert point.quality == ev.quality["toxic_reduction"]


def test_what_is_ruled_out_without_a_run_changes_nothing_on_the_front(case: Case) -> None:
    designs = [
        case.design(serving=card, ingestion="lambda", messaging=queue, replicas=replicas, review="vendor",
                    threshold=cut)
        for card in ("triton-t4", "triton-l4", "cpu-fleet") for queue in ("none", "sqs", "kafka")
        for replicas in (1, 2, 4, 6) for cut in (2.5, 3.0)
    ]
    conditions = case.conditions("launch")
    whole = front(designs, conditions, learner=case.reference, requests=10_000, every_tail=True)
    quick = front(designs, conditions, learner=case.reference, requests=10_000)
    assert quick.best == whole.best and quick.learner == whole.learner
    spared = [i for i, point in enumerate(quick.points) if point.at_least]
    assert spared and not set(spared) & set(quick.best)
    for i, (short, full) in enumerate(zip(quick.points, whole.points, strict=True)):
        if i in spared:
            assert short.tail_ms <= full.tail_ms  # the same draws with nobody waiting
        else:
            assert short == full


def test_a_design_that_cannot_keep_up_is_never_on_the_front(case: Case) -> None:
    drowning = case.reference.changed(serving="cpu-fleet", replicas=1)
    made = front([drowning, case.reference], case.conditions("viral"), requests=5_000)
    assert not made.points[0].stable and 0 not in made.best and math.isinf(made.points[0].tail_ms)


def test_the_widest_bar_is_the_knob_that_matters(case: Case) -> None:
    short = case.reference.changed(serving="triton-t4", replicas=4)
    made = knob_tornado(short, "viral", requests=20_000)
    assert made.bars[0].name == "replicas"
    assert made.bars[0].tail_swing_ms == math.inf or made.bars[0].tail_swing_ms > made.bars[1].tail_swing_ms
    assert {bar.name for bar in made.bars} == set(short.knobs)


def test_a_bar_shows_what_evaluate_shows(case: Case) -> None:
    made = knob_tornado(case.reference, "launch", requests=20_000)
    bar = next(one for one in made.bars if one.name == "review_staff")
    for end, setting in zip(bar.cost_usd_month, (bar.low, bar.high), strict=True):
        assert end == evaluate(case.reference.changed(review_staff=setting), "launch", requests=20_000).cost_usd_month
    assert made.by_cost()[0].cost_swing_usd_month == max(one.cost_swing_usd_month for one in made.bars)


def test_each_source_moves_alone_and_together_they_span_the_price_band(case: Case) -> None:
    made = source_tornado(case.reference, "launch", requests=5_000)
    prices = [bar for bar in made.bars if bar.name.startswith("catalog:") and bar.cost_swing_usd_month > 0]
    prices = [bar for bar in prices if bar.name != "catalog:review.error"]  # an error is no price on a list
    low, high = evaluate(case.reference, "launch", requests=5_000).cost_band_usd_month
    others = sum(bar.cost_swing_usd_month for bar in prices if bar.name != "catalog:ops.hour.usd")
    assert others == pytest.approx(high - low, rel=1e-9)


def test_a_moved_source_leaves_the_case_as_it_was(case: Case) -> None:
    before = evaluate(case.reference, "launch", requests=5_000).latency_ms()
    source_tornado(case.reference, "launch", requests=5_000)
    from casebook.design import forget_evaluations

    forget_evaluations()
    assert evaluate(case.reference, "launch", requests=5_000).latency_ms() == before


def test_the_slowest_part_s_source_moves_the_tail_most(case: Case) -> None:
    made = source_tornado(case.reference, "launch", requests=20_000)
    assert made.bars[0].name.startswith("catalog:ingest.function")
    swings = [bar.tail_swing_ms for bar in made.bars]
    assert np.all(np.diff(swings) <= 0)


COMMAND = ["optimise", "stability-moderation", "ingestion=lambda", "prefilter=hash-list", "messaging=none",
           "serving=triton-l4,triton-l40s", "review=vendor", "feedback=dynamodb", "cache_share=0", "threshold=2.75,3",
           "--front", "5", "--threads", "1"]


def test_the_command_prints_what_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, "--design", '{"serving": "managed-api"}']) == 0
    text = capsys.readouterr().out
    assert "cheapest:" in text and "every cheaper design" in text
    assert "yours:" in text and "Verdict latency missed" in text


def test_the_command_s_json_is_read_by_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["best"]["graded"] is True and data["proven"] is True
    assert all(verdict["status"] in ("met", "too close to call") for verdict in data["best"]["verdicts"])
    assert data["front"]["best"]


@pytest.mark.parametrize(
    ("words", "says"),
    [(["serving"], "is no choice"), (["serving=abacus"], "offers no"), (["--design", "{"], "not JSON"),
     (["--grid", "1"], "outside 2 to 200"), (["--design", '{"serving": "abacus"}'], "not on the palette")],
)
def test_mistakes_at_the_command_are_answered_in_words(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["optimise", "stability-moderation", *words]) == 1
    assert says in capsys.readouterr().err


def test_nothing_that_meets_all_is_a_failed_check(capsys: pytest.CaptureFixture[str]) -> None:
    words = [word for word in COMMAND if not word.startswith("serving")] + ["serving=managed-api"]
    assert main(words) == 2
    assert "no design meets" in capsys.readouterr().out


def test_only_paths_that_lose_nobody_are_bounded_by_a_path_without_queues() -> None:
    from casebook.engine import Architecture, Component, Exponential, Link, Outages, Retry
    from casebook.search.frontier import _bounded

    plain = Component("a", 2, Exponential(10.0))
    assert _bounded(Architecture([plain]))
    for odd in ({"queue_limit": 3}, {"retry": Retry(50.0, 2)}, {"outages": Outages(((1.0, 2.0),), "refuse")}):
        assert not _bounded(Architecture([Component("a", 2, Exponential(10.0), **odd)]))
    limited = Component("a", 2, Exponential(10.0), queue_limit=3)
    spare = Component("b", 2, Exponential(10.0))
    assert not _bounded(Architecture([limited, spare], [Link("a", "b", kind="overflow")]))

"""What a design does: determinism, verdicts, quality, pushbacks, weeks and the people who review."""

from __future__ import annotations

import math

import pytest

from casebook.design import Conditions, evaluate, forget_evaluations, load_case
from casebook.design.quality import normal_tail, two_normal_roc
from casebook.design.verdict import status_of

CASE = load_case("stability-moderation")
REFERENCE = CASE.reference


def test_the_same_arguments_give_the_same_figures_bit_for_bit() -> None:
    first = evaluate(REFERENCE, "launch", requests=5_000, seed=3)
    forget_evaluations()
    second = evaluate(REFERENCE, "launch", requests=5_000, seed=3)
    assert first is not second
    assert first.run.sojourn_ms.tobytes() == second.run.sojourn_ms.tobytes()
    assert first.cost_lines == second.cost_lines
    assert first.review_wait_hours == second.review_wait_hours


def test_latency_gets_its_word_from_graded_runs_alone() -> None:
    quick = {verdict.target: verdict.status for verdict in evaluate(REFERENCE, "launch").verdicts}
    graded = {verdict.target: verdict.status for verdict in evaluate(REFERENCE, "launch", graded=True).verdicts}
    assert quick["latency"] == "quick"
    assert graded["latency"] in ("met", "missed", "too close to call")
    assert quick["fpr"] == graded["fpr"] == "met"


def test_graded_table_says_what_the_engine_says() -> None:
    from casebook.design.architecture import request_architecture, request_workload
    from casebook.engine import graded

    conditions = CASE.conditions("viral")
    quality = two_normal_roc(REFERENCE, conditions)
    run = graded(request_architecture(REFERENCE, conditions, quality.figures), request_workload(REFERENCE, conditions))
    evaluation = evaluate(REFERENCE, "viral", graded=True)
    for q in (0.5, 0.97, 0.99):
        assert evaluation.latency_ms(q) == run.quantile_ms(q)
        assert evaluation.latency_band_ms(q) == run.quantile_band_ms(q)


def test_an_overloaded_part_is_reported_and_named() -> None:
    design = CASE.design(serving="cpu-fleet", replicas=1, messaging="sqs", review="vendor")
    evaluation = evaluate(design, "viral", graded=True)
    assert not evaluation.stable
    assert evaluation.bottleneck == "serving"
    assert math.isnan(evaluation.latency_ms(0.99))
    assert next(v for v in evaluation.verdicts if v.target == "latency").status == "not stable"
    assert evaluation.dominant_constraint.target == "latency"


def test_more_work_than_the_reviewers_can_do_is_a_wait_without_end() -> None:
    evaluation = evaluate(REFERENCE.changed(review_staff=1, review_hours=2, threshold=1.0), "launch", requests=2_000)
    assert evaluation.review_wait_hours == math.inf
    assert evaluation.utilisation["review"] > 1
    assert evaluation.bottleneck == "review"


def test_review_utilisation_is_hours_of_work_over_hours_on_shift() -> None:
    evaluation = evaluate(REFERENCE, "launch", requests=2_000)
    people, hours = REFERENCE.knobs["review_staff"], REFERENCE.knobs["review_hours"]
    assert evaluation.utilisation["review"] == pytest.approx(evaluation.quality["review_hours_day"] / (people * hours))


def test_quality_model_reproduces_the_audit_of_the_source() -> None:
    """X2: 1 % toxic, recall 30 %, 5 % false positives: 5.7 % of the flags are right."""
    bare = REFERENCE.changed(prefilter="none", messaging="sqs", review="none", feedback="feature-store")
    conditions = CASE.conditions("launch")
    # A cut-off of 1.645 leaves 5 % of the clean; 0.524 below it the mean of the toxic leaves 30 % of them.
    shift = 1.645 - 0.5244 - float(bare.option("serving").quality.d_prime)
    shifted = Conditions(conditions.case_id, conditions.scenario, facts=(("d_prime_shift", shift),))
    quality = two_normal_roc(bare.changed(threshold=1.65), shifted)
    assert quality["false_positive_rate"] == pytest.approx(0.05, abs=0.001)
    assert quality["recall"] == pytest.approx(0.30, abs=0.005)
    assert quality["precision"] == pytest.approx(0.057, abs=0.002)


def test_a_higher_cutoff_flags_less_and_misses_more() -> None:
    figures = [two_normal_roc(REFERENCE.changed(threshold=t), CASE.conditions("launch")) for t in (1.0, 2.0, 3.0)]
    for name in ("false_positive_rate", "recall", "flagged_day"):
        values = [quality[name] for quality in figures]
        assert values == sorted(values, reverse=True), name


def test_uncertain_separation_is_a_band_around_the_figure() -> None:
    quality = two_normal_roc(REFERENCE, CASE.conditions("launch"))
    low, high = quality.band["recall"]
    assert low < quality["recall"] < high


def test_normal_tail_is_the_textbook_one() -> None:
    assert normal_tail(0) == 0.5
    assert normal_tail(1.959964) == pytest.approx(0.025, abs=1e-7)


def test_what_is_not_live_within_the_window_lowers_nothing() -> None:
    evaluation = evaluate(CASE.preset("own-hardware"), "launch", requests=2_000)
    assert evaluation.weeks_to_live > 13
    assert evaluation.quality["toxic_reduction"] == 0
    assert evaluation.quality["toxic_removed"] > 0.3


@pytest.mark.parametrize("pushback", [item.id for item in CASE.data.pushbacks])
def test_every_pushback_moves_the_number_it_asks_for(pushback: str) -> None:
    asked = next(item for item in CASE.data.pushbacks if item.id == pushback).asks.metric
    before = evaluate(REFERENCE, CASE.conditions("launch"), graded=True).figure(asked)
    after = evaluate(REFERENCE, CASE.conditions("launch", pushback), graded=True).figure(asked)
    assert abs(after - before) > 0.05 * abs(before)


def test_source_bands_enclose_the_figures() -> None:
    evaluation = evaluate(REFERENCE, "launch", requests=20_000)
    low, high = evaluation.source_band_ms(0.99)
    assert low < evaluation.latency_ms(0.99) < high
    low, high = evaluation.cost_band_usd_month
    assert low < evaluation.cost_usd_month < high


@pytest.mark.parametrize(("value", "word"), [(100, "met"), (198, "too close to call"), (202, "too close to call"),
                                             (203, "missed"), (math.nan, "missed")])
def test_words_of_a_simulated_figure_around_its_limit(value: float, word: str) -> None:
    assert status_of(value, 200, "max", simulated=True, graded=True, stable=True) == word


def test_exact_figures_are_never_too_close_to_call() -> None:
    assert status_of(0.0501, 0.05, "max", simulated=False, graded=False, stable=True) == "missed"
    assert status_of(0.05, 0.05, "max", simulated=False, graded=False, stable=True) == "met"


def test_designs_that_differ_in_what_no_request_waits_for_share_their_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from casebook.design import latency

    simulated = []
    run = latency.graded_run
    monkeypatch.setattr(latency, "graded_run", lambda *system: simulated.append(system) or run(*system))
    forget_evaluations()
    first = evaluate(REFERENCE, "launch", graded=True)
    people = evaluate(REFERENCE.changed(review_staff=REFERENCE.knobs["review_staff"] + 1), "launch", graded=True)
    assert len(simulated) == 1 and people.run is first.run
    assert people.cost_usd_month != first.cost_usd_month
    evaluate(REFERENCE.changed(replicas=REFERENCE.knobs["replicas"] + 1), "launch", graded=True)
    assert len(simulated) == 2, "what requests do wait for is simulated anew"

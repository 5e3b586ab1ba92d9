"""A design: what the palette offers, errors that list it, the line of Python that makes it again, its picture."""

from __future__ import annotations

import pickle

import pytest

from casebook.design import Design, DesignError, load_case

CASE = load_case("stability-moderation")


def test_repr_is_the_line_that_makes_it_again() -> None:
    design = CASE.reference
    assert eval(repr(design), {"case": CASE}) == design


def test_equal_designs_are_one_key_of_a_dict_and_survive_pickling() -> None:
    one, two = CASE.design(serving="triton-l4", replicas=2), CASE.design(replicas=2, serving="triton-l4")
    assert {one: 1}[two] == 1
    assert pickle.loads(pickle.dumps(one)) == one


@pytest.mark.parametrize(("kwargs", "said"), [
    ({"serving": "triton-l5"}, "triton-l4"),
    ({"servng": "triton-l4"}, "serving"),
    ({"serving": "managed-api", "replicas": 2}, "serving='triton-l4'"),
    ({"serving": "triton-l4", "replicas": 1e12}, "goes from 1 to 64"),
    ({"serving": "triton-l4", "replicas": 1.5}, "whole number"),
    ({"serving": "triton-l4", "replicas": float("nan")}, "not a number"),
    ({"serving": "triton-l4", "replicas": True}, "not a number"),
    ({"threshold": "high"}, "not a number"),
])
def test_a_wrong_choice_is_refused_and_the_message_says_what_there_is(kwargs, said) -> None:
    with pytest.raises(DesignError, match=said.replace("(", r"\(")):
        CASE.design(**kwargs)


def test_changing_an_option_drops_the_knobs_that_no_longer_apply() -> None:
    design = CASE.design(serving="triton-l4", replicas=5, threshold=2.0)
    other = design.changed(serving="managed-api")
    assert "replicas" not in other.knobs
    assert other.knobs["threshold"] == 2.0
    assert other.differences(design) == ("serving",)


def test_differences_name_slots_and_knobs() -> None:
    design = CASE.design(serving="triton-l4", replicas=5)
    assert design.differences(design) == ()
    assert design.differences(design.changed(replicas=4)) == ("replicas",)


def test_an_empty_slot_is_bridged_in_the_picture() -> None:
    design = CASE.design(serving="triton-l4", prefilter="none", messaging="none", review="staffed-pool",
                         feedback="dynamodb")
    edges = {(edge.src, edge.dst): edge.kind for edge in design.edges()}
    assert edges[("ingestion", "serving")] == "request"
    assert edges[("serving", "review")] == "async"
    assert edges[("feedback", "serving")] == "feedback"
    assert not any("prefilter" in pair or "messaging" in pair for pair in edges)


@pytest.mark.parametrize("preset", [preset.id for preset in CASE.data.presets])
def test_every_preset_makes_a_connected_picture(preset: str) -> None:
    design = CASE.preset(preset)
    parts = {part.slot for part in design.parts()}
    edges = design.edges()
    assert {end for edge in edges for end in (edge.src, edge.dst)} == parts
    assert len({(edge.src, edge.dst) for edge in edges}) == len(edges)


def test_every_option_can_be_chosen_and_evaluated() -> None:
    from casebook.design import evaluate

    for slot in CASE.data.slots:
        for option in slot.options:
            design = CASE.reference.changed(**{slot.id: option.id})
            evaluation = evaluate(design, "pilot", requests=2_000)
            assert evaluation.cost_usd_month == pytest.approx(sum(evaluation.cost_lines.values())), option.id
            assert evaluation.latency_ms(0.5) > 0, option.id


def test_kwargs_round_trip() -> None:
    design = CASE.preset("elastic")
    assert Design.from_kwargs(CASE.id, **design.as_kwargs()) == design

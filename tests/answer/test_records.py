"""Every record: from one short form or from keywords, printed as the line that makes it again, blank when unfilled."""

from __future__ import annotations

import dataclasses
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.answer import (
    RECORDS,
    AnswerError,
    Assumption,
    Audit,
    Cadence,
    Close,
    ComponentNote,
    Constraint,
    DataPlan,
    Handoff,
    Hypothesis,
    Phase,
    Prediction,
    Pushback,
    Question,
    Record,
    Rollout,
    Scope,
    ShortFormError,
    SizingPass,
    Stage,
    Table,
    TimePlan,
    Tradeoff,
)
from casebook.answer.lexer import MAX_CHARS

PAIRS: list[tuple[Record, Record]] = [
    (
        Hypothesis(
            "for artists who sell, decide what is published: toxic uploads from 1 % of uploads to 0.7 % of uploads"
        ),
        Hypothesis(
            persona="artists who sell",
            decision="what is published",
            metric="toxic uploads",
            baseline="1 % of uploads",
            target="0.7 % of uploads",
        ),
    ),
    (
        Assumption("volume: 100,000 uploads a day", because="nobody said"),
        Assumption(topic="volume", statement="100,000 uploads a day", because="nobody said"),
    ),
    (
        Constraint("1. latency: a verdict within 200 ms"),
        Constraint(id="latency", text="a verdict within 200 ms", rank=1),
    ),
    (
        ComponentNote("serving: Model Ops, because latency, $1,200 a month, 3 weeks, as Model Registry (one L4)"),
        ComponentNote(
            slot="serving",
            owner="Model Ops",
            because="latency",
            estimate_usd_month=1200,
            effort_weeks=3,
            label="Model Registry",
            estimate_note="one L4",
        ),
    ),
    (
        Handoff("ingestion → serving: schema agreed by Data Engineering"),
        Handoff(src="ingestion", dst="serving", what="schema agreed by Data Engineering"),
    ),
    (
        Tradeoff("p99 latency -80 ms for +$1,200 a month: L4 GPUs, instead of CPUs"),
        Tradeoff(metric="p99 latency", delta="-80 ms", cost_usd_month=1200, decision="L4 GPUs", rejected="CPUs"),
    ),
    (
        Prediction("180 ms, $9,000 a month, serving, 4 hours"),
        Prediction(p99_ms=180, cost_usd_month=9_000, bottleneck="serving", review_queue_hours=4),
    ),
    (
        Prediction("0.18 s, $300 a day, serving, 1 day"),
        Prediction(p99_ms=180, cost_usd_month=9_125, bottleneck="serving", review_queue_hours=24),
    ),
    (
        SizingPass("3.5 uploads/s at peak -> 4 GPUs, observed 1.2 uploads/s"),
        SizingPass(assumption="3.5 uploads/s at peak", estimate="4 GPUs", observed="1.2 uploads/s"),
    ),
    (
        Stage("5 % of users for 2 weeks, if false positive rate < 5 %"),
        Stage(share_percent=5, of="users", duration_days=14, gate="false positive rate < 5 %"),
    ),
    (
        Rollout("MVP in 8 weeks; canary: 5 % of users for 2 weeks; then 100 % of users for 4 weeks"),
        Rollout(stages=[Stage("5 % of users for 2 weeks"), "100 % of users for 4 weeks"], mvp_weeks=8),
    ),
    (Cadence("retrain every 1 week", owner="Model Ops"), Cadence("weekly retrain, Model Ops")),
    (Cadence("retrain every week, owner Model Ops"), Cadence(what="retrain", every_days=7, owner="Model Ops")),
    (
        Scope("video uploads (no labels yet); live streams: nobody owns them"),
        Scope(out=[("video uploads", "no labels yet"), ("live streams", "nobody owns them")]),
    ),
    (
        Close("Cut it by 30 %.\nOne GPU.\nIn 90 days.\nWhich sources first?"),
        Close(goal="Cut it by 30 %.", design="One GPU.", plan="In 90 days.", question="Which sources first?"),
    ),
    (
        Pushback("ten-times: $12,500 a month, changes, because more GPUs, and people"),
        Pushback(id="ten-times", number="$12,500 a month", stance="changes", because="more GPUs, and people"),
    ),
    (Pushback("ten-times", 310), Pushback("ten-times: 310")),
    (Audit("impact-score = 24"), Audit("impact-score", "24")),
    (Question("volume"), Question(id="volume")),
    (
        Phase("day 90 for 90 days: 5M calls a day, predictive provisioning, 20 GPU nodes"),
        Phase(start_day=90, days=90, capacity="5M calls a day", technique="predictive provisioning",
              resources="20 GPU nodes"),
    ),
    (
        DataPlan("closed tickets: 2,000 labelled by two agents, label error 8 %, agreement 85 %, refresh weekly, "
                 "Data Science"),
        DataPlan(source="closed tickets", labelled=2_000, annotator="two agents", label_error_percent=8,
                 agreement_percent=85, refresh_days=7, owner="Data Science"),
    ),
    (TimePlan("clarify 5, deep dive 15 min"), TimePlan(blocks=[("clarify", 5), ("deep dive", 15)])),
    (
        Table("1 nodes: 1.4 s, $18,000 a month; 2 nodes: 900 ms, $36,000 a month"),
        Table(rows=[(1, 1_400, 18_000), (2, 900, 36_000)]),
    ),
]


@pytest.mark.parametrize(("short", "long"), PAIRS, ids=[type(pair[0]).__name__ for pair in PAIRS])
def test_the_short_form_is_the_keywords(short: Record, long: Record) -> None:
    assert short == long


@pytest.mark.parametrize("record", [pair[0] for pair in PAIRS], ids=lambda record: type(record).__name__)
def test_a_record_prints_as_one_line_that_makes_it_again_and_survives_json(record: Record) -> None:
    assert "\n" not in repr(record)
    assert eval(repr(record), dict(RECORDS)) == record
    there = json.loads(json.dumps(record.to_data(), allow_nan=False))
    assert type(record).from_data(there, "part") == record


@pytest.mark.parametrize(
    ("made", "meant"),
    [
        (
            Hypothesis("artists, decide: publish or hold: toxic uploads from 1 % to 0.7 %"),
            Hypothesis("artists", "publish or hold", "toxic uploads", "1 %", "0.7 %"),
        ),
        (Constraint("1) latency: 200 ms"), Constraint("latency", "200 ms", rank=1)),
        (Scope("video (no labels), streams (no owner)"), Scope([("video", "no labels"), ("streams", "no owner")])),
        (
            ComponentNote("serving: Model Ops because of latency, $1,200/mo, 1.5 wk"),
            ComponentNote("serving", "Model Ops", "latency", 1_200, 1.5),
        ),
        (Handoff("ingestion to serving: schema"), Handoff("ingestion", "serving", "schema")),
        (SizingPass("guess -> about 4 GPUs, observed 250 ms p99"), SizingPass("guess", "4 GPUs", "250 ms p99")),
        (Rollout("8 weeks to MVP; canary 5% of users for 2 weeks"), Rollout(["5 % of users for 2 weeks"], 8)),
        (Cadence("weekly retraining by Model Ops"), Cadence("retraining", 7, "Model Ops")),
        (Cadence("retrain once a week, by Model Ops"), Cadence("retrain", 7, "Model Ops")),
        (Cadence("every two weeks: retrain".replace("two", "2")), Cadence("retrain", 14)),
        (
            Pushback("viral: changes, p99 310 ms, because one more GPU, $900 a month"),
            Pushback("viral", "p99 310 ms", "changes", "one more GPU", 900),
        ),
        (
            Prediction("p99 180 ms, $9k a month, bottleneck serving, review queue 4 h"),
            Prediction(180, 9_000, "serving", 4),
        ),
    ],
)
def test_other_ways_to_type_it(made: Record, meant: Record) -> None:
    assert made == meant


def test_a_mistake_shows_as_sentences_and_survives_pickling() -> None:
    with pytest.raises(ShortFormError) as caught:
        Cadence("now and then")
    shown: Any = caught.value
    lines = shown._render_traceback_()
    assert '"now and then"' in lines[0]
    assert lines[1].startswith("A form that works: Cadence(")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.problem) == (str(caught.value), caught.value.problem)
    for record, _ in PAIRS:
        assert pickle.loads(pickle.dumps(record)) == record


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_the_unfilled_form_is_blank_and_the_records_are_frozen(name: str) -> None:
    record: Any = RECORDS[name]
    assert record().is_blank
    assert record("").is_blank
    first = dataclasses.fields(record)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record(), first, "x")
    assert not hasattr(record(), "__dict__")


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_the_example_in_an_error_works(name: str) -> None:
    for form in RECORDS[name].EXAMPLE.split(" or "):
        if "…" not in form:
            assert not eval(form, dict(RECORDS)).is_blank


def test_forms_with_an_id_but_no_value_are_blank() -> None:
    assert Audit("impact-score", None).is_blank
    assert Pushback("ten-times").is_blank
    assert Constraint("", rank=1).is_blank


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ComponentNote("serving: Model Ops, $1,200"), "money needs $ and a period"),
        (lambda: ComponentNote("serving: Model Ops, Data Science"), "name one"),
        (lambda: ComponentNote("serving: $5 a month, $6 a month"), "two of them"),
        (lambda: ComponentNote("serving", estimate_usd_month="12 weeks"), "US dollars per month"),
        (lambda: ComponentNote("serving", effort_weeks=float("nan")), "not finite"),
        (lambda: ComponentNote("serving", effort_weeks=-1), "less than 0"),
        (lambda: ComponentNote("serving", effort_weeks=10**400), "too large"),
        (lambda: ComponentNote("serving", owner=5), "a text in quotes"),
        (lambda: ComponentNote("serving", effort_weeks=True), "a number belongs here"),
        (lambda: Prediction(p99_ms="200 m"), "minutes, months or millions"),
        (lambda: Prediction("180 ms, $9,000 a month, serving"), "four parts"),
        (lambda: Prediction(p99_ms=float("inf")), "not finite"),
        (lambda: Tradeoff("latency better: GPUs"), "'for' its price"),
        (lambda: Tradeoff("latency 80 ms for $5 a month: GPUs"), "needs a sign"),
        (lambda: Stage("some users"), "share of users"),
        (lambda: Stage("5 users for 2 weeks"), "share in percent"),
        (lambda: Stage("150 % of users"), "100 % at most"),
        (lambda: Stage("5 % of users for a while"), "no duration"),
        (lambda: Rollout(stages=[5]), "Stage or its text"),
        (lambda: Cadence("retrain now and then"), "how often is missing"),
        (lambda: Cadence("weekly"), "not what is done"),
        (lambda: Handoff("ingestion and serving"), "from -> to"),
        (lambda: Assumption("volume"), "a colon"),
        (lambda: Question("what is the volume?"), "one word"),
        (lambda: Constraint("latency", rank=0), "whole number from 1"),
        (lambda: Close("one | two"), "four parts, and 2"),
        (lambda: Pushback("ten-times", 3, stance="maybe"), "survives, changes, defended"),
        (lambda: Pushback("ten-times", "many"), "a number is missing"),
        (lambda: Scope(out=[("video",)]), "(item, reason) pair"),
        (lambda: SizingPass("guess", estimate="some GPUs"), "a number is missing"),
        (lambda: Hypothesis("for artists: fewer toxic uploads"), ", decide"),
        (lambda: Close(goal="x" * (MAX_CHARS + 1)), "is the limit"),
        (lambda: Phase("soon: 5M calls a day"), "day 0 for 90 days"),
        (lambda: Phase("day 0 for 90 days: 5M calls a day, 6M calls a day"), "name one"),
        (lambda: Phase(capacity="many"), "one number"),
        (lambda: DataPlan("tickets: 60 % labelled"), "one count"),
        (lambda: DataPlan("tickets: label error 120 %"), "100 % at most"),
        (lambda: DataPlan("tickets: refresh now and then"), "how often"),
        (lambda: TimePlan("clarify"), "has its minutes"),
        (lambda: TimePlan("clarify 5 %"), "no time in minutes"),
        (lambda: TimePlan(blocks=[("clarify", -1)]), "between 0 and"),
        (lambda: Table("1 nodes: 900 ms"), "a latency and a price"),
        (lambda: Table(rows=[(1, 2)]), "units, a latency"),
    ],
)
def test_what_is_wrong_is_said_with_the_field_and_a_form_that_works(make: Any, said: str) -> None:
    with pytest.raises(ShortFormError) as caught:
        make()
    assert said in str(caught.value)
    assert caught.value.example


@pytest.mark.parametrize("name", sorted(RECORDS))
@pytest.mark.parametrize("piece", ["9,", "p99 latency < ", ", because ", "a -> b: ", "(", "5 % "])
def test_a_million_characters_are_refused_by_length_whatever_they_are(name: str, piece: str) -> None:
    with pytest.raises(ShortFormError, match="is the limit") as caught:
        RECORDS[name](piece * (1_000_000 // len(piece)))  # type: ignore[call-arg]
    assert len(str(caught.value)) < 600


def test_json_of_a_record_with_an_unknown_or_wrong_field_names_it() -> None:
    with pytest.raises(AnswerError, match=r"notes\[2\]\.ownr.*Did you mean owner"):
        ComponentNote.from_data({"ownr": "x"}, "notes[2]")
    with pytest.raises(AnswerError, match=r"risks\[0\]: a list"):
        ComponentNote.from_data([], "risks[0]")
    with pytest.raises(AnswerError, match=r"rollout\.stages\[0\]"):
        Rollout.from_data({"stages": [5]}, "rollout")
    with pytest.raises(AnswerError, match=r"scope\.out"):
        Scope.from_data({"out": [["video"]]}, "scope")


def test_control_characters_and_half_characters_do_not_survive() -> None:
    note = ComponentNote("serving", owner="Model\x00 \x1b[31mOps\u202e \ud800")
    assert note.owner == "Model [31mOps ?"


SAID = (
    "serving : ; , | -> ( ) $1,200 a month 3 weeks because as for from to instead of 5 % users if every weekly = 24 ms "
    "day 0 nodes: labelled by agreement error refresh clarify 5, "
    "changes survives 1. MVP\n decide -80 + observed 4 GPUs m 1,5"
)
PIECES = st.lists(st.sampled_from(SAID.split(" ")), max_size=12).map(" ".join)


@given(name=st.sampled_from(sorted(RECORDS)), text=PIECES | st.text(max_size=60))
def test_any_text_makes_a_record_that_round_trips_or_a_short_form_error(name: str, text: str) -> None:
    record: Any = RECORDS[name]
    try:
        made = record(text)
    except ShortFormError:
        return
    assert eval(repr(made), dict(RECORDS)) == made
    assert record.from_data(json.loads(json.dumps(made.to_data())), "part") == made
    assert all(isinstance(said, str) for _, said in made.texts())


@given(
    name=st.sampled_from(sorted(RECORDS)),
    value=st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=3) | st.lists(st.integers()),
)
def test_any_value_makes_a_record_or_a_short_form_error(name: str, value: object) -> None:
    record: Any = RECORDS[name]
    for field in dataclasses.fields(record):
        if field.init:
            try:
                made = record(**{field.name: value})
            except ShortFormError:
                continue
            assert eval(repr(made), dict(RECORDS)) == made

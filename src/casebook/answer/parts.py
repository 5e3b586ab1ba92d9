"""Which parts an answer has, what each is made of, and how a learner's value becomes that part or is
refused.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casebook.answer.closing import Audit, Close, Pushback
from casebook.answer.data_plan import DataPlan
from casebook.answer.errors import AnswerError, ShortFormError, near_miss, shown
from casebook.answer.hypothesis import Hypothesis
from casebook.answer.lexer import clean_text
from casebook.answer.metric import Metric
from casebook.answer.notes import ComponentNote, Handoff
from casebook.answer.planning import Phase, TimePlan
from casebook.answer.record import Record
from casebook.answer.risk import Risk
from casebook.answer.rollout import Cadence, Rollout, Stage
from casebook.answer.scoping import Assumption, Constraint, Question, Scope
from casebook.answer.table import Table
from casebook.answer.tradeoff import Prediction, SizingPass, Tradeoff
from casebook.facts.variant_id import base_id

if TYPE_CHECKING:
    from casebook.design import Design

MAX_RECORDS = 60
MAX_SPEAKING_CHARS = 4_000
ONE, MANY, DESIGN, TEXT = "one", "many", "design", "text"


@dataclass(frozen=True, slots=True)
class PartKind:
    """One field of the answer: ``shape`` one record, many of them, a design, or a text."""

    name: str
    shape: str
    record: type[Record] | None = None


PARTS: tuple[PartKind, ...] = (
    PartKind("hypothesis", ONE, Hypothesis),
    PartKind("questions", MANY, Question),
    PartKind("assumptions", MANY, Assumption),
    PartKind("constraints", MANY, Constraint),
    PartKind("metrics", MANY, Metric),
    PartKind("prediction", ONE, Prediction),
    PartKind("design", DESIGN),
    PartKind("alternative", DESIGN),
    PartKind("notes", MANY, ComponentNote),
    PartKind("handoffs", MANY, Handoff),
    PartKind("tradeoff", ONE, Tradeoff),
    PartKind("sizing", MANY, SizingPass),
    PartKind("rollout", ONE, Rollout),
    PartKind("risks", MANY, Risk),
    PartKind("cadence", ONE, Cadence),
    PartKind("scope", ONE, Scope),
    PartKind("cadences", MANY, Cadence),
    PartKind("phases", MANY, Phase),
    PartKind("data_plan", ONE, DataPlan),
    PartKind("time_plan", ONE, TimePlan),
    PartKind("table", ONE, Table),
    PartKind("pushbacks", MANY, Pushback),
    PartKind("audits", MANY, Audit),
    PartKind("close", ONE, Close),
    PartKind("speaking", TEXT),
)
PART_NAMES: tuple[str, ...] = tuple(part.name for part in PARTS)
BY_NAME: dict[str, PartKind] = {part.name: part for part in PARTS}
RECORDS: dict[str, type[Record]] = {
    record.__name__: record for record in (*(part.record for part in PARTS if part.record), Stage)
}


def empty(part: PartKind) -> Any:
    """The value of an unanswered part."""
    return () if part.shape == MANY else "" if part.shape == TEXT else None


def coerced(part: PartKind, value: object, case_id: str) -> Any:
    """A learner's ``value`` as the part's own type; blank forms become "not answered".

    Texts stand for the record they are the short form of; a mapping of id to value stands for audits and
    pushbacks. `AnswerError` names the part and the remedy.
    """
    try:
        if value is None or value is Ellipsis or (isinstance(value, str) and not value.strip()):
            return empty(part)
        if part.shape == TEXT:
            return _text(part.name, value)
        if part.shape == DESIGN:
            return _design(part.name, value, case_id)
        assert part.record is not None
        if part.shape == ONE:
            made = _record(part.name, part.record, value)
            return None if made.is_blank else made
        return _records(part.name, part.record, value)
    except ShortFormError as error:
        raise AnswerError(part.name, str(error)) from None


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise AnswerError(name, f"{shown(value)} stands where a text belongs", "Write it in quotes.")
    return clean_text(value, name, MAX_SPEAKING_CHARS, lines=True)


def _record(name: str, record: type[Record], value: object) -> Record:
    if type(value) is record:
        return value
    if isinstance(value, str):
        return record(value)  # type: ignore[call-arg]
    if isinstance(value, list | tuple) and len(value) == 1 and isinstance(value[0], str | record):
        return _record(name, record, value[0])
    raise AnswerError(
        name, f"{shown(value)} stands where a {record.__name__} belongs", f"For example {record.EXAMPLE}."
    )


def _records(name: str, record: type[Record], value: object) -> tuple[Record, ...]:
    items: list[object]
    if isinstance(value, Mapping) and record in (Audit, Pushback):
        items = [record(*pair) for pair in value.items()]
    elif isinstance(value, list | tuple):
        items = list(value)
    else:
        items = [value]
    if len(items) > MAX_RECORDS:
        raise AnswerError(name, f"it has {len(items):,} entries and {MAX_RECORDS} is the limit", "Keep what matters.")
    made = (_record(name, record, item) for item in items if item is not None and item is not Ellipsis)
    return tuple(item for item in made if not item.is_blank)


def _design(name: str, value: Any, case_id: str) -> Design | None:
    if isinstance(value, Mapping):
        return design_from(name, value, case_id)
    if type(value) is not _design_type():
        if not value:  # what an untouched board hands out
            return None
        raise AnswerError(
            name,
            f"{shown(value)} stands where a design belongs",
            "Keep one on the board: design = board.keep().",
        )
    if base_id(value.case_id) != base_id(case_id):
        raise AnswerError(
            name,
            f"it is a design of the case {value.case_id}, and this answer is about {case_id}",
            "Keep a design on this case's board.",
        )
    made: Design = value if value.case_id == case_id else type(value)(case_id, value.choices, value.knobs)
    return made


def _design_type() -> type[Any]:
    found: type[Any] = importlib.import_module("casebook.design").Design
    return found


def design_from(name: str, choices: Mapping[Any, Any], case_id: str) -> Design | None:
    """The design of slot and knob names to values; nothing chosen is "not answered". `AnswerError`
    otherwise.
    """
    if not choices:
        return None
    for key, value in choices.items():
        if not isinstance(key, str) or isinstance(value, bool) or not isinstance(value, str | int | float):
            raise AnswerError(
                name,
                f"{shown(key)}={shown(value)} is no choice on the board",
                "A slot takes the name of an option, a knob takes a number.",
            )
    try:
        made: Design = _design_type().from_kwargs(case_id, **dict(choices))
    except (ValueError, TypeError, OverflowError, ArithmeticError) as error:
        raise AnswerError(name, str(error).rstrip(".")) from None
    return made


def unknown_part(name: str) -> str:
    """The remedy for a name that is no part of an answer."""
    return near_miss(name, PART_NAMES, limit=30)

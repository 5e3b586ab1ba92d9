"""The answer: everything a learner decided on one case, to JSON and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casebook.answer.closing import Audit, Close, Pushback
from casebook.answer.code import home, typed_code
from casebook.answer.data_plan import DataPlan
from casebook.answer.errors import AnswerError
from casebook.answer.hypothesis import Hypothesis
from casebook.answer.metric import Metric
from casebook.answer.notes import ComponentNote, Handoff
from casebook.answer.parts import (
    BY_NAME,
    DESIGN,
    MANY,
    MAX_RECORDS,
    ONE,
    PART_NAMES,
    PARTS,
    PartKind,
    coerced,
    design_from,
    empty,
    unknown_part,
)
from casebook.answer.planning import Phase, TimePlan
from casebook.answer.record import Record
from casebook.answer.risk import Risk
from casebook.answer.rollout import Cadence, Rollout
from casebook.answer.scoping import Assumption, Constraint, Question, Scope
from casebook.answer.strict_json import loads_strict
from casebook.answer.table import Table
from casebook.answer.tradeoff import Prediction, SizingPass, Tradeoff
from casebook.facts.variant_id import base_id

if TYPE_CHECKING:
    from casebook.design import Design

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """The parts of one answer; None, () or '' where a part is not answered. Names are those of the
    notebook. ``code`` is a student's code where one was given; ``case_id`` then is that of its variant.
    """

    case_id: str
    hypothesis: Hypothesis | None = None
    questions: tuple[Question, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    metrics: tuple[Metric, ...] = ()
    prediction: Prediction | None = None
    design: Design | None = None
    alternative: Design | None = None
    notes: tuple[ComponentNote, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    tradeoff: Tradeoff | None = None
    sizing: tuple[SizingPass, ...] = ()
    rollout: Rollout | None = None
    risks: tuple[Risk, ...] = ()
    cadence: Cadence | None = None
    scope: Scope | None = None
    cadences: tuple[Cadence, ...] = ()
    phases: tuple[Phase, ...] = ()
    data_plan: DataPlan | None = None
    time_plan: TimePlan | None = None
    table: Table | None = None
    pushbacks: tuple[Pushback, ...] = ()
    audits: tuple[Audit, ...] = ()
    close: Close | None = None
    speaking: str = ""
    code: str = ""

    @classmethod
    def from_names(cls, case_id: str, names: Mapping[str, Any]) -> Answer:
        """The answer among ``names`` (pass ``globals()``); other names are ignored.

        `AnswerError` for the first part that holds something else; `gather` goes on instead.
        """
        answer, errors = cls.gather(case_id, names)
        if errors:
            raise errors[0]
        return answer

    @classmethod
    def gather(cls, case_id: str, names: Mapping[str, Any]) -> tuple[Answer, tuple[AnswerError, ...]]:
        """Like `from_names`, but a part that cannot be taken is left unanswered and its error is returned."""
        found: dict[str, Any] = {}
        errors: list[AnswerError] = []
        case_id, code = home(case_id, typed_code(names.get("code")))
        for part in PARTS:
            try:
                found[part.name] = coerced(part, names.get(part.name), case_id)
            except AnswerError as error:
                errors.append(error)
        return cls(case_id, **found, code=code), tuple(errors)

    def with_parts(self, **parts: Any) -> Answer:
        """The same answer with other values of some parts; each may be a record, its text, a list, or
        None.
        """
        for name in parts:
            if name not in BY_NAME:
                raise AnswerError(name, "an answer has no such part", unknown_part(name))
        made = {name: getattr(self, name) for name in PART_NAMES}
        made |= {name: coerced(BY_NAME[name], value, self.case_id) for name, value in parts.items()}
        return Answer(self.case_id, **made, code=self.code)

    def as_printed(self) -> Answer:
        """The same answer to the case as printed, its code taken away."""
        if not self.code and self.case_id == base_id(self.case_id):
            return self
        return Answer(base_id(self.case_id)).with_parts(**{name: getattr(self, name) for name in self.answered()})

    def answered(self) -> tuple[str, ...]:
        """Names of the parts that hold something."""
        return tuple(name for name in PART_NAMES if getattr(self, name) not in (None, (), ""))

    def blank_fields(self) -> tuple[str, ...]:
        """Names of the parts that are not answered."""
        done = set(self.answered())
        return tuple(name for name in PART_NAMES if name not in done)

    def text_fields(self) -> Iterator[tuple[str, str]]:
        """Every string the learner wrote, with its place: ``("risks[0].action", "retrain")``. Hostile:
        escape it.
        """
        for part in PARTS:
            value = getattr(self, part.name)
            if part.shape == ONE and value is not None:
                yield from ((f"{part.name}.{inner}", text) for inner, text in value.texts())
            elif part.shape == MANY:
                for at, record in enumerate(value):
                    yield from ((f"{part.name}[{at}].{inner}", text) for inner, text in record.texts())
            elif part.shape not in (ONE, DESIGN) and value:
                yield part.name, value

    def note_for(self, slot: str) -> ComponentNote | None:
        """The note of a slot of the palette; the last one where there are two."""
        wanted = slot.replace("_", "-").casefold()
        return next(
            (
                note
                for note in reversed(self.notes)
                if note.slot.replace("_", "-").replace(" ", "-").casefold() == wanted
            ),
            None,
        )

    def to_json(self) -> str:
        """The answer as JSON: keys sorted, unanswered parts left out, ASCII, the same text for equal
        answers.
        """
        data: dict[str, Any] = {"case_id": base_id(self.case_id), "format": FORMAT}
        if self.code:
            data["code"] = self.code
        for name in self.answered():
            part, value = BY_NAME[name], getattr(self, name)
            if part.shape == ONE:
                data[name] = value.to_data()
            elif part.shape == MANY:
                data[name] = [record.to_data() for record in value]
            else:
                data[name] = dict(value.as_kwargs()) if part.shape == DESIGN else value
        return json.dumps(data, sort_keys=True, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Answer:
        """The answer of ``text``; `AnswerError` names the field and the remedy, whatever the text holds."""
        data = loads_strict(text)
        if not isinstance(data, dict):
            raise AnswerError("answer", "it is no object with parts", "Save it with Answer.to_json().")
        case_id = data.pop("case_id", None)
        if not isinstance(case_id, str) or not 0 < len(case_id) <= 80:
            raise AnswerError("case_id", "the case is not named", 'Add "case_id": "stability-moderation".')
        if base_id(case_id) != case_id:
            raise AnswerError("case_id", "it names a variant", f'Write {base_id(case_id)!r}; the code says which.')
        case_id, code = home(case_id, typed_code(data.pop("code", None)))
        if data.pop("format", FORMAT) != FORMAT:
            raise AnswerError("format", "it was written by another version", f"This version reads format {FORMAT}.")
        parts: dict[str, Any] = {}
        for name, value in data.items():
            if name not in BY_NAME:
                raise AnswerError(str(name)[:60], "an answer has no such part", unknown_part(str(name)))
            parts[name] = _from_data(BY_NAME[name], value, case_id)
        return cls(case_id, **parts, code=code)


def _from_data(part: PartKind, value: Any, case_id: str) -> Any:
    if value is None:
        return empty(part)
    if part.shape == DESIGN:
        if not isinstance(value, dict):
            raise AnswerError(
                part.name, "slots and knobs with their values belong here", 'For example {"serving": "…"}.'
            )
        return design_from(part.name, value, case_id)
    if part.record is None:
        return coerced(part, value, case_id)
    if part.shape == ONE:
        return coerced(part, part.record.from_data(value, part.name), case_id)
    if not isinstance(value, list):
        raise AnswerError(part.name, f"a list of {part.record.__name__} objects belongs here", "Write [ … ].")
    if len(value) > MAX_RECORDS:
        raise AnswerError(
            part.name, f"it has {len(value):,} entries and {MAX_RECORDS} is the limit", "Keep what matters."
        )
    records: list[Record] = [part.record.from_data(item, f"{part.name}[{at}]") for at, item in enumerate(value)]
    return coerced(part, records, case_id)

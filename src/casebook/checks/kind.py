"""Check kinds: general checks that a case's file asks for by name, with parameters checked before anything runs."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from casebook.checks.casefile import file_of, slots_named
from casebook.checks.finding import Outcome
from casebook.checks.registry import Check
from casebook.facts.base import Number, Record, build
from casebook.facts.errors import SeedError, near_miss

if TYPE_CHECKING:
    from casebook.checks.subject import Subject
    from casebook.facts.case import CaseData
    from casebook.facts.check import CheckEntry


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a parameter that names something of the case: target, slot, scenario, pushback, question, owner, …"""

    what: str


TargetId = Annotated[str, Ref("target")]
SlotId = Annotated[str, Ref("slot")]
OptionId = Annotated[str, Ref("option")]
ScenarioId = Annotated[str, Ref("scenario")]
QuestionId = Annotated[str, Ref("question")]
OwnerName = Annotated[str, Ref("owner")]
PushbackId = Annotated[str, Ref("pushback")]
AuditId = Annotated[str, Ref("audit")]
Formula = Annotated[str | Number, Ref("formula")]


class Params(Record):
    """Base of a kind's parameters; the class docstring says what each means."""


P = TypeVar("P", bound=Params)
KindFunction = Callable[["Subject", P], Outcome]


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered kind. ``needs`` are the parts of the Answer it looks at; ``needs_of`` where parameters decide."""

    id: str
    title: str | Callable[[Any, Any], str]
    params: type[Params]
    needs: tuple[str, ...]
    compares: bool
    run: Callable[[Any, Any], Outcome]
    needs_of: Callable[[Any], tuple[str, ...]] | None = None
    example: Callable[[Any, Any], str] | None = None
    verify: Callable[[Any, Any], str] | None = None


_KINDS: dict[str, Kind] = {}


def kind(
    kind_id: str,
    title: str | Callable[[CaseData, P], str],
    params: type[P],
    *,
    needs: tuple[str, ...] = (),
    compares: bool = False,
    needs_of: Callable[[P], tuple[str, ...]] | None = None,
    example: Callable[[CaseData, P], str] | None = None,
    verify: Callable[[CaseData, P], str] | None = None,
) -> Callable[[KindFunction[P]], KindFunction[P]]:
    """Register a kind. ``example`` is a line that would pass, in the case's own words; ``verify`` returns what is
    wrong with parameters that fit one by one ('' where nothing is).
    """

    def register(function: KindFunction[P]) -> KindFunction[P]:
        if kind_id in _KINDS:
            raise ValueError(f"two kinds are called {kind_id!r}: rename one")
        _KINDS[kind_id] = Kind(kind_id, title, params, needs, compares, function, needs_of, example, verify)
        return function

    return register


@cache
def all_kinds() -> Mapping[str, Kind]:
    """Every kind by id."""
    from casebook.checks import families  # noqa: F401  (importing registers them)

    return _KINDS


def check_of(entry: CheckEntry, data: CaseData) -> Check:
    """The check that an entry of a case asks for; ``SeedError`` names file, key and remedy."""
    kinds = all_kinds()
    file, key = file_of(data), f"checks.{entry.id}"
    if entry.kind not in kinds:
        raise SeedError(file, f"{key}.kind", f"there is no kind {entry.kind!r}", near_miss(entry.kind, kinds))
    found = kinds[entry.kind]
    params = params_of(entry, data, file)
    needs = found.needs_of(params) if found.needs_of else found.needs
    made = found.example(data, params) if found.example else ""
    title = entry.title or (found.title if isinstance(found.title, str) else found.title(data, params))

    def run(subject: Subject) -> Outcome:
        outcome = found.run(subject, params)
        if entry.fix and not outcome.passed:
            return Outcome(outcome.share, outcome.evidence, outcome.message, entry.fix)
        return outcome

    return Check(entry.id, title, needs, found.compares, run, entry.good or made, entry.bad)


def params_of(entry: CheckEntry, data: CaseData, file: str = "") -> Params:
    """The parameters of an entry, each checked against the case; ``SeedError`` for the first that does not fit."""
    found = all_kinds()[entry.kind]
    file, key = file or file_of(data), f"checks.{entry.id}"
    params = build(found.params, _defaults(entry), file, key)
    for name, field in found.params.model_fields.items():
        ref = _ref((field.annotation, *field.metadata))
        if ref is not None:
            for value in _flat(getattr(params, name)):
                _known(ref, value, data, file, f"{key}.{name}")
    wrong = found.verify(data, params) if found.verify else ""
    if wrong:
        problem, _, remedy = wrong.partition(". ")
        raise SeedError(file, key, problem, remedy or "Correct the parameters.")
    return params


def _defaults(entry: CheckEntry) -> dict[str, Any]:
    """Parameters as given; kinds with a parameter ``id`` take the entry's own."""
    fields = all_kinds()[entry.kind].params.model_fields
    own = {"id": entry.id} if "id" in fields and "id" not in entry.params else {}
    return {**own, **entry.params}


def _ref(annotation: Any) -> Ref | None:
    if isinstance(annotation, Ref):
        return annotation
    inner = annotation if isinstance(annotation, tuple) else typing.get_args(annotation)
    found = (_ref(part) for part in inner)
    return next((ref for ref in found if ref is not None), None)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _flat(item)
    elif value not in ("", None):
        yield value


def _known(ref: Ref, value: Any, data: CaseData, file: str, key: str) -> None:
    if ref.what == "formula":
        from casebook.checks.formula import verify

        if wrong := verify(value, data):
            raise SeedError(file, key, wrong, "Mend the formula, or the names in it.")
        return
    known = _names(ref.what, data)
    if str(value) not in known and not (ref.what == "slot" and slots_named(data, str(value))):
        raise SeedError(file, key, f"there is no {ref.what} {value!r}", near_miss(str(value), known))


def _names(what: str, data: CaseData) -> list[str]:
    if what == "option":
        return [option.id for slot in data.slots for option in slot.options]
    if what == "owner":
        return list(data.owners)
    if what == "audit":
        return [name for item in data.audits for name in (item.id, item.fact, item.fact.partition(".")[2])]
    items: Any = getattr(data, {"scenario": "scenarios"}.get(what, f"{what}s"))
    return [item.id for item in items]

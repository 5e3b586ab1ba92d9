"""What every record read from seeds shares: strict keys with a suggestion, sourced numbers, clear errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema, model_validator

from casebook.facts.errors import SeedError, near_miss

Kind = Literal["seed_claim", "derived", "assumption", "illustrative", "measured", "listed"]
Confidence = Literal["H", "M", "L"]


class Sourced(float):
    """A float that remembers where it came from: the id of its seed, its band and its kind.

    Arithmetic gives plain floats; ``ref`` is '' for a number written out in the case itself.
    """

    __slots__ = ("high", "kind", "low", "ref")
    ref: str
    low: float
    high: float
    kind: str

    def __new__(cls, value: float, ref: str = "", low: float | None = None, high: float | None = None,
                kind: str = "assumption") -> Sourced:
        number = super().__new__(cls, value)
        number.ref = ref
        number.low = float(value) if low is None else float(low)
        number.high = float(value) if high is None else float(high)
        number.kind = kind
        return number

    def __reduce__(self) -> tuple[Any, ...]:
        return Sourced, (float(self), self.ref, self.low, self.high, self.kind)


def _number(value: Any) -> Sourced:
    if isinstance(value, Sourced):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{value!r} is not a number: write a number, 'catalog:<id>' or 'fact:<id>'")
    return Sourced(value)


def _share(value: Any) -> Sourced:
    number = _number(value)
    if not 0 <= number <= 1:
        raise ValueError(f"{float(number):g} is not a share: write 0.05 for 5 %")
    return number


def _at_least_zero(value: Any) -> Sourced:
    number = _number(value)
    if number < 0:
        raise ValueError(f"{float(number):g} is negative: write 0 or more")
    return number


Number = Annotated[Sourced, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Amount = Annotated[Sourced, BeforeValidator(_at_least_zero), WithJsonSchema({"type": "number", "minimum": 0})]
Share = Annotated[Sourced, BeforeValidator(_share),
                  WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})]


class Formula(str):
    """Arithmetic over named figures, worked out for a design under a scenario; see ``facts.arithmetic``."""

    __slots__ = ()


def _formula(value: Any) -> Formula:
    from casebook.facts.arithmetic import names_in

    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"{value!r} is not a formula: write arithmetic over named figures: '2 * knob.replicas'")
    names_in(str(value))
    return Formula(value)


def _amount_or_formula(value: Any) -> Sourced | Formula:
    return _formula(value) if isinstance(value, str) else _at_least_zero(value)


def _share_or_formula(value: Any) -> Sourced | Formula:
    return _formula(value) if isinstance(value, str) else _share(value)


def _number_or_formula(value: Any) -> Sourced | Formula:
    return _formula(value) if isinstance(value, str) else _number(value)


_WRITTEN = {"type": "string", "description": "arithmetic over named figures, see docs/new-case.md"}
Expression = Annotated[Formula, BeforeValidator(_formula), WithJsonSchema(_WRITTEN)]
AmountOrFormula = Annotated[Sourced | Formula, BeforeValidator(_amount_or_formula),
                            WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, _WRITTEN]})]
ShareOrFormula = Annotated[Sourced | Formula, BeforeValidator(_share_or_formula),
                           WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, _WRITTEN]})]
NumberOrFormula = Annotated[Sourced | Formula, BeforeValidator(_number_or_formula),
                            WithJsonSchema({"anyOf": [{"type": "number"}, _WRITTEN]})]


class Record(BaseModel):
    """A frozen record whose unknown keys are refused with the nearest known one."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = {field.alias or name for name, field in cls.model_fields.items()}
            for key in data:
                if key not in known:
                    raise ValueError(f"unknown key {key!r}. {near_miss(str(key), known)}")
        return data


class Provenance(Record):
    """Where the numbers beside it come from."""

    kind: Kind
    source: str = ""
    fact: str = ""
    note: str = ""
    label: str = ""

    @model_validator(mode="after")
    def _says_where(self) -> Provenance:
        if not (self.source or self.fact or self.note):
            raise ValueError("a provenance needs 'source', 'fact' or 'note'")
        return self


class Sourceful(Record):
    """A record that states its own origin."""

    kind: Kind
    source: str = ""
    fact: str = ""
    note: str = ""
    label: Literal["", "ours"] = ""
    derive: str = ""

    @model_validator(mode="after")
    def _origin(self) -> Sourceful:
        if not (self.source or self.fact or self.note or self.derive):
            raise ValueError("no provenance. Add 'source', 'fact' or 'note'")
        if self.kind == "assumption" and self.label != "ours":
            raise ValueError("an assumption is ours. Add 'label: ours'")
        return self


AnyRecord = TypeVar("AnyRecord", bound=Record)

REMEDIES: dict[str, str] = {
    "missing": "Add the key.",
    "literal_error": "Use one of the values listed.",
    "string_type": "Write it as text (quote it).",
    "list_type": "Write it as a list ('- …' lines).",
    "model_type": "Write it as 'key: value' lines.",
}


def build(model: type[AnyRecord], data: Any, file: str, prefix: str = "") -> AnyRecord:
    """``model`` made of ``data``, with pydantic's complaint turned into a ``SeedError``."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        loc = [part for part in first["loc"] if not str(part).startswith("function-")]
        key = place(data, loc, prefix)
        message = str(first["msg"]).removeprefix("Value error, ")
        more = f" (and {error.error_count() - 1} more here)" if error.error_count() > 1 else ""
        remedy = REMEDIES.get(first["type"], "Correct the value.")
        if ". " in message:
            message, remedy = message.split(". ", 1)
        raise SeedError(file, key, message.rstrip(".") + more, remedy) from None


def place(data: Any, loc: list[Any], prefix: str = "") -> str:
    """A path a person can follow: list positions are replaced by the id of the item found there."""
    words: list[str] = [prefix] if prefix else []
    for part in loc:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
        name = str(part)
        if isinstance(part, int):
            name = str(data["id"]) if isinstance(data, Mapping) and "id" in data else f"[{part}]"
        words.append(name)
    return ".".join(words)


"""One check of a case as data: its kind, its points, the cell it belongs to, and what the kind is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field, model_validator

from casebook.facts.base import Amount, Provenance, Record

OWN = ("id", "kind", "title", "points", "cell", "fix", "good", "bad", "params", "provenance")


class CheckEntry(Record):
    """An entry of a case's ``checks``: ``kind`` names a general check, every further key is a parameter of it.

    Without a ``kind`` the id is that of a universal check (U1 to U27), asked with these points instead of the
    table's. ``good`` and ``bad`` are one-line examples, ``fix`` the remedy where the kind has none of its own.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        # A kind's parameters stand flat beside the other keys; their names are checked where the kind is known.
        json_schema_extra=lambda schema: schema.update(additionalProperties=True),
    )

    id: str = Field(pattern=r"^[A-Za-z0-9]+([-.][A-Za-z0-9]+)*$")
    kind: str = ""
    title: str = ""
    points: Amount
    cell: str = ""
    fix: str = ""
    good: str = ""
    bad: str = ""
    params: dict[str, Any] = Field(default_factory=dict)
    provenance: Provenance

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        own = {key: value for key, value in data.items() if key in OWN}
        given = own.get("params") or {}
        if not isinstance(given, Mapping):
            return data
        extra = {key: value for key, value in data.items() if key not in OWN}
        return {**own, "params": {**given, **extra}}

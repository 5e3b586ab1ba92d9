"""Refuses a number whose origin nobody wrote down, in any seeds file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casebook.facts.errors import SeedError

_ORIGINS = ("source", "fact", "note", "derive")


def _says_where(data: Mapping[str, Any]) -> bool:
    """True when a mapping states a kind and an origin for the numbers inside it."""
    own = "kind" in data and any(isinstance(data.get(key), str) and data[key] for key in _ORIGINS)
    stated = data.get("provenance")
    return own or (isinstance(stated, Mapping) and "kind" in stated
                   and any(isinstance(stated.get(key), str) and stated[key] for key in _ORIGINS))


def bare_numbers(data: Any, key: str = "", covered: bool = False,
                 top: bool = True) -> Iterator[tuple[str, float]]:
    """Path and value of every number that no enclosing mapping (the file itself aside) accounts for."""
    if isinstance(data, Mapping):
        covered = covered or (not top and _says_where(data))
        for name, value in data.items():
            yield from bare_numbers(value, f"{key}.{name}".lstrip("."), covered, False)
    elif isinstance(data, list):
        for position, value in enumerate(data):
            name = str(value["id"]) if isinstance(value, Mapping) and "id" in value else f"[{position}]"
            yield from bare_numbers(value, f"{key}.{name}".lstrip("."), covered, False)
    elif isinstance(data, (int, float)) and not isinstance(data, bool) and not covered:
        yield key, data


def require_provenance(data: Mapping[str, Any], file: str) -> None:
    """``SeedError`` for the first number without provenance."""
    for key, value in bare_numbers(data):
        raise SeedError(file, key, f"the number {value:g} has no provenance",
                        "Write 'catalog:<id>' or 'fact:<id>' instead, or put 'kind:' and one of 'source:', "
                        "'fact:' or 'note:' beside it.")

"""The catalogue: prices, latencies and hardware figures, each with source, date and a band."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from pydantic import Field, model_validator

from casebook.facts.base import Confidence, Kind, Number, Record, Share
from casebook.facts.errors import near_miss


class Source(Record):
    """A place where figures were read: what it is and when it said so."""

    ref: str = Field(min_length=1)
    as_of: str = Field(min_length=4)
    kind: str = Field(min_length=1)
    license: str = ""


class Entry(Record):
    """One figure. ``low`` and ``high`` where the sources state a range; else confidence sets the band."""

    id: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")
    value: Number
    unit: str = Field(min_length=1)
    source: str = Field(min_length=1)
    as_of: str = ""
    conf: Confidence
    kind: Kind
    load: str = ""
    note: str = ""
    derive: str = ""
    low: Number | None = None
    high: Number | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Entry:
        if self.kind == "derived" and not self.derive:
            raise ValueError("a derived figure needs 'derive'. Write the arithmetic that gives the value")
        if self.kind == "measured" and not self.load:
            raise ValueError("a measured figure needs 'load'. Say under which load it was measured")
        if (self.low is None) != (self.high is None):
            raise ValueError("'low' and 'high' belong together. Give both or neither")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError("the value lies outside its own band. Mend 'low' or 'high'")
        return self


class Meta(Record):
    """What holds for every price in the file."""

    region: str
    currency: str
    month_hours: Number
    note: str = ""
    kind: Kind = "assumption"


class Catalog(Record):
    """All entries. ``catalog["gpu.l4.usd_h"].value``, ``.source``; ``catalog.band(id) -> (low, high)``."""

    meta: Meta
    sources: dict[str, Source]
    bands: dict[Confidence, Share]
    bands_note: str = Field(min_length=1)
    entries: tuple[Entry, ...]

    @cached_property
    def _index(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.entries}

    def __getitem__(self, entry_id: str) -> Entry:
        if entry_id not in self._index:
            raise KeyError(f"no catalogue entry {entry_id!r}. {near_miss(entry_id, self._index)}")
        return self._index[entry_id]

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._index

    def ids(self) -> Iterator[str]:
        return (entry.id for entry in self.entries)

    def band(self, entry_id: str) -> tuple[float, float]:
        """Lowest and highest value that the confidence in an entry admits, in the entry's unit."""
        entry = self[entry_id]
        if entry.low is not None and entry.high is not None:
            return float(entry.low), float(entry.high)
        width = self.bands[entry.conf]
        return float(entry.value) * (1 - width), float(entry.value) * (1 + width)

"""seeds/README.md names every key that the loader accepts."""

from __future__ import annotations

import re
from inspect import getmembers, isclass
from pathlib import Path

import pytest

from casebook.facts import article, audit, book, case, framework, palette, story
from casebook.facts.base import Record
from casebook.facts.files import seeds_root

RECORDS = sorted({record for module in (article, audit, book, case, framework, palette, story)
                  for _name, record in getmembers(module, isclass) if issubclass(record, Record)},
                 key=lambda record: record.__name__)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_key_is_in_the_readme(record: type[Record]) -> None:
    root = seeds_root()
    assert isinstance(root, Path)
    named = set(re.findall(r"`([a-z_]+)(?::[^`]*)?`", (root / "README.md").read_text(encoding="utf-8")))
    keys = {field.alias or name for name, field in record.model_fields.items()}
    assert keys - named == set()

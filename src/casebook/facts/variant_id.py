"""Ids of variants: ``stability-moderation~07`` is the case with the numbers of variant 7 of 32."""

from __future__ import annotations

import re

from casebook.facts.errors import SeedError

COUNT = 32
MARK = "~"
_ID = re.compile(r"(?P<base>[^~]+)~(?P<number>\d\d)")


def variant_id(case_id: str, number: int) -> str:
    """The id of a variant; that of the case itself for number 0."""
    return f"{base_id(case_id)}{MARK}{number:02d}" if number else base_id(case_id)


def base_id(case_id: str) -> str:
    """The id of the case that a variant varies; any other id as it is."""
    return case_id.partition(MARK)[0]


def number_of(case_id: str) -> int:
    """1 to 32 for a variant, 0 for the case as printed. ``SeedError`` for what looks like a variant and is none."""
    if MARK not in case_id:
        return 0
    found = _ID.fullmatch(case_id)
    number = int(found["number"]) if found else 0
    if not 1 <= number <= COUNT:
        raise SeedError(f"cases/{base_id(case_id)}.yaml", "variants", f"{case_id!r} is no variant",
                        f"They are {MARK}01 to {MARK}{COUNT}.")
    return number

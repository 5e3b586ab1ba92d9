"""The units a short form may use, the words for them, and which of them cannot be told apart."""

from __future__ import annotations

HOURS_PER_MONTH = 730.0
DAYS_PER_MONTH = HOURS_PER_MONTH / 24
_MS_PER_HOUR = 3_600_000.0

MS_PER: dict[str, float] = {
    "ms": 1.0,
    "s": 1_000.0,
    "min": 60_000.0,
    "hours": _MS_PER_HOUR,
    "days": 24 * _MS_PER_HOUR,
    "weeks": 7 * 24 * _MS_PER_HOUR,
    "months": HOURS_PER_MONTH * _MS_PER_HOUR,
    "quarters": 3 * HOURS_PER_MONTH * _MS_PER_HOUR,
    "years": 12 * HOURS_PER_MONTH * _MS_PER_HOUR,
}
"""Milliseconds in a unit of time; a month is 730 hours everywhere."""

TIME_WORDS: dict[str, str] = {
    word: unit
    for unit, words in {
        "ms": "ms msec msecs millisecond milliseconds",
        "s": "s sec secs second seconds",
        "min": "min mins minute minutes",
        "hours": "h hr hrs hour hours",
        "days": "d day days",
        "weeks": "w wk wks week weeks",
        "months": "mo mos month months",
        "quarters": "quarter quarters",
        "years": "y yr yrs year years",
    }.items()
    for word in words.split()
}

ADVERBS: dict[str, str] = {
    "hourly": "hours",
    "daily": "days",
    "nightly": "days",
    "weekly": "weeks",
    "monthly": "months",
    "quarterly": "quarters",
    "yearly": "years",
    "annually": "years",
    "fortnightly": "fortnights",
}

MULTIPLIERS: dict[str, float] = {
    "k": 1e3,
    "K": 1e3,
    "thousand": 1e3,
    "M": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "bn": 1e9,
    "B": 1e9,
    "billion": 1e9,
}

AMBIGUOUS: dict[str, str] = {
    "m": "'m' may mean minutes, months or millions: write min, months or M",
    "b": "'b' may mean billions or bytes: write bn or bytes",
}

PERCENT_WORDS = frozenset({"percent", "pct", "%"})
POINT_WORDS = frozenset({"pp", "ppt", "pts", "points", "point"})
MONEY_WORDS = frozenset({"usd", "dollar", "dollars", "us$"})
FOREIGN_MONEY = frozenset("€£¥₹") | {"eur", "euro", "euros", "gbp"}

STOP_WORDS = frozenset(
    [
        "over",
        "within",
        "in",
        "during",
        "every",
        "each",
        "per",
        "a",
        "an",
        "of",
        "relative",
        "relatively",
        "absolute",
        "share",
        "measured",
        "checked",
        "reported",
        "by",
        "if",
        "when",
        "then",
        "for",
        "from",
        "baseline",
        "owner",
        "owned",
        "until",
        "before",
        "after",
        "and",
        "or",
        "to",
        "at",
        "on",
        "than",
        "because",
        "rolling",
        "with",
    ]
) | frozenset(ADVERBS)
"""Words that end the name of a unit: what follows them is a window, a base or a reason."""


def days(value: float, unit: str) -> float:
    """``value`` of a unit of time in days."""
    return value * MS_PER[unit] / MS_PER["days"]


def adverb_days(word: str) -> float:
    """How many days lie between two occasions of something done ``weekly``, ``daily`` and so on."""
    unit = ADVERBS[word]
    return 14.0 if unit == "fortnights" else days(1.0, unit)

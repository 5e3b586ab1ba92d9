"""What follows the number of a metric: windows, a baseline, a base, an owner, and relative or points."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.answer.errors import ShortFormError
from casebook.answer.lexer import NUMBER, Token
from casebook.answer.quantity import starts_quantity
from casebook.answer.units import ADVERBS, POINT_WORDS, TIME_WORDS, adverb_days, days

_QUIET = frozenset(
    ["measured", "checked", "reported", "tracked", "reviewed", "and", "basis", "window", "on", "rolling"]
)
_OVER = frozenset(["over", "during", "every", "each", "per", "a", "an", "for", "any", "rolling", "/"])
_WITHIN = frozenset(["within", "in", "by", "after", "before"])
_DETERMINERS = frozenset(["a", "an", "any", "the", "one", "each", "every", "first", "rolling", "next"])
_SPELT = {
    word: float(number)
    for number, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=2
    )
}


@dataclass(slots=True)
class Clauses:
    """What was said after the number; None or empty where nothing was said."""

    over_days: float | None = None
    within_days: float | None = None
    kind: str | None = None
    base: str = ""
    span: str = ""
    baseline: str = ""
    owner: str = ""


def read_clauses(text: str, found: tuple[Token, ...], at: int, kind: str | None, field: str, example: str) -> Clauses:
    made = Clauses(kind=kind)
    while at < len(found):
        token = found[at]
        low = token.low
        if token.text in (",", ";", "(", ")") or low in _QUIET:
            at += 1
        elif low in ("relative", "relatively", "rel", "rel.", "share") or low in POINT_WORDS:
            kind = "points" if low in POINT_WORDS else "share" if low == "share" else "relative"
            if made.kind not in (None, kind):
                raise ShortFormError(
                    field, text, f"it says {made.kind} and {kind}; a percentage is one of them", example
                )
            made.kind, at = kind, at + 1
        elif low in ADVERBS:
            made.over_days, at = _once(made.over_days, adverb_days(low), text, field, example), at + 1
        elif low in (_OVER | _WITHIN) and (window := _duration(found, at)) is not None:
            any_week = low == "in" and found[at + 1].low in _DETERMINERS and found[at + 1].low not in ("the", "first")
            length, at = window
            if low in _WITHIN and not any_week:
                made.within_days = _once(made.within_days, length, text, field, example)
            else:
                made.over_days = _once(made.over_days, length, text, field, example)
        elif low in ("from", "baseline", "against", "vs", "span"):
            made_span, value, at = _origin(text, found, at + 1, low)
            if made_span:
                made.span = value
            else:
                made.baseline = value
        elif low in ("owner", "owned"):
            skip = at + (2 if at + 1 < len(found) and found[at + 1].low in ("by", ":") else 1)
            made.owner, at = _until_comma(text, found, skip)
        elif low == "of" and not made.base:
            made.base, at = _until_comma(text, found, at + 1, windows=True)
        else:
            rest = text[token.start :]
            hint = "; a time is 'over' or 'within' something" if token.kind == NUMBER else ""
            raise ShortFormError(field, rest, f"it is not clear what '{rest[:60]}' adds{hint}", example)
    return made


def _once(before: float | None, now: float, text: str, field: str, example: str) -> float:
    if before is not None and before != now:
        raise ShortFormError(field, text, "it names two windows of time", example)
    return now


def _duration(found: tuple[Token, ...], at: int) -> tuple[float, int] | None:
    """Days and the token after 'over 1 week', 'within the first 3 months', 'each day', 'by week 8'; else
    None.
    """
    at += 1
    while at < len(found) and found[at].low in _DETERMINERS:
        at += 1
    if at >= len(found):
        return None
    if found[at].kind == NUMBER:
        value, after = found[at].value, at + 1
        if after < len(found) and (unit := TIME_WORDS.get(found[after].low)):
            return days(value, unit), after + 1
        return None
    if found[at].low in _SPELT and at + 1 < len(found) and (unit := TIME_WORDS.get(found[at + 1].low)):
        return days(_SPELT[found[at].low], unit), at + 2
    unit = TIME_WORDS.get(found[at].low)
    if unit is None:
        return None
    if at + 1 < len(found) and found[at + 1].kind == NUMBER:
        return days(found[at + 1].value, unit), at + 2
    return days(1.0, unit), at + 1


def _origin(text: str, found: tuple[Token, ...], at: int, word: str) -> tuple[bool, str, int]:
    """After 'from': a quantity is a baseline, anything else a span ('upload to verdict')."""
    while at < len(found) and found[at].low in (":", "of", "is", "=", "baseline"):
        at += 1
    is_span = word == "span" or (word == "from" and not starts_quantity(found, at))
    value, at = _until_comma(text, found, at, windows=True)
    return is_span, value, at


def _until_comma(text: str, found: tuple[Token, ...], at: int, windows: bool = False) -> tuple[str, int]:
    start = at
    while at < len(found) and found[at].text not in (",", ";", ")", "("):
        if windows and at > start and found[at].low in (_OVER | _WITHIN) and _duration(found, at) is not None:
            break
        if windows and at > start and found[at].low in ADVERBS:
            break
        at += 1
    return (text[found[start].start : found[at - 1].end] if at > start else ""), at

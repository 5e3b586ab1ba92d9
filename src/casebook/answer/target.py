"""What a metric, a trigger or a gate says: a name, a direction, a number with its unit, and over what
time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from casebook.answer.errors import ShortFormError
from casebook.answer.lexer import NUMBER, SIGN, WORD, Token, clean_text, normalise, tokens
from casebook.answer.quantity import Quantity, read_quantity, starts_quantity
from casebook.answer.units import ADVERBS, MULTIPLIERS, POINT_WORDS, TIME_WORDS, adverb_days, days

EXAMPLE = '"p99 latency < 200 ms over 1 week" or "toxic uploads -30 % relative within 3 months"'

_LEVEL_WORDS: dict[tuple[str, ...], str] = {
    ("no", "more", "than"): "<=",
    ("no", "less", "than"): ">=",
    ("not", "above"): "<=",
    ("not", "below"): ">=",
    ("less", "than"): "<",
    ("fewer", "than"): "<",
    ("lower", "than"): "<",
    ("at", "most"): "<=",
    ("under",): "<",
    ("below",): "<",
    ("more", "than"): ">",
    ("greater", "than"): ">",
    ("higher", "than"): ">",
    ("at", "least"): ">=",
    ("above",): ">",
    ("exceeds",): ">",
    ("exceed",): ">",
    ("over",): ">",
}
_DOWN = frozenset(
    [
        "down",
        "fall",
        "falls",
        "drop",
        "drops",
        "reduce",
        "reduces",
        "reduced",
        "cut",
        "cuts",
        "decrease",
        "decreases",
        "decline",
        "declines",
        "lower",
        "lowers",
        "shrink",
        "shrinks",
    ]
)
_UP = frozenset(
    [
        "up",
        "rise",
        "rises",
        "grow",
        "grows",
        "increase",
        "increases",
        "increased",
        "raise",
        "raises",
        "improve",
        "improves",
        "gain",
        "gains",
    ]
)
_CHANGE_NAMES = frozenset(
    [
        "reduction",
        "increase",
        "decrease",
        "drop",
        "growth",
        "lift",
        "decline",
        "drift",
        "change",
        "fall",
        "rise",
        "improvement",
    ]
)
_FILLERS = frozenset(
    ["is", "are", "be", "stays", "stay", "must", "should", "kept", "keep", "remains", "remain", "to", "will"]
)
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


@dataclass(frozen=True, slots=True)
class Target:
    """``direction`` is below, above or equal for a level, down or up for a change (whose value carries the
    sign).

    ``over_days`` is the window of measurement, ``within_days`` the date by which it holds; None where not
    said. ``quantile`` is 0.99 for a p99; ``span`` and ``baseline`` are texts, empty where not said.
    """

    name: str
    direction: str
    comparator: str
    quantity: Quantity
    quantile: float | None = None
    over_days: float | None = None
    within_days: float | None = None
    span: str = ""
    baseline: str = ""
    owner: str = ""

    @property
    def is_change(self) -> bool:
        """True where the number is a difference, not a level."""
        return self.direction in ("down", "up")

    @property
    def window_days(self) -> float | None:
        """The window of measurement, or the time by which it holds where no window is named."""
        return self.over_days if self.over_days is not None else self.within_days


@dataclass(slots=True)
class _Clauses:
    over_days: float | None = None
    within_days: float | None = None
    kind: str | None = None
    base: str = ""
    span: str = ""
    baseline: str = ""
    owner: str = ""


def parse_target(text: str, field: str = "metric", example: str = EXAMPLE) -> Target:
    """``"false positive rate < 5 % weekly"`` as a `Target`; `ShortFormError` where it says less or
    something else.
    """
    cleaned = normalise(clean_text(text, field))
    try:
        return _parse(cleaned, tokens(cleaned, field, example), field, example)
    except ShortFormError as error:
        raise error.located(field, example, text) from None


def _parse(text: str, found: tuple[Token, ...], field: str, example: str) -> Target:
    operator = _operator(found)
    if operator is None:
        raise ShortFormError(
            field, text, "it needs a direction and a number, such as '< 5 %' or '-30 %'", example
        )
    start, end, comparator, change = operator
    quantity, at = read_quantity(found, end, field, example)
    clauses = _clauses(text, found, at, field, example)
    first = 1 if change and found[0].low in (_DOWN | _UP) and start > 0 else 0
    name, quantile, span, early_days = _name(text, found[first:start], field, example)
    if not name:
        raise ShortFormError(field, text, "what is measured has no name", example)
    if change:
        if quantity.signed and (quantity.value < 0) != (change == "down") and end != start:
            raise ShortFormError(
                field, text, f"the sign and the word for '{change}' contradict each other", example
            )
        size = abs(quantity.value)
        quantity = replace(quantity, value=-size if change == "down" else size, signed=True)
    over = clauses.over_days if clauses.over_days is not None else early_days
    if over is None and quantity.per and (unit := TIME_WORDS.get(quantity.per)):
        over = days(1.0, unit)
    if clauses.base and quantity.unit == "percent" and not quantity.base:
        quantity = replace(quantity, base=clauses.base)
    quantity = replace(quantity, percent_kind=_percent_kind(quantity, clauses.kind, change, name))
    direction = change or {"<": "below", "<=": "below", ">": "above", ">=": "above"}.get(comparator, "equal")
    return Target(
        name,
        direction,
        comparator,
        quantity,
        quantile,
        over,
        clauses.within_days,
        span or clauses.span,
        clauses.baseline,
        clauses.owner,
    )


def _percent_kind(quantity: Quantity, stated: str | None, change: str, name: str) -> str | None:
    if quantity.unit != "percent":
        return None
    kind = quantity.percent_kind if quantity.percent_kind in ("relative", "points") else stated
    if kind is not None:
        return kind
    changing = change or any(word in _CHANGE_NAMES for word in name.casefold().split())
    return None if changing else "share"


def _operator(found: tuple[Token, ...]) -> tuple[int, int, str, str] | None:
    """Start and end token of the words between name and number, the comparator, and 'down' or 'up' for a
    change.
    """
    verb_first = bool(found) and found[0].low in (_DOWN | _UP)
    for at, token in enumerate(found):
        if token.kind == SIGN and token.text in ("<", "<=", ">", ">=", "="):
            return at, at + 1, token.text, ""
        if token.text in ("+", "-") and starts_quantity(found, at) and not token.glued:
            return at, at, "", "down" if token.text == "-" else "up"
        if token.kind != WORD:
            continue
        for words, comparator in _LEVEL_WORDS.items():
            end = at + len(words)
            if (
                token.low == words[0]
                and tuple(word.low for word in found[at:end]) == words
                and starts_quantity(found, end)
                and not (words == ("over",) and _window(found, at, end))
            ):
                return at, end, comparator, ""
        if verb_first and at > 0 and token.low == "by" and starts_quantity(found, at + 1):
            return at, at + 1, "", "down" if found[0].low in _DOWN else "up"
        if at > 0 and token.low in (_DOWN | _UP):
            end = at + 1
            if end < len(found) and found[end].low == "by":
                end += 1
            if starts_quantity(found, end):
                return at, end, "", "down" if token.low in _DOWN else "up"
    return None


def _window(found: tuple[Token, ...], at: int, number_at: int) -> bool:
    after = number_at + 1
    if after < len(found) and found[after].text in MULTIPLIERS:
        after += 1
    return after < len(found) and found[after].low in TIME_WORDS


def _name(
    text: str, found: tuple[Token, ...], field: str, example: str
) -> tuple[str, float | None, str, float | None]:
    """Name, quantile, span and window, out of the tokens before the operator."""
    kept = list(found)
    while kept and kept[-1].low in _FILLERS:
        kept.pop()
    span = ""
    froms = [at for at, token in enumerate(kept) if token.low == "from" and at > 0]
    if froms and any(token.low == "to" for token in kept[froms[-1] :]):
        cut = froms[-1]
        span = text[kept[cut + 1].start : kept[-1].end]
        kept = kept[:cut]
    quantile: float | None = None
    over: float | None = None
    pieces: list[Token] = []
    skip = 0
    for at, token in enumerate(kept):
        if skip:
            skip -= 1
            continue
        value, used = _quantile(kept, at, field, example)
        if value is not None and quantile is not None and value != quantile:
            raise ShortFormError(field, text, "it names two percentiles; one metric has one", example)
        if value is not None:
            quantile, skip = value, used - 1
        elif token.low in ADVERBS and over is None and len(kept) > 1:
            over = adverb_days(token.low)
        else:
            pieces.append(token)
    return _joined(pieces).strip(" ,:;"), quantile, span.strip(), over


def _joined(pieces: list[Token]) -> str:
    made = ""
    end = -1
    for token in pieces:
        made += ("" if token.start == end or not made else " ") + token.text
        end = token.end
    return made


def _quantile(found: list[Token], at: int, field: str, example: str) -> tuple[float | None, int]:
    token = found[at]
    if token.low == "median":
        return 0.5, 1
    percent = ""
    used = 1
    if (
        token.kind == WORD
        and token.low[0] == "p"
        and token.low[1:].replace(".", "", 1).isdigit()
        and token.low.isascii()
    ):
        percent = token.low[1:]
    elif token.kind == NUMBER:
        after = at + 1
        if after < len(found) and found[after].low in ("th", "st", "nd", "rd"):
            after += 1
        if after < len(found) and found[after].low in ("percentile", "centile"):
            percent, used = token.text, after + 1 - at
    if not percent:
        return None, 1
    if len(percent) > 12 or not 0 < float(percent) < 100:
        raise ShortFormError(
            field, token.text, "a percentile lies between 0 and 100, such as p99 or p99.9", example
        )
    return round(float(percent) / 100, 12), used


def _clauses(text: str, found: tuple[Token, ...], at: int, field: str, example: str) -> _Clauses:
    made = _Clauses()
    while at < len(found):
        token = found[at]
        low = token.low
        if token.text in (",", ";", "(", ")") or low in _QUIET:
            at += 1
        elif low in ("relative", "relatively", "share") or low in POINT_WORDS:
            kind = "points" if low in POINT_WORDS else "share" if low == "share" else "relative"
            if made.kind not in (None, kind):
                raise ShortFormError(
                    field, text, f"it says {made.kind} and {kind}; a percentage is one of them", example
                )
            made.kind, at = kind, at + 1
        elif low in ADVERBS:
            made.over_days, at = _once(made.over_days, adverb_days(low), text, field, example), at + 1
        elif low in (_OVER | _WITHIN) and (window := _duration(found, at)) is not None:
            any_week = (
                low == "in"
                and found[at + 1].low in _DETERMINERS
                and found[at + 1].low not in ("the", "first")
            )
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
            raise ShortFormError(field, rest, f"it is not clear what '{rest[:60]}' adds", example)
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

"""What a metric, a trigger or a gate says: a name, a direction, a number with its unit, and over what
time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from casebook.answer.clauses import read_clauses
from casebook.answer.errors import ShortFormError
from casebook.answer.lexer import NUMBER, SIGN, WORD, Token, clean_text, normalise, tokens
from casebook.answer.metric_name import read_name
from casebook.answer.quantity import Quantity, read_quantity, starts_quantity
from casebook.answer.units import MULTIPLIERS, TIME_WORDS, days

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
        words = [token.low for token in found]
        if "from" in words and "to" in words and any(token.kind == NUMBER for token in found):
            problem = "from … to … leaves open what kind of change it is: write '-30 % relative', and the baseline"
        else:
            problem = "it needs a direction and a number, such as '< 5 %' or '-30 %'"
        raise ShortFormError(field, text, problem, example)
    start, end, comparator, change = operator
    quantity, at = read_quantity(found, end, field, example)
    said = quantity.percent_kind if quantity.percent_kind in ("relative", "points") else None
    clauses = read_clauses(text, found, at, said, field, example)
    first = 1 if change and found[0].low in (_DOWN | _UP) and start > 0 else 0
    name, quantile, span, early_days = read_name(text, found[first:start], field, example)
    if not name:
        raise ShortFormError(field, text, "what is measured has no name", example)
    if change:
        if quantity.signed and (quantity.value < 0) != (change == "down") and end != start:
            raise ShortFormError(field, text, f"the sign and the word for '{change}' contradict each other", example)
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
    if stated in ("relative", "points"):
        return stated
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
        if verb_first and at > 0 and starts_quantity(found, at + 1):
            said = at if token.low == "by" else at + 1  # "reduce toxic uploads by 30 %", "reduce toxic uploads 30 %"
            return said, at + 1, "", "down" if found[0].low in _DOWN else "up"
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

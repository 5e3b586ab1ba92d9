"""A number with its unit, as a product manager writes it: '$1,200 a month', '1 % of uploads', '4 GPUs',
'200 ms'.
"""

from __future__ import annotations

from dataclasses import dataclass

from casebook.answer.errors import ShortFormError
from casebook.answer.lexer import NUMBER, SIGN, WORD, Token, clean_text, normalise, tokens
from casebook.answer.units import (
    ADVERBS,
    AMBIGUOUS,
    FOREIGN_MONEY,
    HOURS_PER_MONTH,
    MONEY_WORDS,
    MS_PER,
    MULTIPLIERS,
    PERCENT_WORDS,
    POINT_WORDS,
    STOP_WORDS,
    TIME_WORDS,
)

EXAMPLE = '"$1,200 a month", "1 % of uploads", "200 ms" or "4 GPUs"'
MAX_UNIT_WORDS = 4


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` in ``unit`` (ms, s, min, hours, days, weeks, months, quarters, years, percent, usd, a noun,
    or ''), ``per`` something (day, upload, or ''), ``base`` what a percentage is a share of;
    ``percent_kind`` is relative, points, share, or None where the text does not say; ``signed`` when a + or
    - was typed.
    """

    value: float
    unit: str = ""
    per: str = ""
    base: str = ""
    percent_kind: str | None = None
    signed: bool = False

    def to(self, unit: str) -> float:
        """The value in another unit of time; anything else raises `ShortFormError`."""
        if self.unit == unit:
            return self.value
        if self.unit not in MS_PER or unit not in MS_PER:
            raise ShortFormError(
                "unit", str(self), f"{self.unit or 'a bare number'} cannot be turned into {unit}", EXAMPLE
            )
        return self.value * MS_PER[self.unit] / MS_PER[unit]

    @property
    def is_time(self) -> bool:
        """True for milliseconds to years."""
        return self.unit in MS_PER

    @property
    def usd_month(self) -> float | None:
        """US dollars a month (of 730 hours), None where it is not money by the hour, day, week, month or
        year.
        """
        if self.unit != "usd":
            return None
        unit = TIME_WORDS.get(self.per)
        if unit is None:
            return None
        return self.value * HOURS_PER_MONTH * MS_PER["hours"] / MS_PER[unit]

    @property
    def per_day(self) -> float | None:
        """A count a day, where the quantity is a count per unit of time."""
        unit = TIME_WORDS.get(self.per)
        return None if unit is None else self.value * MS_PER["days"] / MS_PER[unit]

    def __str__(self) -> str:
        number = f"{self.value:+,.10g}" if self.signed else f"{self.value:,.10g}"
        if self.unit == "usd":
            sign, digits = (number[0], number[1:]) if number[0] in "+-" else ("", number)
            text = f"{sign}${digits}"
        else:
            text = number + (" %" if self.unit == "percent" else f" {self.unit}" if self.unit else "")
        if self.percent_kind in ("relative", "points"):
            text += f" {self.percent_kind}"
        return text + (f" of {self.base}" if self.base else "") + (f" per {self.per}" if self.per else "")


def parse_quantity(text: str, field: str = "quantity", example: str = EXAMPLE) -> Quantity:
    """The one quantity that ``text`` is; anything more, less or ambiguous raises `ShortFormError`."""
    cleaned = normalise(clean_text(text, field))
    found = tokens(cleaned, field, example)
    try:
        quantity, end = read_quantity(found, 0, field, example)
        if end < len(found):
            rest = cleaned[found[end].start :]
            raise ShortFormError(field, rest, "it is not clear what this adds to the quantity", example)
    except ShortFormError as error:
        raise error.located(field, example, text) from None
    return quantity


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity inside running ``text``, in order; never raises, what cannot be read is left out."""
    cleaned = normalise(clean_text(text[:20_000], "text", 20_000))
    made: list[Quantity] = []
    for chunk in cleaned.replace(";", "\n").split("\n"):
        try:
            found = tokens(chunk)
        except ShortFormError:
            found = tuple(token for word in chunk.split() for token in _tokens_or_none(word))
        at = 0
        while at < len(found):
            if not starts_quantity(found, at):
                at += 1
                continue
            try:
                quantity, at = read_quantity(found, at, "text", EXAMPLE)
            except ShortFormError:
                at += 1
            else:
                made.append(quantity)
    return tuple(made)


def _tokens_or_none(word: str) -> tuple[Token, ...]:
    try:
        return tokens(word)
    except ShortFormError:
        return ()


def starts_quantity(found: tuple[Token, ...], at: int) -> bool:
    """True where a number, with an optional sign and dollar sign before it, begins at token ``at``."""
    size = len(found)
    if at < size and found[at].kind == SIGN and found[at].text in "+-~":
        at += 1
    if at < size and (found[at].text == "$" or found[at].low in MONEY_WORDS):
        at += 1
        if at < size and found[at].text in ("+", "-", "$"):
            at += 1
    return at < size and found[at].kind == NUMBER


def read_quantity(found: tuple[Token, ...], at: int, field: str, example: str) -> tuple[Quantity, int]:
    """The quantity that begins at token ``at``, and the token after it."""
    sign, signed, money = 1.0, False, False
    while at < len(found) and (found[at].text in ("+", "-", "$") or found[at].low in MONEY_WORDS):
        token = found[at]
        if token.text == "$" or token.low in MONEY_WORDS:
            if money:
                if token.text == "$":  # "USD $5"
                    at += 1
                    continue
                break
            money = True
        elif signed:
            raise ShortFormError(field, token.text, "there are two signs before the number", example)
        else:
            sign, signed = (-1.0 if token.text == "-" else 1.0), True
        at += 1
    if at >= len(found) or found[at].kind != NUMBER:
        if at < len(found) and found[at].text[:1] in FOREIGN_MONEY:
            raise ShortFormError(field, found[at].text, "money is in US dollars here, written $1,200", example)
        raise ShortFormError(field, found[at].text if at < len(found) else "", "a number is missing", example)
    value = sign * found[at].value
    at += 1
    if at < len(found) and found[at].text in MULTIPLIERS:
        value *= MULTIPLIERS[found[at].text]
        at += 1
    _refuse_lookalikes(found, at, field, example)
    unit, kind, at = ("usd", None, at) if money else _unit(found, at)
    if unit == "cents":
        value, unit = value / 100, "usd"
    if not abs(value) <= 1e15:
        raise ShortFormError(field, f"{value:g}", "the number is too large to mean anything here", example)
    base, per = "", ""
    for _ in range(3):  # "of uploads", "a day" and "relative" come in any order
        if (
            unit == "percent"
            and kind is None
            and at < len(found)
            and found[at].low in ("relative", "relatively", "rel", "rel.")
        ):
            kind, at = "relative", at + 1
        elif unit == "percent" and kind is None and at < len(found) and found[at].low in POINT_WORDS:
            kind, at = "points", at + 1
        elif unit == "percent" and not base and at < len(found) and found[at].low == "of":
            base, after = _noun(found, at + 1)
            at = after if base else at
        elif not per:
            per, at = _per(found, at, unit)
    if unit == "percent" and kind is None and base and not signed:
        kind = "share"
    return Quantity(value, unit, per, base, kind, signed), at


def _refuse_lookalikes(found: tuple[Token, ...], at: int, field: str, example: str) -> None:
    if at >= len(found):
        return
    token = found[at]
    if token.text in AMBIGUOUS:
        raise ShortFormError(field, found[at - 1].text + token.text, AMBIGUOUS[token.text], example)
    if token.low in FOREIGN_MONEY:
        raise ShortFormError(field, token.text, "money is in US dollars here, written $1,200", example)
    if token.kind == NUMBER:
        raise ShortFormError(
            field,
            f"{found[at - 1].text} {token.text}",
            "two numbers stand side by side; write 100,000",
            example,
        )
    if token.text in ("-", "~") and at + 1 < len(found) and found[at + 1].kind == NUMBER:
        raise ShortFormError(
            field,
            f"{found[at - 1].text}-{found[at + 1].text}",
            "a range is two numbers; commit to one",
            example,
        )


def _unit(found: tuple[Token, ...], at: int) -> tuple[str, str | None, int]:
    if at >= len(found):
        return "", None, at
    low = found[at].low
    following = found[at + 1].low if at + 1 < len(found) else ""
    if low in PERCENT_WORDS or (low == "per" and following == "cent"):
        at += 2 if low == "per" else 1
        if at < len(found) and found[at].low in POINT_WORDS:
            return "percent", "points", at + 1
        return "percent", None, at
    if low in POINT_WORDS:
        return "percent", "points", at + 1
    if low in ("percentage", "%-points") and following in POINT_WORDS:
        return "percent", "points", at + 2
    if low in MONEY_WORDS:
        return "usd", None, at + 1
    if low in ("cent", "cents", "¢"):
        return "cents", None, at + 1
    if low in TIME_WORDS:
        return TIME_WORDS[low], None, at + 1
    noun, at = _noun(found, at)
    return noun, None, at


def _noun(found: tuple[Token, ...], at: int) -> tuple[str, int]:
    words: list[str] = []
    while at < len(found) and len(words) < MAX_UNIT_WORDS:
        token = found[at]
        if token.kind != WORD or not token.text[0].isalpha() or token.low in STOP_WORDS or token.low in POINT_WORDS:
            break
        words.append(token.text.rstrip("."))
        at += 1
        if token.text.endswith("."):
            break
    return " ".join(words), at


def _per(found: tuple[Token, ...], at: int, unit: str) -> tuple[str, int]:
    """'a day', 'per upload', '/h' after a count or money; a percentage or a time 'a week' is a window, not
    a rate.
    """
    if at >= len(found):
        return "", at
    low = found[at].low
    windowed = unit == "percent" or unit in MS_PER
    if low in ADVERBS and not windowed and low != "fortnightly":
        return ADVERBS[low].rstrip("s"), at + 1
    if low in ("per", "a", "an", "/", "each", "every") and at + 1 < len(found) and found[at + 1].kind == WORD:
        word = found[at + 1]
        time = TIME_WORDS.get(word.low)
        if time is not None and windowed:
            return "", at
        if time is None and low in ("each", "every"):
            return "", at
        name = time if time in ("ms", "s", "min") else time[:-1] if time else word.low.rstrip(".")
        return name, at + 2
    return "", at

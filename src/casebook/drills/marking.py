"""Marks one reply: right or not, what breaks with it, why, and which exercise goes on from here."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casebook.answer.errors import ShortFormError
from casebook.answer.quantity import Quantity, parse_quantity
from casebook.answer.units import HOURS_PER_MONTH, MS_PER, TIME_WORDS
from casebook.drills.deck import offered
from casebook.drills.errors import DrillError
from casebook.facts import near_miss

if TYPE_CHECKING:
    from casebook.facts import Drill

# How a unit of the seeds is called where a person reads it.
_SPOKEN = {"usd": "$", "percent": "%"}
_UNIT_WORDS = {"usd": "dollars", "s": "seconds", "ms": "milliseconds"}
_PER_WORDS = {"s": "second"}
_FACTORS = ((1000.0, "a thousand"), (100.0, "a hundred"), (10.0, "ten"), (12.0, "twelve (months in a year)"))
_SIZES = ((1.0, "hours"), (24.0, "days"), (168.0, "weeks"), (HOURS_PER_MONTH, "months"), (8760.0, "years"))


@dataclass(frozen=True, slots=True)
class Marked:
    """One marked reply. ``broke`` is what goes wrong with it ('' when right), ``explains`` why it is so.

    A choice with a reason has two points: one for the choice, one for the reason that decides.
    """

    drill_id: str
    points: int
    possible: int
    said: str
    broke: str
    explains: str
    right_answer: str
    next_id: str

    @property
    def right(self) -> bool:
        return self.points == self.possible


def mark(drill: Drill, reply: str | float, because: str = "") -> Marked:
    """Mark ``reply`` (an id of a choice, or a number with or without its unit) and, for justify, the reason's id.

    Deterministic, and lenient only inside the exercise's tolerance. Raises ``DrillError`` for what cannot be
    marked: no reply, an unknown id, a unit of another kind, no reason where one is asked.
    """
    if drill.asks == "number":
        return _mark_number(drill, reply)
    choices = {choice.id: choice for choice in offered(drill, drill.choices)}
    chosen = choices[_word(drill, str(reply), choices, "choice")]
    right = next(choice for choice in drill.choices if choice.right)
    points, possible = int(chosen.right), 1
    broke = "" if chosen.right else chosen.why
    answer = right.text
    if drill.reasons:
        possible = 2
        reasons = {reason.id: reason for reason in offered(drill, drill.reasons)}
        if not because.strip():
            raise DrillError(f"the choice needs the reason that decides it. Add one of: {', '.join(reasons)}.")
        reason = reasons[_word(drill, because, reasons, "reason")]
        decides = next(item for item in drill.reasons if item.decides)
        # A true reason for the wrong choice decides nothing, so it earns nothing.
        points += int(chosen.right and reason.decides)
        if not reason.decides:
            broke = " ".join(part for part in (broke, f"True, but it does not decide: {reason.why}") if part)
        answer = f"{right.text} Because: {decides.text}"
    return Marked(drill.id, points, possible, chosen.text, broke, _because(drill, right.why), answer, drill.next)


def _because(drill: Drill, why: str) -> str:
    return drill.explains if why in drill.explains else f"{why} {drill.explains}"


def _word(drill: Drill, typed: str, known: Collection[str], what: str) -> str:
    word = typed.strip().lower()
    if not word:
        raise DrillError(f"no {what} was given for {drill.id}. There are: {', '.join(known)}.")
    letters = {chr(ord("a") + position): name for position, name in enumerate(known)}
    if word in known:
        return word
    if word in letters:
        return letters[word]
    raise DrillError(f"{typed!r} is no {what} of {drill.id}. {near_miss(word, list(known))}")


def _mark_number(drill: Drill, reply: str | float) -> Marked:
    assert drill.value is not None
    wanted = float(drill.value)
    number = _in_unit(drill, reply)
    right = abs(number - wanted) <= drill.room * (1 + 1e-9)
    broke = ""
    if not right:
        broke = f"{spoken(number, drill.unit)} is not it: {_how_far(number, wanted)}."
    return Marked(
        drill.id,
        int(right),
        1,
        spoken(number, drill.unit),
        broke,
        drill.explains,
        spoken(wanted, drill.unit),
        drill.next,
    )


def _how_far(number: float, wanted: float) -> str:
    """A hint that does not give the number away: the direction, and a factor of ten or a thousand, or a sign."""
    if number * wanted < 0:
        return "the sign is the other way round"
    ratios = ((number / wanted if wanted else 0.0, "large"), (wanted / number if number else 0.0, "small"))
    for factor, word in _FACTORS:
        for ratio, side in ratios:
            if ratio and abs(ratio / factor - 1) < 0.03:
                return f"it is about {word} times too {side}; look at the units"
    return "too large" if number > wanted else "too small"


def _in_unit(drill: Drill, reply: str | float) -> float:
    if isinstance(reply, bool) or reply is None:
        raise DrillError(f"{drill.id} asks for a number in {drill.unit}, and got {reply!r}. Write the number.")
    if isinstance(reply, (int, float)):
        if not math.isfinite(reply):
            raise DrillError(f"{reply!r} is no number to answer with. Write a finite one, in {drill.unit}.")
        return float(reply)
    if not reply.strip():
        raise DrillError(f"{drill.id} asks for a number in {drill.unit}. Write it, with or without its unit.")
    try:
        quantity = parse_quantity(reply, drill.id, f'"{spoken(12.5, drill.unit)}" or "12.5"')
    except ShortFormError as error:
        raise DrillError(str(error)) from None
    return _converted(drill, quantity, reply)


def _converted(drill: Drill, quantity: Quantity, typed: str) -> float:
    """The value in the drill's unit; a unit of another kind is an error, never a wrong answer (audits X5, X17)."""
    base, _, per = drill.unit.partition("/")
    if not quantity.unit:
        return quantity.value
    base = TIME_WORDS.get(base, base)
    if quantity.is_time or base in MS_PER:
        if not (quantity.is_time and base in MS_PER):
            raise _other_kind(drill, typed)
        return quantity.to(base)
    if (quantity.unit in _SPOKEN or base in _SPOKEN) and quantity.unit != base:
        raise _other_kind(drill, typed)
    hours = {unit: size for size, unit in _SIZES}
    have, want = TIME_WORDS.get(quantity.per, ""), TIME_WORDS.get(per, "")
    if have in hours and want in hours:
        return quantity.value * hours[want] / hours[have]
    return quantity.value


def _other_kind(drill: Drill, typed: str) -> DrillError:
    return DrillError(f"{typed!r} is in another unit than the question: it asks for {drill.unit}. Nothing was marked.")


def asked_in(unit: str) -> str:
    """How a question names the unit of its number, to follow 'A number': ', in dollars a month', ' without a unit'."""
    if unit in ("ratio", "times"):
        return " without a unit"
    if unit == "round":
        return ", counted from the first round"
    base, _, per = unit.partition("/")
    return f", in {_UNIT_WORDS.get(base, base)}" + (f" a {_PER_WORDS.get(per, per)}" if per else "")


def spoken(value: float, unit: str) -> str:
    """A figure as one says it: $1,200/month, 5.7 %, 220 ms."""
    number = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    base, slash, per = unit.partition("/")
    if base == "usd":
        return f"${number}{slash}{per}"
    return f"{number} {_SPOKEN.get(base, base)}{slash}{per}"

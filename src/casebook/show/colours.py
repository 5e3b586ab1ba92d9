"""Colours and hatchings with fixed meanings, readable by colour-blind people and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casebook.design import Verdict

# Okabe and Ito (2008), "Color Universal Design".
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
GREY = "#999999"

INK = "#1f2a33"
FAINT_INK = "#56636e"
PAPER = "#fffdf8"
RULE = "#d8d4c8"


@dataclass(frozen=True, slots=True)
class Fill:
    """A colour with the hatching that says the same without colour (plotly's pattern names)."""

    colour: str
    pattern: str


# Neighbours differ in colour and in hatching, so a stack can be read in grey as well.
FILLS: tuple[Fill, ...] = (
    Fill(BLUE, ""),
    Fill(ORANGE, "/"),
    Fill(GREEN, "."),
    Fill(PURPLE, "x"),
    Fill(SKY, "-"),
    Fill(VERMILION, "\\"),
    Fill(YELLOW, "|"),
    Fill(GREY, "+"),
)


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How a verdict is shown: a sign, a word and a colour, never the colour alone."""

    sign: str
    word: str
    css: str


STATUS: dict[str, StatusLook] = {
    "met": StatusLook("✓", "met", "met"),
    "missed": StatusLook("✗", "missed", "missed"),
    "too close to call": StatusLook("≈", "too close to call", "close"),
    "not stable": StatusLook("▲", "not stable", "missed"),
    "": StatusLook("…", "measuring", "moving"),
}


def fill(index: int) -> Fill:
    """The fill of the index-th part of a stack; after eight the colours come again with other hatchings."""
    turn, place = divmod(index, len(FILLS))
    return Fill(FILLS[place].colour, FILLS[(place + 3 * turn) % len(FILLS)].pattern)


def look_of(verdict: Verdict) -> StatusLook:
    """The look of a verdict, that of a quick run still measuring; an unknown word stands without a colour of praise."""
    status = "" if verdict.status == "quick" else verdict.status
    return STATUS.get(status, StatusLook("·", status, "moving"))

"""Short exercises: the deck, the marking of one reply, and when the weak ones come back."""

from __future__ import annotations

from casebook.drills.deck import deck, find, offered, row_of
from casebook.drills.errors import DrillError
from casebook.drills.marking import Marked, mark
from casebook.drills.progress import INTERVALS_DAYS, Journal, Standing

__all__ = ["INTERVALS_DAYS", "DrillError", "Journal", "Marked", "Standing", "deck", "find", "mark", "offered", "row_of"]

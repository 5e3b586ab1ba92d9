"""What was practised on which day: a local journal, one line a reply, and what is due again.

A line is written whole and synced before anything else happens, so a crash costs at most the reply being typed.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casebook.drills.errors import DrillError

if TYPE_CHECKING:
    from casebook.drills.marking import Marked

INTERVALS_DAYS = (1, 3, 7, 14)
LARGEST_BYTES = 20_000_000
_KEYS = ("day", "id", "points", "possible")


@dataclass(frozen=True, slots=True)
class Reply:
    """One line of the journal: the day, the exercise, the points."""

    day: dt.date
    drill_id: str
    points: int
    possible: int

    @property
    def right(self) -> bool:
        return self.points == self.possible


@dataclass(frozen=True, slots=True)
class Standing:
    """How one exercise stands: days in a row on which it was right at once, the share of points so far, when it is due.

    Wrong: tomorrow; right on one day: after 3 days, then 7, then 14; ``due`` is None after four such days.
    """

    drill_id: str
    replies: int
    share: float
    streak: int
    due: dt.date | None


class Journal:
    """The progress file at ``path`` (made with the first reply). ``skipped`` counts lines that cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.skipped = 0
        self._replies: list[Reply] = self._read()

    @property
    def replies(self) -> tuple[Reply, ...]:
        return tuple(self._replies)

    def record(self, marked: Marked, day: dt.date) -> None:
        """Add one reply and sync it to the disk. ``DrillError`` names the file where that fails."""
        line = json.dumps(
            {"day": day.isoformat(), "id": marked.drill_id, "points": marked.points, "possible": marked.possible}
        )
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as file:
                # A crash may have left half a line: start on a new one, so that this reply stays whole.
                torn = file.tell() > 0 and _last_byte(file) != b"\n"
                file.write((b"\n" if torn else b"") + line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise DrillError(
                f"{self.path}: the reply could not be saved ({error.strerror}). Free the path, and answer "
                "again; earlier replies are untouched."
            ) from None
        self._replies.append(Reply(day, marked.drill_id, marked.points, marked.possible))

    def standing(self, drill_id: str) -> Standing | None:
        """How the exercise stands; None where it was never tried."""
        mine = [reply for reply in self._replies if reply.drill_id == drill_id]
        return _standing(drill_id, mine) if mine else None

    def due(self, today: dt.date, known: Iterable[str]) -> tuple[Standing, ...]:
        """Exercises to repeat today, the weakest first: least points, then longest overdue, then by id."""
        standings = (self.standing(drill_id) for drill_id in known)
        waiting = [item for item in standings if item is not None and item.due is not None and item.due <= today]
        return tuple(sorted(waiting, key=lambda item: (item.share, item.due or today, item.drill_id)))

    def next_new(self, known: Sequence[str]) -> str:
        """The first exercise of ``known`` that was never tried; '' when all were."""
        tried = {reply.drill_id for reply in self._replies}
        return next((drill_id for drill_id in known if drill_id not in tried), "")

    def export(self, path: Path) -> int:
        """Write the readable lines to a new file; the number written. Never overwrites."""
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write("day,exercise,points,possible\n")
                for reply in self._replies:
                    file.write(f"{reply.day.isoformat()},{reply.drill_id},{reply.points},{reply.possible}\n")
        except FileExistsError:
            raise DrillError(f"{path} exists already and is left alone. Name a new file.") from None
        except OSError as error:
            raise DrillError(f"{path}: {error.strerror}. Name another file.") from None
        return len(self._replies)

    def forget(self) -> int:
        """Delete the progress file; the number of replies that are gone."""
        gone = len(self._replies)
        self.path.unlink(missing_ok=True)
        self._replies.clear()
        return gone

    def _read(self) -> list[Reply]:
        if not self.path.is_file():
            return []
        if self.path.stat().st_size > LARGEST_BYTES:
            raise DrillError(
                f"{self.path}: {LARGEST_BYTES:,} bytes is the most a progress file may have. Export and "
                "delete it, or name another with --progress."
            )
        made = []
        for line in self.path.read_bytes().splitlines():
            reply = _parsed(line)
            if reply is not None:
                made.append(reply)
            elif line.strip():
                self.skipped += 1
        return made


def _last_byte(file: object) -> bytes:
    file.seek(-1, os.SEEK_END)  # type: ignore[attr-defined]
    return bytes(file.read(1))  # type: ignore[attr-defined]


def _parsed(line: bytes) -> Reply | None:
    """A line as a reply; None for a torn or foreign one (counted, kept in the file, never guessed at)."""
    try:
        data = json.loads(line)
        if not isinstance(data, dict) or any(key not in data for key in _KEYS):
            return None
        points, possible = data["points"], data["possible"]
        if type(points) is not int or type(possible) is not int or not 0 <= points <= possible <= 2 or not possible:
            return None
        return Reply(dt.date.fromisoformat(data["day"]), str(data["id"]), points, possible)
    except (ValueError, TypeError, RecursionError):
        return None


def _standing(drill_id: str, replies: Sequence[Reply]) -> Standing:
    first_of_day: dict[dt.date, bool] = {}
    for reply in replies:
        first_of_day.setdefault(reply.day, reply.right)  # what one still knew, not what one has just read
    streak = 0
    for day in sorted(first_of_day):
        streak = streak + 1 if first_of_day[day] else 0
    share = sum(reply.points for reply in replies) / sum(reply.possible for reply in replies)
    last = max(first_of_day)
    due = last + dt.timedelta(days=INTERVALS_DAYS[streak]) if streak < len(INTERVALS_DAYS) else None
    return Standing(drill_id, len(replies), share, streak, due)

"""How a cohort did on each check: difficulty, discrimination, and which checks are lost together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from casebook.course.outcome import Outcome

ENOUGH = 8  # students below which a correlation is noise and is not shown; ours
TOGETHER = 3  # students who must have lost both
NEARLY_ALL = 0.8  # what more than this share lost goes together with everything and says nothing; ours


@dataclass(frozen=True, slots=True)
class Item:
    """One check over the scored submissions.

    ``difficulty``: mean share of its points that was earned (1 is easy). ``discrimination``: correlation of that share
    with the share earned in everything else (item-rest, so that a check does not vouch for itself); None where fewer
    than eight were scored, or everybody did the same. ``lost``: how many did not get all of it.
    """

    id: str
    title: str
    cell: str
    count: int
    lost: int
    difficulty: float
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two checks and how many lost both; ``phi`` is the correlation of losing them (1: always together)."""

    one: str
    other: str
    both: int
    phi: float


Shares = dict[str, dict[str, float]]  # student → check → share earned, 0 to 1


def shares(scored: dict[str, Outcome]) -> Shares:
    """Share earned of each check with points, before caps, per student."""
    return {
        student: {
            note.id: note.earned / note.possible for cell in outcome.cells for note in cell.notes if note.possible > 0
        }
        for student, outcome in sorted(scored.items())
    }


def items(scored: dict[str, Outcome]) -> tuple[Item, ...]:
    """Every check with points, the hardest first."""
    earned = shares(scored)
    titles = {
        note.id: (note.label, cell.title or cell.cell_id, note.possible)
        for outcome in scored.values()
        for cell in outcome.cells
        for note in cell.notes
        if note.possible > 0
    }
    made = []
    for check, (title, cell, _) in titles.items():
        asked = [student for student, row in earned.items() if check in row]
        own = [earned[student][check] for student in asked]
        rest = [_rest(earned[student], check) for student in asked]
        made.append(
            Item(
                id=check,
                title=title,
                cell=cell,
                count=len(own),
                lost=sum(share < 1.0 - 1e-9 for share in own),
                difficulty=math.fsum(own) / len(own),
                discrimination=correlation(own, rest) if len(own) >= ENOUGH else None,
            )
        )
    return tuple(sorted(made, key=lambda item: (item.difficulty, item.id)))


def lost_together(scored: dict[str, Outcome], most: int = 10) -> tuple[Pair, ...]:
    """Pairs of checks that the same students lose (phi of 0.5 or more, three students at least), the closest first.

    Left out: checks that more than four students in five lost.
    """
    earned = shares(scored)
    checks = sorted({check for row in earned.values() for check in row})
    lost = {
        check: [float(row[check] < 1.0 - 1e-9) if check in row else 0.0 for row in earned.values()] for check in checks
    }
    telling = [check for check in checks if sum(lost[check]) <= NEARLY_ALL * len(earned)]
    found = []
    for one, other in combinations(telling, 2):
        both = int(sum(a * b for a, b in zip(lost[one], lost[other], strict=True)))
        phi = correlation(lost[one], lost[other]) if both >= TOGETHER else None
        if phi is not None and phi >= 0.5:
            found.append(Pair(one, other, both, phi))
    return tuple(sorted(found, key=lambda pair: (-pair.phi, -pair.both, pair.one, pair.other))[:most])


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's r of two equally long rows, None where one of them does not vary."""
    count = len(xs)
    if count < 2:
        return None
    mean_x, mean_y = math.fsum(xs) / count, math.fsum(ys) / count
    dx, dy = [x - mean_x for x in xs], [y - mean_y for y in ys]
    spread = math.sqrt(math.fsum(x * x for x in dx) * math.fsum(y * y for y in dy))
    if spread < 1e-12:
        return None
    return max(-1.0, min(1.0, math.fsum(x * y for x, y in zip(dx, dy, strict=True)) / spread))


def _rest(row: dict[str, float], check: str) -> float:
    others = [share for name, share in row.items() if name != check]
    return math.fsum(others) / len(others) if others else 0.0

"""What a search found: the best design and how sure that is, ties, bounds, the front, and how much was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casebook.design import Conditions, Evaluation
    from casebook.search.bounds import Bound
    from casebook.search.frontier import Front


@dataclass(frozen=True)
class Found:
    """What a search found.

    ``best`` meets every target in graded mode (None: nothing does, or the search was stopped before it had any);
    ``proven``: every cheaper design of the searched space was ruled out. ``floor_usd_month``: nothing of the space
    that is cheaper is left to look at. ``ties``: other combinations of options that meet everything and whose bill
    lies within 1.2 % of the best. ``bounds``: each target beside the best the palette can do for it. ``blockers``:
    where no design meets all targets known by arithmetic, the targets whose removal leaves some, and how many.
    """

    conditions: Conditions
    best: Evaluation | None
    proven: bool
    stopped: bool
    floor_usd_month: float
    ties: tuple[Evaluation, ...]
    bounds: tuple[Bound, ...]
    blockers: tuple[tuple[str, int], ...]
    front: Front | None
    learner: Evaluation | None
    space_size: float
    sketched: int
    settled: int
    runs: int
    graded: int

    @property
    def impossible(self) -> bool:
        """True where it is shown that no design of the searched space meets every target."""
        return self.best is None and self.proven

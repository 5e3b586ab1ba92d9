"""What became of each request that was not simply served: turned away, given up, or held up by a time down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casebook.engine.component import Component
from casebook.engine.inversion import Floats
from casebook.engine.outage import is_down
from casebook.engine.visits import Ids, Visits

SERVED, REFUSED_FULL, GAVE_UP, REFUSED_DOWN = 0, 1, 2, 3


@dataclass(frozen=True, slots=True, eq=False)
class Fate:
    """By request: ``lost`` is one of the words above (of a request that fanned out the first loss in the order of
    flow), ``met_down`` whether it had to wait because a station was down when it came."""

    lost: npt.NDArray[np.int8]
    met_down: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, count: int) -> Fate:
        """Nothing has happened to ``count`` requests yet."""
        return cls(np.zeros(count, np.int8), np.zeros(count, bool))

    def note(self, component: Component, visits: Visits, lanes: list[str], hands_on: bool) -> None:
        """Write down what happened at ``component`` to its visitors of ``lanes``; copies that nobody waits for do
        not count, nor do refusals that an overflow route takes (``hands_on``)."""
        count = len(self.lost)
        waited_for = np.array(["/" not in lane for lane in lanes] or [True])
        windows = (visits.down_from, visits.down_until)

        def requests(ids: Ids, which: npt.NDArray[np.bool_] | None = None) -> Ids:
            mine = waited_for[ids // np.int32(count)] if which is None else waited_for[ids // np.int32(count)] & which
            return np.asarray(ids[mine] % np.int32(count))

        if len(visits.refused_ids) and not hands_on:
            down = _down(visits.refused, windows) & (component.outages is not None)
            self._lose(requests(visits.refused_ids, ~down), REFUSED_FULL)
            self._lose(requests(visits.refused_ids, down), REFUSED_DOWN)
        if len(visits.gave_up_ids):
            self._lose(requests(visits.gave_up_ids), GAVE_UP)
        if len(visits.down_from):
            self.met_down[requests(visits.ids, _down(visits.arrive, windows))] = True

    def _lose(self, ids: Ids, word: int) -> None:
        self.lost[ids] = np.where(self.lost[ids] == SERVED, np.int8(word), self.lost[ids])


def _down(times: Floats, windows: tuple[Floats, Floats]) -> npt.NDArray[np.bool_]:
    return is_down(times, windows) if len(windows[0]) else np.zeros(len(times), bool)

"""An agent's passes: a request visits one station a drawn number of times, with a pause between."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from casebook.engine.errors import EngineError, number, whole
from casebook.engine.inversion import Floats
from casebook.engine.kernels.repeat import fifo_again
from casebook.engine.services import Deterministic, Exponential, Lognormal, Timed
from casebook.engine.streams import uniform_stream
from casebook.engine.visits import Ids, Visits

MOST_PASSES = 50


@dataclass(frozen=True, slots=True)
class Repeat:
    """After each visit a request comes back with probability ``again_share``, until it was there ``at_most`` times.

    Between two visits it spends ``pause`` away (the tools an agent calls). Every pass queues with all others, so
    the station itself is exact; the pause is a plain delay: tools that queue under load are not seen.
    ``again_share=1`` gives exactly ``at_most`` visits.
    """

    again_share: float
    at_most: int = 10
    pause: Timed = field(default_factory=lambda: Deterministic(0.0))

    def __post_init__(self) -> None:
        number("Repeat", "again_share", self.again_share, at_least=0.0, at_most=1.0)
        whole("Repeat", "at_most", self.at_most, at_least=1, at_most=MOST_PASSES)
        if not isinstance(self.pause, (Deterministic, Exponential, Lognormal)):
            raise EngineError("Repeat, pause", self.pause,
                              "Give Deterministic(ms), Exponential(mean_ms) or Lognormal(mean_ms, cv).")

    @property
    def mean_visits(self) -> float:
        """Mean number of visits of a request: 1 + p + p² + … with ``at_most`` terms."""
        total, power = 0.0, 1.0
        for _ in range(int(self.at_most)):
            total += power
            power *= self.again_share
        return total

    def passes(self, seed: int, id: str, lane: str, count: int) -> Ids:
        """Visits that each request makes, shape (count,), from one uniform number each."""
        drawn = uniform_stream(seed, (id, "passes", lane), count)
        result = np.ones(count, np.int32)
        power = float(self.again_share)
        for _ in range(int(self.at_most) - 1):
            result += drawn < power
            power *= self.again_share
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Again:
    """The draws of a station with ``Repeat``: visits of each visitor, and the pause after its visit j at
    ``pauses_ms[j × visitors + i]``."""

    passes: Ids
    pauses_ms: Floats


def run_again(again: Again, mean_ms: float, servers: int, arrive: Floats, ids: Ids, unit: Floats) -> Visits:
    """Run a station whose visitors come back; see ``kernels.repeat.fifo_again``."""
    n, most = len(arrive), int(again.passes[ids].sum())
    visit, start, leave = (np.empty(most) for _ in range(3))
    visit_ids = np.empty(most, np.int32)
    sorted_leave, sorted_ids = np.empty(n), np.empty(n, np.int32)
    fifo_again(arrive, ids, unit, len(again.passes), mean_ms, min(servers, max(most, 1)), again.passes, again.pauses_ms,
               visit, visit_ids, start, leave, sorted_leave, sorted_ids)
    return Visits(visit_ids, visit, start, leave, sorted_leave, sorted_ids, start, leave)

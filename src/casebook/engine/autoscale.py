"""Servers that come and go with the load: the rule, and a station run under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from casebook.engine.errors import EngineError, number, whole
from casebook.engine.inversion import Floats
from casebook.engine.kernels.autoscale import autoscaled
from casebook.engine.visits import Ids, Visits

_MOST_LOOKS = 20_000_000


@dataclass(frozen=True, slots=True)
class Autoscale:
    """Look every ``every_s`` and keep enough servers for ``target``; the component's ``servers`` are there at first.

    ``by="utilisation"``: as many servers as would have been ``target`` busy (0.6 = 60 %) with the work of the last
    period. ``by="queue"``: one server for every ``target`` visits that wait or are served at that moment.
    A new server is ready ``cold_s`` later. Fewer only when nothing changed for ``cooldown_s``: a server told to go
    finishes its visit first. Between ``least`` and ``most`` servers. ``kernels.autoscale`` has the exact rules.
    """

    target: float
    most: int
    least: int = 1
    by: Literal["utilisation", "queue"] = "utilisation"
    every_s: float = 15.0
    cold_s: float = 60.0
    cooldown_s: float = 300.0

    def __post_init__(self) -> None:
        if self.by not in ("utilisation", "queue"):
            raise EngineError("Autoscale, by", self.by, "Give 'utilisation' or 'queue'.")
        number("Autoscale", "target", self.target, above=0.0)
        if self.by == "utilisation" and self.target > 1.0:
            raise EngineError("Autoscale, target", self.target, "A utilisation is a part of 1: give 0.6 for 60 %.")
        whole("Autoscale", "least", self.least, at_least=1)
        whole("Autoscale", "most", self.most, at_least=1, at_most=100_000)
        if self.most < self.least:
            raise EngineError("Autoscale, most", self.most, f"Give {self.least} (the least) or more.")
        number("Autoscale", "every_s", self.every_s, above=0.0)
        number("Autoscale", "cold_s", self.cold_s, at_least=0.0)
        number("Autoscale", "cooldown_s", self.cooldown_s, at_least=0.0)


def run_autoscaled(id: str, rule: Autoscale, first: int, mean_ms: float, arrive: Floats, ids: Ids,
                   unit: Floats) -> Visits:
    """Run the station ``id`` under ``rule``, beginning with ``first`` servers."""
    n = len(arrive)
    if n and arrive[-1] / 1000.0 / rule.every_s > _MOST_LOOKS:
        raise EngineError(f"component '{id}', scaling, every_s", rule.every_s,
                          f"The run lasts {arrive[-1] / 1000.0:,.0f} s, so the rule would look too often: look less "
                          "often, or simulate fewer requests.")
    start, leave, sorted_leave = (np.empty(n) for _ in range(3))
    sorted_ids = np.empty(n, np.int32)
    at, ready, paid = autoscaled(
        arrive, ids, unit, mean_ms, 1 if rule.by == "queue" else 0, float(rule.target), rule.every_s * 1000.0,
        rule.cold_s * 1000.0, int(rule.least), int(rule.most), rule.cooldown_s * 1000.0, first, start, leave,
        sorted_leave, sorted_ids)
    return Visits(ids, arrive, start, leave, sorted_leave, sorted_ids, start, leave, scale_at=np.array(at, np.float64),
                  scale_ready=np.array(ready, np.float64), scale_paid=np.array(paid, np.float64))

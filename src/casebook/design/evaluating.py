"""One function, ``evaluate``, whether a slider moves, a learner hands in or the judge grades; what it made is kept."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

from casebook.design.architecture import request_architecture, request_workload
from casebook.design.conditions import Conditions
from casebook.design.evaluation import Evaluation, bill_of
from casebook.design.latency import forget_runs, graded_latency
from casebook.design.people import review_wait
from casebook.design.quality import quality_of
from casebook.engine import VERSION, simulate

if TYPE_CHECKING:
    from casebook.design.design import Design

_Cache = OrderedDict[tuple[Any, ...], Evaluation]
_GRADED: _Cache = OrderedDict()
_QUICK: _Cache = OrderedDict()
# A graded run keeps a table; a quick one keeps its sample path (12 MB for 100,000 requests).
_SIZES = {True: 512, False: 16}
_LOCK = Lock()


def evaluate(
    design: Design, scenario: str | Conditions = "", *, requests: int = 100_000, seed: int = 0, graded: bool = False
) -> Evaluation:
    """The Evaluation of ``design`` under a scenario (its id) or ``Conditions``.

    ``graded`` runs 16 fixed seeds × 100,000 requests and is the only mode whose latency verdicts say met or
    missed. The same arguments give the same figures, bit for bit; results are kept in a small cache.
    """
    conditions = scenario if isinstance(scenario, Conditions) else Conditions.of(design.data, scenario)
    key = (VERSION, design.key, conditions, graded, None if graded else (requests, seed))
    cache = _GRADED if graded else _QUICK
    with _LOCK:
        if key in cache:
            cache.move_to_end(key)
            return cache[key]
    made = evaluated_anew(design, conditions, requests, seed, graded)
    with _LOCK:
        cache[key] = made
        while len(cache) > _SIZES[graded]:
            cache.popitem(last=False)
    return made


def forget_evaluations() -> None:
    """Empty the cache (benchmarks and tests that change seeds)."""
    with _LOCK:
        _GRADED.clear()
        _QUICK.clear()
    forget_runs()


def evaluated_anew(design: Design, conditions: Conditions, requests: int, seed: int, graded: bool) -> Evaluation:
    """As `evaluate`, past what is kept: for designs whose options were changed, which no key can tell apart."""
    quality = quality_of(design, conditions)
    architecture = request_architecture(design, conditions, quality.figures)
    workload = request_workload(design, conditions)
    run: Any = graded_latency(architecture, workload) if graded else simulate(architecture, workload, requests, seed)
    wait_hours, busy = review_wait(design, conditions, quality, seed)
    cost = bill_of(design, conditions, quality)
    return Evaluation(design, conditions, run, quality, wait_hours, busy, graded, bill=cost)

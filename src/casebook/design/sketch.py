"""What of a design needs no simulation: its bill, quality and weeks, and the parts of ``evaluate`` one by one.

The search looks at tens of thousands of designs this way and simulates a few hundred.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from casebook.design.architecture import request_architecture, request_workload
from casebook.design.evaluation import Evaluation, _bill, _evaluate, _review
from casebook.design.quality import QUALITY_MODELS
from casebook.engine import Component, Deterministic, Exponential, Lognormal, loads
from casebook.engine.services import Delay, DynamicBatch

if TYPE_CHECKING:
    from casebook.design.conditions import Conditions
    from casebook.design.design import Design
    from casebook.engine import Architecture, Workload


def sketch(design: Design, conditions: Conditions) -> Evaluation:
    """An ``Evaluation`` without a run: bill, quality and weeks hold; what is simulated is nan or not there."""
    quality = QUALITY_MODELS[design.data.quality_model](design, conditions)
    return Evaluation(design, conditions, None, quality, _bill(design, conditions, quality), math.nan, math.nan, False)


def known_figure(sketched: Evaluation, metric: str) -> float:
    """The figure a target names, or nan where only a simulation can tell."""
    if metric == "latency_ms":
        return math.nan
    try:
        return sketched.figure(metric)
    except AttributeError:  # it asks the run, and a sketch has none
        return math.nan


def path_of(design: Design, conditions: Conditions) -> tuple[Architecture, Workload]:
    """The request path of a design and the arrivals it meets, as ``evaluate`` simulates them."""
    quality = QUALITY_MODELS[design.data.quality_model](design, conditions)
    return request_architecture(design, conditions, quality.figures), request_workload(design, conditions)


def unqueued(arch: Architecture) -> Architecture:
    """The same path with a server for everybody: each request takes its service times and waits for nobody.

    The draws are the same, request by request, so no quantile of the real path is below this one's. A batch is
    taken to hold one item: fixed + one item is the least that a batch ever takes.
    """
    from casebook.engine import Architecture

    made = []
    for component in arch.components:
        service = component.service
        if isinstance(service, DynamicBatch):
            service = Deterministic(service.fixed_ms + service.per_item_ms)
        if isinstance(service, (Deterministic, Lognormal, Exponential)):
            service = Delay(service)
        elif not isinstance(service, Delay):
            service = Delay(Deterministic(0.0))  # a model this page does not know: no time at all is still a bound
        made.append(Component(component.id, service=service))
    links = [replace(link, kind="request") for link in arch.links if link.kind == "request"]
    return Architecture(components=made, links=links)


def demand_of(arch: Architecture, workload: Workload) -> dict[str, float]:
    """Share of its capacity that each station is asked for in the long run; 1 or more never settles."""
    return {name: load.demand for name, load in loads(arch, workload).items()}


def people_wait(design: Design, conditions: Conditions) -> tuple[float, float]:
    """Wait for a person (hours) and utilisation of the team, as ``evaluate`` gives them in graded mode."""
    quality = QUALITY_MODELS[design.data.quality_model](design, conditions)
    return _review(design, quality, 0)


def fresh_evaluation(design: Design, conditions: Conditions, requests: int, seed: int) -> Evaluation:
    """As ``evaluate``, past the cache: for designs whose options were changed, which no key can tell apart."""
    return _evaluate(design, conditions, requests, seed, False)

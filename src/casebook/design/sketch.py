"""What of a design needs no simulation: its bill, quality and weeks, and the parts of ``evaluate`` one by one.

The search looks at tens of thousands of designs this way and simulates a few hundred.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from casebook.design.architecture import request_architecture, request_workload
from casebook.design.evaluating import evaluated_anew
from casebook.design.evaluation import Evaluation, bill_of
from casebook.design.flow import ways
from casebook.design.names import Names
from casebook.design.people import review_wait
from casebook.design.quality import quality_of
from casebook.engine import Component, Deterministic, Exponential, Lognormal, Serverless, loads
from casebook.engine.architecture import reached_from
from casebook.engine.services import Delay, DynamicBatch
from casebook.facts.base import Formula

if TYPE_CHECKING:
    from casebook.design.conditions import Conditions
    from casebook.design.design import Design
    from casebook.engine import Architecture, Workload


def sketch(design: Design, conditions: Conditions) -> Evaluation:
    """An ``Evaluation`` without a run: bill, quality and weeks hold; what is simulated is nan or not there."""
    quality = quality_of(design, conditions)
    bill = bill_of(design, conditions, quality)
    return Evaluation(design, conditions, None, quality, math.nan, math.nan, False, bill=bill)


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
    quality = quality_of(design, conditions)
    return request_architecture(design, conditions, quality.figures), request_workload(design, conditions)


def path_key(made: Evaluation) -> tuple[Any, ...]:
    """What the latency depends on but for counts and free knobs: the options on the path, its shares, and the
    figures that formulas of its options read."""
    design, names = made.design, Names(made.design, made.conditions, made.quality_model.figures)
    path = tuple((slot, design.choices[slot]) for slot in made.request_path)
    shares = tuple((way.src, way.dst, round(way.share, 12)) for way in ways(design, names))
    worked: list[tuple[str, str, float]] = []
    for slot, _ in path:
        for key, value in design.option(slot).service:
            if isinstance(value, Formula):
                worked.append((slot, key, round(names.number(value), 9)))
    return path, shares, tuple(worked), names.clipped()


def unqueued(arch: Architecture, workload: Workload) -> Architecture:
    """The same path with a server for everybody: each request takes its service times and waits for nobody.

    The draws are the same, request by request, so no quantile of the real path is below this one's. A batch is
    taken to hold one item: fixed + one item is the least that a batch ever takes (none at all where requests differ in
    size, which stretches a delay and never a batch). Where requests are refused or
    asked again, who is left is no longer the same, so the path takes no time at all.
    """
    from casebook.engine import Architecture, Link

    made = []
    links = [link for link in arch.links if link.kind in ("request", "fanout")]
    # nobody overflows, but a class of requests may name a station behind an overflow, so it stays
    links += [Link(link.src, link.dst, 0.0, "async") for link in arch.links if link.kind == "overflow"]
    reached = reached_from(arch.entry, links)
    links = [link for link in links if link.src in reached]
    lossy = any(component.refuses or component.retry is not None for component in arch.components)
    for component in arch.components:
        if component.id not in reached:
            continue
        service = Delay(Deterministic(0.0)) if lossy else component.service
        if isinstance(service, DynamicBatch):
            alike = all(one.size == 1.0 for one in workload.classes)
            service = Deterministic(service.fixed_ms + service.per_item_ms if alike else 0.0)
        if isinstance(service, Serverless):
            service = service.service
        if isinstance(service, (Deterministic, Lognormal, Exponential)):
            service = Delay(service)
        elif not isinstance(service, Delay):
            service = Delay(Deterministic(0.0))  # a model this page does not know: no time at all is still a bound
        made.append(Component(component.id, service=service, joins=component.joins))
    return Architecture(components=made, links=links)


def demand_of(arch: Architecture, workload: Workload) -> dict[str, float]:
    """Share of its capacity that each station is asked for in the long run; 1 or more never settles."""
    return {name: load.demand for name, load in loads(arch, workload).items()}


def people_wait(design: Design, conditions: Conditions) -> tuple[float, float]:
    """Wait for a person (hours) and utilisation of the team, as ``evaluate`` gives them in graded mode."""
    quality = quality_of(design, conditions)
    return review_wait(design, conditions, quality, 0)


def fresh_evaluation(design: Design, conditions: Conditions, requests: int, seed: int) -> Evaluation:
    """As ``evaluate``, past the cache: for designs whose options were changed, which no key can tell apart."""
    return evaluated_anew(design, conditions, requests, seed, False)

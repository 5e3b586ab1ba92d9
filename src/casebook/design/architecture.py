"""A design expanded into what the engine simulates: the request path, and the review team beside it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from casebook.economics import Edge, at_edge
from casebook.engine import (
    Architecture,
    Bursty,
    Component,
    Delay,
    Deterministic,
    DynamicBatch,
    Exponential,
    Link,
    Lognormal,
    Poisson,
    StaffedHours,
    Workload,
)

if TYPE_CHECKING:
    from casebook.design.conditions import Conditions
    from casebook.design.design import Design
    from casebook.facts import Option

SECONDS_PER_DAY = 86_400.0


def request_path(design: Design) -> tuple[str, ...]:
    """Slots a request passes before the verdict, in order: what the promise of latency spans."""
    from casebook.design.parts import edges_of

    following = {edge.src: edge.dst for edge in edges_of(design) if edge.kind == "request"}
    targets = set(following.values())
    start = next((slot for slot in design.components if slot in following and slot not in targets), None)
    path = [start or design.components[0]]
    while path[-1] in following:
        path.append(following[path[-1]])
    return tuple(path)


def request_architecture(
    design: Design, conditions: Conditions, shares: dict[str, float], edge: Edge = ""
) -> Architecture:
    """Components and links of the request path. ``shares`` gives the computed shares by name (``scored_share``).

    What happens after the verdict (review, storage) is left out: it does not delay an upload. ``edge`` takes
    every service time at the low or the high end of its source's band.
    """
    path = request_path(design)
    slow = conditions.fact("serving_time_factor", 1.0)
    components = [Component(slot, **_station(design, slot, slow if slot == "serving" else 1.0, edge)) for slot in path]
    links = []
    for src, dst in itertools.pairwise(path):
        links.append(Link(src, dst, share=_share(design, src, shares)))
    return Architecture(components=components, links=links)


def _share(design: Design, src: str, shares: dict[str, float]) -> float:
    share = next((link.share for link in design.data.links if link.src == src and link.kind == "request"), None)
    if share is None:
        return 1.0
    return shares[share.removeprefix("quality.")] if isinstance(share, str) else float(share)


def _station(design: Design, slot: str, slow: float, edge: Edge) -> dict[str, Any]:
    option = design.option(slot)
    units = int(design.knobs[option.capacity.per]) if option.capacity.per else 1
    return {"servers": int(option.capacity.servers) * units, "service": service_of(option, design, slow, edge)}


def service_of(option: Option, design: Design, slow: float = 1.0, edge: Edge = "") -> Any:
    """The engine's service model of an option; ``slow`` stretches it (a pushback's slower model)."""
    service = option.service
    if service.model == "dynamic_batch":
        assert service.fixed_ms is not None and service.per_item_ms is not None
        return DynamicBatch(
            fixed_ms=at_edge(service.fixed_ms, edge) * slow,
            per_item_ms=at_edge(service.per_item_ms, edge) * slow,
            max_batch=int(design.knobs["max_batch"]),
            max_wait_ms=design.knobs["max_wait_ms"],
        )
    mean_ms = at_edge(service.mean_ms, edge) * slow
    if service.model == "none":
        return Delay(Deterministic(0.0))
    if service.model == "deterministic":
        return Deterministic(mean_ms)
    if service.model == "exponential":
        return Exponential(mean_ms)
    drawn = Lognormal(mean_ms, float(service.cv)) if service.cv else Deterministic(mean_ms)
    return Delay(drawn) if service.model == "delay" else drawn


def request_workload(design: Design, conditions: Conditions) -> Workload:
    """Arrivals in the busiest hour: the day's mean × the scenario's peak factor, in bursts where it says so."""
    scenario = design.data.scenario(conditions.scenario)
    arrivals = scenario.arrivals
    rate_per_s = float(scenario.requests_day) / SECONDS_PER_DAY * float(arrivals.peak_factor)
    if arrivals.kind == "poisson":
        return Workload(arrivals=Poisson(rate_per_s=rate_per_s))
    assert arrivals.burst_factor is not None and arrivals.burst_share is not None
    assert arrivals.burst_mean_s is not None
    return Workload(
        arrivals=Bursty(
            rate_per_s=rate_per_s,
            burst_factor=float(arrivals.burst_factor),
            burst_share=float(arrivals.burst_share),
            mean_burst_s=float(arrivals.burst_mean_s),
        )
    )


def review_architecture(design: Design) -> Architecture:
    """The review team alone: people on shift, first come first served, over open hours only."""
    option = design.option("review")
    calendar = None
    servers = 1
    if option.staffing is not None:
        servers = int(design.knobs[option.staffing.people])
        hours = design.knobs[option.staffing.hours]
        opens = min(float(option.staffing.open_hour), 24.0 - hours)
        calendar = StaffedHours(open_hour=opens, hours_per_day=hours, days_per_week=int(option.staffing.days_per_week))
    return Architecture(
        components=[Component("review", servers=servers, service=service_of(option, design), calendar=calendar)],
        links=[],
    )

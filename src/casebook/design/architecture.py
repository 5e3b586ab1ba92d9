"""A design expanded into what the engine simulates: the request path, and the review team beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casebook.design.flow import fanned, request_path, simulated_slots, ways
from casebook.design.names import SECONDS_PER_DAY, Names
from casebook.economics import Edge
from casebook.engine import (
    Architecture,
    Autoscale,
    Breakdowns,
    Bursty,
    Component,
    ContinuousBatch,
    Delay,
    Deterministic,
    Diurnal,
    DynamicBatch,
    Exponential,
    FlashCrowd,
    Link,
    Lognormal,
    LognormalSize,
    Outages,
    Poisson,
    Repeat,
    RequestClass,
    Retry,
    Serverless,
    StaffedHours,
    Workload,
)

if TYPE_CHECKING:
    from casebook.design.conditions import Conditions
    from casebook.design.design import Design
    from casebook.facts.behaviour import Autoscale as AutoscaleData
    from casebook.facts.palette import Option

__all__ = ["request_architecture", "request_path", "request_workload", "review_architecture", "service_of"]


def request_architecture(
    design: Design, conditions: Conditions, shares: Mapping[str, float], edge: Edge = ""
) -> Architecture:
    """Components and links of the request path. ``shares`` are the figures that links and services may read.

    What happens after the verdict (review, storage) is left out: it does not delay an upload. ``edge`` takes
    every service time at the low or the high end of its source's band.
    """
    names = Names(design, conditions, shares, edge=edge)
    slow = conditions.fact("serving_time_factor", 1.0)
    roles = {slot.id: slot.role for slot in design.data.slots}
    path = list(request_path(design))
    along = [Link(way.src, way.dst, share=way.share) for way in ways(design, names) if way.src in path]
    branches, parting = fanned(design, names)
    along += [Link(way.src, way.dst, kind="fanout" if way.src in parting else "request") for way in branches]
    joins = {slot.id: slot.joins for slot in design.data.slots if slot.joins in parting}
    beside = ways(design, names, "overflow")
    for slot in path:  # grows while an overflow leads on to further slots
        if not design.option(slot).refuses:
            continue
        for way in beside:
            if way.src == slot:
                along.append(Link(slot, way.dst, kind="overflow"))
                if way.dst not in path:
                    path.append(way.dst)
                    along += [Link(on.src, on.dst, share=on.share) for on in ways(design, names) if on.src == way.dst]
    components = [Component(slot, joins=joins.get(slot),
                            **_station(design, slot, names, slow if roles[slot] == "serving" else 1.0))
                  for slot in path]
    return Architecture(components=components, links=along)


def _station(design: Design, slot: str, names: Names, slow: float) -> dict[str, Any]:
    option = design.option(slot)
    units = int(design.knobs[option.capacity.per]) if option.capacity.per else 1
    made: dict[str, Any] = {"servers": int(option.capacity.servers) * units,
                            "service": service_of(option, names, slow), "order": option.order}
    if option.queue_limit is not None:
        made["queue_limit"] = int(names.number(option.queue_limit))
    if option.wait_limit_ms is not None:
        made["wait_limit_ms"] = names.number(option.wait_limit_ms)
    if option.retry is not None:
        made["retry"] = Retry(names.number(option.retry.timeout_ms), int(names.number(option.retry.attempts)),
                              names.number(option.retry.backoff_ms))
    if option.repeat is not None:
        pause = timed(names.number(option.repeat.pause_ms), names.number(option.repeat.pause_cv))
        made["repeat"] = Repeat(names.number(option.repeat.again_share), int(names.number(option.repeat.at_most)),
                                pause)
    if option.autoscale is not None:
        rule = scaling_of(option.autoscale, names)
        made |= {"scaling": rule, "servers": min(max(made["servers"], rule.least), rule.most)}
    if option.outages is not None:
        windows = tuple((float(begin), float(end)) for begin, end in option.outages.windows_s)
        made["outages"] = Outages(windows, option.outages.new_visits)
    if option.breakdowns is not None:
        made["outages"] = Breakdowns(names.number(option.breakdowns.mean_up_s),
                                     names.number(option.breakdowns.mean_down_s), option.breakdowns.new_visits,
                                     option.breakdowns.region)
    return made


def scaling_of(rule: AutoscaleData, names: Names) -> Autoscale:
    """The engine's rule of servers that come and go."""
    number = names.number
    return Autoscale(number(rule.target), int(number(rule.most)), int(number(rule.least)), rule.by,
                     number(rule.every_s), number(rule.cold_s), number(rule.cooldown_s))


def timed(mean_ms: float, cv: float) -> Deterministic | Lognormal:
    """A lognormal time, or always the same one where it does not scatter."""
    return Lognormal(mean_ms, cv) if cv and mean_ms > 0 else Deterministic(mean_ms)


def service_of(option: Option, names: Names, slow: float = 1.0) -> Any:
    """The engine's service model of an option; ``slow`` stretches it (a pushback's slower model)."""
    service = option.service
    number, knobs = names.number, names.design.knobs
    if service.model == "dynamic_batch":
        return DynamicBatch(
            fixed_ms=number(service.fixed_ms) * slow,
            per_item_ms=number(service.per_item_ms) * slow,
            max_batch=int(number(service.max_batch, knobs.get("max_batch", 1.0))),
            max_wait_ms=number(service.max_wait_ms, knobs.get("max_wait_ms", 0.0)),
        )
    if service.model == "continuous_batch":
        return ContinuousBatch(
            fixed_ms=number(service.fixed_ms) * slow,
            per_item_ms=number(service.per_item_ms) * slow,
            slots=int(number(service.slots)),
            output_tokens=_tokens(number(service.output_tokens), number(service.output_cv)),
            prompt_tokens=_tokens(number(service.prompt_tokens, 1.0), number(service.prompt_cv)),
            prefill_ms_per_token=number(service.prefill_ms_per_token) * slow,
        )
    mean_ms = mean_service_ms(option, names) * slow
    if service.model == "none":
        return Delay(Deterministic(0.0))
    if service.model == "deterministic":
        return Deterministic(mean_ms)
    if service.model == "exponential":
        return Exponential(mean_ms)
    drawn = timed(mean_ms, number(service.cv))
    if service.model == "serverless":
        most = None if option.concurrency is None else int(number(option.concurrency))
        return Serverless(drawn, number(service.cold_ms), number(service.keep_warm_s), most)
    return Delay(drawn) if service.model in ("delay", "hosted") else drawn


def _tokens(mean: float, cv: float) -> float | LognormalSize:
    return LognormalSize(mean, cv) if cv else mean


def mean_service_ms(option: Option, names: Names) -> float:
    """Mean time of a visit in ms where the model states one: mean_ms, or first token + output ÷ tokens a second."""
    service = option.service
    if service.model == "hosted":
        return names.number(service.ttft_ms) + 1000.0 * names.number(service.output_tokens) / names.number(
            service.tokens_per_s
        )
    return names.number(service.mean_ms)


def request_workload(design: Design, conditions: Conditions) -> Workload:
    """Arrivals in the busiest hour: the day's mean × the scenario's peak factor, in bursts where it says so, with
    the kinds of its requests.

    A diurnal scenario keeps the day's mean and lets the rate swing by its peak factor.
    """
    kinds = design.data.scenario(conditions.scenario).kinds
    if not kinds:
        return Workload(arrivals=arrivals_of(design, conditions))
    there = simulated_slots(design)
    classes = []
    for kind in (one for one in kinds if float(one.share) > 0.0):
        size_at = tuple(slot for slot in kind.size_at if slot in there)
        size = float(kind.size) if size_at or not kind.size_at else 1.0  # none of its slots is filled: as any other
        classes.append(RequestClass(kind.id, float(kind.share), int(kind.priority), size, size_at))
    return Workload(arrivals=arrivals_of(design, conditions), classes=tuple(classes))


def arrivals_of(design: Design, conditions: Conditions) -> Poisson | Bursty | Diurnal | FlashCrowd:
    """How requests arrive under ``conditions``, with what the design does to their bursts."""
    arrivals = conditions.arrivals_of(design.data)
    mean_per_s = float(design.data.scenario(conditions.scenario).requests_day) / SECONDS_PER_DAY
    rate_per_s = mean_per_s * float(arrivals.peak_factor)
    if arrivals.kind == "diurnal":
        assert arrivals.peak_hour is not None
        return Diurnal(mean_per_s, float(arrivals.peak_factor), float(arrivals.peak_hour))
    if arrivals.kind == "flash_crowd":
        assert arrivals.crowd_factor is not None and arrivals.crowd_start_s is not None
        assert arrivals.crowd_lasts_s is not None
        return FlashCrowd(rate_per_s, float(arrivals.crowd_factor), float(arrivals.crowd_start_s),
                          float(arrivals.crowd_lasts_s))
    if arrivals.kind == "poisson":
        return Poisson(rate_per_s=rate_per_s)
    assert arrivals.burst_factor is not None and arrivals.burst_share is not None
    assert arrivals.burst_mean_s is not None
    most, clipped = Names(design, conditions).clipped()
    return Bursty(
        rate_per_s=rate_per_s * (1.0 - clipped),
        burst_factor=most,
        burst_share=float(arrivals.burst_share),
        mean_burst_s=float(arrivals.burst_mean_s),
    )


def review_architecture(design: Design, slot: str, names: Names) -> Architecture:
    """The review team alone: people on shift, first come first served, over open hours only."""
    option = design.option(slot)
    calendar = None
    servers = 1
    if option.staffing is not None:
        servers = int(design.knobs[option.staffing.people])
        hours = design.knobs[option.staffing.hours]
        opens = min(float(option.staffing.open_hour), 24.0 - hours)
        calendar = StaffedHours(open_hour=opens, hours_per_day=hours, days_per_week=int(option.staffing.days_per_week))
    return Architecture(
        components=[Component(slot, servers=servers, service=service_of(option, names), calendar=calendar)],
        links=[],
    )

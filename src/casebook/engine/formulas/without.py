"""What a formula does not know, taken away from a system one feature at a time, the rest as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from typing import Any

from casebook.engine.architecture import Architecture, Component, Link, reached_from
from casebook.engine.errors import EngineError
from casebook.engine.services import ContinuousBatch, Delay, Deterministic, DynamicBatch, Exponential, Lognormal
from casebook.engine.workload import Poisson, Workload

_PLAIN = (Deterministic, Exponential, Lognormal, Delay)
_ARRIVALS = {"Bursty": "bursts", "Diurnal": "the peak of the day", "FlashCrowd": "a crowd that comes at once",
             "Trace": "how the recorded arrivals follow each other", "Growth": "growth over the months"}
_WORDS = {"calendar": "working hours", "queue_limit": "a full queue that refuses", "retry": "retries",
          "order": "priorities", "classes": "classes of requests", "sizes": "requests of different size",
          "scaling": "servers that come and go", "outages": "outages", "repeat": "visits that come back"}


def without(arch: Architecture, workload: Workload) -> Iterator[tuple[str, str, Architecture, Workload]]:
    """(name, place, architecture, workload) with one feature taken away, for every feature there is."""
    if not isinstance(workload.arrivals, Poisson):
        calm = replace(workload, arrivals=Poisson(workload.arrivals.mean_rate_per_s))
        kind = type(workload.arrivals).__name__
        yield _ARRIVALS.get(kind, "arrivals that are not Poisson"), "the arrivals", arch, calm
    for name, plain in _reset(workload, ("arrivals",)):
        yield name, "the arrivals", arch, plain
    for link in arch.links:
        if link.kind == "fanout" and link is arch.out(link.src, "fanout")[0]:
            yield "waiting for all branches", f"'{link.src}'", _one_branch(arch, link.src), workload
    for component in arch.components:
        for name, simpler in _simpler(component):
            changed = _rebuilt(arch, simpler)
            if changed is not None:
                yield name, f"'{component.id}'", changed, workload


def _simpler(component: Component) -> Iterator[tuple[str, Component]]:
    service = component.service
    if isinstance(service, Lognormal) and service.cv > 1.2:
        yield "now and then a very long service", replace(component, service=Exponential(service.mean_ms))
    if getattr(service, "cold_ms", 0.0) > 0.0:
        yield "cold starts", replace(component, service=_at(service, cold_ms=0.0))
    if isinstance(service, DynamicBatch):
        # the same capacity, and nobody waits for a batch to fill or shares one
        yield "batching", replace(component, service=Deterministic(service.mean_ms))
    elif isinstance(service, ContinuousBatch):
        # the same capacity; nobody shares a step or waits for a slot with others
        yield "continuous batching", replace(component, service=Deterministic(service.mean_ms))
    elif not isinstance(service, _PLAIN) and not hasattr(service, "service"):
        yield f"{type(service).__name__} service", replace(component, service=Deterministic(service.mean_ms))
    yield from _reset(component, ("id", "servers", "service"))


def _at(record: Any, **changes: float) -> Any:
    return replace(record, **changes)


def _reset(record: Any, kept: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The record with one optional field at a time back at its default: what was added later counts too."""
    for item in fields(record):
        if item.name in kept or item.default is MISSING or getattr(record, item.name) == item.default:
            continue
        try:
            yield _WORDS.get(item.name, item.name.replace("_", " ")), replace(record, **{item.name: item.default})
        except EngineError:
            continue  # fields that belong together cannot be taken away one by one


def _one_branch(arch: Architecture, src: str) -> Architecture:
    """The fan-out of ``src`` with its slowest branch alone (by the mean time of that branch's first station)."""
    branches = arch.out(src, "fanout")
    kept = max(branches, key=lambda link: arch.component(link.dst).service.mean_ms)
    links = [replace(one, kind="request") if one is kept else one for one in arch.links
             if one is kept or one not in branches]
    parts = [replace(one, joins=None) if one.joins == src else one for one in arch.components]
    return _reachable(parts, links, arch.entry)


def _rebuilt(arch: Architecture, component: Component) -> Architecture | None:
    parts = [component if one.id == component.id else one for one in arch.components]

    def stays(link: Link) -> bool:
        return not (link.kind == "overflow" and link.src == component.id and component.queue_limit is None)

    try:
        return _reachable(parts, [link for link in arch.links if stays(link)], arch.entry)
    except EngineError:
        return None


def _reachable(parts: list[Component], links: list[Link], entry: str) -> Architecture:
    """What can still be reached from the entry."""
    reached = reached_from(entry, links)
    return Architecture([one for one in parts if one.id in reached], [link for link in links if link.src in reached],
                        entry)

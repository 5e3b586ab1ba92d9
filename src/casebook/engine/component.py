"""A station of the system and the ways between stations, with the checks that each makes sense by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from casebook.engine.autoscale import Autoscale
from casebook.engine.errors import EngineError, number, whole
from casebook.engine.outage import Breakdowns, Outages
from casebook.engine.repeat import Repeat
from casebook.engine.services import (
    ContinuousBatch,
    Delay,
    Deterministic,
    DynamicBatch,
    Exponential,
    Lognormal,
    Retry,
    Serverless,
    Service,
    Sized,
)
from casebook.engine.staffed import StaffedHours

_SERVICES = (Deterministic, Exponential, Lognormal, Sized, Delay, Serverless, DynamicBatch, ContinuousBatch)


@dataclass(frozen=True, slots=True)
class Component:
    """A station: first come, first served, with ``servers`` alike servers (a Delay has no limit of them).

    ``calendar`` is for people: they work in those hours only. ``queue_limit`` is how many may wait; a visit
    that finds no server free and the queue full is refused, or takes the station's ``overflow`` link.
    ``wait_limit_ms`` does the same to a visit that would wait longer: in a queue in order that is known on arrival.
    ``retry`` says how long callers wait for this station and how often they ask again. ``order="priority"``
    serves the most urgent class of requests first, without interrupting anybody. ``repeat`` lets a request come
    back a drawn number of times, ``scaling`` lets servers come and go, ``outages`` take the station down for a
    time, and ``joins`` names the component whose fan-out comes together here.
    """

    id: str
    servers: int = 1
    service: Service = field(default_factory=lambda: Deterministic(0.0))
    calendar: StaffedHours | None = None
    queue_limit: int | None = None
    retry: Retry | None = None
    order: Literal["arrival", "priority"] = "arrival"
    repeat: Repeat | None = None
    scaling: Autoscale | None = None
    outages: Outages | Breakdowns | None = None
    joins: str | None = None
    wait_limit_ms: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id.strip():
            raise EngineError("component, id", self.id, "Give every component a name.")
        whole(f"component '{self.id}'", "servers", self.servers, at_least=1, at_most=10_000_000)
        if not isinstance(self.service, _SERVICES):
            raise EngineError(f"component '{self.id}', service", self.service,
                              "Give a service model such as Exponential(mean_ms=16).")
        if self.calendar is not None and not isinstance(self.calendar, StaffedHours):
            raise EngineError(f"component '{self.id}', calendar", self.calendar,
                              "Give StaffedHours(open_hour, hours_per_day, days_per_week), or leave it out.")
        if self.calendar is not None and isinstance(self.service, (Serverless, ContinuousBatch)):
            raise EngineError(f"component '{self.id}', calendar", self.calendar,
                              "Instances that come and go, and servers that write token by token, keep no staffed "
                              "hours: leave the calendar out.")
        if self.queue_limit is not None:
            whole(f"component '{self.id}'", "queue_limit", self.queue_limit, at_least=0)
            if not self._plain:
                raise EngineError(f"component '{self.id}', queue_limit", self.queue_limit,
                                  "A limited queue is computed for plain servers only, not together with a "
                                  "calendar, a delay or batching: leave it out.")
        if self.wait_limit_ms is not None:
            number(f"component '{self.id}'", "wait_limit_ms", self.wait_limit_ms, at_least=0.0)
            if not self._plain:
                raise EngineError(f"component '{self.id}', wait_limit_ms", self.wait_limit_ms,
                                  "How long a visit would wait is known for plain servers only, not with a calendar, "
                                  "a delay or batching: leave it out.")
        if self.retry is not None:
            if not isinstance(self.retry, Retry):
                raise EngineError(f"component '{self.id}', retry", self.retry,
                                  "Give Retry(timeout_ms, tries), or leave it out.")
            if not self._plain or self._bounded:
                raise EngineError(f"component '{self.id}', retry", self.retry,
                                  "Impatient callers are computed for plain servers with an unlimited queue only, "
                                  "without calendar, delay or batching: leave it out.")

        if self.order not in ("arrival", "priority"):
            raise EngineError(f"component '{self.id}', order", self.order, "Give 'arrival' or 'priority'.")
        if self.order == "priority" and (not self._plain or self._bounded or self.retry is not None):
            raise EngineError(f"component '{self.id}', order", self.order,
                              "Priorities are computed for plain servers with an unlimited queue only, without "
                              "calendar, delay, batching or retries: serve in order of arrival there.")
        self._check_rest()

    def _check_rest(self) -> None:
        alone = self._plain and not self._bounded and self.retry is None and self.order == "arrival"
        if self.repeat is not None:
            if not isinstance(self.repeat, Repeat):
                raise EngineError(f"component '{self.id}', repeat", self.repeat,
                                  "Give Repeat(again_share, at_most), or leave it out.")
            if not alone:
                raise EngineError(f"component '{self.id}', repeat", self.repeat,
                                  "Visitors that come back are computed for plain servers with an unlimited queue in "
                                  "order of arrival only: leave it out.")
        if self.scaling is not None:
            if not isinstance(self.scaling, Autoscale):
                raise EngineError(f"component '{self.id}', scaling", self.scaling,
                                  "Give Autoscale(target, most), or leave it out.")
            if not alone or self.repeat is not None:
                raise EngineError(f"component '{self.id}', scaling", self.scaling,
                                  "Servers that come and go are computed for plain servers with an unlimited queue in "
                                  "order of arrival only: leave it out.")
            if not self.scaling.least <= self.servers <= self.scaling.most:
                raise EngineError(f"component '{self.id}', servers", self.servers,
                                  f"It begins with so many: give {self.scaling.least} to {self.scaling.most}, as its "
                                  "scaling says.")
        if self.outages is not None:
            if not isinstance(self.outages, (Outages, Breakdowns)):
                raise EngineError(f"component '{self.id}', outages", self.outages,
                                  "Give Outages([(from_s, until_s)]) or Breakdowns(mean_up_s, mean_down_s), or leave "
                                  "it out.")
            still = self._plain or isinstance(self.service, DynamicBatch)
            if not still or self.calendar is not None or self.retry or self.repeat or self.scaling:
                raise EngineError(f"component '{self.id}', outages", self.outages,
                                  "Time down is computed for plain servers (with a limited queue or priorities too) "
                                  "and for batching, not together with a calendar, delay, serverless, retries, "
                                  "repeats or scaling: leave it out.")
        if self.joins is not None and (not isinstance(self.joins, str) or self.joins == self.id):
            raise EngineError(f"component '{self.id}', joins", self.joins,
                              "Name the component whose fan-out comes together here, or leave it out.")

    @property
    def _plain(self) -> bool:
        unlike = (Delay, Serverless, DynamicBatch, ContinuousBatch)
        return self.calendar is None and not isinstance(self.service, unlike)

    @property
    def _bounded(self) -> bool:
        return self.queue_limit is not None or self.wait_limit_ms is not None

    @property
    def refuses(self) -> bool:
        """Whether the station turns visits away, because it is full or because it is down."""
        return self.limited or (self.outages is not None and self.outages.new_visits == "refuse")

    @property
    def limited(self) -> bool:
        """Whether the station turns visits away when it is full, and so never gets more than it can do."""
        at_limit = isinstance(self.service, Serverless) and self.service.max_instances is not None
        return self._bounded or at_limit

    @property
    def capacity_per_s(self) -> float:
        """Most visits a second that the station can serve for ever; infinite for a delay."""
        if isinstance(self.service, Delay) or self.service.mean_ms == 0.0:
            return float("inf")
        if isinstance(self.service, Serverless):
            return (self.service.max_instances or float("inf")) * 1000.0 / self.service.mean_ms
        share = self.calendar.open_share if self.calendar is not None else 1.0
        if self.outages is not None:
            share *= self.outages.availability
        servers = self.scaling.most if self.scaling is not None else self.servers
        return servers * 1000.0 / self.service.mean_ms * share


@dataclass(frozen=True, slots=True)
class Link:
    """A way from ``src`` to ``dst``.

    ``share`` of the requests that leave ``src`` take it; the request links of one component share a single
    draw and what is left over leaves the system. An ``async`` link sends a copy for ``share`` of the
    requests while the request itself goes on; the copy loads stations but is no part of any sojourn time.
    An ``overflow`` link takes the visits that ``src`` refuses because its queue is full, at the instant at
    which they came. ``fanout`` links are taken all at once, a copy for each; the request goes on from the component
    that ``joins`` their ``src`` when the last branch has come there.
    """

    src: str
    dst: str
    share: float = 1.0
    kind: Literal["request", "async", "overflow", "fanout"] = "request"

    def __post_init__(self) -> None:
        place = f"link '{self.src}' → '{self.dst}'"
        number(place, "share", self.share, at_least=0.0)
        if self.share > 1.0:
            raise EngineError(f"{place}, share", self.share, "A share is a part of 1: give 0.4 for 40 %.")
        if self.kind not in ("request", "async", "overflow", "fanout"):
            raise EngineError(f"{place}, kind", self.kind, "Give 'request', 'async', 'overflow' or 'fanout'.")
        if self.kind == "fanout" and self.share != 1.0:
            raise EngineError(f"{place}, share", self.share, "A fan-out takes every branch: share=1.")
        if self.kind == "overflow" and self.share != 1.0:
            raise EngineError(f"{place}, share", self.share, "An overflow link takes all that is refused: share=1.")

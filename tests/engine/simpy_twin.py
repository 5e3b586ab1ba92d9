"""The same system in simpy, written as its users would, fed with the engine's random numbers.

Where both are right, every request's times agree; simpy knows nothing of how the engine finds them.
"""

from __future__ import annotations

import simpy

from casebook.engine import Delay, DynamicBatch, Serverless
from casebook.engine.streams import uniform_stream

HOUR = 3_600_000.0


class BatchServer:
    """Dispatcher of a batching station: waits for a batch to form, then for a server, then takes what is there."""

    def __init__(self, env, component):
        self.env, self.service = env, component.service
        self.servers = simpy.Resource(env, component.servers)
        self.waiting, self.news = [], env.event()
        env.process(self.dispatch())

    def visit(self):
        done = self.env.event()
        self.waiting.append((self.env.now, done))
        self.news.succeed()
        self.news = self.env.event()
        return done

    def dispatch(self):
        while True:
            while not self.waiting:
                yield self.news
            due = self.env.timeout(max(0.0, self.waiting[0][0] + self.service.max_wait_ms - self.env.now))
            while len(self.waiting) < self.service.max_batch and not due.processed:
                yield due | self.news
            claim = self.servers.request()
            yield claim
            yield self.env.timeout(0)  # let arrivals of this very instant in
            batch, self.waiting = (self.waiting[: self.service.max_batch],
                                   self.waiting[self.service.max_batch :])
            self.env.process(self.serve(batch, claim))

    def serve(self, batch, claim):
        yield self.env.timeout(self.service.fixed_ms + self.service.per_item_ms * len(batch))
        self.servers.release(claim)
        for _, done in batch:
            done.succeed()


class Instances:
    """Serverless: a list of idle instances by the time they fell idle, and a count of those at work."""

    def __init__(self, env, service):
        self.env, self.service, self.idle, self.working = env, service, [], 0

    def visit(self, work):
        if self.service.max_instances and self.working >= self.service.max_instances:
            return "refused"
        self.working += 1
        self.idle = [since for since in self.idle if self.env.now - since <= self.service.keep_alive_s * 1000.0]
        if self.idle:
            self.idle.remove(max(self.idle))
        else:
            yield self.env.timeout(self.service.cold_ms)
        yield self.env.timeout(work)
        self.idle.append(self.env.now)
        self.working -= 1
        return None


def staffed(env, hours, work):
    """Work ``work`` ms inside the staffed hours, stopping at each closing time."""
    while work > 0:
        day, rest = divmod(env.now, 24 * HOUR)
        opening, closing = hours.open_hour * HOUR, (hours.open_hour + hours.hours_per_day) * HOUR
        if day % 7 >= hours.days_per_week or rest >= closing:
            yield env.timeout((day + 1) * 24 * HOUR - env.now)
        elif rest < opening:
            yield env.timeout(day * 24 * HOUR + opening - env.now)
        else:
            piece = min(work, day * 24 * HOUR + closing - env.now)
            work = 0.0 if piece == work else work - piece
            yield env.timeout(piece)


def sojourns_ms(arch, workload, requests, seed):
    """Sojourn time of every request, by an event calendar."""
    env = simpy.Environment()
    arrived = workload.arrivals.times_ms(requests, seed)
    result = [float("nan")] * requests
    stations, draws, routes = {}, {}, {}
    for c in arch.components:
        if isinstance(c.service, DynamicBatch):
            stations[c.id] = BatchServer(env, c)
            continue
        timed = c.service.service if isinstance(c.service, Delay | Serverless) else c.service
        kind = simpy.PriorityResource if c.order == "priority" else simpy.Resource
        stations[c.id] = None if isinstance(c.service, Delay) else kind(env, c.servers)
        if isinstance(c.service, Serverless):
            stations[c.id] = Instances(env, c.service)
        draws[c.id] = timed.unit_stream(seed, (c.id, "service", ""), requests) * timed.mean_ms

    def copy(i, id):  # asynchronous copies end where they are served (enough for the tests)
        yield from visit(i, id, "copy")

    def visit(i, id, lane=""):
        component, station = arch.component(id), stations[id]
        if isinstance(station, BatchServer):
            yield station.visit()
            return
        if component.retry is not None:
            return (yield from impatient(i, component, station))
        service = draws[id][i]
        if lane:
            service = copies_service[id][i]
        if isinstance(station, Instances):
            return (yield from station.visit(service))
        if station is None:
            yield env.timeout(service)
            return
        if component.queue_limit is not None and station.count == station.capacity and (
                len(station.queue) >= component.queue_limit):
            return "refused"
        with (station.request(priority=urgency[i]) if component.order == "priority" else station.request()) as claim:
            yield claim
            if component.calendar is None:
                yield env.timeout(service)
            else:
                yield env.process(staffed(env, component.calendar, service))

    def impatient(i, component, station):
        patience = component.retry
        for number in range(patience.tries):
            key = (component.id, "service", "", f"again {number}")[: 4 if number else 3]
            if key not in again:
                again[key] = component.service.unit_stream(seed, key, requests) * component.service.mean_ms
            answer = env.process(answered(station, again[key][i]))
            late = env.timeout(patience.timeout_ms)
            yield answer | late
            if answer.processed:
                return None
            if number + 1 < patience.tries and patience.backoff_ms:
                yield env.timeout(patience.backoff_ms)
        return "refused"

    def answered(station, service):  # goes on whether anybody waits or not
        with station.request() as claim:
            yield claim
            yield env.timeout(service)

    def request(i):
        yield env.timeout(arrived[i])
        here = arch.entry
        while here is not None:
            if (yield from visit(i, here)) == "refused":
                away = arch.out(here, "overflow")
                if not away:
                    return
                here = away[0].dst
                continue
            for link in arch.out(here, "async"):
                lane_draws = uniform_stream(seed, (here, "copy", link.dst, ""), requests)
                if link.share == 1.0 or lane_draws[i] < link.share:
                    env.process(copy(i, link.dst))
            here = onward(i, here)
        result[i] = env.now - arrived[i]

    def onward(i, here):
        links = arch.out(here, "request")
        if not links:
            return None
        if here not in routes:
            routes[here] = uniform_stream(seed, (here, "route", ""), requests)
        low = 0.0
        for link in links:
            if low <= routes[here][i] < low + link.share:
                return link.dst
            low += link.share
        return None

    copies_service, again = {}, {}
    urgency = [workload.classes[k].priority if workload.classes else 0 for k in workload.class_of(requests, seed)]
    for link in arch.links:
        if link.kind == "async":
            c = arch.component(link.dst)
            copies_service[c.id] = c.service.unit_stream(
                seed, (c.id, "service", f"/{link.src}→{link.dst}"), requests) * c.service.mean_ms
    for i in range(requests):
        env.process(request(i))
    env.run()
    return result

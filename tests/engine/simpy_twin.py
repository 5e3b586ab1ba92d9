"""The same system in simpy, written as its users would, fed with the engine's random numbers.

Where both are right, every request's times agree; simpy knows nothing of how the engine finds them.
"""

from __future__ import annotations

import math

import simpy

from casebook.engine import ContinuousBatch, Delay, DynamicBatch, Serverless, Sized
from casebook.engine.sizes import draw_tokens
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


class TokenServers:
    """Continuous batching: each server goes from step to step, lets go who has all tokens and takes in who waits."""

    def __init__(self, env, component, tokens, prompts):
        self.env, self.service, self.tokens, self.prompts = env, component.service, tokens, prompts
        self.waiting, self.news = [], env.event()
        for _ in range(component.servers):
            env.process(self.work())

    def visit(self, i):
        done = self.env.event()
        self.waiting.append((i, done))
        self.news.succeed()
        self.news = self.env.event()
        return done

    def work(self):
        inside = []
        while True:
            while not inside and not self.waiting:
                yield self.news
            reading = 0.0
            while self.waiting and len(inside) < self.service.slots:
                i, done = self.waiting.pop(0)
                inside.append([self.tokens[i], done])
                reading += self.prompts[i] * self.service.prefill_ms_per_token
            yield self.env.timeout(self.service.fixed_ms + self.service.per_item_ms * len(inside) + reading)
            for one in inside:
                one[0] -= 1
                if one[0] == 0:
                    one[1].succeed()
            inside = [one for one in inside if one[0] > 0]


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


class Pool:
    """A station whose servers come and go: whoever looks every so often starts and sends home servers."""

    def __init__(self, env, component, busy_until_all_are_served):
        self.env, self.rule = env, component.scaling
        self.ready, self.starting, self.told_to_go, self.serving = component.servers, [], 0, 0
        self.waiting, self.spent, self.since, self.changed = [], 0.0, 0.0, -1e99
        self.open = busy_until_all_are_served
        env.process(self.look())

    def account(self):
        self.spent += self.serving * (self.env.now - self.since)
        self.since = self.env.now

    def visit(self, work):
        turn = self.env.event()
        self.waiting.append(turn)
        self.admit()
        yield turn
        yield self.env.timeout(work)
        self.account()
        self.serving -= 1
        if self.told_to_go:
            self.told_to_go -= 1
            self.ready -= 1
        self.admit()

    def admit(self):
        while self.waiting and self.serving < self.ready:
            self.account()
            self.serving += 1
            self.waiting.pop(0).succeed()

    def come(self, ticket):
        yield self.env.timeout(self.rule.cold_s * 1000.0)
        if ticket in self.starting:
            self.starting.remove(ticket)
            self.ready += 1
            self.admit()

    def look(self):
        number = 0
        while self.open():
            number += 1
            yield self.env.timeout(number * self.rule.every_s * 1000.0 - self.env.now)
            self.account()
            if self.rule.by == "queue":
                need = (len(self.waiting) + self.serving) / self.rule.target
            else:
                need = self.spent / (self.rule.every_s * 1000.0) / self.rule.target
            self.spent = 0.0
            wanted = max(self.rule.least, min(self.rule.most, math.ceil(need - 1e-9)))
            change = wanted - (self.ready - self.told_to_go + len(self.starting))
            if change > 0:
                kept = min(change, self.told_to_go)
                self.told_to_go -= kept
                for _ in range(change - kept):
                    ticket = object()
                    self.starting.append(ticket)
                    self.env.process(self.come(ticket))
                self.changed = self.env.now
            if change < 0 and self.env.now - self.changed >= self.rule.cooldown_s * 1000.0:
                self.changed = self.env.now
                for _ in range(-change):
                    if self.starting:
                        self.starting.pop()
                    elif self.ready - self.told_to_go > 0 and self.serving < self.ready:
                        self.ready -= 1
                    else:
                        self.told_to_go += 1


def while_up(env, windows, work):
    """Work ``work`` ms, standing still in every window."""
    for begin, end in windows:
        if end <= env.now:
            continue
        if begin > env.now:
            piece = min(work, begin - env.now)
            yield env.timeout(piece)
            work = 0.0 if piece == work else work - piece
            if work <= 0.0:
                return
        yield env.timeout(end - env.now)
    yield env.timeout(work)


def whole(drawn):
    return [max(1, int(x + 0.5)) for x in drawn]


def sojourns_ms(arch, workload, requests, seed):
    """Sojourn time of every request, by an event calendar."""
    env = simpy.Environment()
    arrived = workload.arrivals.times_ms(requests, seed)
    result = [float("nan")] * requests
    left = [requests]
    stations, streams, windows = {}, {}, {}
    due = {c.id: [] for c in arch.components}  # when those who were taken in will have left
    class_of = workload.class_of(requests, seed)
    relative = workload.relative_sizes(requests, seed)
    for c in arch.components:
        if isinstance(c.service, DynamicBatch):
            stations[c.id] = BatchServer(env, c)
            continue
        if isinstance(c.service, ContinuousBatch):
            stations[c.id] = TokenServers(env, c, *(
                whole(draw_tokens(source, seed, (c.id, "service", "", name), requests, relative))
                for source, name in ((c.service.output, "output"), (c.service.prompt, "prompt"))))
            continue
        kind = simpy.PriorityResource if c.order == "priority" else simpy.Resource
        stations[c.id] = None if isinstance(c.service, Delay) else kind(env, c.servers)
        if isinstance(c.service, Serverless):
            stations[c.id] = Instances(env, c.service)
        if c.scaling is not None:
            stations[c.id] = Pool(env, c, lambda: left[0] > 0)
        if c.outages is not None:
            begins, ends = c.outages.windows_ms(seed, c.id, 4.0 * float(arrived[-1]))
            windows[c.id] = list(zip(begins.tolist(), ends.tolist(), strict=True))

    def drawn(timed, *key):
        if key not in streams:
            streams[key] = (timed.unit_stream(seed, key, requests) * timed.mean_ms).tolist()
        return streams[key]

    def uniform(*key):
        if key not in streams:
            streams[key] = uniform_stream(seed, key, requests).tolist()
        return streams[key]

    def service_of(i, c, lane, *nth):
        timed = c.service.service if isinstance(c.service, Delay | Serverless) else c.service
        service = drawn(timed, c.id, "service", lane, *nth)[i]
        if isinstance(timed, Sized) and relative is not None:
            service *= relative[i]
        if workload.classes:
            kind = workload.classes[class_of[i]]
            if not kind.size_at or c.id in kind.size_at:
                service *= kind.size
        return service

    def visit(i, id, lane):
        component, station = arch.component(id), stations[id]
        if isinstance(station, BatchServer):
            yield station.visit()
            return None
        if isinstance(station, TokenServers):
            yield station.visit(i)
            return None
        if component.retry is not None:
            return (yield from impatient(i, component, station, lane))
        if component.repeat is not None:
            return (yield from over_and_over(i, component, station, lane))
        service = service_of(i, component, lane)
        if isinstance(station, Instances | Pool):
            return (yield from station.visit(service))
        if station is None:
            yield env.timeout(service)
            return None
        if component.outages is not None and component.outages.new_visits == "refuse" and (
                any(begin <= env.now < end for begin, end in windows[id])):
            return "refused"
        if component.queue_limit is not None and station.count == station.capacity and (
                len(station.queue) >= component.queue_limit):
            return "refused"
        if component.wait_limit_ms is not None:  # a dispatcher that knows the work ahead
            free = sorted([*due[id], *[0.0] * component.servers], reverse=True)[component.servers - 1]
            if free - env.now > component.wait_limit_ms:
                return "refused"
            due[id].append(max(env.now, free) + service)
        urgency = workload.classes[class_of[i]].priority if workload.classes else 0
        with (station.request(priority=urgency) if component.order == "priority" else station.request()) as claim:
            yield claim
            if component.outages is not None:
                yield env.process(while_up(env, windows[id], service))
            elif component.calendar is None:
                yield env.timeout(service)
            else:
                yield env.process(staffed(env, component.calendar, service))
        return None

    def over_and_over(i, component, station, lane):
        """As long as the coin says again: each toss is the same number against a smaller power."""
        coin, chance = uniform(component.id, "passes", lane)[i], 1.0
        for number in range(component.repeat.at_most):
            if number:
                chance *= component.repeat.again_share
                if not coin < chance:
                    return
                yield env.timeout(drawn(component.repeat.pause, component.id, "pause", lane,
                                        f"after {number - 1}")[i])
            service = service_of(i, component, lane, *([f"again {number}"] if number else []))
            yield from answered(station, service)

    def impatient(i, component, station, lane):
        patience = component.retry
        for number in range(patience.tries):
            service = service_of(i, component, lane, *([f"again {number}"] if number else []))
            answer = env.process(answered(station, service))
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

    def walk(i, here, lane, until=None):
        """From ``here`` to the end, or to the component ``until``; tells whether the request came through."""
        while here is not None and here != until:
            if (yield from visit(i, here, lane)) == "refused":
                away = arch.out(here, "overflow")
                if not away:
                    return False
                here = away[0].dst
                continue
            for link in arch.out(here, "async"):
                if link.share == 1.0 or uniform(here, "copy", link.dst, lane)[i] < link.share:
                    env.process(walk(i, link.dst, f"{lane}/{here}→{link.dst}"))
            branches = arch.out(here, "fanout")
            if not branches:
                here = onward(i, here, lane)
                continue
            join = next(c.id for c in arch.components if c.joins == here)
            copies = [env.process(walk(i, link.dst, f"{lane}&{here}→{link.dst}", join)) for link in branches]
            yield env.all_of(copies)
            if not all(copy.value for copy in copies):
                return False
            here = join
        return True

    def onward(i, here, lane):
        links = arch.out(here, "request")
        if not links:
            return None
        shares = [link.share for link in links]
        if workload.classes:
            own = [route for route in workload.classes[class_of[i]].routes if route.src == here]
            if own:
                shares = [sum(route.share for route in own if route.dst == link.dst) for link in links]
        low = 0.0
        for link, share in zip(links, shares, strict=True):
            if low <= uniform(here, "route", lane)[i] < low + share:
                return link.dst
            low += share
        return None

    def request(i):
        yield env.timeout(arrived[i])
        if (yield from walk(i, arch.entry, "")):
            result[i] = env.now - arrived[i]
        left[0] -= 1

    for i in range(requests):
        env.process(request(i))
    env.run()
    return result

"""The walk: arrivals go through the stations in feed-forward order, each stream split and merged in time."""

from __future__ import annotations

import numpy as np

from casebook.engine.architecture import Architecture, Component
from casebook.engine.buffers import empty, warm
from casebook.engine.classes import check_routes, class_shares, class_sizes
from casebook.engine.continuous import STREAMS, token_stream
from casebook.engine.errors import EngineError, number, whole
from casebook.engine.fate import Fate
from casebook.engine.fork import Flow, branch_lane, joined, parent_lane
from casebook.engine.inversion import Floats
from casebook.engine.kernels.classes import pick_by_class
from casebook.engine.kernels.flow import finish, merge, pick
from casebook.engine.load import Experience, loads
from casebook.engine.repeat import Again
from casebook.engine.run import Run
from casebook.engine.services import ContinuousBatch, Delay, DynamicBatch, Serverless, Sized
from casebook.engine.station import run_station
from casebook.engine.station_run import StationRun
from casebook.engine.streams import uniform_stream
from casebook.engine.visits import Ids, Visits
from casebook.engine.workload import Workload

_BYTES_A_VISIT = 48  # of a station's arrays and of the streams that leave it, about
_numbers: Ids = np.arange(0, dtype=np.int32)
_REQUESTS = ""  # the lane of the requests; every asynchronous link opens a lane of its own


def simulate(arch: Architecture, workload: Workload, requests: int = 100_000, seed: int = 0, *,
             warmup_share: float = 0.05, warmup_requests: int | None = None) -> Run:
    """Simulate ``requests`` arrivals exactly and return the Run.

    The run starts empty; its first ``warmup_requests`` arrivals (or ``warmup_share`` of them) are simulated
    but left out of every summary. The same arguments give the same bits on every platform. Raises
    EngineError for input that makes no sense, a warm-up as long as the run among it.
    """
    if not isinstance(arch, Architecture):
        raise EngineError("simulate, arch", arch, "Give an Architecture(components=[…], links=[…]).")
    if not isinstance(workload, Workload):
        raise EngineError("simulate, workload", workload, "Give a Workload(arrivals=Poisson(rate_per_s=…)).")
    count = whole("simulate", "requests", requests, at_least=1, at_most=100_000_000)
    base = whole("simulate", "seed", seed, at_least=0, at_most=2**62)
    first = _warm_up(count, warmup_share, warmup_requests)
    check_routes(arch, workload)
    with warm(count * _BYTES_A_VISIT * (len(arch.components) + 1)):
        return _walk(arch, workload, count, base, first)


def _walk(arch: Architecture, workload: Workload, count: int, base: int, first: int) -> Run:
    arrived = workload.arrivals.times_ms(count, base)
    class_of = workload.class_of(count, base)
    rank = np.array(workload.ranks(), np.int32)[class_of] if len(workload.classes) > 1 else class_of  # all 0
    relative = workload.relative_sizes(count, base)
    sojourn: Floats = empty(count)
    sojourn.fill(np.nan)
    coming: dict[str, dict[str, list[Flow]]] = {c.id: {} for c in arch.components}
    coming[arch.entry][_REQUESTS] = [(arrived, _everyone(count))]
    seen: dict[str, Visits] = {}
    fate: Fate | None = None
    for id in arch.order:
        component = arch.component(id)
        flows = coming.pop(id)
        if component.joins is not None:
            flows = _come_together(flows, component.joins, len(arch.out(component.joins, "fanout")), count)
        lanes = {lane: _merged(streams) for lane, streams in sorted(flows.items())}
        sizes = class_sizes(workload, id)
        stretched = None if sizes is None else sizes[class_of]
        visits = seen[id] = _visit(component, lanes, rank, stretched, relative, count, base)
        if len(visits.refused) or len(visits.gave_up_ids) or len(visits.down_from):
            fate = fate or Fate.of(count)
            fate.note(component, visits, list(lanes), bool(arch.out(id, "overflow")))
        for number_, lane in enumerate(lanes):
            leaving = _of_lane((visits.sorted_leave, visits.sorted_ids), number_, len(lanes), count)
            for link in arch.out(id, "overflow"):
                turned_away = _of_lane((visits.refused, visits.refused_ids), number_, len(lanes), count)
                coming[link.dst].setdefault(lane, []).append(turned_away)
            _send_copies(arch, id, lane, leaving, coming, count, base)
            shares = class_shares(arch, workload, id)
            if shares is None:
                rest = _send_on(arch, id, lane, leaving, coming, count, base)
            else:
                rest = _send_by_class(arch, id, lane, leaving, coming, shares, class_of, base)
            if lane == _REQUESTS:
                for times, ids in rest:
                    finish(times, ids, arrived, sojourn)
    load = loads(arch, workload, {
        id: _experience(v, arch.component(id).retry is not None, count) for id, v in seen.items()})
    window = (float(arrived[first]), float(arrived[-1]))
    stations = {id: StationRun(arch.component(id), v, load[id], count, first, window) for id, v in seen.items()}
    return Run(arch, workload, count, base, first, arrived, sojourn, stations, load, class_of, fate)


def _everyone(count: int) -> Ids:
    """0, 1, … below ``count``: written once and shared by all runs, none of which writes into it."""
    global _numbers
    held = _numbers
    if len(held) < count:
        held = _numbers = np.arange(count, dtype=np.int32)
    return held[:count]


def _experience(visits: Visits, impatient: bool, count: int) -> Experience:
    """Refusals of the whole run; tries and answers of the later half of the requests, when a storm is at its height."""
    came = len(visits.refused) + len(visits.ids)
    refused = len(visits.refused) / came if came else 0.0
    if not impatient or len(visits.ids) == len(visits.sorted_ids):  # every visit was answered in time
        return Experience(refused)
    late = np.int32(count // 2)
    of_late = visits.ids[visits.ids % np.int32(count) >= late]
    answered = int((visits.sorted_ids % np.int32(count) >= late).sum())
    tried = len(np.unique(of_late))
    return Experience(refused, len(of_late) / tried, answered / tried) if tried else Experience(refused)


def _warm_up(requests: int, share: float, exact: int | None) -> int:
    if exact is None:
        first = int(requests * number("simulate", "warmup_share", share, at_least=0.0))
    else:
        first = whole("simulate", "warmup_requests", exact, at_least=0)
    if first >= requests:
        raise EngineError("simulate, warm-up", first,
                          f"The run has {requests} requests, all of them inside its warm-up: simulate more "
                          "requests, or make the warm-up shorter.")
    return first


def _merged(flows: list[Flow]) -> Flow:
    times, ids = flows[0]
    for other_times, other_ids in flows[1:]:
        both = len(times) + len(other_times)
        out: Flow = (empty(both), empty(both, np.int32))
        merge(times, ids, other_times, other_ids, *out)
        times, ids = out
    return times, ids


def _come_together(flows: dict[str, list[Flow]], fork: str, branches: int, count: int) -> dict[str, list[Flow]]:
    """The branches that fanned out at ``fork``, joined; whoever did not come that way passes as he is."""
    result: dict[str, list[Flow]] = {}
    fanned: dict[str, list[Flow]] = {}
    for lane, streams in sorted(flows.items()):
        parent = parent_lane(lane, fork)
        (result if parent is None else fanned).setdefault(lane if parent is None else parent, []).extend(streams)
    for lane, streams in fanned.items():
        result.setdefault(lane, []).append(joined(_merged(streams), branches, count))
    return result


def _visit(component: Component, lanes: dict[str, Flow], rank: Ids, size: Floats | None, relative: Floats | None,
           count: int, seed: int) -> Visits:
    """Run a station; where several lanes meet, lane j's request i is visitor j × count + i."""
    if len(lanes) * count >= 2**31:
        raise EngineError(f"component '{component.id}'", len(lanes) * count,
                          "Too many visits for one run: simulate fewer requests.")
    flows: list[Flow] = []
    for number_, (times, ids) in enumerate(lanes.values()):
        flows.append((times, ids if number_ == 0 else ids + np.int32(number_ * count)))
    rounds = component.retry.tries if component.retry else component.repeat.at_most if component.repeat else 1
    if isinstance(component.service, ContinuousBatch):
        rounds = STREAMS
    units = [_units(component, lane, nth, relative, count, seed) for nth in range(rounds) for lane in lanes]
    if size is not None and not isinstance(component.service, DynamicBatch):
        units = [unit * size for unit in units]
    if not flows:
        flows, units = [(np.empty(0), np.empty(0, np.int32))], [np.empty(0)]
    times, ids = _merged(flows)
    return run_station(component, times, ids, units[0] if len(units) == 1 else np.concatenate(units),
                       rank if len(lanes) < 2 else np.tile(rank, len(lanes)), seed=seed,
                       again=_again(component, list(lanes), count, seed))


def _again(component: Component, lanes: list[str], count: int, seed: int) -> Again | None:
    repeat = component.repeat
    if repeat is None:
        return None
    if not lanes:
        return Again(np.empty(0, np.int32), np.empty(0))
    passes = [repeat.passes(seed, component.id, lane, count) for lane in lanes]
    pauses = [repeat.pause.unit_stream(seed, (component.id, "pause", lane, f"after {nth}"), count)
              for nth in range(int(repeat.at_most) - 1) for lane in lanes]
    return Again(np.concatenate(passes), np.concatenate([*pauses, np.empty(0)]) * float(repeat.pause.mean_ms))


def _units(component: Component, lane: str, again: int, relative: Floats | None, count: int, seed: int) -> Floats:
    service = component.service
    if isinstance(service, DynamicBatch):
        return np.empty(0)
    if isinstance(service, ContinuousBatch):
        return token_stream(service, again, seed, (component.id, "service", lane), count, relative)
    timed = service.service if isinstance(service, (Delay, Serverless)) else service
    key = (component.id, "service", lane, f"again {again}") if again else (component.id, "service", lane)
    unit = timed.unit_stream(seed, key, count)
    return unit * relative if isinstance(timed, Sized) and relative is not None else unit


def _of_lane(flow: Flow, number_: int, lanes: int, count: int) -> Flow:
    if lanes == 1:
        return flow
    mine = flow[1] // np.int32(count) == number_
    return flow[0][mine], flow[1][mine] - np.int32(number_ * count)


def _part(flow: Flow, draws: Floats, low: float, high: float) -> Flow:
    out: Flow = (empty(len(flow[0])), empty(len(flow[0]), np.int32))
    kept = pick(*flow, draws, low, high, *out)
    return out[0][:kept], out[1][:kept]


def _send_copies(arch: Architecture, id: str, lane: str, leaving: Flow,
                 coming: dict[str, dict[str, list[Flow]]], count: int, seed: int) -> None:
    for link in arch.out(id, "async"):
        copies = leaving
        if link.share < 1.0:
            copies = _part(leaving, uniform_stream(seed, (id, "copy", link.dst, lane), count), 0.0, link.share)
        coming[link.dst].setdefault(f"{lane}/{id}→{link.dst}", []).append(copies)


def _send_on(arch: Architecture, id: str, lane: str, leaving: Flow,
             coming: dict[str, dict[str, list[Flow]]], count: int, seed: int) -> list[Flow]:
    """Split the visits that leave ``id`` by one draw each, or fan them out; return those that leave the system."""
    branches = arch.out(id, "fanout")
    for link in branches:
        coming[link.dst].setdefault(branch_lane(lane, id, link.dst), []).append(leaving)
    if branches:
        return []
    links = arch.out(id, "request")
    if len(links) == 1 and links[0].share == 1.0:
        coming[links[0].dst].setdefault(lane, []).append(leaving)
        return []
    if not links:
        return [leaving]
    draws = uniform_stream(seed, (id, "route", lane), count)
    low = 0.0
    for link in links:
        high = low + link.share
        if high > 1.0 - 1e-12:  # shares that add up to 1 but for rounding: nobody is left over
            high = 1.0
        coming[link.dst].setdefault(lane, []).append(_part(leaving, draws, low, high))
        low = high
    return [] if low == 1.0 else [_part(leaving, draws, low, 1.0)]


def _send_by_class(arch: Architecture, id: str, lane: str, leaving: Flow, coming: dict[str, dict[str, list[Flow]]],
                   shares: Floats, class_of: Ids, seed: int) -> list[Flow]:
    """The same, where a request's class decides about its shares (classes × links)."""
    draws = uniform_stream(seed, (id, "route", lane), len(class_of))
    high = np.cumsum(shares, axis=1)
    high[high > 1.0 - 1e-12] = 1.0  # shares that add up to 1 but for rounding: nobody is left over
    edges = np.concatenate((np.zeros((len(shares), 1)), high, np.ones((len(shares), 1))), axis=1)
    parts: list[Flow] = []
    for nth in range(edges.shape[1] - 1):
        out: Flow = (empty(len(leaving[0])), empty(len(leaving[0]), np.int32))
        kept = pick_by_class(*leaving, draws, class_of, edges[:, nth].copy(), edges[:, nth + 1].copy(), *out)
        parts.append((out[0][:kept], out[1][:kept]))
    for link, part in zip(arch.out(id, "request"), parts[:-1], strict=True):
        coming[link.dst].setdefault(lane, []).append(part)
    return parts[-1:]

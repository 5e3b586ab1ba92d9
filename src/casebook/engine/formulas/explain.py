"""Sets a run beside the formula and names what makes the gap, proven by taking it away and running again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from casebook.engine.architecture import Architecture
from casebook.engine.errors import EngineError
from casebook.engine.formulas.network import NetworkEstimate, network
from casebook.engine.formulas.without import without
from casebook.engine.network import simulate
from casebook.engine.run import Run
from casebook.engine.workload import Workload

TOLERANCE = 0.10  # the formula's own accuracy on p99 for Poisson arrivals and plain servers, measured

@dataclass(frozen=True, slots=True)
class Cause:
    """Something the formula does not know. Without it the run gave ``simulated_ms``, the formula
    ``formula_ms``, the gap between them ``gap``, and the run left ``lost_share`` unanswered; ``proven`` says
    that taking it away closed at least half of the gap, or closed it to within the formula's own accuracy."""

    name: str
    where: str
    simulated_ms: float
    formula_ms: float
    gap: float
    lost_share: float
    proven: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """A quantile of a run beside the formula's; ``gap`` is run over formula, less one (0.3: 30 % above).

    Both are over the requests answered; ``lost_share`` is the (run's, formula's) share that never was. A run that
    loses more than 1 − q beyond the formula has no such quantile for those who asked: its gap is infinite.
    ``causes`` hold everything that was taken away, the one that closes most of the gap first; ``stuck`` names
    what could not be, because the rest would be overloaded or no system at all.
    ``mean_waits_ms`` has (run, formula) for every station; ``refusal`` is why the formula has nothing to say.
    """

    q: float
    simulated_ms: float
    band_ms: tuple[float, float]
    formula_ms: float
    gap: float
    causes: tuple[Cause, ...]
    stuck: tuple[str, ...]
    lost_share: tuple[float, float]
    mean_waits_ms: dict[str, tuple[float, float]]
    refusal: str = ""

    @property
    def agrees(self) -> bool:
        """Whether formula and run say the same, within the formula's accuracy or the run's band."""
        low, high = self.band_ms
        if not math.isfinite(self.gap):
            return False
        return abs(self.gap) <= TOLERANCE or low <= self.formula_ms <= high

    @property
    def cause(self) -> Cause | None:
        """The proven cause that closes most of the gap, or None."""
        return next((one for one in self.causes if one.proven), None) if not self.agrees else None

    def __str__(self) -> str:
        name = f"p{100 * self.q:g}"
        if not math.isfinite(self.formula_ms):
            head = f"The run's {name} is {self.simulated_ms:.4g} ms; the formula has none to offer ({self.refusal})"
        else:
            head = f"The run's {name} is {self.simulated_ms:.4g} ms, the formula's {self.formula_ms:.4g} ms"
        if math.isfinite(self.formula_ms) and not math.isclose(*self.lost_share, abs_tol=1.0 - self.q):
            head += " and it leaves {:.1%} unanswered, the formula {:.1%}".format(*self.lost_share)
        if self.agrees:
            return f"{head}: they agree."
        if self.cause is None and self.stuck:
            return (f"{head}. The formula does not know {', '.join(self.stuck)}, which cannot be taken away: without "
                    "it nothing that keeps up would be left.")
        if self.cause is None:
            tried = ", ".join(f"{one.name} at {one.where}" for one in self.causes)
            return f"{head}. " + (f"Taking away {tried} did not close the gap: the cause is another."
                                  if tried else "The formula's own approximations make the gap.")
        why = self.cause
        left = f" and leaves {why.lost_share:.1%} unanswered" if math.isinf(self.gap) else ""
        return (f"{head}. The cause is {why.name} at {why.where}. Without it the run gives {why.simulated_ms:.4g} ms"
                f"{left}, the formula {why.formula_ms:.4g} ms.")


def explain(run: Run, q: float = 0.99) -> Explanation:
    """Compare the q-quantile of ``run`` with Whitt's network and look for the cause of a gap.

    Every feature that the formula does not know (bursts, batching, whatever a component or workload is given
    beyond plain servers) is taken away by itself, and where that does not suffice all of them together; the
    same number of requests is simulated again with the same seed, so that only the feature differs.
    """
    here = run.quantile_ms(q)
    said, refusal = _formula(run.arch, run.workload)
    formula_ms = said.quantile_ms(q) if said else math.inf
    gap, lost = _gap(run, said, q)
    stations = said.stations if said else {}
    waits = {id: (run.station(id).mean_wait_ms, one.mean_wait_ms) for id, one in stations.items()}
    found = Explanation(q, here, run.quantile_band_ms(q), formula_ms, gap, (), (), lost, waits, refusal)
    if found.agrees:
        return found
    causes: list[Cause] = []
    stuck: list[str] = []
    for name, where, arch, workload in without(run.arch, run.workload):
        cause = _tried(run, q, gap, name, where, arch, workload)
        if cause is None:
            stuck.append(f"{name} at {where}")
        else:
            causes.append(cause)
    if len(causes) > 1 and not any(abs(cause.gap) <= TOLERANCE for cause in causes):
        together = _all_away(run, q, gap)
        if together and abs(together.gap) < 0.8 * min(abs(cause.gap) for cause in causes):
            causes.append(together)
    ranked = sorted(causes, key=lambda cause: (not cause.proven, abs(cause.gap)))
    return replace(found, causes=tuple(ranked), stuck=tuple(stuck))


def _all_away(run: Run, q: float, gap: float) -> Cause | None:
    arch, workload, names, places = run.arch, run.workload, [], []
    while step := next(without(arch, workload), None):
        names.append(step[0])
        places.append(step[1])
        arch, workload = step[2], step[3]
    name, where = (" and ".join(dict.fromkeys(words)) for words in (names, places))
    return _tried(run, q, gap, f"{name} together", where, arch, workload)


def _formula(arch: Architecture, workload: Workload) -> tuple[NetworkEstimate | None, str]:
    """The formula's picture, or None and why there is none."""
    try:
        return network(arch, workload), ""
    except EngineError as error:
        return None, "it knows no fan-out" if error.value == "fan-out" else "there is no steady state"


def _gap(run: Run, said: NetworkEstimate | None, q: float) -> tuple[float, tuple[float, float]]:
    """The gap, and the shares unanswered in the run and by the formula."""
    lost = float(np.isnan(run.sojourn_ms[run.warmup_requests :]).mean())
    if said is None:
        return -1.0, (lost, math.nan)
    both = (lost, said.lost_share)
    if abs(lost - said.lost_share) > 1.0 - q:
        return (math.inf if lost > said.lost_share else -1.0), both
    formula_ms = said.quantile_ms(q)
    return (run.quantile_ms(q) / formula_ms - 1.0 if formula_ms > 0.0 else math.inf), both


def _tried(run: Run, q: float, gap: float, name: str, where: str, arch: Architecture,
           workload: Workload) -> Cause | None:
    said, _ = _formula(arch, workload)
    if said is None:
        return None
    again = simulate(arch, workload, run.requests, run.seed, warmup_requests=run.warmup_requests)
    left, (lost, _) = _gap(again, said, q)
    proven = math.isfinite(left) and abs(left) <= max(TOLERANCE, abs(gap) / 2.0)
    return Cause(name, where, again.quantile_ms(q), said.quantile_ms(q), left, lost, proven)


def counted_inside(run: Run, id: str, looks: int = 20_000) -> tuple[float, float]:
    """(counted, by Little's law) requests inside the station ``id``: the first counts at ``looks`` equally
    spaced instants after the warm-up, the second is arrivals a second × mean sojourn. They agree in any stable
    run; a gap means that the window is too short or the queue grows."""
    station = run.station(id)
    begin, end = float(run.arrived_ms[run.warmup_requests]), float(run.arrived_ms[-1])
    instants = np.linspace(begin, end, looks)
    came = np.searchsorted(np.sort(station.arrive_ms), instants, side="right")
    left = np.searchsorted(np.sort(station.leave_ms), instants, side="right")
    inside = (station.arrive_ms >= begin) & (station.arrive_ms <= end)
    rate = float(inside.sum()) / (end - begin)
    return float((came - left).mean()), rate * float(station.sojourn_ms[inside].mean())

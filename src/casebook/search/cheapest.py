"""The cheapest design of a palette that meets every target of a scenario: bounds first, runs later, words last.

Designs are taken in the order of their exact bill, so the first that meets everything is the cheapest there is.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from casebook.design import Conditions, Design, Evaluation, evaluate
from casebook.design.design import knobs_of
from casebook.design.sketch import demand_of, known_figure, path_of, sketch, unqueued
from casebook.design.verdict import TOO_CLOSE
from casebook.economics import Usage, option_usd_month
from casebook.economics.bill import DAYS_PER_MONTH
from casebook.engine import simulate
from casebook.engine.graded import GRADED_REQUESTS, GRADED_SEEDS
from casebook.search.bounds import Bound, bound, conflicts, within
from casebook.search.found import Found
from casebook.search.frontier import Front, front, latency_target, pareto, quality_target
from casebook.search.settle import Limit, Path, Settled, Shift, settle_path, settle_shift
from casebook.search.space import Space
from casebook.search.workers import Threads, Workers

if TYPE_CHECKING:
    from casebook.design import Case

BATCH = 8  # how many designs are looked into together; fixed, so that the answer does not depend on the machine
TIES = 5
Tell = Callable[[str, int, int], None]  # what is being done, steps done, steps in all (0: not known)


def optimise(
    case: Case,
    scenario: str | Conditions = "",
    *,
    learner: Design | None = None,
    only: Mapping[str, Sequence[str | float]] | None = None,
    grid: int = 9,
    with_front: bool = True,
    front_designs: int = 400,
    front_requests: int = 100_000,
    workers: Workers | None = None,
    tell: Tell = lambda what, done, of: None,
) -> Found:
    """Search the palette of ``case`` under a scenario (its id) or ``Conditions``.

    ``only`` narrows slots and knobs; ``grid`` is how many values a knob takes that moves money or quality (the best
    is refined step by step afterwards). ``workers`` default to threads; ``tell`` hears of progress and may raise
    ``KeyboardInterrupt``: the best so far is then returned with ``stopped``. The same arguments give the same
    answer whoever does the work.
    """
    conditions = scenario if isinstance(scenario, Conditions) else Conditions.of(case.data, scenario)
    hands = workers or Threads()
    search = _Search(case, conditions, learner, only or {}, grid, hands, tell)
    try:
        try:
            search.begin()
            search.look_over()
            search.descend()
            search.refine()
            if with_front:
                search.draw(front_designs, front_requests)
        except KeyboardInterrupt:
            search.stopped = True
        return search.found()
    finally:
        if workers is None:
            hands.close()


Item = tuple[float, int, int, dict[str, str], dict[str, float]]  # bill, order, stage, options, knobs


class _Search:
    """One search and what it has learnt so far."""

    def __init__(
        self, case: Case, conditions: Conditions, learner: Design | None,
        only: Mapping[str, Sequence[str | float]], grid: int, hands: Workers, tell: Tell,
    ) -> None:
        self.case, self.data, self.conditions = case, case.data, conditions
        self.learner, self.hands, self.tell = learner, hands, tell
        extra: dict[str, tuple[float, ...]] = {}
        for design in self._known_designs():
            for knob, value in design.knobs.items():
                extra[knob] = (*extra.get(knob, ()), value)
        self.space = Space(conditions, self.data, grid, only, extra)
        over = dict(conditions.targets)
        self.limits = {target.id: over.get(target.id, float(target.limit)) for target in self.data.targets}
        self.tails = tuple(
            Limit(float(target.quantile or 0.99), self.limits[target.id])
            for target in self.data.targets if target.metric == "latency_ms" and target.span in ("", "verdict")
        )
        self.wait_hours = min(
            (self.limits[t.id] for t in self.data.targets if t.metric == "review_wait_hours"), default=math.inf
        )
        self.best: Evaluation | None = None
        self.own: Evaluation | None = None
        self.meeting: dict[tuple[Any, ...], Evaluation] = {}
        self.bounds: tuple[Bound, ...] = ()
        self.blockers: tuple[tuple[str, int], ...] = ()
        self.drawn: Front | None = None
        self.floor, self.proven, self.stopped = 0.0, False, False
        self.sketched = self.settled = self.runs = self.graded = 0
        self.heap: list[Item] = []
        self.order = itertools.count()
        self.paths: dict[tuple[Any, ...], Settled] = {}
        self.shifts: dict[tuple[Any, ...], Mapping[str, float] | None] = {}
        self.grounds: list[Evaluation] = []

    # before the search -----------------------------------------------------------------------------------
    def _known_designs(self) -> list[Design]:
        named = [self.case.preset(preset.id) for preset in self.data.presets]
        return named + ([self.learner] if self.learner is not None else [])

    def begin(self) -> None:
        """What is known beforehand: the case's own designs and the learner's give a first best."""
        designs = self._known_designs()
        for done, design in enumerate(designs):
            self.tell("designs of the case", done, len(designs))
            made = self._grade(design)
            if design == self.learner:
                self.own = made
            if self.space.holds(design):
                self._consider(made)

    def _grade(self, design: Design) -> Evaluation:
        self.graded += 1
        return evaluate(design, self.conditions, graded=True)

    def _consider(self, made: Evaluation) -> bool:
        if not all(verdict.ok for verdict in made.verdicts):
            return False
        key = tuple(sorted(made.design.choices.items()))
        if key not in self.meeting or made.cost_usd_month < self.meeting[key].cost_usd_month:
            self.meeting[key] = made
        if self.best is None or made.cost_usd_month < self.best.cost_usd_month:
            self.best = made
        return True

    def look_over(self) -> None:
        """Every combination of options and priced knobs by arithmetic; bounds, and a heap of what is left."""
        known = [target for target in self.data.targets if self._knowable(target.metric)]
        figures: dict[str, list[float]] = {target.id: [] for target in known}
        rows: list[tuple[bool, ...]] = []
        combinations = list(self.space.choices())
        floor_paths: dict[tuple[Any, ...], Design] = {}
        for done, choices in enumerate(combinations):
            if done % 64 == 0:
                self.tell("bills and quality", done, len(combinations))
            roles = self.space.roles(choices)
            least = {
                name: float(min(self.space.only[name])) if name in self.space.only else float(knob.min)
                for name, knob in knobs_of(self.data, choices).items()
            }
            defaults = {name: float(knob.default) for name, knob in knobs_of(self.data, choices).items()}
            priced = [name for name, role in roles.items() if role == "priced"]
            plain = {
                name: least[name] if role in ("count", "people", "hours") else self.space.trials(name, choices)[0]
                for name, role in roles.items() if role != "priced"
            }
            hopeless = self._too_long(choices)
            grids = [self.space.values(name, choices) for name in priced]
            if hopeless:  # one sketch still tells the bounds; its knobs cannot shorten the weeks
                grids = [(defaults[name],) for name in priced]
            for values in itertools.product(*grids):
                knobs = plain | dict(zip(priced, values, strict=True))
                made = sketch(Design(self.case.id, choices, knobs), self.conditions)
                self.sketched += 1
                met = []
                quality = made.quality
                for target in known:
                    if target.metric.startswith("quality."):
                        value = quality[target.metric.removeprefix("quality.")]
                    else:
                        value = known_figure(made, target.metric)
                    figures[target.id].append(value)
                    met.append(within(value, self.limits[target.id], target.direction))
                rows.append(tuple(met))
                if all(met):
                    usd = made.cost_usd_month + self._people_missing(made)
                    heapq.heappush(self.heap, (usd, next(self.order), 0, choices, knobs))
                    self.grounds.append(made)
            key = tuple(choices[slot] for slot in made.request_path)
            floor_paths.setdefault(key, made.design)
        how = "the bill with the fewest machines and people"
        self.bounds = tuple(
            bound(target, self.limits[target.id], figures[target.id],
                  how if target.metric.startswith("cost") else "every combination on the grid")
            for target in known
        ) + self._tail_bounds(list(floor_paths.values()))
        if not self.heap:
            self.blockers = conflicts(rows, [target.id for target in known])
            self.proven = True

    def _people_missing(self, made: Evaluation) -> float:
        """USD a month by which the smallest shift falls short of the hours that the flagged items take (a bound)."""
        missing = 0.0
        if not math.isfinite(self.wait_hours):
            return missing
        for slot in made.design.components:
            option = made.design.option(slot)
            if option.staffing is None or not option.cost.per_person_hour_usd:
                continue
            open_share = float(option.staffing.days_per_week) / 7.0
            needed = made.quality_model.figures.get("review_hours_day", 0.0) / open_share
            there = made.design.knobs[option.staffing.people] * made.design.knobs[option.staffing.hours]
            pay = float(option.cost.per_person_hour_usd) * open_share * DAYS_PER_MONTH
            missing += max(0.0, needed - there) * pay
        return missing

    def _knowable(self, metric: str) -> bool:
        if metric == "latency_ms" or metric == "review_wait_hours":
            return False
        some = sketch(self.case.reference, self.conditions)
        return not math.isnan(known_figure(some, metric))

    def _too_long(self, choices: Mapping[str, str]) -> bool:
        """Weeks add up part by part, whatever the knobs are."""
        weeks = sum(float(self.data.option(slot, option).build_weeks) for slot, option in choices.items()
                    if not self.data.option(slot, option).none)
        return any(
            target.metric == "mvp_weeks" and target.direction == "max" and weeks > self.limits[target.id] * (1 + 1e-12)
            for target in self.data.targets
        )

    def _tail_bounds(self, designs: list[Design]) -> tuple[Bound, ...]:
        """The quickest path of the palette with nobody waiting, by a graded run of that path alone."""
        target = latency_target(self.data)
        if target is None or not designs:
            return ()
        q = float(target.quantile or 0.99)
        self.tell("paths without queues", 0, len(designs))
        quick = self.hands.ask(_still_tail, [(design, self.conditions, q, 20_000, (0,)) for design in designs])
        self.runs += len(designs)
        first = min(range(len(designs)), key=lambda i: (quick[i], i))
        exact = _still_tail((designs[first], self.conditions, q, GRADED_REQUESTS, GRADED_SEEDS))
        self.runs += len(GRADED_SEEDS)
        limit = self.limits[target.id]
        # One short run is within a few per cent, so only a clear excess of the quickest rules out all the others.
        possible = exact <= limit * (1.0 + TOO_CLOSE) or quick[first] <= limit * 1.1
        slots = path_of(designs[first], self.conditions)[0].order
        how = "quickest path, nobody waiting: " + ", ".join(designs[first].choices[slot] for slot in slots)
        return (Bound(target.id, target.title, exact, limit, target.unit, target.direction, possible, how),)

    # the search ------------------------------------------------------------------------------------------
    def descend(self) -> None:
        """Take the cheapest that is left, settle its machines, then its people, then grade it; first come, best."""
        if any(not one.possible for one in self.bounds):
            self.proven, self.heap = True, []
            return
        while self.heap:
            self.floor = self.heap[0][0]
            if self.best is not None and self.floor > self.best.cost_usd_month * (1.0 + TOO_CLOSE):
                break
            if self.best is not None and self._ties_are_enough():
                break
            self.tell(f"nothing below {self.floor:,.0f} usd a month", self.settled, 0)
            batch = [heapq.heappop(self.heap) for _ in range(min(BATCH, len(self.heap)))]
            self._answer(batch)
            for item in batch:
                self._advance(item)
        if not self.heap:
            self.floor = self.best.cost_usd_month if self.best is not None else math.inf
        self.proven = True

    def _ties_are_enough(self) -> bool:
        best = self.best
        assert best is not None
        near = [one for one in self.meeting.values() if one.cost_usd_month <= best.cost_usd_month * (1.0 + TOO_CLOSE)]
        return self.floor >= best.cost_usd_month and len(near) > TIES

    def _family(self, made: Evaluation) -> tuple[Any, ...]:
        """What the latency depends on but for counts and free knobs: the options on the path, and its shares."""
        figures = made.quality_model.figures
        named = {link.share.removeprefix("quality.") for link in self.data.links if isinstance(link.share, str)}
        path = tuple((slot, made.design.choices[slot]) for slot in made.request_path)
        return path, tuple((name, round(figures[name], 12)) for name in sorted(named) if name in figures)

    def _sketch(self, choices: dict[str, str], knobs: dict[str, float]) -> Evaluation:
        return sketch(Design(self.case.id, choices, knobs), self.conditions)

    def _answer(self, batch: list[Item]) -> None:
        """Ask the workers what this batch needs and nobody has asked before."""
        paths: dict[tuple[Any, ...], Path] = {}
        shifts: dict[tuple[Any, ...], Shift] = {}
        for _, _, stage, choices, knobs in batch:
            if stage == 0 and (key := self._family(self._sketch(choices, knobs))) not in self.paths:
                paths.setdefault(key, self._path(choices, knobs))
            if stage == 1 and (shift := self._shift(choices, knobs)) and (key := _shift_key(shift)) not in self.shifts:
                shifts.setdefault(key, shift)
        for key, settled in zip(paths, self.hands.ask(settle_path, list(paths.values())), strict=True):
            self.paths[key] = settled
            self.runs += settled.runs
        self.shifts.update(zip(shifts, self.hands.ask(settle_shift, list(shifts.values())), strict=True))
        final = [Design(self.case.id, item[3], item[4]) for item in batch if item[2] == 2]
        # Graded together, so that the workers share them; `_advance` then finds them in the cache or grades again.
        self.ready = dict(zip((d.key for d in final),
                              self.hands.ask(_grade, [(d, self.conditions) for d in final]), strict=True))
        self.settled += len(batch)

    def _advance(self, item: Item) -> None:
        _, _, stage, choices, knobs = item
        if stage == 0:
            settled = self.paths[self._family(self._sketch(choices, knobs))]
            if settled.knobs is not None:
                self._push(1, choices, knobs | dict(settled.knobs))
        elif stage == 1:
            shift = self._shift(choices, knobs)
            chosen = self.shifts[_shift_key(shift)] if shift is not None else {}
            if chosen is not None:
                self._push(2, choices, knobs | dict(chosen))
        else:
            self.graded += 1
            self._consider(self.ready[Design(self.case.id, choices, knobs).key])

    def _push(self, stage: int, choices: dict[str, str], knobs: dict[str, float]) -> None:
        made = sketch(Design(self.case.id, choices, knobs), self.conditions)
        for target in self.data.targets:
            value = known_figure(made, target.metric)
            if not math.isnan(value) and not within(value, self.limits[target.id], target.direction):
                return
        usd = made.cost_usd_month + (self._people_missing(made) if stage == 1 else 0.0)
        heapq.heappush(self.heap, (usd, next(self.order), stage, choices, knobs))

    def _path(self, choices: dict[str, str], knobs: dict[str, float]) -> Path:
        known, roles = knobs_of(self.data, choices), self.space.roles(choices)
        counts = [name for name, role in roles.items() if role == "count"]
        only = self.space.only
        lowest = {n: int(min(only[n])) if n in only else int(known[n].min) for n in counts}
        highest = {n: int(max(only[n])) if n in only else int(known[n].max) for n in counts}
        free = [name for name, role in roles.items() if role == "free"]
        trials = [dict(zip(free, values, strict=True))
                  for values in itertools.product(*(self.space.trials(name, choices) for name in free))]
        return Path(
            Design(self.case.id, choices, knobs), self.conditions, self.tails,
            self._unit_prices(choices, counts, knobs), tuple(trials), lowest, highest,
        )

    def _unit_prices(self, choices: dict[str, str], counts: list[str], knobs: dict[str, float]) -> dict[str, float]:
        """USD a month that one more unit of a count costs."""
        prices = {}
        for name in counts:
            prices[name] = 0.0
            for slot, option_id in choices.items():
                option = self.data.option(slot, option_id)
                if option.cost.units == name:
                    one = option_usd_month(option, Usage(0.0, knobs | {name: 1.0}), 0.0)
                    prices[name] += one.get("machines", 0.0)
        return prices

    def _shift(self, choices: dict[str, str], knobs: dict[str, float]) -> Shift | None:
        if not math.isfinite(self.wait_hours):
            return None
        slot = next((s for s, o in choices.items() if self.data.option(s, o).staffing is not None), None)
        if slot is None:
            if "review" not in choices or self.data.option("review", choices["review"]).none:
                return None
            slot = "review"
        staffing = self.data.option(slot, choices[slot]).staffing
        hours = () if staffing is None else self.space.values(staffing.hours, choices)
        return Shift(Design(self.case.id, choices, knobs), self.conditions, slot, self.wait_hours, hours)

    # after the search ------------------------------------------------------------------------------------
    def refine(self) -> None:
        """Knob by knob on its own steps around the best and its ties, until no step is cheaper; each is graded."""
        for start in self._near():
            here, before = start, None
            while here is not before:
                before = here
                for knob in sorted(k for k, r in self.space.roles(here.design.choices).items() if r == "priced"):
                    if knob not in self.space.only:
                        for sign in (-1.0, 1.0):
                            here = self._walk(here, knob, sign)

    def _near(self) -> list[Evaluation]:
        """The best and those within 1.2 % of its bill, one for each combination of options, the cheapest first."""
        if self.best is None:
            return []
        most = self.best.cost_usd_month * (1.0 + TOO_CLOSE)
        near = [one for one in self.meeting.values() if one.cost_usd_month <= most]
        return sorted(near, key=lambda one: (one.cost_usd_month, one.design.key))[: TIES + 1]

    def _walk(self, here: Evaluation, knob: str, sign: float) -> Evaluation:
        known = knobs_of(self.data, here.design.choices)[knob]
        while True:
            value = round(here.design.knobs[knob] + sign * float(known.step), 10)
            if not float(known.min) <= value <= float(known.max):
                return here
            self.tell(f"refining {knob}", 0, 0)
            knobs = dict(here.design.knobs) | {knob: value}
            made = self._resettle(dict(here.design.choices), knobs, here.cost_usd_month)
            if made is None or made.cost_usd_month >= here.cost_usd_month or not self._consider(made):
                return here
            here = made

    def _resettle(self, choices: dict[str, str], knobs: dict[str, float], below_usd: float) -> Evaluation | None:
        """Machines and people anew for these knobs, graded; None where nothing will do or it cannot be cheaper."""
        roles = self.space.roles(choices)
        least = {name: float(knob.min) for name, knob in knobs_of(self.data, choices).items()
                 if roles[name] in ("count", "people", "hours") and name not in self.space.only}
        smallest = self._sketch(choices, knobs | least)
        if smallest.cost_usd_month + self._people_missing(smallest) >= below_usd:
            return None
        key = self._family(smallest)
        if key not in self.paths:
            self.paths[key] = settle_path(self._path(choices, knobs))
            self.runs += self.paths[key].runs
        settled = self.paths[key].knobs
        if settled is None:
            return None
        shift = self._shift(choices, knobs | dict(settled))
        people = settle_shift(shift) if shift is not None else {}
        if people is None:
            return None
        return self._grade(Design(self.case.id, choices, knobs | dict(settled) | dict(people)))

    def draw(self, count: int, requests: int) -> None:
        """The front over designs that keep the targets known by arithmetic, the best and the learner's among them."""
        kept: dict[tuple[Any, ...], list[tuple[float, float, Design]]] = {}
        target = quality_target(self.data)
        for made in self.grounds:
            value = made.figure(target.metric) * (-1.0 if target.direction == "min" else 1.0) if target else 0.0
            kept.setdefault(self._family(made), []).append((made.cost_usd_month, value, made.design))
        designs: list[Design] = []
        for rows in kept.values():
            for i in pareto([row[:2] for row in rows]):
                designs += self._sized(rows[i][2])
        priced = sorted(((sketch(d, self.conditions).cost_usd_month, i) for i, d in enumerate(designs)))
        # Spread evenly over the bills, so that the dear and quick end of the front is there too.
        step = max(1.0, len(priced) / max(1, count))
        chosen = [designs[priced[int(k * step)][1]] for k in range(min(count, len(priced)))]
        chosen += [one.design for one in self.meeting.values()]
        chosen = list(dict.fromkeys(chosen))
        seen = 0

        def tick(done: int, of: int) -> None:
            nonlocal seen
            seen += done
            self.runs += done
            self.tell("front", seen, of)

        self.drawn = front(
            chosen, self.conditions, learner=self.learner, requests=requests, workers=self.hands, tick=tick
        )

    def _sized(self, design: Design) -> list[Design]:
        """A design with a quarter more machines than just keep up and with two and a half times as many.

        People: a shift of the usual length that is busy four fifths of the time; none where nobody could do it.
        """
        roles, known = self.space.roles(design.choices), knobs_of(self.data, design.choices)
        free = {name: role for name, role in roles.items() if name not in self.space.only}
        usual = {name: float(known[name].default) for name, role in free.items() if role == "hours"}
        knobs = dict(design.knobs) | usual
        hours_day = sketch(design, self.conditions).quality_model.figures.get("review_hours_day", 0.0)
        for slot in design.components:
            staffing = design.option(slot).staffing
            if staffing is not None and free.get(staffing.people) == "people":
                open_share = knobs[staffing.hours] * float(staffing.days_per_week) / 7.0
                knobs[staffing.people] = max(1.0, math.ceil(hours_day / open_share / 0.8))
                if knobs[staffing.people] > float(known[staffing.people].max):
                    return []
        counts = [name for name, role in free.items() if role == "count"]
        full = {name: float(known[name].max) for name in counts}
        demand = demand_of(*path_of(Design(design.case_id, design.choices, knobs | full), self.conditions))
        made = []
        for load in (0.8, 0.4):
            for name in counts:
                slots = [s for s in design.components if design.option(s).capacity.per == name]
                need = max((demand.get(slot, 0.0) for slot in slots), default=0.0) * full[name] / load
                knobs[name] = float(min(full[name], max(float(known[name].min), math.ceil(need))))
            made.append(Design(design.case_id, design.choices, dict(knobs)))
        return list(dict.fromkeys(made))

    def found(self) -> Found:
        best = self.best
        ties = [one for one in self._near() if best is not None and one.design.choices != best.design.choices][:TIES]
        return Found(
            self.conditions, best, self.proven, self.stopped, self.floor, tuple(ties), self.bounds,
            self.blockers, self.drawn, self.own, self.space.size(), self.sketched, self.settled, self.runs, self.graded,
        )


def _shift_key(shift: Shift) -> tuple[Any, ...]:
    """The wait depends on who reviews and on how much is flagged a day."""
    made = sketch(shift.design, shift.conditions)
    return shift.design.choices[shift.slot], round(made.quality_model.figures.get("flagged_day", 0.0), 9)


def _grade(question: tuple[Design, Conditions]) -> Evaluation:
    return evaluate(question[0], question[1], graded=True)


def _still_tail(question: tuple[Design, Conditions, float, int, tuple[int, ...]]) -> float:
    """Mean over the seeds of the quantile of a path on which nobody waits, in ms."""
    design, conditions, q, requests, seeds = question
    arch, workload = path_of(design, conditions)
    still = unqueued(arch)
    return math.fsum(simulate(still, workload, requests, seed).quantile_ms(q) for seed in seeds) / len(seeds)

"""The search itself: the cheapest that is left comes first, its machines, its people, its grade; then knob by knob."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from casebook.design import Design, Evaluation
from casebook.design.design import knobs_of
from casebook.design.sketch import known_figure
from casebook.design.verdict import TOO_CLOSE
from casebook.search.bounds import within
from casebook.search.ground import Ground
from casebook.search.questions import grade, path_question, shift_key, shift_question
from casebook.search.settle import Path, Settled, Shift, settle_path, settle_shift
from casebook.search.task import Task

BATCH = 8  # how many designs are looked into together; fixed, so that the answer does not depend on the machine
TIES = 5
Item = tuple[float, int, int, dict[str, str], dict[str, float]]  # bill, order, stage, options, knobs


class Descent:
    """What a search has found so far. ``floor_usd``: nothing below it is left; ``proven``: nor below the best."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.best: Evaluation | None = None
        self.own: Evaluation | None = None
        self.meeting: dict[tuple[Any, ...], Evaluation] = {}
        self.floor_usd, self.proven = 0.0, False
        self.settled = self.runs = self.graded = 0
        self._heap: list[Item] = []
        self._order = itertools.count()
        self._paths: dict[tuple[Any, ...], Settled] = {}
        self._shifts: dict[tuple[Any, ...], Mapping[str, float] | None] = {}
        self._ready: dict[tuple[Any, ...], Evaluation] = {}

    def begin(self, possible: bool) -> None:
        """The case's own designs and the learner's give a first best; the learner's alone where nothing can do."""
        learner = [] if self.task.learner is None else [self.task.learner]
        designs = self.task.known_designs if possible else learner
        for done, design in enumerate(designs):
            self.task.tell("designs of the case", done, len(designs))
            made = self._grade(design)
            if design == self.task.learner:
                self.own = made
            if self.task.space.holds(design):
                self._consider(made)

    def descend(self, ground: Ground) -> None:
        """Take the cheapest that is left until nothing cheaper than the best, its ties included, is left."""
        if not ground.possible:
            self.proven = True
            return
        for usd, made in ground.left:
            item = (usd, next(self._order), 0, dict(made.design.choices), dict(made.design.knobs))
            heapq.heappush(self._heap, item)
        while self._heap:
            self.floor_usd = self._heap[0][0]
            if self.best is not None and self.floor_usd > self.best.cost_usd_month * (1.0 + TOO_CLOSE):
                break
            if self.best is not None and self._ties_are_enough(self.best):
                break
            self.task.tell(f"nothing below {self.floor_usd:,.0f} usd a month", self.settled, 0)
            batch = [heapq.heappop(self._heap) for _ in range(min(BATCH, len(self._heap)))]
            self._answer(batch)
            for item in batch:
                self._advance(item)
        if not self._heap:
            self.floor_usd = self.best.cost_usd_month if self.best is not None else math.inf
        self.proven = ground.whole

    def near(self) -> list[Evaluation]:
        """The best and those within 1.2 % of its bill, one for each combination of options, the cheapest first."""
        if self.best is None:
            return []
        most = self.best.cost_usd_month * (1.0 + TOO_CLOSE)
        near = [one for one in self.meeting.values() if one.cost_usd_month <= most]
        return sorted(near, key=lambda one: (one.cost_usd_month, one.design.key))[: TIES + 1]

    def ties(self) -> tuple[Evaluation, ...]:
        """Other combinations of options within the band around the best bill."""
        best = self.best
        near = [one for one in self.near() if best is not None and one.design.choices != best.design.choices]
        return tuple(near[:TIES])

    def refine(self, swap: bool = False) -> None:
        """Knob by knob on its own steps around the best and its ties, until no step is cheaper; each is graded.

        With ``swap`` part by part as well: for a palette of which only some places were looked at.
        """
        for start in self.near():
            here, before = start, None
            while here is not before:
                before = here
                if swap:
                    here = self._swapped(here)
                roles = self.task.space.roles(here.design.choices)
                for knob in sorted(k for k, r in roles.items() if r == "priced"):
                    if knob not in self.task.space.only:
                        for sign in (-1.0, 1.0):
                            here = self._walk(here, knob, sign)

    # one design ------------------------------------------------------------------------------------------
    def _grade(self, design: Design) -> Evaluation:
        self.graded += 1
        return grade((design, self.task.conditions))

    def _consider(self, made: Evaluation) -> bool:
        if not all(verdict.ok for verdict in made.verdicts):
            return False
        key = tuple(sorted(made.design.choices.items()))
        if key not in self.meeting or made.cost_usd_month < self.meeting[key].cost_usd_month:
            self.meeting[key] = made
        if self.best is None or made.cost_usd_month < self.best.cost_usd_month:
            self.best = made
        return True

    def _ties_are_enough(self, best: Evaluation) -> bool:
        near = [one for one in self.meeting.values() if one.cost_usd_month <= best.cost_usd_month * (1.0 + TOO_CLOSE)]
        return self.floor_usd >= best.cost_usd_month and len(near) > TIES

    def _answer(self, batch: Sequence[Item]) -> None:
        """Ask the workers what this batch needs and nobody has asked before."""
        task = self.task
        paths: dict[tuple[Any, ...], Path] = {}
        shifts: dict[tuple[Any, ...], Shift] = {}
        for _, _, stage, choices, knobs in batch:
            if stage == 0 and (key := task.family(task.sketch(choices, knobs))) not in self._paths:
                paths.setdefault(key, path_question(task, choices, knobs))
            shift = shift_question(task, choices, knobs) if stage == 1 else None
            if shift is not None and (key := shift_key(shift)) not in self._shifts:
                shifts.setdefault(key, shift)
        for key, settled in zip(paths, task.hands.ask(settle_path, list(paths.values())), strict=True):
            self._paths[key] = settled
            self.runs += settled.runs
        self._shifts.update(zip(shifts, task.hands.ask(settle_shift, list(shifts.values())), strict=True))
        final = [Design(task.case.id, item[3], item[4]) for item in batch if item[2] == 2]
        # Graded together, so that the workers share them; `_advance` then takes them from here.
        graded = task.hands.ask(grade, [(d, task.conditions) for d in final])
        self._ready = dict(zip((d.key for d in final), graded, strict=True))
        self.settled += len(batch)

    def _advance(self, item: Item) -> None:
        _, _, stage, choices, knobs = item
        task = self.task
        if stage == 0:
            settled = self._paths[task.family(task.sketch(choices, knobs))]
            if settled.knobs is not None:
                self._push(1, choices, knobs | dict(settled.knobs))
        elif stage == 1:
            shift = shift_question(task, choices, knobs)
            chosen = self._shifts[shift_key(shift)] if shift is not None else {}
            if chosen is not None:
                self._push(2, choices, knobs | dict(chosen))
        else:
            self.graded += 1
            self._consider(self._ready[Design(task.case.id, choices, knobs).key])

    def _push(self, stage: int, choices: dict[str, str], knobs: dict[str, float]) -> None:
        task = self.task
        made = task.sketch(choices, knobs)
        for target in task.data.targets:
            value = known_figure(made, target.metric)
            if not math.isnan(value) and not within(value, task.limits[target.id], target.direction):
                return
        usd = made.cost_usd_month + (task.people_missing_usd(made) if stage == 1 else 0.0)
        heapq.heappush(self._heap, (usd, next(self._order), stage, choices, knobs))

    # around the best -------------------------------------------------------------------------------------
    def _swapped(self, here: Evaluation) -> Evaluation:
        """The design with each part exchanged for every other of its slot in turn, kept where that is cheaper."""
        for slot, offered in zip(self.task.data.slots, self.task.space.offered, strict=True):
            for option in offered:
                if option == here.design.choices[slot.id]:
                    continue
                self.task.tell(f"other parts for {slot.id}", 0, 0)
                changed = here.design.changed(**{slot.id.replace("-", "_"): option})
                if self.task.too_long(changed.choices):
                    continue
                made = self._resettle(dict(changed.choices), dict(changed.knobs), here.cost_usd_month)
                if made is not None and made.cost_usd_month < here.cost_usd_month and self._consider(made):
                    here = made
        return here

    def _walk(self, here: Evaluation, knob: str, sign: float) -> Evaluation:
        known = knobs_of(self.task.data, here.design.choices)[knob]
        while True:
            value = round(here.design.knobs[knob] + sign * float(known.step), 10)
            if not float(known.min) <= value <= float(known.max):
                return here
            self.task.tell(f"refining {knob}", 0, 0)
            knobs = dict(here.design.knobs) | {knob: value}
            made = self._resettle(dict(here.design.choices), knobs, here.cost_usd_month)
            if made is None or made.cost_usd_month >= here.cost_usd_month or not self._consider(made):
                return here
            here = made

    def _resettle(self, choices: dict[str, str], knobs: dict[str, float], below_usd: float) -> Evaluation | None:
        """Machines and people anew for these knobs, graded; None where nothing will do or it cannot be cheaper."""
        task = self.task
        roles = task.space.roles(choices)
        least = {name: float(knob.min) for name, knob in knobs_of(task.data, choices).items()
                 if roles[name] in ("count", "people", "hours") and name not in task.space.only}
        smallest = task.sketch(choices, knobs | least)
        if smallest.cost_usd_month + task.people_missing_usd(smallest) >= below_usd:
            return None
        key = task.family(smallest)
        if key not in self._paths:
            self._paths[key] = settle_path(path_question(task, choices, knobs))
            self.runs += self._paths[key].runs
        settled = self._paths[key].knobs
        if settled is None:
            return None
        shift = shift_question(task, choices, knobs | dict(settled))
        people = settle_shift(shift) if shift is not None else {}
        if people is None:
            return None
        return self._grade(Design(task.case.id, choices, knobs | dict(settled) | dict(people)))

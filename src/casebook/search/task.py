"""What one search is asked: the case, the conditions, the limits, the palette, and who works on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casebook.design import Conditions, Design, Evaluation
from casebook.design.sketch import known_figure, path_key, sketch
from casebook.economics.bill import DAYS_PER_MONTH
from casebook.search.settle import Limit
from casebook.search.space import Space
from casebook.search.workers import Workers

if TYPE_CHECKING:
    from casebook.design import Case
    from casebook.facts import CaseData

Tell = Callable[[str, int, int], None]  # what is being done, steps done, steps in all (0: not known)


@dataclass(frozen=True)
class Task:
    """A search's question. ``limits`` hold every target's limit by its id, ``tails`` those on the latency."""

    case: Case
    conditions: Conditions
    learner: Design | None
    space: Space
    limits: Mapping[str, float]
    tails: tuple[Limit, ...]
    wait_hours: float
    hands: Workers
    tell: Tell

    @classmethod
    def of(
        cls, case: Case, conditions: Conditions, learner: Design | None,
        only: Mapping[str, Sequence[str | float]], grid: int, hands: Workers, tell: Tell,
    ) -> Task:
        """The question with the case's own limits, what ``conditions`` change in them among it."""
        data = case.data
        extra: dict[str, tuple[float, ...]] = {}
        for design in _known(case, learner):
            for knob, value in design.knobs.items():
                extra[knob] = (*extra.get(knob, ()), value)
        over = dict(conditions.targets)
        limits = {target.id: over.get(target.id, float(target.limit)) for target in data.targets}
        tails = tuple(
            Limit(float(target.quantile or 0.99), limits[target.id])
            for target in data.targets if target.metric == "latency_ms" and target.span != "person"
        )
        wait_hours = min((limits[t.id] for t in data.targets if t.metric == "review_wait_hours"), default=math.inf)
        space = Space(conditions, data, grid, only, extra)
        return cls(case, conditions, learner, space, limits, tails, wait_hours, hands, tell)

    @property
    def data(self) -> CaseData:
        return self.case.data

    @property
    def known_designs(self) -> list[Design]:
        """The case's own designs and the learner's."""
        return _known(self.case, self.learner)

    def sketch(self, choices: Mapping[str, str], knobs: Mapping[str, float]) -> Evaluation:
        """Bill, quality and weeks of a design, by arithmetic."""
        return sketch(Design(self.case.id, choices, knobs), self.conditions)

    def family(self, made: Evaluation) -> tuple[Any, ...]:
        """What the latency depends on but for counts and free knobs: the options on the path, and its shares."""
        return path_key(made)

    def knowable(self, metric: str) -> bool:
        """Whether arithmetic alone gives the figure that a target names."""
        if metric == "latency_ms" or metric == "review_wait_hours":
            return False
        return not math.isnan(known_figure(sketch(self.case.reference, self.conditions), metric))

    def too_long(self, choices: Mapping[str, str]) -> bool:
        """Weeks add up part by part, whatever the knobs are."""
        weeks = sum(float(self.data.option(slot, option).build_weeks) for slot, option in choices.items()
                    if not self.data.option(slot, option).none)
        return any(
            target.metric == "mvp_weeks" and target.direction == "max" and weeks > self.limits[target.id] * (1 + 1e-12)
            for target in self.data.targets
        )

    def people_missing_usd(self, made: Evaluation) -> float:
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


def _known(case: Case, learner: Design | None) -> list[Design]:
    named = [case.preset(preset.id) for preset in case.data.presets]
    return named + ([learner] if learner is not None else [])

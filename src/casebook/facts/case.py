"""A full case as data: brief, targets, scenarios, palette, questions, pushbacks, audits, presets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeVar

from pydantic import Field, PrivateAttr, model_validator

from casebook.facts.base import Amount, Number, Record, Share, Sourced, Sourceful
from casebook.facts.check import CheckEntry
from casebook.facts.errors import near_miss
from casebook.facts.formula import ROC_FIGURES, Curve, FigureData, Mistake
from casebook.facts.integrity import check_case
from casebook.facts.palette import Knob, LinkData, Option, Slot
from casebook.facts.scenario import Scenario
from casebook.facts.story import Asking, Audit, Facilitator, Preset, Pushback, Question, TimePlan
from casebook.facts.variant import Variants

Found = TypeVar("Found", Slot, Option, Scenario, Preset)


class Unit(Record):
    """What one request is called, in one and in many."""

    request: str
    requests: str


class Target(Sourceful):
    """A limit the board compares with. ``metric`` is a figure of the Evaluation.

    ``role``: the goal of the case is its primary, what must not get worse meanwhile is a guard. ``words`` are
    phrases by which a learner's text is known to be about it; ``remedy`` is one line on how to meet it.
    """

    id: str
    title: str
    role: Literal["primary", "guard", "latency", "cost", "people", "schedule", "other"] = "other"
    words: tuple[str, ...] = ()
    remedy: str = ""
    metric: str
    limit: Number
    unit: str
    direction: Literal["max", "min"]
    quantile: Share | None = None
    span: str = ""


class Group(Record):
    """A box at the top level of the diagram."""

    id: str
    title: str


class Schedule(Sourceful):
    """Weeks the plan has. ``rule`` sum: one team builds the parts one after the other."""

    rule: Literal["sum"]
    mvp_weeks: Amount
    canary_weeks: Amount
    window_weeks: Amount


class Context(Sourceful):
    """Whom the case is set among: paying customers and people in the company, where it says so."""

    customers: Amount | None = None
    people: Amount | None = None


class Quality(Sourceful):
    """Parameters of the quality model and the price of being wrong, per item; and what an engineer's hour costs.

    ``two-normal-roc`` needs all of it, the other models ``ops_hour_usd`` alone.
    """

    threshold_knob: str = ""
    cache_knob: str = ""
    missed_usd: Amount = Sourced(0)
    blocked_usd: Amount = Sourced(0)
    cache_d_prime_loss: Amount = Sourced(0)
    ops_hour_usd: Amount


MODEL_FACTS = {"two-normal-roc": ("prevalence", "reviewer_error", "serving_time_factor", "d_prime_shift"),
               "figures": ("serving_time_factor",), "none": ("serving_time_factor",)}


class CaseData(Record):
    """Everything a full case needs; ``slot()``, ``option()``, ``scenario()`` look things up by id.

    ``words`` are phrases for what is no target (``components``, ``drift``), ``rules`` limits that only checks
    use, ``checks`` the case's own checks, ``not_asked`` universal checks it leaves out, each with the reason.
    """

    id: str
    article: str
    case: str
    rubric: str = ""
    title: str
    brief: str
    persona: str
    decision: str
    unit: Unit
    targets: tuple[Target, ...]
    scenarios: tuple[Scenario, ...]
    groups: tuple[Group, ...]
    slots: tuple[Slot, ...]
    default_scenario: str = ""
    knobs: dict[str, Knob] = Field(default_factory=dict)
    links: tuple[LinkData, ...]
    quality_model: Literal["none", "two-normal-roc", "figures"]
    quality: Quality
    figures: tuple[FigureData, ...] = ()
    curves: dict[str, Curve] = Field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    schedule: Schedule
    owners: tuple[str, ...] = ()
    asking: Asking
    questions: tuple[Question, ...] = ()
    pushbacks: tuple[Pushback, ...] = ()
    audits: tuple[Audit, ...] = ()
    time_plan: TimePlan | None = None
    facilitator: Facilitator | None = None
    presets: tuple[Preset, ...] = ()
    leaves_out: tuple[str, ...] = ()
    context: Context | None = None
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    rules: dict[str, Any] = Field(default_factory=dict)
    checks: tuple[CheckEntry, ...] = ()
    not_asked: dict[str, str] = Field(default_factory=dict)
    variants: Variants | None = None
    _variant: int = PrivateAttr(default=0)
    _instead: dict[str, float] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _points_somewhere(self) -> CaseData:
        check_case(self)
        return self

    @property
    def variant(self) -> int:
        """1 to 32 where these are a student's own numbers, 0 for the case as printed."""
        return self._variant

    @property
    def instead(self) -> dict[str, float]:
        """Fact id → how many times its printed figure this variant has; empty for the case as printed."""
        return self._instead

    def set_variant(self, number: int, instead: dict[str, float]) -> None:
        """Used once, by ``facts.variant.varied``."""
        self._variant, self._instead = number, instead

    @property
    def every_knob(self) -> frozenset[str]:
        """Names of all knobs: the case's own and those of any option."""
        options = [option for slot in self.slots for option in slot.options]
        return frozenset({*self.knobs, *(knob for option in options for knob in option.knobs)})

    @property
    def fact_names(self) -> tuple[str, ...]:
        """Facts that a pushback or a judge may change: those of the scenarios and the model's own."""
        own = {name for scenario in self.scenarios for name in scenario.every_fact}
        return tuple(sorted(own | set(MODEL_FACTS[self.quality_model])))

    @property
    def figure_names(self) -> tuple[str, ...]:
        """Figures of quality: the model's own, then the case's."""
        own = (*ROC_FIGURES, "toxic_reduction") if self.quality_model == "two-normal-roc" else ()
        return (*own, *(figure.id for figure in self.figures))

    def slot(self, slot_id: str) -> Slot:
        return _find("slot", slot_id, self.slots)

    def slot_of_role(self, role: str) -> Slot | None:
        """The first slot with this role; None where the palette has none."""
        return next((slot for slot in self.slots if slot.role == role), None)

    def option(self, slot_id: str, option_id: str) -> Option:
        return _find("option", option_id, self.slot(slot_id).options)

    def scenario(self, scenario_id: str) -> Scenario:
        return _find("scenario", scenario_id, self.scenarios)

    def preset(self, preset_id: str) -> Preset:
        return _find("preset", preset_id, self.presets)


def _find(what: str, wanted: str, items: Sequence[Found]) -> Found:
    found = next((item for item in items if item.id == wanted), None)
    if found is None:
        raise KeyError(f"no {what} {wanted!r}. {near_miss(wanted, [item.id for item in items])}")
    return found

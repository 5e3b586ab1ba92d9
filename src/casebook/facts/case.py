"""A full case as data: brief, targets, scenarios, palette, questions, pushbacks, audits, presets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeVar

from pydantic import Field, PrivateAttr, model_validator

from casebook.facts.base import Amount, Number, Record, Share, Sourced, Sourceful
from casebook.facts.check import CheckEntry
from casebook.facts.errors import near_miss
from casebook.facts.formula import ROC_FIGURES, Curve, FigureData, Mistake, check_formulas
from casebook.facts.palette import Knob, LinkData, Option, Slot
from casebook.facts.story import Asking, Audit, Facilitator, Preset, Pushback, Question, TimePlan
from casebook.facts.variant import Variants, check_variants

Found = TypeVar("Found", Slot, Option, "Scenario", Preset)


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


_ARRIVALS: dict[str, tuple[str, ...]] = {
    "poisson": (), "bursty": ("burst_factor", "burst_share", "burst_mean_s"), "diurnal": ("peak_hour",),
    "flash_crowd": ("crowd_factor", "crowd_start_s", "crowd_lasts_s"),
}


class Arrivals(Record):
    """How requests arrive: the day's mean × peak_factor in the busiest hour.

    ``bursty`` adds waves; ``diurnal`` lets the rate swing over a day (its peak_factor, 2 at most, is that swing);
    ``flash_crowd``: from crowd_start_s on crowd_factor times as many for crowd_lasts_s.
    """

    kind: Literal["poisson", "bursty", "diurnal", "flash_crowd"]
    peak_factor: Amount
    burst_factor: Amount | None = None
    burst_share: Share | None = None
    burst_mean_s: Amount | None = None
    peak_hour: Amount | None = None
    crowd_factor: Amount | None = None
    crowd_start_s: Amount | None = None
    crowd_lasts_s: Amount | None = None

    @model_validator(mode="after")
    def _complete(self) -> Arrivals:
        needed = _ARRIVALS[self.kind]
        if any(getattr(self, key) is None for key in needed):
            listed = ", ".join(needed[:-1]) + " and " + needed[-1] if len(needed) > 1 else needed[0]
            raise ValueError(f"{self.kind} arrivals need {listed}. Add them")
        return self


class ScenarioData(Record):
    """What the data looks like in a scenario."""

    prevalence: Share | None = None


class RequestKind(Record):
    """A kind of requests: its ``share`` of all; a lower ``priority`` goes first where an option serves by priority.

    ``size`` stretches its service times, at the slots ``size_at`` or everywhere.
    """

    id: str
    title: str
    share: Share
    priority: Number = Sourced(0)
    size: Number = Sourced(1)
    size_at: tuple[str, ...] = ()


class Scenario(Sourceful):
    """A volume and its story. ``requests_day`` is the day's mean, not its peak.

    ``facts`` are numbers of this world that formulas read; ``data: {prevalence}`` is one of them. ``kinds`` are the
    kinds of its requests, where they differ.
    """

    id: str
    title: str
    story: str
    requests_day: Amount
    arrivals: Arrivals
    data: ScenarioData = Field(default_factory=ScenarioData)
    facts: dict[str, Number] = Field(default_factory=dict)
    kinds: tuple[RequestKind, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Scenario:
        total = sum(float(kind.share) for kind in self.kinds)
        if self.kinds and abs(total - 1.0) > 1e-9:
            raise ValueError(f"the shares of the kinds of requests add up to {total:g}. Make them 1")
        return self

    @property
    def every_fact(self) -> dict[str, Sourced]:
        """Facts of this world by name."""
        shared = {} if self.data.prevalence is None else {"prevalence": self.data.prevalence}
        return {**shared, **self.facts}


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
FIGURES = ("latency_ms", "cost_usd_per_request", "cost_usd_month", "review_wait_hours", "mvp_weeks", "weeks_to_live",
           "availability", "time_above_slo", "above_slo_share", "goodput_per_s", "refused_share", "timed_out_share",
           "wasted_work_share", "first_token_p95_ms", "token_p95_ms")
ALONE = ("serving", "review", "feedback", "queue", "filter")


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
        slots = {slot.id: slot for slot in self.slots}
        for what, items in (("slot", self.slots), ("scenario", self.scenarios), ("group", self.groups),
                            ("target", self.targets), ("question", self.questions), ("preset", self.presets),
                            ("pushback", self.pushbacks), ("audit", self.audits), ("check", self.checks)):
            _unique(what, (item.id for item in items))
        for slot in self.slots:
            _unique(f"option of {slot.id!r}", (option.id for option in slot.options))
            for option in slot.options:
                if option.wins_when is not None:
                    where = f"option {option.id!r} of {slot.id!r}, wins_when"
                    _known("scenario", option.wins_when.scenario, (item.id for item in self.scenarios), where)
            _known("group", slot.group, (group.id for group in self.groups), f"slot {slot.id!r}")
            for owner in slot.owner_kinds:
                _known("owner", owner, self.owners, f"slot {slot.id!r}")
            if slot.required and any(option.none for option in slot.options):
                raise ValueError(f"slot {slot.id!r} is required but has a 'none' option. Drop one of the two")
        for link in self.links:
            for end in (link.src, link.dst):
                _known("slot", end, slots, f"link {link.src} -> {link.dst}")
        self._check_forks(slots)
        for scenario in self.scenarios:
            for kind in scenario.kinds:
                for slot_id in kind.size_at:
                    _known("slot", slot_id, slots, f"scenario {scenario.id!r}, kind {kind.id!r}")
        for preset in self.presets:
            self._check_preset(preset, slots)
        if self.default_scenario:
            _known("scenario", self.default_scenario, (item.id for item in self.scenarios), "default_scenario")
        self._check_model()
        self._check_questions()
        check_formulas(self)
        self._check_targets()
        check_variants(self)
        return self

    def _check_forks(self, slots: dict[str, Slot]) -> None:
        forks = {link.src for link in self.links if link.kind == "fanout"}
        joins = {slot.joins: slot for slot in self.slots if slot.joins}
        for slot in self.slots:
            if slot.joins and slot.joins not in forks:
                raise ValueError(f"slot {slot.id!r} joins {slot.joins!r}, which has no links of kind 'fanout'. "
                                 "Name the slot that fans out, or drop 'joins'")
        for fork in sorted(forks):
            if fork not in joins:
                raise ValueError(f"what fans out at the slot {fork!r} never comes together. "
                                 f"Give the slot behind the branches joins: {fork}")
            for slot in (slots[fork], joins[fork]):
                if any(option.none for option in slot.options):
                    raise ValueError(f"slot {slot.id!r} fans out or joins, so it must be filled. "
                                     "Drop its 'none' option")
            if any(link.src == fork and link.kind == "request" for link in self.links):
                raise ValueError(f"the slot {fork!r} has links of kind 'request' and 'fanout'. "
                                 "Put a slot between the two")

    def _check_model(self) -> None:
        if self.quality_model != "two-normal-roc":
            return
        for name in ("threshold_knob", "cache_knob", "missed_usd", "blocked_usd", "cache_d_prime_loss"):
            if name not in self.quality.model_fields_set:
                raise ValueError(f"quality: the model two-normal-roc needs {name!r}. Add it")
        for knob in (self.quality.threshold_knob, self.quality.cache_knob):
            _known("knob", knob, self.every_knob, "quality")
        for role in ALONE:
            found = [slot.id for slot in self.slots if slot.role == role]
            if len(found) > 1:
                raise ValueError(f"the slots {', '.join(found)} have the role {role!r}, and the model two-normal-roc "
                                 "knows one. Give the others another role")
        if self.slot_of_role("serving") is None:
            raise ValueError("no slot has the role 'serving', which the model two-normal-roc needs. Name it")
        for scenario in self.scenarios:
            if "prevalence" not in scenario.every_fact:
                raise ValueError(f"scenario {scenario.id!r} lacks the fact 'prevalence', which the model "
                                 "two-normal-roc needs. Add it under 'facts'")

    def _check_targets(self) -> None:
        figures = {f"quality.{name}" for name in self.figure_names}
        for target in self.targets:
            _known("figure", target.metric, (*FIGURES, *sorted(figures)), f"target {target.id!r}")
        for pushback in self.pushbacks:
            _known("figure", pushback.asks.metric, (*FIGURES, *sorted(figures)), f"pushback {pushback.id!r}")
        primary = [target.id for target in self.targets if target.role == "primary"]
        if len(primary) > 1:
            raise ValueError(f"the targets {', '.join(primary)} are both primary. Make all but one guards")

    def _check_preset(self, preset: Preset, slots: dict[str, Slot]) -> None:
        where = f"preset {preset.id!r}"
        known_knobs = set(self.knobs)
        for slot_id, option_id in preset.choices.items():
            _known("slot", slot_id, slots, where)
            _known("option", option_id, (option.id for option in slots[slot_id].options), where)
            known_knobs.update(slots[slot_id].option(option_id).knobs)
        for slot in self.slots:
            if slot.id not in preset.choices:
                raise ValueError(f"{where} leaves the slot {slot.id!r} open. Choose an option for it")
        for knob in preset.knobs:
            _known("knob", knob, known_knobs, where)

    def _check_questions(self) -> None:
        pushbacks = [pushback.id for pushback in self.pushbacks]
        questions = [question.id for question in self.questions]
        scenarios = [scenario.id for scenario in self.scenarios]
        for question in self.questions:
            if question.tested_by:
                _known("pushback", question.tested_by, pushbacks, f"question {question.id!r}")
                if not any(question.id in item.tests for item in self.pushbacks if item.id == question.tested_by):
                    raise ValueError(f"pushback {question.tested_by!r} does not list the question {question.id!r} "
                                     "that it tests. Add it to 'tests'")
        for pushback in self.pushbacks:
            for question_id in pushback.tests:
                _known("question", question_id, questions, f"pushback {pushback.id!r}")
            if pushback.change.scenario:
                _known("scenario", pushback.change.scenario, scenarios, f"pushback {pushback.id!r}")
            for target in pushback.change.targets:
                _known("target", target, (item.id for item in self.targets), f"pushback {pushback.id!r}")
            for name in pushback.change.facts:
                _known("fact", name, self.fact_names, f"pushback {pushback.id!r}")
            for name in pushback.change.arrivals:
                _known("key of arrivals", name, Arrivals.model_fields, f"pushback {pushback.id!r}")

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


def _unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise ValueError(f"the {what} {name!r} appears twice. Rename one")
        seen.add(name)


def _known(what: str, name: str, known: Iterable[str], where: str) -> None:
    names = list(known)
    if name not in names:
        raise ValueError(f"{where} names the unknown {what} {name!r}. {near_miss(name, names)}")

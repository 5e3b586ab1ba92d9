"""A full case as data: brief, targets, scenarios, palette, questions, pushbacks, audits, presets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeVar

from pydantic import Field, model_validator

from casebook.facts.base import Amount, Number, Record, Share, Sourceful
from casebook.facts.check import CheckEntry
from casebook.facts.errors import near_miss
from casebook.facts.palette import Knob, LinkData, Option, Slot
from casebook.facts.story import Asking, Audit, Preset, Pushback, Question, TimePlan

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


class Arrivals(Record):
    """How requests arrive: the day's mean × peak_factor, in bursts where 'bursty'."""

    kind: Literal["poisson", "bursty"]
    peak_factor: Amount
    burst_factor: Amount | None = None
    burst_share: Share | None = None
    burst_mean_s: Amount | None = None

    @model_validator(mode="after")
    def _complete(self) -> Arrivals:
        if self.kind == "bursty" and None in (self.burst_factor, self.burst_share, self.burst_mean_s):
            raise ValueError("bursty arrivals need burst_factor, burst_share and burst_mean_s. Add them")
        return self


class ScenarioData(Record):
    """What the data looks like in a scenario."""

    prevalence: Share


class Scenario(Sourceful):
    """A volume and its story. ``requests_day`` is the day's mean, not its peak."""

    id: str
    title: str
    story: str
    requests_day: Amount
    arrivals: Arrivals
    data: ScenarioData


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
    """Parameters of the quality model and the price of being wrong, per item."""

    threshold_knob: str
    cache_knob: str
    missed_usd: Amount
    blocked_usd: Amount
    cache_d_prime_loss: Amount
    ops_hour_usd: Amount


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
    knobs: dict[str, Knob]
    links: tuple[LinkData, ...]
    quality_model: Literal["two-normal-roc"]
    quality: Quality
    schedule: Schedule
    owners: tuple[str, ...] = ()
    asking: Asking
    questions: tuple[Question, ...] = ()
    pushbacks: tuple[Pushback, ...] = ()
    audits: tuple[Audit, ...] = ()
    time_plan: TimePlan | None = None
    presets: tuple[Preset, ...] = ()
    leaves_out: tuple[str, ...] = ()
    context: Context | None = None
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    rules: dict[str, Any] = Field(default_factory=dict)
    checks: tuple[CheckEntry, ...] = ()
    not_asked: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _points_somewhere(self) -> CaseData:
        slots = {slot.id: slot for slot in self.slots}
        for what, items in (("slot", self.slots), ("scenario", self.scenarios), ("group", self.groups),
                            ("target", self.targets), ("question", self.questions), ("preset", self.presets),
                            ("pushback", self.pushbacks), ("audit", self.audits), ("check", self.checks)):
            _unique(what, (item.id for item in items))
        for slot in self.slots:
            _unique(f"option of {slot.id!r}", (option.id for option in slot.options))
            _known("group", slot.group, (group.id for group in self.groups), f"slot {slot.id!r}")
            for owner in slot.owner_kinds:
                _known("owner", owner, self.owners, f"slot {slot.id!r}")
            if slot.required and any(option.none for option in slot.options):
                raise ValueError(f"slot {slot.id!r} is required but has a 'none' option. Drop one of the two")
        for link in self.links:
            for end in (link.src, link.dst):
                _known("slot", end, slots, f"link {link.src} -> {link.dst}")
        for preset in self.presets:
            self._check_preset(preset, slots)
        options = [option for slot in self.slots for option in slot.options]
        everywhere = {*self.knobs, *(knob for option in options for knob in option.knobs)}
        for knob in (self.quality.threshold_knob, self.quality.cache_knob):
            _known("knob", knob, everywhere, "quality")
        self._check_questions()
        return self

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

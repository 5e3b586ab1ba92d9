"""The parts of a case one may choose from: slots, options, knobs, links, and what each option costs."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from casebook.facts.base import (
    Amount,
    AmountOrFormula,
    Number,
    NumberOrFormula,
    Provenance,
    Record,
    Share,
    ShareOrFormula,
    Sourced,
)
from casebook.facts.behaviour import Autoscale, Breakdowns, Capacity, Outages, Repeat, Retry, Service


class Knob(Record):
    """A slider: integer steps where ``step`` is whole. Share knobs run from 0 to 1."""

    title: str
    default: Number
    min: Number
    max: Number
    step: Number
    unit: str = ""
    help: str = ""
    provenance: Provenance | None = None

    @model_validator(mode="after")
    def _inside(self) -> Knob:
        if not self.min <= self.default <= self.max:
            raise ValueError(f"the default {float(self.default):g} lies outside {float(self.min):g} to "
                             f"{float(self.max):g}. Move it inside")
        if self.step <= 0:
            raise ValueError("the step must be above 0. Give a positive step")
        return self


class Tier(Record):
    """Requests of a month up to ``up_to_million`` cost ``usd_per_million`` each million (None: no end)."""

    up_to_million: Amount | None = None
    usd_per_million: Amount


class Tokens(Record):
    """What a language model charges for a request that reaches it.

    (input × (1 − cached_input_share) × usd_m_input + input × cached_input_share × usd_m_cached_input +
    output × usd_m_output) ÷ 1,000,000, all of it × (1 − batch_discount).
    """

    input: AmountOrFormula
    output: AmountOrFormula
    cached_input_share: ShareOrFormula = Sourced(0)
    usd_m_input: AmountOrFormula
    usd_m_output: AmountOrFormula
    usd_m_cached_input: AmountOrFormula | None = None
    batch_discount: ShareOrFormula = Sourced(0)


class ExtraLine(Record):
    """A line of its own inside a component's bill, USD a month by formula."""

    title: str
    usd_month: AmountOrFormula


class Cost(Record):
    """A component's monthly bill. Every key is optional; what is given adds up.

    ``fixed_usd_month``; ``per_unit_hour_usd`` × 730 × the knob ``units`` (1 if '');
    ``per_million_requests_usd`` or ``tiers`` × requests that reach the component;
    ``per_gb_usd`` × ``gb_per_request`` × those requests; ``per_person_hour_usd`` × people × hours of
    ``staffing``; ``ops_hours_month`` (engineers' time to keep it running) × the case's ops_hour_usd;
    ``tokens`` for those requests; ``extra`` lines by formula.
    """

    fixed_usd_month: Amount | None = None
    per_unit_hour_usd: Amount | None = None
    units: str = ""
    per_million_requests_usd: Amount | None = None
    tiers: tuple[Tier, ...] = ()
    per_gb_usd: Amount | None = None
    gb_per_request: Amount | None = None
    per_person_hour_usd: Amount | None = None
    ops_hours_month: Amount | None = None
    tokens: Tokens | None = None
    extra: tuple[ExtraLine, ...] = ()


class OptionQuality(Record):
    """What an option does to the verdict. Read by the quality model ``two-normal-roc``:

    serving ``d_prime`` (with its band) separates toxic from clean scores, in standard deviations;
    feedback ``d_prime_drift`` is what is lost by the end of the window; messaging ``unscored_share``
    of uploads is published unseen; a pre-filter refuses ``caught_share`` of the toxic outright, publishes
    ``cleared_share`` of the clean and ``cleared_toxic_share`` of the toxic without the model;
    review overturns right verdicts and keeps wrong ones with ``reviewer_error``; without review a flag
    blocks at once (``blocks_unreviewed``).
    """

    d_prime: Number | None = None
    d_prime_low: Number | None = None
    d_prime_high: Number | None = None
    d_prime_drift: Amount | None = None
    caught_share: Share | None = None
    cleared_share: Share | None = None
    cleared_toxic_share: Share | None = None
    unscored_share: Share | None = None
    reviewer_error: Share | None = None
    blocks_unreviewed: bool | None = None


class Staffing(Record):
    """When people work: ``people`` and ``hours`` name knobs (persons on shift, hours a day)."""

    people: str
    hours: str
    open_hour: Amount
    days_per_week: Amount


class WinsWhen(Record):
    """A scenario in which the option is part of the cheapest design that meets every target, and why."""

    scenario: str
    because: str


class Option(Record):
    """One thing that can stand in a slot.

    ``effects`` are numbers that figures add up or multiply over the chosen options. ``queue_limit``: how many may
    wait; ``wait_limit_ms``: how long anybody may; ``order: priority`` serves the scenario's urgent classes first;
    ``concurrency``: most instances of a serverless option; ``availability``: share of time it answers.
    ``burst_limit``: so many times the calm flow is let in, what a burst brings above it is ``clipped_share``.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    summary: str
    icon: str = Field(default="", pattern=r"^([a-z0-9_]+\.[a-z0-9_]+\.[A-Za-z0-9]+)?$")
    none: bool = False
    exotic: bool = False
    serves: str = ""
    service: Service
    capacity: Capacity = Field(default_factory=Capacity)
    staffing: Staffing | None = None
    queue_limit: AmountOrFormula | None = None
    concurrency: AmountOrFormula | None = None
    burst_limit: AmountOrFormula | None = None
    wait_limit_ms: AmountOrFormula | None = None
    order: Literal["arrival", "priority"] = "arrival"
    retry: Retry | None = None
    repeat: Repeat | None = None
    autoscale: Autoscale | None = None
    outages: Outages | None = None
    breakdowns: Breakdowns | None = None
    availability: Share | None = None
    cost: Cost = Field(default_factory=Cost)
    build_weeks: Amount
    effects: dict[str, NumberOrFormula] = Field(default_factory=dict)
    wins_when: WinsWhen | None = None
    quality: OptionQuality = Field(default_factory=OptionQuality)
    knobs: dict[str, Knob] = Field(default_factory=dict)
    provenance: Provenance

    @model_validator(mode="after")
    def _knobs_exist(self) -> Option:
        named = [("capacity.per", self.capacity.per), ("cost.units", self.cost.units)]
        if self.staffing is not None:
            named += [("staffing.people", self.staffing.people), ("staffing.hours", self.staffing.hours)]
        for where, knob in named:
            if knob and knob not in self.knobs:
                raise ValueError(f"{where} names the knob {knob!r}, which this option lacks. "
                                 "Add it under 'knobs'")
        if self.outages is not None and self.breakdowns is not None:
            raise ValueError(f"the option {self.id!r} has both 'outages' and 'breakdowns'. Drop one of the two")
        return self

    @property
    def refuses(self) -> bool:
        """Whether it may turn a request away, which an overflow link can take."""
        down = self.outages or self.breakdowns
        limits = (self.queue_limit, self.wait_limit_ms, self.concurrency)
        return any(limit is not None for limit in limits) or (down is not None and down.new_visits == "refuse")


Role = Literal["entry", "filter", "cache", "queue", "serving", "review", "feedback", "retrieval", "rerank", "route",
               "judge", "guard", "batch", "store", "client", "other"]


class Slot(Record):
    """A place on the diagram and the options that may fill it.

    ``role`` says what it is for: models and checks find a slot by its role, never by its id. ``reach`` is the share
    of the scenario's requests that come here, for the bill (without it: what the links bring); ``load_day`` the
    items a day that people get. ``joins`` names the slot whose ``fanout`` links come together here.
    """

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    role: Role = "other"
    title: str
    question: str
    group: str
    required: bool
    owner_kinds: tuple[str, ...]
    annotation: str = ""
    reach: AmountOrFormula | None = None
    load_day: AmountOrFormula | None = None
    joins: str = ""
    options: tuple[Option, ...]

    def option(self, option_id: str) -> Option:
        """The option with this id; ``KeyError`` for an unknown one."""
        for option in self.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)


class LinkData(Record):
    """An edge between slots. ``share`` of what leaves ``from``: a number or a formula.

    Without one a link takes what its neighbours of the same kind leave over. ``overflow`` takes what ``from``
    refuses because its queue is full. All ``fanout`` links of a slot are taken at once, a copy each; the request
    goes on from the slot that ``joins`` them when its last copy has come there.
    """

    model_config = ConfigDict(populate_by_name=True, extra="forbid", frozen=True,
                              arbitrary_types_allowed=True)

    src: str = Field(alias="from")
    dst: str = Field(alias="to")
    kind: Literal["request", "async", "feedback", "data", "overflow", "fanout"] = "request"
    share: ShareOrFormula | None = None
    provenance: Provenance | None = None

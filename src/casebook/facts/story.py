"""What is said around the palette: questions, pushbacks, audits, the time plan, presets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from casebook.facts.base import Amount, Number, Provenance, Record, Share, Sourceful


class Asking(Sourceful):
    """How many questions of the bank may be asked."""

    allowed: Amount


class Question(Record):
    """One thing the learner may ask; the bank says what it uncovers."""

    id: str
    ask: str
    uncovers: str
    maps_to: Literal["scale", "latency", "tenancy", "quality", "cost", "people", "data", "schedule", "decoy"]
    worth: Literal["high", "medium", "low"]
    tested_by: str = ""
    facts: tuple[str, ...] = ()
    provenance: Provenance


class NumberAsked(Record):
    """The one number asked for; ``tolerance`` is how far an answer may be off, as a share of the number."""

    text: str
    metric: str
    unit: str
    tolerance: Share


class Change(Record):
    """What a pushback changes: the scenario, limits by target id, facts of the world, how requests arrive."""

    scenario: str = ""
    targets: dict[str, Number] = Field(default_factory=dict)
    facts: dict[str, Number] = Field(default_factory=dict)
    arrivals: dict[str, Number | str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _changes(self) -> Change:
        if not (self.scenario or self.targets or self.facts or self.arrivals):
            raise ValueError("the pushback changes nothing. Name a scenario, a target, a fact or arrivals")
        return self


class Pushback(Record):
    """The interviewer changes something; the learner re-runs the kept design."""

    id: str
    title: str
    line: str
    change: Change
    asks: NumberAsked
    teaches: str
    tests: tuple[str, ...] = ()
    provenance: Provenance


class Audit(Record):
    """A one-number question about the source, with tolerance and unit."""

    id: str
    title: str
    ask: str
    value: Number
    unit: str
    tolerance: Share
    derive: str
    fact: str
    where: str
    explains: str
    provenance: Provenance


class TimeBlock(Record):
    """Minutes of the session given to one section."""

    section: str
    minutes: Amount


class TimePlan(Sourceful):
    """How the session's minutes are spent; they add up to ``total_minutes``."""

    total_minutes: Amount
    blocks: tuple[TimeBlock, ...]

    @model_validator(mode="after")
    def _adds_up(self) -> TimePlan:
        total = sum(block.minutes for block in self.blocks)
        if abs(total - self.total_minutes) > 1e-9:
            raise ValueError(f"the blocks add up to {total:g} minutes, not {float(self.total_minutes):g}. "
                             "Change a block")
        return self


class Preset(Record):
    """A whole design by name: one option per slot, knobs, and a line why one would take it."""

    id: str
    title: str
    role: Literal["reference", "strong", "tempting", "plain"]
    choices: dict[str, str]
    knobs: dict[str, Number] = Field(default_factory=dict)
    why: str
    wins: str = ""
    loses: str = ""
    provenance: Provenance


class WrongTurn(Record):
    """What a room typically does wrong, and what the facilitator says or shows then."""

    turn: str
    then: str


class Facilitator(Sourceful):
    """For whoever leads a room: minutes, what to ask it, three typical wrong turns, the one argument worth having."""

    minutes: Amount
    ask: tuple[str, ...] = Field(min_length=1)
    wrong_turns: tuple[WrongTurn, ...] = Field(min_length=3, max_length=3)
    argument: str

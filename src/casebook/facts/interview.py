"""Interviews as data: how long, in which blocks, what wants to be heard before what, when one is interrupted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from casebook.facts.base import Amount, Record, Sourceful
from casebook.facts.errors import near_miss

Step = Literal["ask", "frame", "predict", "design", "estimate", "tradeoff", "sizing", "rollout", "pushbacks", "close"]
STEPS: tuple[str, ...] = Step.__args__  # type: ignore[attr-defined]


class Stretch(Record):
    """A block of the session: its minutes and the steps it is meant for."""

    title: str
    minutes: Amount
    steps: tuple[Step, ...] = Field(min_length=1)


class OrderRule(Record):
    """``first`` has to be said before ``then``; ``why`` is told where it was not."""

    first: Step
    then: Step
    fact: str
    why: str = Field(min_length=20)


class Interview(Sourceful):
    """One kind of interview. ``interrupts`` are the steps after which the interviewer breaks in, in turn."""

    id: str = Field(pattern=r"^[a-z]+-[0-9]+$")
    article: str
    rubric: str
    title: str
    minutes: Amount
    blocks: tuple[Stretch, ...] = Field(min_length=2)
    interrupts: tuple[Step, ...] = ()
    order: tuple[OrderRule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Interview:
        total = sum(float(block.minutes) for block in self.blocks)
        if abs(total - float(self.minutes)) > 1e-9:
            raise ValueError(
                f"the blocks add up to {total:g} minutes, not {float(self.minutes):g}. Change a block or the length"
            )
        steps: list[str] = [step for block in self.blocks for step in block.steps]
        for step in STEPS:
            if steps.count(step) != 1:
                raise ValueError(f"the step {step!r} stands in {steps.count(step)} blocks. Put it into exactly one")
        for rule in self.order:
            if rule.first == rule.then:
                raise ValueError(f"{rule.first!r} cannot come before itself. Name two steps")
        return self

    def block_of(self, step: str) -> Stretch:
        """The block a step belongs to; ``KeyError`` suggests the nearest step."""
        for block in self.blocks:
            if step in block.steps:
                return block
        raise KeyError(f"no step {step!r}. {near_miss(step, STEPS)}")


class InterviewBook(Record):
    """Everything in ``interviews.yaml``."""

    interviews: tuple[Interview, ...]

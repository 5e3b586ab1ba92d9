"""Per-student variants of a case: which of its numbers vary, by which factors, and the case with them in force.

A variant is a case of its own, ``stability-moderation~07``: whatever evaluates, draws or judges a case takes it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from casebook.facts.base import Number, Sourced, Sourceful
from casebook.facts.errors import SeedError, near_miss
from casebook.facts.variant_id import COUNT, variant_id

if TYPE_CHECKING:
    from casebook.facts.case import CaseData, Target
    from casebook.facts.scenario import Scenario

GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
LEAST, MOST = 0.2, 5.0
OURS = {"kind": "assumption", "label": "ours"}   # a number that was multiplied is no longer the article's


def _factor(value: Any) -> Sourced:
    number = value if isinstance(value, Sourced) else Sourced(float(value))
    if not LEAST <= number <= MOST:
        raise ValueError(f"the factor {float(number):g} is not between {LEAST:g} and {MOST:g}. "
                         "A variant is the same case with other numbers, not another case")
    return number


Factor = Annotated[Number, BeforeValidator(_factor), WithJsonSchema({"type": "number"})]


class Variants(Sourceful):
    """Factors by which numbers of the case may differ from student to student.

    ``volume`` multiplies the requests a day of every scenario, ``targets`` limits by target id, ``facts`` facts of
    the world by name. A 1 among the factors lets some students keep the printed number.
    """

    volume: tuple[Factor, ...] = ()
    targets: dict[str, tuple[Factor, ...]] = Field(default_factory=dict)
    facts: dict[str, tuple[Factor, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _enough(self) -> Variants:
        for name, factors in self.axes():
            if len(factors) < 2 or len(set(map(float, factors))) < len(factors):
                raise ValueError(f"{name} has {len(factors)} factors. Give two or more, each once")
        if self.combinations < COUNT:
            raise ValueError(f"the factors give {self.combinations} combinations, and {COUNT} variants are needed. "
                             "Add factors, or another number that varies")
        plain = [n for n in range(1, COUNT + 1) if all(f == 1.0 for _, _, f in self.factors(n))]
        if plain:
            raise ValueError(f"variant {plain[0]} leaves everything as printed. Leave out a factor 1")
        return self

    def axes(self) -> Iterator[tuple[str, tuple[Sourced, ...]]]:
        """What varies, in the order in which combinations are counted: the volume, limits, facts."""
        if self.volume:
            yield "volume", self.volume
        yield from ((f"targets.{name}", factors) for name, factors in self.targets.items())
        yield from ((f"facts.{name}", factors) for name, factors in self.facts.items())

    @property
    def combinations(self) -> int:
        return math.prod(len(factors) for _, factors in self.axes())

    def factors(self, number: int) -> Iterator[tuple[str, str, float]]:
        """(group, name, factor) of variant ``number``, 1 to 32.

        Combinations are counted like the digits of a clock, the first axis fastest. Variant v takes combination
        v × s mod N, where s is the first whole number from N × 0.618 on that has no divisor in common with N: so no
        combination comes twice, and every factor about equally often.
        """
        total = self.combinations
        place = number * stride(total) % total
        for axis, factors in self.axes():
            place, digit = divmod(place, len(factors))
            group, _, name = axis.partition(".")
            yield group, name, float(factors[digit])


@dataclass(frozen=True, slots=True)
class Differs:
    """One number of a variant beside the printed one. ``way`` is 'max' or 'min' for a limit, '' otherwise."""

    what: str
    name: str
    title: str
    printed: float
    now: float
    unit: str
    way: str = ""


def stride(total: int) -> int:
    """The step from one variant's combination to the next's."""
    step = math.ceil(total * GOLDEN)
    while math.gcd(step, total) > 1:
        step += 1
    return step


def varied(data: CaseData, number: int) -> CaseData:
    """The case with the numbers of variant ``number`` in force; its prose still says the printed ones.

    A limit that a pushback sets is multiplied as the printed one is. ``SeedError`` where the case has no variants.
    """
    if data.variants is None:
        raise SeedError(f"cases/{data.id}.yaml", "variants", f"{data.title!r} has no variants",
                        "Add 'variants:' to the case, or leave the code empty.")
    factors = {(group, name): factor for group, name, factor in data.variants.factors(number)}
    limits = {name: factor for (group, name), factor in factors.items() if group == "targets"}
    facts = {name: factor for (group, name), factor in factors.items() if group == "facts"}
    instead: dict[str, float] = {}
    targets = tuple(_target(item, limits.get(item.id, 1.0), instead) for item in data.targets)
    scenarios = tuple(_scenario(item, factors.get(("volume", ""), 1.0), facts, instead) for item in data.scenarios)
    pushbacks = tuple(
        item.model_copy(update={"change": item.change.model_copy(update={"targets": {
            name: _times(value, limits.get(name, 1.0)) for name, value in item.change.targets.items()}})})
        for item in data.pushbacks
    )
    made = data.model_copy(update={
        "id": variant_id(data.id, number), "targets": targets, "scenarios": scenarios, "pushbacks": pushbacks,
        "rules": _rules(data, factors.get(("volume", ""), 1.0)),
    })
    made.set_variant(number, instead)
    return made


def differences(printed: CaseData, now: CaseData) -> tuple[Differs, ...]:
    """What a variant says instead of the printed case: volumes, limits, facts, in that order."""
    unit = f"{printed.unit.requests} a day"
    found = [
        Differs("volume", was.id, was.title, float(was.requests_day), float(new.requests_day), unit)
        for was, new in zip(printed.scenarios, now.scenarios, strict=True)
    ]
    found += [
        Differs("target", was.id, was.title, float(was.limit), float(new.limit), was.unit, was.direction)
        for was, new in zip(printed.targets, now.targets, strict=True)
    ]
    for was_day, new_day in zip(printed.scenarios, now.scenarios, strict=True):
        for name, value in was_day.every_fact.items():
            found.append(Differs("fact", name, f"{name.replace('_', ' ')} ({was_day.title})",
                                 float(value), float(new_day.every_fact[name]), ""))
    return tuple(item for item in found if item.printed != item.now)


def check_variants(data: CaseData) -> None:
    """``ValueError`` where the factors name a target or a fact that the case does not have."""
    if data.variants is None:
        return
    targets = [target.id for target in data.targets]
    facts = sorted({name for scenario in data.scenarios for name in scenario.every_fact})
    for kind, names, known in (("target", data.variants.targets, targets), ("fact", data.variants.facts, facts)):
        for name in names:
            if name not in known:
                raise ValueError(f"variants name the unknown {kind} {name!r}. {near_miss(name, known)}")


def _times(value: Sourced, factor: float) -> Sourced:
    """The number times the factor, rounded to three figures as one would print it; untouched by a factor of 1."""
    if factor == 1.0:
        return value
    return Sourced(float(f"{float(value) * factor:.3g}"), value.ref, kind="assumption")


def _noted(value: Sourced, factor: float, instead: dict[str, float]) -> Sourced:
    """As `_times`; prose and formulas that name the number's fact are to say the new one."""
    made = _times(value, factor)
    if made is not value and value.ref.startswith("fact:"):
        scale = float(made) / float(value) if value else 1.0
        instead[value.ref.removeprefix("fact:")] = scale
    return made


def _target(target: Target, factor: float, instead: dict[str, float]) -> Target:
    limit = _noted(target.limit, factor, instead)
    return target if limit is target.limit else target.model_copy(update={"limit": limit, **OURS})


def _scenario(scenario: Scenario, volume: float, facts: dict[str, float], instead: dict[str, float]) -> Scenario:
    changed: dict[str, Any] = {"requests_day": _noted(scenario.requests_day, volume, instead)}
    if "prevalence" in facts and scenario.data.prevalence is not None:
        new = _noted(scenario.data.prevalence, facts["prevalence"], instead)
        changed["data"] = scenario.data.model_copy(update={"prevalence": new})
    changed["facts"] = {name: _noted(value, facts.get(name, 1.0), instead) for name, value in scenario.facts.items()}
    return scenario.model_copy(update=changed | (OURS if instead else {}))


def _rules(data: CaseData, volume: float) -> dict[str, Any]:
    """A goal in requests a day that only checks use grows with the volume."""
    if "goal_requests_day" not in data.rules:
        return data.rules
    goal = float(_times(Sourced(float(data.rules["goal_requests_day"])), volume))
    return {**data.rules, "goal_requests_day": goal}

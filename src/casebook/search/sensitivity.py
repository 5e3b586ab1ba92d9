"""What moves the tail and the bill most: the learner's own knobs, and the figures whose sources are unsure.

Data for a tornado: every bar is one knob or one source, moved alone, everything else as it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from casebook.design import Conditions, Design, Evaluation
from casebook.design.design import knobs_of
from casebook.design.sketch import fresh_evaluation
from casebook.facts import Sourced, catalog
from casebook.search.frontier import latency_target

if TYPE_CHECKING:
    from casebook.facts import CaseData
    from casebook.facts.palette import Option


@dataclass(frozen=True, slots=True)
class Bar:
    """One cause moved down and up. ``tail_ms`` and ``cost_usd_month`` hold (at low, at high); inf: cannot keep up.

    ``kind`` is "knob" or "source"; ``low`` and ``high`` are the settings, in ``unit``.
    """

    name: str
    title: str
    kind: str
    low: float
    high: float
    unit: str
    tail_ms: tuple[float, float]
    cost_usd_month: tuple[float, float]

    @property
    def tail_swing_ms(self) -> float:
        return _swing(self.tail_ms)

    @property
    def cost_swing_usd_month(self) -> float:
        return _swing(self.cost_usd_month)


@dataclass(frozen=True)
class Tornado:
    """The design as it is, and the bars, the widest swing of the tail first. ``quantile`` is that of the tail."""

    design: Design
    quantile: float
    tail_ms: float
    cost_usd_month: float
    bars: tuple[Bar, ...]

    def by_cost(self) -> tuple[Bar, ...]:
        """The same bars, the widest swing of the bill first."""
        return tuple(sorted(self.bars, key=lambda bar: (-bar.cost_swing_usd_month, bar.name)))


def _swing(ends: tuple[float, float]) -> float:
    return math.inf if any(math.isinf(end) for end in ends) else abs(ends[1] - ends[0])


def knob_tornado(
    design: Design, scenario: str | Conditions = "", *, share: float = 0.25, requests: int = 100_000, seed: int = 0
) -> Tornado:
    """Every knob of the design moved down and up by ``share`` of its value (by one step at least, within its range).

    One run each on the same draws, so that a bar shows the knob and not the dice.
    """
    conditions = scenario if isinstance(scenario, Conditions) else Conditions.of(design.data, scenario)

    def bars(see: Callable[[Design], tuple[float, float]]) -> Iterator[Bar]:
        for name, knob in knobs_of(design.data, design.choices).items():
            value, step = design.knobs[name], float(knob.step)
            move = max(step, round(abs(value) * share / step) * step)
            low = max(float(knob.min), round(value - move, 10))
            high = min(float(knob.max), round(value + move, 10))
            ends = [
                see(Design(design.case_id, design.choices, dict(design.knobs) | {name: end})) for end in (low, high)
            ]
            yield _bar(name, knob.title, "knob", knob.unit, low, high, ends)

    return _tornado(design, conditions, requests, seed, bars)


def source_tornado(
    design: Design, scenario: str | Conditions = "", *, requests: int = 100_000, seed: int = 0
) -> Tornado:
    """Every figure with a band (catalogue, detection quality) at the low and the high end of it, one at a time.

    A figure that several parts use (a machine's price) moves in all of them together.
    """
    conditions = scenario if isinstance(scenario, Conditions) else Conditions.of(design.data, scenario)

    def bars(see: Callable[[Design], tuple[float, float]]) -> Iterator[Bar]:
        for name, (low, high) in _sources(design).items():
            ends = [see(_Moved.of(design, name, end)) for end in ("low", "high")]
            yield _bar(name, *_spoken(name), low, high, ends)

    return _tornado(design, conditions, requests, seed, bars)


def _tornado(
    design: Design, conditions: Conditions, requests: int, seed: int,
    bars: Callable[[Callable[[Design], tuple[float, float]]], Iterator[Bar]],
) -> Tornado:
    target = latency_target(design.data)
    quantile = float(target.quantile or 0.99) if target is not None else 0.99

    def see(one: Design) -> tuple[float, float]:
        made: Evaluation = fresh_evaluation(one, conditions, requests, seed)
        return (made.latency_ms(quantile) if made.stable else math.inf), made.cost_usd_month

    tail, cost = see(design)
    made = sorted(bars(see), key=lambda bar: (-bar.tail_swing_ms, -bar.cost_swing_usd_month, bar.name))
    return Tornado(design, quantile, tail, cost, tuple(made))


def _spoken(source: str) -> tuple[str, str, str]:
    """Title, kind and unit of a source's bar: the entry of the catalogue, and how sure of it the catalogue is."""
    if not source.startswith("catalog:"):
        return source, "source", ""
    entry = catalog()[source.removeprefix("catalog:")]
    return f"{entry.id} ({SURE.get(entry.conf, entry.conf)})", "source", entry.unit


def _bar(name: str, title: str, kind: str, unit: str, low: float, high: float,
         ends: list[tuple[float, float]]) -> Bar:
    (tail_low, cost_low), (tail_high, cost_high) = ends
    return Bar(name, title, kind, low, high, unit, (tail_low, tail_high), (cost_low, cost_high))


D_PRIME = "separation of "
SURE = {"H": "primary source", "M": "second-hand", "L": "weak"}  # the catalogue's own words for its letters


def _sources(design: Design) -> dict[str, tuple[float, float]]:
    """Figures with a band that this design uses: the id of the source, and its low and high end."""
    found: dict[str, tuple[float, float]] = {}
    for slot in design.components:
        option = design.option(slot)
        for value in (*_numbers(option.service), *_numbers(option.cost), *_numbers(option.quality)):
            if value.ref and value.low < value.high:
                found.setdefault(value.ref, (value.low, value.high))
        quality = option.quality
        if quality.d_prime_low is not None and quality.d_prime_high is not None:
            found[D_PRIME + option.id] = (float(quality.d_prime_low), float(quality.d_prime_high))
    for value in _numbers(design.data.quality):
        if value.ref and value.low < value.high:
            found.setdefault(value.ref, (value.low, value.high))
    return found


def _numbers(record: Any) -> Iterator[Sourced]:
    for _, value in record:
        if isinstance(value, Sourced):
            yield value
        elif isinstance(value, tuple):
            for one in value:
                yield from _numbers(one)


def _moved(record: Any, ref: str, edge: str) -> Any:
    """The record with every number that came from ``ref`` at one end of its band."""
    changed: dict[str, Any] = {}
    for name, value in record:
        if isinstance(value, Sourced) and value.ref == ref:
            changed[name] = Sourced(getattr(value, edge), value.ref, value.low, value.high, value.kind)
        elif isinstance(value, tuple):
            changed[name] = tuple(_moved(one, ref, edge) if hasattr(one, "model_copy") else one for one in value)
    return record.model_copy(update=changed) if changed else record


@dataclass(frozen=True, eq=False)
class _Moved(Design):
    """A design whose options carry one figure at the end of its band. Never cached: its key tells nothing of that."""

    ref: str = ""
    edge: str = ""
    base: Design | None = field(default=None, repr=False)

    @classmethod
    def of(cls, design: Design, ref: str, edge: str) -> _Moved:
        return cls(design.case_id, design.choices, design.knobs, ref, edge, design)

    def __reduce__(self) -> tuple[Any, ...]:
        return _Moved, (self.case_id, dict(self.choices), dict(self.knobs), self.ref, self.edge, self.base)

    @cached_property
    def _data(self) -> CaseData:
        assert self.base is not None
        data = self.base.data
        return data.model_copy(update={"quality": _moved(data.quality, self.ref, self.edge)})

    @property
    def data(self) -> CaseData:
        return self._data

    @cached_property
    def _options(self) -> dict[str, Option]:
        assert self.base is not None
        return {slot: self._changed(self.base.option(slot)) for slot in self.choices}

    def _changed(self, option: Option) -> Option:
        if self.ref == D_PRIME + option.id:
            end = getattr(option.quality, f"d_prime_{self.edge}")
            return option.model_copy(update={"quality": option.quality.model_copy(update={"d_prime": end})})
        return option.model_copy(
            update={part: _moved(getattr(option, part), self.ref, self.edge) for part in ("service", "cost", "quality")}
        )

    def option(self, slot: str) -> Option:
        return self._options[slot]

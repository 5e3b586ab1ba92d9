"""A number that shows success (primary) or must not get worse (guardrail)."""

from __future__ import annotations

from dataclasses import dataclass, field

from casebook.answer.quantity import Quantity, find_quantities
from casebook.answer.record import Record
from casebook.answer.target import Target, parse_target

KINDS = ("primary", "guardrail")


@dataclass(frozen=True, slots=True, repr=False)
class Metric(Record):
    """``Metric("p99 latency from upload to verdict < 200 ms over 1 week", kind="guardrail")``.

    ``parsed`` is what the text says (None for the blank form); the properties below read it. ``span``,
    ``baseline`` and ``owner`` may be given as keywords or inside the text.
    """

    text: str = ""
    kind: str = "primary"
    span: str = ""
    baseline: str = ""
    owner: str = ""
    parsed: Target | None = field(default=None, init=False, compare=False)

    EXAMPLE = 'Metric("p99 latency < 200 ms over 1 week") or Metric("toxic uploads -30 % relative within 3 months")'

    def __post_init__(self) -> None:
        self._texts("text", "span", "baseline", "owner")
        self._choice("kind", KINDS)
        if not self.text:
            return
        target = parse_target(self.text, "Metric", self.EXAMPLE)
        for name in ("span", "baseline", "owner"):
            inside, outside = getattr(target, name), getattr(self, name)
            if inside and outside and inside.casefold() != outside.casefold():
                raise self._wrong(name, outside, f"the text already says '{inside}'")
            self._set(**{name: outside or inside})
        self._set(parsed=target)

    @property
    def is_blank(self) -> bool:
        """True when no text was typed; the kind alone says nothing."""
        return not (self.text or self.span or self.baseline or self.owner)

    @property
    def name(self) -> str:
        """What is measured, without percentile, span and number: 'latency'."""
        return self.parsed.name if self.parsed else ""

    @property
    def quantity(self) -> Quantity | None:
        """The number with its unit."""
        return self.parsed.quantity if self.parsed else None

    @property
    def quantile(self) -> float | None:
        """0.99 for a p99, None where no percentile is named."""
        return self.parsed.quantile if self.parsed else None

    @property
    def direction(self) -> str:
        """below, above, equal (a level), down or up (a change); '' for the blank form."""
        return self.parsed.direction if self.parsed else ""

    @property
    def is_change(self) -> bool:
        """True where the number is a difference and therefore needs a baseline."""
        return self.parsed is not None and self.parsed.is_change

    @property
    def value(self) -> float | None:
        """The number as typed, in ``unit``; negative for a fall."""
        return self.parsed.quantity.value if self.parsed else None

    @property
    def unit(self) -> str:
        """ms, s, min, hours, days, weeks, months, percent, usd, a noun, or '' where none was typed."""
        return self.parsed.quantity.unit if self.parsed else ""

    @property
    def percent_kind(self) -> str | None:
        """relative, points or share; None where it is no percentage or the text does not say."""
        return self.parsed.quantity.percent_kind if self.parsed else None

    @property
    def window_days(self) -> float | None:
        """The window of measurement in days; where none is named, the time by which it holds."""
        return self.parsed.window_days if self.parsed else None

    @property
    def over_days(self) -> float | None:
        """The window of measurement alone ('weekly', 'over 1 week')."""
        return self.parsed.over_days if self.parsed else None

    @property
    def within_days(self) -> float | None:
        """The time by which it holds ('within 3 months'; a month is 730 hours)."""
        return self.parsed.within_days if self.parsed else None

    @property
    def baseline_quantity(self) -> Quantity | None:
        """The first quantity in ``baseline``, None where there is none."""
        return next(iter(find_quantities(self.baseline)), None)

    @property
    def title(self) -> str:
        """'p99 latency': the name with its percentile."""
        if self.quantile is None:
            return self.name
        return f"p{self.quantile * 100:.10g} {self.name}"

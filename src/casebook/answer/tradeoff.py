"""The one trade-off that moves the metric, what was predicted beforehand, and the sizing passes."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.answer.errors import ShortFormError
from casebook.answer.lexer import MAX_MAGNITUDE, clean_text, normalise
from casebook.answer.notes import _comma_parts
from casebook.answer.quantity import Quantity, find_quantities, parse_quantity
from casebook.answer.record import Record


@dataclass(frozen=True, slots=True, repr=False)
class Tradeoff(Record):
    """``Tradeoff("p99 latency -80 ms for +$1,200 a month: L4 GPUs, instead of CPUs")``: effect, price,
    decision, and the alternative that was rejected. ``delta`` is a text with number and unit, negative for
    a fall.
    """

    metric: str = ""
    delta: str = ""
    cost_usd_month: float | None = None
    decision: str = ""
    rejected: str = ""

    EXAMPLE = 'Tradeoff("p99 latency -80 ms for +$1,200 a month: L4 GPUs, instead of CPUs")'

    def __post_init__(self) -> None:
        delta: object = self.delta
        if isinstance(delta, int | float) and not isinstance(delta, bool):
            self._amount("delta", "", lowest=-MAX_MAGNITUDE)
            self._set(delta=f"{self.delta:+.10g}")
        self._texts("metric", "delta", "decision", "rejected")
        if ":" in self.metric and self._others_blank("metric"):
            self._read(self.metric)
        self._amount("cost_usd_month", "usd_month", lowest=-MAX_MAGNITUDE)

    def _read(self, typed: str) -> None:
        effect, _, choice = normalise(typed).partition(":")
        effect, word, cost = effect.rpartition(" for ")
        if not word:
            raise self._wrong("short form", typed, "write the effect, 'for' its price, a colon and the decision")
        signs = [at for at in (effect.find(" -"), effect.find(" +")) if at > 0]
        if not signs:
            raise self._wrong("short form", typed, "the effect needs a sign: 'p99 latency -80 ms'")
        cut = min(signs)
        decision, word, rejected = choice.partition("instead of")
        self._set(
            metric=effect[:cut].strip(),
            delta=effect[cut:].strip(),
            cost_usd_month=cost.strip().replace(" more ", " "),
            decision=decision.strip(" ,;"),
            rejected=rejected.strip(),
        )

    @property
    def delta_quantity(self) -> Quantity | None:
        """The first quantity of ``delta``, None where there is none."""
        return next(iter(find_quantities(self.delta)), None)


@dataclass(frozen=True, slots=True, repr=False)
class Prediction(Record):
    """``Prediction("180 ms, $9,000 a month, serving, 4 hours")``: p99, monthly bill, bottleneck and wait
    for a person, said before the board is uncovered. Never graded for accuracy.
    """

    p99_ms: float | None = None
    cost_usd_month: float | None = None
    bottleneck: str = ""
    review_queue_hours: float | None = None

    EXAMPLE = 'Prediction(p99_ms=180, cost_usd_month=9_000, bottleneck="serving", review_queue_hours=4)'

    def __post_init__(self) -> None:
        given: object = self.p99_ms
        parts = _comma_parts(clean_text(given, "Prediction")) if isinstance(given, str) else []
        if len(parts) > 1 and self._others_blank("p99_ms"):
            if len(parts) != 4:
                raise self._wrong("short form", given, "it has four parts: p99, money a month, bottleneck, hours")
            self._set(
                p99_ms=parts[0].removeprefix("p99 "),
                cost_usd_month=parts[1],
                bottleneck=parts[2].removeprefix("bottleneck "),
                review_queue_hours=parts[3].removeprefix("review queue ").partition(" in ")[0],
            )
        self._texts("bottleneck")
        self._amount("p99_ms", "ms")
        self._amount("cost_usd_month", "usd_month")
        self._amount("review_queue_hours", "hours")


@dataclass(frozen=True, slots=True, repr=False)
class SizingPass(Record):
    """``SizingPass("1.2 uploads/s average -> 1 GPU, observed 3.5 uploads/s")`` or the keywords: what is
    assumed, what follows from it, and the observed value that the pass starts from. ``estimate`` and
    ``observed`` carry units.
    """

    assumption: str = ""
    estimate: str = ""
    observed: str = ""

    EXAMPLE = 'SizingPass("3 x the average rate at peak -> 4 GPUs, observed 3.5 uploads/s")'

    def __post_init__(self) -> None:
        for name in ("estimate", "observed"):
            value: object = getattr(self, name)
            if isinstance(value, int | float) and not isinstance(value, bool):
                self._amount(name, "", lowest=-MAX_MAGNITUDE)
                self._set(**{name: f"{getattr(self, name):.10g}"})
        self._texts("assumption", "estimate", "observed")
        if "->" in normalise(self.assumption) and not self.estimate:
            before, _, after = normalise(self.assumption).rpartition("->")
            estimate, word, observed = after.partition("observed")
            if word and self.observed and self.observed != observed.strip():
                raise self._wrong("observed", self.observed, "the text already says what was observed")
            self._set(
                assumption=before.strip(),
                estimate=estimate.strip(" ,;"),
                observed=observed.strip(" :") if word else self.observed,
            )
        if self.estimate:
            self._set(estimate=_committed(normalise(self.estimate)))
            try:
                parse_quantity(self.estimate)
            except ShortFormError as error:
                raise self._wrong("estimate", self.estimate, error.problem) from None
        if self.observed and not find_quantities(self.observed):
            raise self._wrong("observed", self.observed, "what was observed has a number and a unit")

    @property
    def estimate_quantity(self) -> Quantity | None:
        """``estimate`` as number and unit."""
        return parse_quantity(self.estimate) if self.estimate else None

    @property
    def observed_quantity(self) -> Quantity | None:
        """The first quantity of ``observed``."""
        return next(iter(find_quantities(self.observed)), None)


def _committed(text: str) -> str:
    """'about 4 GPUs' and '~4 GPUs' without the hedge: a pass commits to a number."""
    for hedge in ("about ", "roughly ", "approximately ", "around ", "~", "≈", "ca. "):
        text = text.removeprefix(hedge).strip()
    return text

"""The numbers behind each figure, drawn twice from here: live by plotly, and as a still picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from casebook.design import Evaluation

BINS = 96
QUANTILES = (0.50, 0.95, 0.99)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mark:
    """One quantile in ms with the ends of its 95 % band."""

    label: str
    value_ms: float
    low_ms: float
    high_ms: float


@dataclass(frozen=True, slots=True)
class LatencySeries:
    """How many requests take how long. `height` is relative to the fullest of the log-spaced bins (0 to 1).

    `source_ms`: low and high of the last mark when every source is off as far as its confidence admits; None
    while a control moves (it takes two more runs).
    """

    x_ms: Floats
    height: Floats
    marks: tuple[Mark, ...]
    limit_ms: float | None
    limit_label: str
    low_ms: float
    high_ms: float
    unit: str
    stable: bool
    source_ms: tuple[float, float] | None = None
    span: str = "verdict"

    def words(self) -> str:
        """The figure in a few sentences."""
        limit = "" if self.limit_ms is None else f" The target is {duration(self.limit_ms)}."
        if not self.stable or not self.marks:
            return f"More work arrives than can be done: the line never stops growing, so no percentile stands.{limit}"
        shown = ", ".join(f"{mark.label} {duration(mark.value_ms)}" for mark in self.marks)
        last = self.marks[-1]
        band = f" The true {last.label} lies between {duration(last.low_ms)} and {duration(last.high_ms)} (95 %)."
        return f"Time to {self._what} for one {self.unit}: {shown}.{band}{self._doubt(last.label)}{limit}"

    @property
    def _what(self) -> str:
        return f"{'an' if self.span[:1].lower() in set('aeiou') else 'a'} {self.span}"

    @property
    def title(self) -> str:
        """What stands above the figure."""
        return f"How long {self._what} takes{'' if self.stable else ': without end'}"

    def _doubt(self, label: str) -> str:
        if self.source_ms is None:
            return ""
        low, high = self.source_ms
        if low == high:
            return " How far off these times may be, no source says."
        if not math.isfinite(low):
            return f" Sources as wrong as they may be: {label} without end."
        end = f"{duration(low)} to {duration(high)}" if math.isfinite(high) else f"{duration(low)} or without end"
        return f" Sources as wrong as they may be: {label} {end}."


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the bill, in dollars a month."""

    key: str
    title: str
    usd_month: float


@dataclass(frozen=True, slots=True)
class BillSeries:
    """The bill of a month by component, in the order of the palette."""

    lines: tuple[CostLine, ...]
    total_usd_month: float

    def words(self) -> str:
        """The bill in words, largest line first."""
        ranked = sorted(self.lines, key=lambda line: -line.usd_month)
        shown = ", ".join(f"{line.title} {money(line.usd_month)}" for line in ranked if line.usd_month > 0)
        return f"The month costs {money(self.total_usd_month)}: {shown}."


@dataclass(frozen=True, slots=True)
class VolumeSeries:
    """Cost of one request (USD) at a range of volumes (requests a day), with the scenarios as marks."""

    volumes_per_day: Floats
    usd_per_request: Floats
    marks: tuple[tuple[str, float, float], ...]
    here: tuple[float, float]
    limit_usd_per_request: float | None
    unit: str
    units: str = ""

    @property
    def pack(self) -> int:
        """How many requests a price is told for: one, or as many as make cents of it."""
        least = min((usd for _, _, usd in self.marks if usd > 0), default=1.0)
        return 1 if least >= 1e-3 or not self.units else 1000 if least >= 1e-6 else 1_000_000

    @property
    def what(self) -> str:
        """What a price is told for: one upload, 1,000 clicks."""
        return f"one {self.unit}" if self.pack == 1 else f"{self.pack:,} {self.units}"

    @property
    def title(self) -> str:
        """What stands above the figure."""
        return f"Cost of {self.what} against volume"

    def grouped(self) -> tuple[tuple[str, float, float], ...]:
        """The marks, those that stand on one another as one with both titles."""
        together: dict[tuple[float, float], list[str]] = {}
        for title, volume, usd in self.marks:
            together.setdefault((volume, usd), []).append(title)
        return tuple((" · ".join(titles), volume, usd) for (volume, usd), titles in together.items())

    def words(self) -> str:
        """The curve in words."""
        shown = ", ".join(f"{title} {unit_price(usd * self.pack)}" for title, _, usd in self.marks)
        return (
            f"Cost of {self.what} with this same design at other volumes: {shown}. What stands ready "
            "costs the same at any volume; what is paid by the piece does not."
        )


def duration(value_ms: float) -> str:
    """A time a person can read: 42 ms, 1.8 s, 3.5 min, 2.1 h, 3.4 days."""
    if math.isnan(value_ms):
        return "–"
    for size, unit in ((86_400_000.0, "days"), (3_600_000.0, "h"), (60_000.0, "min"), (1000.0, "s")):
        if value_ms >= 1.5 * size or (unit == "s" and value_ms >= 1000):
            return f"{three(value_ms / size)} {unit}"
    return f"{three(value_ms)} ms"


def tick(value_ms: float) -> str:
    """A round time for an axis: 10 ms, 1 s, 17 min."""
    number, _, unit = duration(value_ms).partition(" ")
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number} {unit}"


def money(usd: float, decimals: int = 0) -> str:
    """Dollars with thousands separators; cents and less only where asked for."""
    if decimals:
        return f"${usd:,.{decimals}f}"
    return f"${usd:,.2f}" if 0 < abs(usd) < 10 else f"${usd:,.0f}"


def unit_price(usd: float) -> str:
    """The price of one thing: $12.50, $0.0164, and three figures of what is smaller, never $0.0000."""
    if abs(usd) >= 1:
        return f"${usd:,.2f}"
    if usd == 0 or abs(usd) >= 0.001:
        return f"${usd:.4f}"
    return f"${plain(float(f'{usd:.3g}'))}"


def plain(value: float) -> str:
    """A number without an exponent and without idle zeros: 0.00005."""
    told = f"{value:,.12f}".rstrip("0").rstrip(".")
    return told or "0"


def axis_ticks(low: float, high: float) -> list[float]:
    """Round places on a logarithmic axis: the powers of ten, and 2 and 5 between where those are few."""
    span = math.log10(high / low)
    few, some, many = (1.0,), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0)
    steps = few if span > 2.4 else some if span > 0.6 else many
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    places = [step * 10.0**power for power in powers for step in steps]
    return [place for place in places if low * 0.999 <= place <= high * 1.001]


def short_count(count: float) -> str:
    """A round count for an axis: 500, 10K, 3M."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if count >= size:
            return f"{count / size:g}{letter}"
    return f"{count:g}"


def three(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(digits, 4)}f}"


def shaded(series: LatencySeries, mark: Mark) -> tuple[float, float]:
    """Ends of the shaded band, ms: what the sources leave open, else what another draw of the day could show."""
    low, high = series.source_ms or (mark.low_ms, mark.high_ms)
    return max(min(low, mark.low_ms), series.low_ms), min(max(high, mark.high_ms), series.high_ms)


SOURCE_REQUESTS = 100_000  # from this many on a run shows a design at rest


def latency_series(ev: Evaluation, limit_ms: float | None, limit_label: str, unit: str) -> LatencySeries:
    """The distribution of the waited-for path of an Evaluation, in log-spaced bins, with p50, p95 and p99."""
    ordered = ev.run.ordered.values  # of the requests that the quantiles count, smallest first
    sojourn = ordered[np.searchsorted(ordered, 0.0, side="right") :]
    if sojourn.size == 0:
        sojourn = np.array([1.0])
    marks = tuple(_mark(ev, quantile) for quantile in QUANTILES) if ev.stable else ()
    ends = [
        float(sojourn[int(0.002 * (sojourn.size - 1))]),
        float(sojourn[int(0.998 * (sojourn.size - 1))]),
        *(mark.high_ms for mark in marks[-1:]),
        *((limit_ms,) if limit_ms else ()),
    ]
    low, high = _steady_range(min(ends), max(ends))
    edges = np.linspace(math.log10(low), math.log10(high), BINS + 1)
    counts = np.diff(np.searchsorted(sojourn, 10.0**edges))
    kernel = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0
    smooth = np.convolve(counts.astype(np.float64), kernel, mode="same")
    top = float(smooth.max()) or 1.0
    centres = 10 ** ((edges[1:] + edges[:-1]) / 2)
    rests = ev.stable and len(ev.run.sojourn_ms) >= SOURCE_REQUESTS
    # Sorted: where a source's low end sends more requests the slow way, it is not the faster one.
    ends_ms = sorted(ev.source_band_ms(QUANTILES[-1])) if rests else None
    source = (ends_ms[0], ends_ms[1]) if ends_ms else None
    return LatencySeries(
        centres, smooth / top, marks, limit_ms, limit_label, low, high, unit, bool(ev.stable), source, span_of(ev)
    )


def span_of(ev: Evaluation) -> str:
    """What people wait for, in the words of the case's latency target; 'answer' where it has none."""
    return next((one.span for one in ev.design.data.targets if one.metric == "latency_ms" and one.span), "answer")


def _mark(ev: Evaluation, quantile: float) -> Mark:
    low, high = ev.latency_band_ms(quantile)
    return Mark(f"p{quantile * 100:.0f}", float(ev.latency_ms(quantile)), float(low), float(high))


def _steady_range(low: float, high: float) -> tuple[float, float]:
    """Ends on 1, 2 or 5 times a power of ten, so that the axis rests while a slider moves."""
    steps = (1.0, 2.0, 5.0, 10.0)
    floor = 10.0 ** math.floor(math.log10(max(low, 0.05)))
    start = max(step * floor for step in steps if step * floor <= max(low, 0.05) * 1.0001)
    roof = 10.0 ** math.floor(math.log10(high))
    end = min(step * roof for step in steps if step * roof >= high * 1.02 or step == 10.0)
    return start, max(end, start * 10)

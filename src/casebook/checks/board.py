"""What a kept design shows: the figures a reading may come from, by what they are measured in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks.casefile import slot_of_role

if TYPE_CHECKING:
    from casebook.answer import Quantity
    from casebook.design import Evaluation

READING = 0.10
SECONDS_PER_DAY = 86_400.0
_SHARES = ("recall", "false_positive_rate", "flagged_share")
_COUNTS = ("flagged_day", "review_hours_day")


def is_shown(reading: Quantity, evaluation: Evaluation) -> bool:
    """True where the reading is, within 10 %, a figure the kept design shows in that unit."""
    if reading.unit == "usd" and not _two_normal(evaluation):
        return any(near(reading.value, figure) for figure in _money(evaluation))
    if reading.unit == "percent":
        return any(near(reading.value, 100 * share) for share in _shares(evaluation))
    if reading.is_time:
        hours = reading.to("hours")
        latencies = [evaluation.latency_ms(q) / 3_600_000 for q in (0.5, 0.95, 0.99)]
        waits = [evaluation.review_wait_hours] if slot_of_role(evaluation.design.data, "review") else []
        return any(near(hours, figure) for figure in (*latencies, *waits, *_times(evaluation)))
    return any(near(reading.value, figure) for figure in _counts(evaluation))


def near(told: float, true: float, tolerance: float = READING) -> bool:
    """Within the tolerance, as a share of the true figure; never of a figure that does not exist."""
    return true == true and abs(told - true) <= tolerance * abs(true)


def _two_normal(evaluation: Evaluation) -> bool:
    return evaluation.design.data.quality_model == "two-normal-roc"


def _units(evaluation: Evaluation) -> dict[str, str]:
    """Figures that the case itself defines, with their units."""
    return {figure.id: figure.unit for figure in getattr(evaluation.design.data, "figures", None) or ()}


def _shares(evaluation: Evaluation) -> list[float]:
    names = _SHARES if _two_normal(evaluation) else [n for n, unit in _units(evaluation).items() if unit == "share"]
    return [*evaluation.utilisation.values(), *(evaluation.quality[name] for name in names)]


def _times(evaluation: Evaluation) -> list[float]:
    if _two_normal(evaluation):
        return [evaluation.quality["review_hours_day"]]
    hours = {"ms": 1 / 3_600_000, "s": 1 / 3600, "min": 1 / 60, "hours": 1.0, "days": 24.0, "weeks": 168.0}
    return [evaluation.quality[n] * hours[unit] for n, unit in _units(evaluation).items() if unit in hours]


def _money(evaluation: Evaluation) -> list[float]:
    own = [evaluation.quality[n] for n, unit in _units(evaluation).items() if unit.startswith("usd")]
    lines = [usd for usd in evaluation.cost_lines.values() if usd]
    return [evaluation.cost_usd_month, evaluation.cost_usd_per_request, *lines, *own]


def _counts(evaluation: Evaluation) -> list[float]:
    scenario = evaluation.design.data.scenario(evaluation.scenario)
    mean = float(scenario.requests_day) / SECONDS_PER_DAY
    peak = mean * float(getattr(scenario.arrivals, "peak_factor", None) or 1.0)
    told = {"share", "usd", "ms", "s", "min", "hours", "days", "weeks"}
    names = _COUNTS if _two_normal(evaluation) else [n for n, unit in _units(evaluation).items() if unit not in told]
    return [mean, peak, float(scenario.requests_day), *(evaluation.quality[name] for name in names)]

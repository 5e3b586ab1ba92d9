"""The people beside the request path: how long an item waits for one of them, and how busy they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from casebook.design.architecture import review_architecture
from casebook.design.names import Names
from casebook.engine import Poisson, Workload, simulate

if TYPE_CHECKING:
    from casebook.design.conditions import Conditions
    from casebook.design.design import Design
    from casebook.design.quality import Quality

REVIEW_QUANTILE = 0.95
REVIEW_ITEMS = 60_000
REVIEW_DAYS = (6.0, 28.0)


def items_day(design: Design, quality: Quality) -> float:
    """Items a day that people get, by the figures of the case's quality model; 0 where nobody reviews."""
    return quality.figures.get("review_items_day", quality.figures.get("flagged_day", 0.0))


def review_wait(design: Design, conditions: Conditions, quality: Quality, seed: int) -> tuple[float, float]:
    """95th percentile of the wait for a person (hours) and the team's utilisation.

    The team is simulated on its own over one to four weeks (the busier, the shorter), items arriving
    at random at the day's mean rate; the first day is warm-up. inf where more work comes than it can do.
    """
    slot = design.data.slot_of_role("review")
    if slot is None:
        return 0.0, 0.0
    option = design.option(slot.id)
    per_day = items_day(design, quality)
    if option.none or per_day <= 0:
        return 0.0, 0.0
    days = min(max(REVIEW_ITEMS / per_day, REVIEW_DAYS[0]), REVIEW_DAYS[1])
    items = max(200, int(per_day * days))
    busy = 0.0
    if option.staffing is not None:
        open_share = design.knobs[option.staffing.hours] * float(option.staffing.days_per_week) / 7.0
        busy = quality["review_hours_day"] / (design.knobs[option.staffing.people] * open_share)
        if busy >= 1.0:
            return math.inf, busy
    run = simulate(
        review_architecture(design, slot.id, Names(design, conditions, quality.figures)),
        Workload(arrivals=Poisson(rate_per_s=per_day / 86_400.0)),
        items,
        seed,
        warmup_share=1.0 / days,
    )
    return float(run.quantile_ms(REVIEW_QUANTILE)) / 3_600_000.0, busy

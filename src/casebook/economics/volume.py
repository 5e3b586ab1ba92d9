"""Cost against volume: what one request costs as more of them come, and how strongly the bill follows them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from casebook.economics.bill import DAYS_PER_MONTH
from casebook.economics.errors import MoneyError, above, at_least

CostOf = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class CostAt:
    """A point of the curve: requests a day, USD a month (30.4167 days), USD a request."""

    requests_day: float
    usd_month: float
    usd_per_request: float


@dataclass(frozen=True, slots=True)
class Stepped:
    """A bill of three kinds: fixed, by the request, and machines that come whole.

    usd_month(v) = fixed + by request × v × 30.4167 + machine × ceil(v ÷ requests a day that one machine carries).
    """

    fixed_usd_month: float = 0.0
    usd_per_request: float = 0.0
    machine_usd_month: float = 0.0
    machine_requests_day: float = math.inf

    def __call__(self, requests_day: float) -> float:
        at_least("requests_day", requests_day)
        machines = math.ceil(requests_day / self.machine_requests_day) if self.machine_usd_month else 0
        per_request = self.usd_per_request * requests_day * DAYS_PER_MONTH
        return self.fixed_usd_month + per_request + self.machine_usd_month * machines


def curve(usd_month: CostOf, volumes_day: Sequence[float]) -> tuple[CostAt, ...]:
    """Cost at each volume. ``usd_month`` may be a ``Stepped`` or ``lambda v: evaluation.bill_at(v).usd_month``."""
    made = []
    for volume in volumes_day:
        above("requests_day", volume)
        usd = usd_month(volume)
        made.append(CostAt(volume, usd, usd / (volume * DAYS_PER_MONTH)))
    return tuple(made)


def elasticity(usd_month: CostOf, requests_day: float, step: float = 0.05) -> float:
    """Per cent by which the bill grows when the volume grows by one per cent, at this volume.

    Arc elasticity: ln(C(v·(1+s)) ÷ C(v÷(1+s))) ÷ ln((1+s)²). 0: all fixed. 1: all by the request. Above 1: the
    bill outgrows the volume. A step of machines inside the arc counts in full, so read it with ``step`` in mind.
    """
    above("requests_day", requests_day)
    above("step", step)
    low, high = usd_month(requests_day / (1.0 + step)), usd_month(requests_day * (1.0 + step))
    if low <= 0.0:
        raise MoneyError(f"the bill at {requests_day:g} requests a day is {low:g}. An elasticity needs a bill above 0.")
    return math.log(high / low) / (2.0 * math.log(1.0 + step))


def crossings(one: CostOf, other: CostOf, low_day: float, high_day: float, points: int = 400) -> tuple[float, ...]:
    """Volumes (requests a day) between the two limits at which the cheaper of two designs changes.

    The difference is looked at on ``points`` volumes, evenly spaced in the logarithm, and each change of sign is
    halved down to a relative width of 1e-9; steps (whole machines) count as crossings. Two changes closer together
    than the spacing are missed.
    """
    above("low_day", low_day)
    above("high_day", high_day, low_day)
    ratio = (high_day / low_day) ** (1.0 / points)
    volumes = [low_day * ratio**i for i in range(points + 1)]
    found = []
    for left, right in itertools.pairwise(volumes):
        a, b = left, right
        if (one(a) < other(a)) == (one(b) < other(b)):
            continue
        before = one(a) < other(a)
        while b - a > 1e-9 * b:
            middle = (a + b) / 2.0
            if (one(middle) < other(middle)) == before:
                a = middle
            else:
                b = middle
        found.append(b)
    return tuple(found)


def even_volume_day(
    fixed_usd_month: float, usd_ceiling_per_request: float, days_month: float = DAYS_PER_MONTH
) -> float:
    """Requests a day at which a fixed line alone uses up a ceiling per request: fixed ÷ (ceiling × days)."""
    at_least("fixed_usd_month", fixed_usd_month)
    return fixed_usd_month / (above("usd_ceiling_per_request", usd_ceiling_per_request) * above("days", days_month))

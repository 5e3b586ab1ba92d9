"""When a feature has paid for itself, under a stated curve of adoption; and how many customers that takes.

Time runs in months; a month is billed at its start. Nothing is discounted: the horizons are months, not years.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from casebook.economics.errors import MoneyError, above, at_least

Adoption = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Everybody from the first day."""

    customers: float

    def __call__(self, month: int) -> float:
        return self.customers


@dataclass(frozen=True, slots=True)
class EveryMonth:
    """``customers`` new ones at the start of every month; none leaves."""

    customers: float

    def __call__(self, month: int) -> float:
        return self.customers * month


@dataclass(frozen=True, slots=True)
class Ramp:
    """A straight line from 0 to ``customers`` at the end of ``months``, level after that; a month counts its middle."""

    customers: float
    months: float

    def __call__(self, month: int) -> float:
        end = min(1.0, month / self.months)
        start = min(1.0, (month - 1) / self.months)
        # The line may level off inside the month: the mean over the month is exact for whole and broken months.
        rising = max(0.0, min(1.0, self.months - (month - 1)))
        return self.customers * ((start + end) / 2.0 * rising + (1.0 - rising))


@dataclass(frozen=True, slots=True)
class SCurve:
    """Logistic adoption towards ``customers``: half of them at ``half_month``, ``months`` from a tenth to nine tenths.

    N(t) = customers ÷ (1 + exp(−ln 81 × (t − half) ÷ months)), taken at the middle of the month (Rogers, Griliches).
    """

    customers: float
    half_month: float
    months: float

    def __call__(self, month: int) -> float:
        return self.customers / (1.0 + math.exp(-math.log(81.0) * (month - 0.5 - self.half_month) / self.months))


@dataclass(frozen=True, slots=True)
class Payback:
    """``month`` in which the money is back (None: not within the horizon), and the balance after every month (USD)."""

    month: int | None
    balance_usd: tuple[float, ...]

    @property
    def deepest_usd(self) -> float:
        """The most money that is ever out."""
        return min(0.0, *self.balance_usd)


def payback(
    adoption: Adoption, usd_customer_month: float, *, cost_usd_month: float, upfront_usd: float = 0.0, horizon: int = 60
) -> Payback:
    """Balance = −upfront + Σ (customers in the month × what one brings a month − cost a month)."""
    at_least("cost_usd_month", cost_usd_month)
    at_least("upfront_usd", upfront_usd)
    if horizon < 1:
        raise MoneyError(f"horizon is {horizon}. Look at one month or more.")
    balance, month_back, balances = -upfront_usd, None, []
    for month in range(1, horizon + 1):
        balance += adoption(month) * usd_customer_month - cost_usd_month
        balances.append(balance)
        # A hair below zero is rounding, not debt.
        if month_back is None and balance >= -1e-9 * (abs(upfront_usd) + cost_usd_month * month):
            month_back = month
    return Payback(month_back, tuple(balances))


def customers_to_carry(cost_usd_month: float, usd_customer_month: float) -> float:
    """Customers whose monthly revenue equals the monthly cost: cost ÷ revenue of one."""
    return at_least("cost_usd_month", cost_usd_month) / above("usd_customer_month", usd_customer_month)


def base_needed(customers: float, points: float) -> float:
    """Customers there must be already so that ``points`` (a share) more of them staying brings ``customers`` more."""
    return at_least("customers", customers) / above("points", points)


def customers_to_repay(
    shape: Callable[[float], Adoption], usd_customer_month: float, *, cost_usd_month: float, months: int,
    upfront_usd: float = 0.0,
) -> float:
    """The size of a curve (``shape(size)``) that has repaid everything after ``months``.

    Every curve here grows in proportion to its size, so size = (upfront + cost × months) ÷ (revenue × customer-months
    of the curve of size 1).
    """
    above("months", months)
    customer_months = math.fsum(shape(1.0)(month) for month in range(1, months + 1))
    if customer_months <= 0.0:
        raise MoneyError(f"nobody has come after {months} months on this curve. Take a longer time or another curve.")
    owed = at_least("upfront_usd", upfront_usd) + at_least("cost_usd_month", cost_usd_month) * months
    return owed / (above("usd_customer_month", usd_customer_month) * customer_months)

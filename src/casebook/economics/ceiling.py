"""A ceiling per request turned into a budget, what machines use of it, and the spending behind a saving."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.economics.bill import DAYS_PER_MONTH, HOURS_PER_MONTH
from casebook.economics.errors import MoneyError, above, at_least, share


@dataclass(frozen=True, slots=True)
class Headroom:
    """Machines beside a ceiling: all money in USD.

    ``ratio`` is allowed ÷ spent: far above 1, the machines and the ceiling were not worked out from each other.
    """

    budget_month: float
    allowed_machine_month: float
    spent_month: float
    spent_per_request: float
    requests_machine_s: float

    @property
    def ratio(self) -> float:
        return self.budget_month / self.spent_month


def budget_usd_month(requests_day: float, ceiling_usd: float, days_month: float = DAYS_PER_MONTH) -> float:
    """USD a month that a ceiling per request allows: requests × days × ceiling."""
    return at_least("requests_day", requests_day) * above("days_month", days_month) * at_least("ceiling", ceiling_usd)


def paid_for_day(budget_usd_month: float, usd_per_request: float, days_month: float = DAYS_PER_MONTH) -> float:
    """Requests a day that a budget pays for where every request costs the same: budget ÷ price ÷ days."""
    price = above("usd_per_request", usd_per_request)
    return at_least("budget_usd_month", budget_usd_month) / price / above("days_month", days_month)


def share_of_budget(
    fixed_usd_month: float, requests_day: float, ceiling_usd: float, days_month: float = DAYS_PER_MONTH
) -> float:
    """A fixed line as a share of what the ceiling allows at this volume; above 1 it alone breaks the ceiling."""
    budget = budget_usd_month(above("requests_day", requests_day), above("ceiling_usd", ceiling_usd), days_month)
    return at_least("fixed_usd_month", fixed_usd_month) / budget


def headroom(
    requests_day: float,
    ceiling_usd: float,
    machines: float,
    machine_usd_hour: float,
    days_month: float = DAYS_PER_MONTH,
) -> Headroom:
    """What ``machines`` rented for 730 hours cost beside the ceiling, and the mean load of one (requests a second)."""
    above("requests_day", requests_day)
    above("machines", machines)
    budget = budget_usd_month(requests_day, ceiling_usd, days_month)
    spent = machines * above("machine_usd_hour", machine_usd_hour) * HOURS_PER_MONTH
    return Headroom(
        budget, budget / machines, spent, spent / (requests_day * days_month), requests_day / machines / 86_400.0
    )


def spending_behind(saving_usd: float, lift: float) -> float:
    """Spending at which using machines better by ``lift`` (relative: 0.18 for 18 %) saves ``saving_usd``.

    The same work then needs 1 ÷ (1 + lift) of the machines: spending = saving ÷ (1 − 1 ÷ (1 + lift)).
    """
    return at_least("saving_usd", saving_usd) / (1.0 - 1.0 / (1.0 + above("lift", lift)))


def spending_behind_points(saving_usd: float, before: float, points: float) -> float:
    """The same where utilisation rises by ``points`` (a share) from ``before``: lift = points ÷ before."""
    if share("before", before) <= 0.0 or before + points > 1.0:
        raise MoneyError(f"utilisation cannot go from {before:g} up by {points:g}. Give shares that end at 1 or below.")
    return spending_behind(saving_usd, points / before)

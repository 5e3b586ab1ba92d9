"""Blended cost: most requests go to machines of one's own, what exceeds them to somebody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casebook.economics.bill import DAYS_PER_MONTH
from casebook.economics.errors import MoneyError, above, at_least, share


@dataclass(frozen=True, slots=True)
class Blend:
    """A day on two paths: share that overflows, USD a request all in all, USD a month."""

    overflow_share: float
    usd_per_request: float
    usd_month: float


def blended_usd(usd_own: float, usd_other: float, overflow_share: float) -> float:
    """USD a request: (1 − s) × own + s × other. Both must be full costs, or both marginal ones."""
    s = share("overflow_share", overflow_share)
    return (1.0 - s) * at_least("usd_own", usd_own) + s * at_least("usd_other", usd_other)


def share_needed(usd_own: float, usd_other: float, ceiling_usd: float) -> float:
    """The share that must take the other, cheaper path so that the blend keeps a ceiling a request:
    (own − ceiling) ÷ (own − other). 0 where the own path keeps it alone; ``MoneyError`` where nothing does.
    """
    at_least("ceiling_usd", ceiling_usd)
    if at_least("usd_own", usd_own) <= ceiling_usd:
        return 0.0
    if at_least("usd_other", usd_other) > ceiling_usd:
        raise MoneyError(f"both paths ({usd_own:g} and {usd_other:g}) cost more than {ceiling_usd:g} a request. "
                         "Take a cheaper path or a higher ceiling.")
    return (usd_own - ceiling_usd) / (usd_own - usd_other)


def overflow_share(requests_hour: Sequence[float], capacity_hour: float) -> float:
    """Share of a day's requests above a capacity, hour by hour: Σ max(0, requests − capacity) ÷ Σ requests.

    By the hour's mean: what overflows within an hour because of bursts is the engine's to say.
    """
    at_least("capacity_hour", capacity_hour)
    total = sum(at_least("requests_hour", hour) for hour in requests_hour)
    if total <= 0.0:
        raise MoneyError("no request comes in any hour of the day. Give the requests of each hour.")
    return sum(max(0.0, hour - capacity_hour) for hour in requests_hour) / total


def blend(requests_hour: Sequence[float], machines: int, machine_requests_hour: float, machine_usd_month: float,
          usd_other: float) -> Blend:
    """A day's bill with ``machines`` of one's own (paid all month) and ``usd_other`` for each request beyond them."""
    at_least("machines", machines)
    capacity = machines * above("machine_requests_hour", machine_requests_hour)
    away = overflow_share(requests_hour, capacity)
    requests_month = sum(requests_hour) * DAYS_PER_MONTH
    usd = machines * at_least("machine_usd_month", machine_usd_month) + away * requests_month * usd_other
    return Blend(away, usd / requests_month, usd)


def best_machines(requests_hour: Sequence[float], machine_requests_hour: float, machine_usd_month: float,
                  usd_other: float) -> int:
    """How many own machines make the blend cheapest (the fewest where two numbers cost the same).

    The k-th machine saves less than the one before it, so the first that costs more than it saves ends the search.
    """
    count = 0
    here = blend(requests_hour, 0, machine_requests_hour, machine_usd_month, usd_other)
    while here.overflow_share > 0.0:
        more = blend(requests_hour, count + 1, machine_requests_hour, machine_usd_month, usd_other)
        if more.usd_month >= here.usd_month:
            break
        count, here = count + 1, more
    return count

"""Ways to rent one machine: on demand, reserved for a year, or spot; and which mix of them a day needs.

Prices come from the catalogue or from the caller; nothing here knows a price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casebook.economics.bill import HOURS_PER_MONTH
from casebook.economics.errors import MoneyError, above, at_least, share


@dataclass(frozen=True, slots=True)
class Lease:
    """One way to rent a machine.

    ``usd_hour`` is the price of an hour. ``committed``: all 730 hours of a month are paid whether used or not.
    ``lost_share``: share of the hours that bring nothing because the machine is taken away and the work is done
    again (spot); 0 for the other two.
    """

    name: str
    usd_hour: float
    committed: bool = False
    lost_share: float = 0.0

    def __post_init__(self) -> None:
        at_least(f"{self.name}, usd_hour", self.usd_hour)
        if share(f"{self.name}, lost_share", self.lost_share) >= 1.0:
            raise MoneyError(f"{self.name}, lost_share is 1: no work is ever done. Give a share below 1.")

    def usd_month(self, useful_hours: float) -> float:
        """USD a month for ``useful_hours`` of work (0 to 730 an hour of machine time).

        committed: price × 730. Otherwise price × useful hours ÷ (1 − lost share), the hours that must be rented
        so that the useful ones remain.
        """
        at_least("useful_hours", useful_hours)
        if useful_hours > HOURS_PER_MONTH:
            raise MoneyError(f"useful_hours is {useful_hours:g}, a month has {HOURS_PER_MONTH:g}. Rent two machines.")
        if self.committed:
            return self.usd_hour * HOURS_PER_MONTH
        return self.usd_hour * useful_hours / (1.0 - self.lost_share)


def spot(name: str, usd_hour: float, *, taken_per_hour: float, redo_hours: float, restart_hours: float) -> Lease:
    """A spot lease: each time the machine is taken away, ``redo_hours`` of work and ``restart_hours`` are lost.

    lost share = taken an hour × (hours done again + hours to start again): a first-order count, valid while it is
    well below 1. With a checkpoint every k hours the work done again is k/2 on average (renewal argument).
    """
    lost = at_least("taken_per_hour", taken_per_hour) * (
        at_least("redo_hours", redo_hours) + at_least("restart_hours", restart_hours)
    )
    return Lease(name, usd_hour, lost_share=min(lost, 1.0))


def cheapest(leases: Sequence[Lease], useful_hours: float) -> Lease:
    """The lease with the lowest bill for these hours of a month; the first named where two cost the same."""
    if not leases:
        raise MoneyError("there is no lease to choose from. Give at least one.")
    return min(leases, key=lambda lease: lease.usd_month(useful_hours))


def even_hours(committed: Lease, by_the_hour: Lease) -> float:
    """Hours of work a month above which the committed lease is the cheaper one; above 730 means never.

    reserved price × 730 = hourly price ÷ (1 − lost share) × hours.
    """
    hourly = above(f"{by_the_hour.name}, usd_hour", by_the_hour.usd_hour) / (1.0 - by_the_hour.lost_share)
    return committed.usd_hour * HOURS_PER_MONTH / hourly


@dataclass(frozen=True, slots=True)
class Mix:
    """How many machines to commit to, and what the month costs in USD: committed, by the hour, and together."""

    committed: int
    committed_usd_month: float
    hourly_usd_month: float

    @property
    def usd_month(self) -> float:
        return self.committed_usd_month + self.hourly_usd_month


def mix(machines_needed: Sequence[int], committed: Lease, by_the_hour: Lease) -> Mix:
    """The cheapest mix for a day that needs ``machines_needed[h]`` machines in each of its slots (usually 24 hours).

    The k-th machine is worth committing to when it works for more hours than ``even_hours``: machines are alike,
    so each can be decided alone (newsvendor argument), and the result is the true optimum.
    """
    if not machines_needed or min(machines_needed) < 0:
        raise MoneyError("machines_needed must list 0 or more machines for each hour of the day. Give 24 numbers.")
    hours_each = HOURS_PER_MONTH / len(machines_needed)
    even = even_hours(committed, by_the_hour)
    works = [
        sum(1 for needed in machines_needed if needed > k) * hours_each for k in range(max(machines_needed))
    ]
    count = sum(1 for hours in works if hours > even)
    rest = sum(by_the_hour.usd_month(hours) for hours in works[count:])
    return Mix(count, committed.usd_month(HOURS_PER_MONTH) * count, rest)

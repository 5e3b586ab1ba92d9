"""Traffic that leaves a cloud: gigabytes priced tier by tier, the first of them often free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casebook.economics.errors import MoneyError, at_least


@dataclass(frozen=True, slots=True)
class Band:
    """Gigabytes of a month up to ``up_to_gb`` (inf for the last band) cost ``usd_gb`` each."""

    up_to_gb: float
    usd_gb: float


def gb_month(requests_month: float, kb_per_request: float) -> float:
    """Gigabytes a month: requests × kB ÷ 1,000,000 (decimal units, as price lists count)."""
    return at_least("requests_month", requests_month) * at_least("kb_per_request", kb_per_request) / 1e6


def egress_usd_month(gigabytes: float, bands: Sequence[Band]) -> float:
    """USD a month: each band prices only the gigabytes that fall into it. ``MoneyError`` for bands that run out."""
    at_least("gigabytes", gigabytes)
    usd, start = 0.0, 0.0
    for band in bands:
        if band.up_to_gb <= start:
            raise MoneyError(f"the egress band up to {band.up_to_gb:g} GB is not above {start:g}. Sort the bands.")
        usd += max(0.0, min(gigabytes, band.up_to_gb) - start) * at_least("usd_gb", band.usd_gb)
        start = band.up_to_gb
    if gigabytes > start:
        raise MoneyError(f"{gigabytes:g} GB exceed the last egress band ({start:g} GB). Add a band up to inf.")
    return usd

"""The price of a call of a language model: tokens in, read from a cache, and out, with a discount for batches.

List prices come from the pinned package ``genai-prices`` at a stated date, or from the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from casebook.economics.errors import MoneyError, at_least, share


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """USD for a million tokens: read fresh, read from the cache, written to it, and produced.

    ``batch_factor`` is what is paid of all of it when the answer may wait (0.5 for half price).
    """

    model: str
    input_usd_m: float
    output_usd_m: float
    cached_usd_m: float
    cache_write_usd_m: float
    batch_factor: float = 1.0

    def __post_init__(self) -> None:
        for name in ("input_usd_m", "output_usd_m", "cached_usd_m", "cache_write_usd_m"):
            at_least(f"{self.model}, {name}", getattr(self, name))
        share(f"{self.model}, batch_factor", self.batch_factor)

    def usd_call(
        self,
        input_tokens: float,
        output_tokens: float,
        *,
        shared_tokens: float = 0.0,
        hit_share: float = 0.0,
        batched_share: float = 0.0,
    ) -> float:
        """USD of an average call.

        ``shared_tokens`` of the input are a prefix that many calls have in common: a share ``hit_share`` of the
        calls finds it in the cache and pays the cached price, the others write it. ``batched_share`` of the calls
        can wait and pay ``batch_factor`` of the price.

        tokens × price ÷ 1,000,000 for each kind; the sum × (1 − batched × (1 − factor)). Caching and batching are
        taken to be independent, which holds where a provider lets the two discounts add up.
        """
        at_least("input_tokens", input_tokens)
        at_least("output_tokens", output_tokens)
        if not 0.0 <= shared_tokens <= input_tokens:
            raise MoneyError(f"shared_tokens is {shared_tokens:g} of {input_tokens:g} in all. It cannot be more.")
        hit, batched = share("hit_share", hit_share), share("batched_share", batched_share)
        # Without any hit nobody switches the cache on, so nothing is written either.
        first = self.cache_write_usd_m if hit > 0.0 else self.input_usd_m
        prefix = shared_tokens * (hit * self.cached_usd_m + (1.0 - hit) * first)
        fresh = (input_tokens - shared_tokens) * self.input_usd_m
        usd = (prefix + fresh + output_tokens * self.output_usd_m) / 1e6
        return usd * (1.0 - batched * (1.0 - self.batch_factor))

    def even_hit_share(self) -> float:
        """Share of hits from which a cached prefix is cheaper than none: (write − input) ÷ (write − cached).

        0 where writing costs no more than reading; ``MoneyError`` where cached tokens are no cheaper at all.
        """
        if self.cached_usd_m >= self.input_usd_m:
            raise MoneyError(f"{self.model} charges as much for cached tokens as for fresh ones. Caching never pays.")
        extra = self.cache_write_usd_m - self.input_usd_m
        return max(0.0, extra / (self.cache_write_usd_m - self.cached_usd_m))


def list_price(model: str, on: str, *, batch_factor: float = 1.0) -> TokenPrice:
    """The list price of ``model`` on the day ``on`` (``2026-11-01``), from the pinned ``genai-prices``.

    That package knows no batch discount: ``batch_factor`` is the caller's. Cached and written tokens cost as much
    as fresh ones where the list names no price of their own. ``MoneyError`` for an unknown model.
    """
    from genai_prices import Usage, calc_price

    try:
        when = datetime.fromisoformat(on).replace(tzinfo=UTC)
    except ValueError:
        raise MoneyError(f"{on!r} is no date. Write year-month-day, for example 2026-11-01.") from None

    def usd_m(**tokens: int) -> float:
        return float(calc_price(Usage(**tokens), model_ref=model, genai_request_timestamp=when).total_price)

    million: Any = 1_000_000
    # Prices can rise with the length of a call, so the price of a million is asked of a thousand.
    thousand = million // 1000
    try:
        return TokenPrice(
            model,
            1000 * usd_m(input_tokens=thousand),
            1000 * usd_m(output_tokens=thousand),
            1000 * usd_m(input_tokens=thousand, cache_read_tokens=thousand),
            1000 * usd_m(input_tokens=thousand, cache_write_tokens=thousand),
            batch_factor,
        )
    except LookupError:
        raise MoneyError(f"the price list has no model {model!r}. Write, say, claude-sonnet-4-6.") from None

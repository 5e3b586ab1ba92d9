"""Hosted language models: first token and tokens a second as bands over the sources, and rate limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casebook.engine import Delay, Deterministic, Lognormal
from casebook.machines.figures import MachineError, count, entries, figure, known, positive

if TYPE_CHECKING:
    from casebook.facts import Sourced


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What a contract admits: requests and tokens (in and out together) a minute. No catalogue entry exists:
    limits depend on the customer, so they are always the caller's."""

    requests_per_minute: float
    tokens_per_minute: float = math.inf

    def __post_init__(self) -> None:
        positive("rate limit", "requests_per_minute", self.requests_per_minute)
        if not self.tokens_per_minute > 0:
            raise MachineError("rate limit, tokens_per_minute", self.tokens_per_minute, "Give a number above 0.")

    def requests_per_s(self, tokens_in: int, tokens_out: int) -> float:
        """The most requests of that size a second: the tighter of the two limits."""
        tokens = count("rate limit", "tokens_in", tokens_in) + count("rate limit", "tokens_out", tokens_out)
        return min(self.requests_per_minute, self.tokens_per_minute / tokens) / 60.0

    def pacing(self, tokens_in: int, tokens_out: int) -> Deterministic:
        """The engine's service model of a gate before the API, one server: requests of that size pass at the rate of
        the limit and no faster. The gate's ``queue_limit`` is how many the caller holds back before it refuses.

        Left out: limits counted in whole minutes, which let a burst through at once and then nothing."""
        return Deterministic(1000.0 / self.requests_per_s(tokens_in, tokens_out))


@dataclass(frozen=True, slots=True)
class HostedLlm:
    """A model behind an API, by its name in the catalogue (``claude_haiku_4_5``).

    Formula: total = first token + (tokens out − 1) / tokens a second. Units: ms, tokens. Source: medians of
    third parties (catalogue, `hosted.*`); the middle is their geometric mean, the band their least and
    greatest (±40 % where one source stands alone). Valid for prompts of the sources' size, a few hundred
    tokens. Left out: long prompts, time of day, region, thinking, retries after a limit. The sources
    disagree two- to fivefold: an answer that depends on the middle of the band depends on nothing.
    """

    name: str

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not known(f"hosted.{self.name}.ttft_ms"):
            raise MachineError("hosted model", self.name, f"The catalogue has {', '.join(hosted_models())}.")

    @property
    def first_token_ms(self) -> Sourced:
        """Median time to the first token with its band, ms."""
        return figure(f"hosted.{self.name}.ttft_ms")

    @property
    def tokens_per_s(self) -> Sourced:
        """Output tokens a second after the first with the band; MachineError where nobody published it."""
        if not known(f"hosted.{self.name}.tok_s"):
            raise MachineError("hosted model, tokens a second", self.name,
                               "No source gives it: choose a model that has one, or model the first token only.")
        return figure(f"hosted.{self.name}.tok_s")

    def total_ms(self, tokens_out: int) -> float:
        """From sending to the last of ``tokens_out`` tokens, ms, at the middle of both bands."""
        return self.first_token_ms + _rest(tokens_out) * 1000.0 / self.tokens_per_s

    def band_ms(self, tokens_out: int) -> tuple[float, float]:
        """The same at the best and at the worst end of both bands, ms."""
        rest = _rest(tokens_out) * 1000.0
        return (self.first_token_ms.low + rest / self.tokens_per_s.high,
                self.first_token_ms.high + rest / self.tokens_per_s.low)

    def service(self, tokens_out: int, cv: float) -> Delay:
        """The engine's service model: nobody waits for anybody. ``cv`` is the caller's: medians do not give it,
        and the mean of the lognormal is set so that its median is `total_ms`."""
        spread = positive("hosted model", "cv", cv)
        return Delay(Lognormal(self.total_ms(tokens_out) * math.sqrt(1.0 + spread**2), spread))


def _rest(tokens_out: int) -> int:
    return count("hosted model", "tokens_out", tokens_out) - 1


def hosted_models() -> tuple[str, ...]:
    """Names of the hosted models of the catalogue."""
    return tuple(id.split(".")[1] for id in entries() if id.startswith("hosted.") and id.endswith(".ttft_ms"))

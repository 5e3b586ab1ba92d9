"""How long one visit to a component takes: the service models, in milliseconds.

A model knows its mean and its capacity; the random numbers come from the component's own stream.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casebook.engine.errors import EngineError, number, whole
from casebook.engine.inversion import Floats
from casebook.engine.sizes import BySize, Sizes, Tokens, as_tokens
from casebook.engine.streams import Key, exponential_stream, lognormal_stream


@dataclass(frozen=True, slots=True)
class Deterministic:
    """Every visit takes ``ms`` milliseconds."""

    ms: float

    def __post_init__(self) -> None:
        number("Deterministic", "ms", self.ms, at_least=0.0)

    @property
    def mean_ms(self) -> float:
        """Mean time of a visit, ms."""
        return float(self.ms)

    @property
    def cv2(self) -> float:
        """Squared coefficient of variation of the time of a visit."""
        return 0.0

    def unit_stream(self, seed: int, key: Key, count: int) -> Floats:
        """``count`` service times in units of their mean."""
        return np.ones(count)


@dataclass(frozen=True, slots=True)
class Exponential:
    """Visits take an exponentially distributed time of mean ``mean_ms``."""

    mean_ms: float

    def __post_init__(self) -> None:
        number("Exponential", "mean_ms", self.mean_ms, above=0.0)

    @property
    def cv2(self) -> float:
        """Squared coefficient of variation of the time of a visit."""
        return 1.0

    def unit_stream(self, seed: int, key: Key, count: int) -> Floats:
        """``count`` service times in units of their mean."""
        return exponential_stream(seed, key, count)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Visits take a lognormal time of mean ``mean_ms`` and coefficient of variation ``cv`` (sd / mean)."""

    mean_ms: float
    cv: float

    def __post_init__(self) -> None:
        number("Lognormal", "mean_ms", self.mean_ms, above=0.0)
        number("Lognormal", "cv", self.cv, at_least=0.0, at_most=20.0)

    @property
    def cv2(self) -> float:
        """Squared coefficient of variation of the time of a visit."""
        return float(self.cv) ** 2

    def unit_stream(self, seed: int, key: Key, count: int) -> Floats:
        """``count`` service times in units of their mean."""
        return lognormal_stream(seed, key, count, float(self.cv)) if self.cv > 0 else np.ones(count)


@dataclass(frozen=True, slots=True)
class Sized:
    """Visits take the time of ``timed`` times the request's size over the workload's mean size.

    So the mean, and what the station can serve, are those of a request of mean size. Sizes come from the
    workload (``Workload.sizes``, a class's ``sizes``, or those of a Trace); without any, all are alike.
    """

    timed: Deterministic | Exponential | Lognormal

    def __post_init__(self) -> None:
        if not isinstance(self.timed, (Deterministic, Exponential, Lognormal)):
            raise EngineError("Sized, timed", self.timed,
                              "Give Deterministic(ms), Exponential(mean_ms) or Lognormal(mean_ms, cv).")

    @property
    def mean_ms(self) -> float:
        """Mean time of a visit, ms."""
        return float(self.timed.mean_ms)

    @property
    def cv2(self) -> float:
        """Squared coefficient of variation among requests of one size; the spread of the sizes comes on top."""
        return self.timed.cv2

    def unit_stream(self, seed: int, key: Key, count: int) -> Floats:
        """``count`` service times of requests of mean size, in units of their mean."""
        return self.timed.unit_stream(seed, key, count)


Timed = Deterministic | Exponential | Lognormal | Sized


def _check_timed(place: str, service: object) -> None:
    if not isinstance(service, (Deterministic, Exponential, Lognormal, Sized)):
        raise EngineError(f"{place}, service", service,
                          "Give Deterministic(ms), Exponential(mean_ms), Lognormal(mean_ms, cv) or Sized(one of them).")


@dataclass(frozen=True, slots=True)
class Delay:
    """A pure delay: every visit takes its own time and none waits for another (unlimited servers)."""

    service: Timed

    def __post_init__(self) -> None:
        _check_timed("Delay", self.service)

    @property
    def mean_ms(self) -> float:
        """Mean time of a visit, ms."""
        return float(self.service.mean_ms)


@dataclass(frozen=True, slots=True)
class Serverless:
    """Instances that come and go with the requests: one request each, nobody waits for another.

    A request takes the instance that fell idle last, if that was within ``keep_alive_s``; otherwise a new one
    starts, which takes ``cold_ms`` more. ``max_instances`` at work at once refuse the next request (None: no limit).
    """

    service: Timed
    cold_ms: float
    keep_alive_s: float
    max_instances: int | None = None

    def __post_init__(self) -> None:
        _check_timed("Serverless", self.service)
        number("Serverless", "cold_ms", self.cold_ms, at_least=0.0)
        number("Serverless", "keep_alive_s", self.keep_alive_s, at_least=0.0)
        if self.max_instances is not None:
            whole("Serverless", "max_instances", self.max_instances, at_least=1)

    @property
    def mean_ms(self) -> float:
        """Mean time of a visit on a warm instance, ms."""
        return float(self.service.mean_ms)


@dataclass(frozen=True, slots=True)
class DynamicBatch:
    """A server takes up to ``max_batch`` waiting visits at once; n of them take ``fixed_ms + per_item_ms × n``.

    A batch starts at max(server free, min(first arrival + ``max_wait_ms``, arrival that fills the batch)).
    """

    fixed_ms: float
    per_item_ms: float
    max_batch: int
    max_wait_ms: float = 0.0

    def __post_init__(self) -> None:
        number("DynamicBatch", "fixed_ms", self.fixed_ms, at_least=0.0)
        number("DynamicBatch", "per_item_ms", self.per_item_ms, at_least=0.0)
        whole("DynamicBatch", "max_batch", self.max_batch, at_least=1)
        number("DynamicBatch", "max_wait_ms", self.max_wait_ms, at_least=0.0)

    def batch_ms(self, items: int) -> float:
        """Time that a batch of ``items`` visits takes, ms."""
        return float(self.fixed_ms) + float(self.per_item_ms) * items

    @property
    def mean_ms(self) -> float:
        """Time per visit of a full batch, ms: the least server time that a visit can cost."""
        return self.batch_ms(self.max_batch) / self.max_batch


@dataclass(frozen=True, slots=True)
class ContinuousBatch:
    """A server that writes answers token by token for up to ``slots`` requests at once (LLM serving).

    It works in steps. A step of n requests takes ``fixed_ms + per_item_ms × n`` and gives each of them one
    token; a request stays for as many steps as it has output tokens. Who waits joins between two steps, in
    order of arrival, as soon as a slot is free; an idle server takes a request at once. The step in which a
    request joins also reads its prompt, which makes that step longer for everybody in it, by
    ``prefill_ms_per_token × prompt tokens`` a newcomer (prefill mixed with decoding); the end of that step
    is the request's first token. ``output_tokens`` and ``prompt_tokens`` are a number, a distribution
    (FixedSize, LognormalSize, RecordedSize) or BySize(mean); each draw is rounded to a whole number, 1 or more.
    Several servers share one queue, and the one whose step ends first takes who waits.

    Exact: every step is accounted for, runs of equal steps in one jump. Left out: prompts cut in pieces
    over several steps, memory that runs full before the slots do, requests put back, tokens guessed ahead.
    """

    fixed_ms: float
    per_item_ms: float
    slots: int
    output_tokens: Tokens
    prompt_tokens: Tokens = 1.0
    prefill_ms_per_token: float = 0.0

    def __post_init__(self) -> None:
        number("ContinuousBatch", "fixed_ms", self.fixed_ms, at_least=0.0)
        number("ContinuousBatch", "per_item_ms", self.per_item_ms, at_least=0.0)
        if not self.step_ms(1) > 0.0:
            raise EngineError("ContinuousBatch, fixed_ms + per_item_ms", self.step_ms(1),
                              "A step must take some time: give one of the two above 0.")
        whole("ContinuousBatch", "slots", self.slots, at_least=1, at_most=100_000)
        as_tokens("ContinuousBatch", "output_tokens", self.output_tokens)
        as_tokens("ContinuousBatch", "prompt_tokens", self.prompt_tokens)
        number("ContinuousBatch", "prefill_ms_per_token", self.prefill_ms_per_token, at_least=0.0)

    def step_ms(self, requests: int) -> float:
        """Time of a step of ``requests`` without newcomers, ms."""
        return float(self.fixed_ms) + float(self.per_item_ms) * requests

    @property
    def output(self) -> Sizes | BySize:
        """How many tokens answers have."""
        return as_tokens("ContinuousBatch", "output_tokens", self.output_tokens)

    @property
    def prompt(self) -> Sizes | BySize:
        """How many tokens prompts have."""
        return as_tokens("ContinuousBatch", "prompt_tokens", self.prompt_tokens)

    @property
    def mean_ms(self) -> float:
        """The least server time that a mean visit can cost, ms: its prompt, and its share of full steps."""
        prefill = float(self.prefill_ms_per_token) * float(self.prompt.mean)
        return prefill + float(self.output.mean) * self.step_ms(self.slots) / self.slots


Service = Deterministic | Exponential | Lognormal | Sized | Delay | Serverless | DynamicBatch | ContinuousBatch


@dataclass(frozen=True, slots=True)
class Retry:
    """How patient a station's callers are: ``timeout_ms`` a try, ``tries`` in all, ``backoff_ms`` between them.

    The station does not notice: work that nobody awaits any more is done all the same.
    """

    timeout_ms: float
    tries: int = 3
    backoff_ms: float = 0.0

    def __post_init__(self) -> None:
        number("Retry", "timeout_ms", self.timeout_ms, above=0.0)
        whole("Retry", "tries", self.tries, at_least=1, at_most=20)
        number("Retry", "backoff_ms", self.backoff_ms, at_least=0.0)

"""How an option behaves under load: its service time, retries, loops, scaling, outages and how many servers it has."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from casebook.facts.base import Amount, AmountOrFormula, Record, ShareOrFormula, Sourced

NEEDS: dict[str, tuple[str, ...]] = {
    "none": (), "deterministic": ("mean_ms",), "exponential": ("mean_ms",), "lognormal": ("mean_ms", "cv"),
    "delay": ("mean_ms",), "dynamic_batch": ("fixed_ms", "per_item_ms"),
    "serverless": ("mean_ms", "cold_ms", "keep_warm_s"),
    "hosted": ("ttft_ms", "tokens_per_s", "output_tokens"),
    "continuous_batch": ("fixed_ms", "per_item_ms", "slots", "output_tokens"),
}


class Service(Record):
    """How long one server takes. ``none`` adds nothing; ``delay`` is time without a queue.

    ``lognormal``, ``delay``: mean_ms and cv (a delay without cv is constant).
    ``dynamic_batch``: fixed_ms + per_item_ms × batch, with the knobs max_batch and max_wait_ms, or the keys of
    these names. ``serverless``: mean_ms, cv; cold_ms more on an instance that was idle longer than keep_warm_s.
    ``hosted``: somebody else's model: ttft_ms + output_tokens ÷ tokens_per_s, with cv, and no queue of ours.
    ``continuous_batch``: steps of fixed_ms + per_item_ms × requests, output_tokens steps a request, at most
    ``slots`` at once; prefill_ms_per_token × prompt_tokens when one joins; output_cv and prompt_cv scatter the tokens
    (lognormal). Every number may be a formula.
    """

    model: Literal["none", "deterministic", "exponential", "lognormal", "dynamic_batch", "delay", "serverless",
                   "hosted", "continuous_batch"]
    mean_ms: AmountOrFormula | None = None
    cv: AmountOrFormula | None = None
    fixed_ms: AmountOrFormula | None = None
    per_item_ms: AmountOrFormula | None = None
    max_batch: AmountOrFormula | None = None
    max_wait_ms: AmountOrFormula | None = None
    cold_ms: AmountOrFormula | None = None
    keep_warm_s: AmountOrFormula | None = None
    ttft_ms: AmountOrFormula | None = None
    tokens_per_s: AmountOrFormula | None = None
    output_tokens: AmountOrFormula | None = None
    slots: AmountOrFormula | None = None
    prompt_tokens: AmountOrFormula | None = None
    prefill_ms_per_token: AmountOrFormula | None = None
    output_cv: AmountOrFormula | None = None
    prompt_cv: AmountOrFormula | None = None

    @model_validator(mode="after")
    def _complete(self) -> Service:
        for key in NEEDS[self.model]:
            if getattr(self, key) is None:
                raise ValueError(f"service model {self.model!r} needs {key!r}. Add it")
        return self


class Retry(Record):
    """Callers who lose patience: ``attempts`` in all, each given up after ``timeout_ms``, ``backoff_ms`` apart."""

    timeout_ms: AmountOrFormula
    attempts: AmountOrFormula
    backoff_ms: AmountOrFormula = Sourced(0)


class Repeat(Record):
    """An agent's loop: after a visit a request comes back with ``again_share``, ``at_most`` visits in all.

    In between it spends ``pause_ms`` (lognormal where ``pause_cv`` is given) in tools that never queue.
    """

    again_share: ShareOrFormula
    at_most: AmountOrFormula = Sourced(10)
    pause_ms: AmountOrFormula = Sourced(0)
    pause_cv: AmountOrFormula = Sourced(0)


class Autoscale(Record):
    """Servers that come and go, ``least`` to ``most``: looked at every ``every_s``, so that they are ``target`` busy
    (``by: utilisation``), or one for every ``target`` visits that are there (``by: queue``).

    A new one is ready after ``cold_s``; none goes until ``cooldown_s`` have passed without a change. ``capacity``
    says how many there are at first.
    """

    target: AmountOrFormula
    most: AmountOrFormula
    least: AmountOrFormula = Sourced(1)
    by: Literal["utilisation", "queue"] = "utilisation"
    every_s: AmountOrFormula = Sourced(15)
    cold_s: AmountOrFormula = Sourced(60)
    cooldown_s: AmountOrFormula = Sourced(300)


class Outages(Record):
    """The option is down in listed ``windows_s`` (from, until, in seconds from the beginning), all servers at once.

    Who comes meanwhile waits, or is refused (and overflows where a link says so).
    """

    windows_s: tuple[tuple[Amount, Amount], ...] = Field(min_length=1)
    new_visits: Literal["wait", "refuse"] = "wait"


class Breakdowns(Record):
    """The option fails at random: up for ``mean_up_s`` and down for ``mean_down_s`` on average, over and over.

    Options that name the same ``region`` fail together. ``new_visits`` as for outages.
    """

    mean_up_s: AmountOrFormula
    mean_down_s: AmountOrFormula
    new_visits: Literal["wait", "refuse"] = "wait"
    region: str = ""


class Capacity(Record):
    """Servers of one unit and the knob that counts the units ('' for exactly one unit)."""

    servers: Amount = Sourced(1)
    per: str = ""

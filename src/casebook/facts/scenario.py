"""The worlds of a case: a volume, how its requests arrive, what kinds of them there are, and what is true in it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from casebook.facts.base import Amount, Number, Record, Share, Sourced, Sourceful

_ARRIVALS: dict[str, tuple[str, ...]] = {
    "poisson": (), "bursty": ("burst_factor", "burst_share", "burst_mean_s"), "diurnal": ("peak_hour",),
    "flash_crowd": ("crowd_factor", "crowd_start_s", "crowd_lasts_s"),
}


class Arrivals(Record):
    """How requests arrive: the day's mean × peak_factor in the busiest hour.

    ``bursty`` adds waves; ``diurnal`` lets the rate swing over a day (its peak_factor, 2 at most, is that swing);
    ``flash_crowd``: from crowd_start_s on crowd_factor times as many for crowd_lasts_s.
    """

    kind: Literal["poisson", "bursty", "diurnal", "flash_crowd"]
    peak_factor: Amount
    burst_factor: Amount | None = None
    burst_share: Share | None = None
    burst_mean_s: Amount | None = None
    peak_hour: Amount | None = None
    crowd_factor: Amount | None = None
    crowd_start_s: Amount | None = None
    crowd_lasts_s: Amount | None = None

    @model_validator(mode="after")
    def _complete(self) -> Arrivals:
        needed = _ARRIVALS[self.kind]
        if any(getattr(self, key) is None for key in needed):
            listed = ", ".join(needed[:-1]) + " and " + needed[-1] if len(needed) > 1 else needed[0]
            raise ValueError(f"{self.kind} arrivals need {listed}. Add them")
        return self


class ScenarioData(Record):
    """What the data looks like in a scenario."""

    prevalence: Share | None = None


class RequestKind(Record):
    """A kind of requests: its ``share`` of all; a lower ``priority`` goes first where an option serves by priority.

    ``size`` stretches its service times, at the slots ``size_at`` or everywhere.
    """

    id: str
    title: str
    share: Share
    priority: Number = Sourced(0)
    size: Number = Sourced(1)
    size_at: tuple[str, ...] = ()


class Scenario(Sourceful):
    """A volume and its story. ``requests_day`` is the day's mean, not its peak.

    ``facts`` are numbers of this world that formulas read; ``data: {prevalence}`` is one of them. ``kinds`` are the
    kinds of its requests, where they differ.
    """

    id: str
    title: str
    story: str
    requests_day: Amount
    arrivals: Arrivals
    data: ScenarioData = Field(default_factory=ScenarioData)
    facts: dict[str, Number] = Field(default_factory=dict)
    kinds: tuple[RequestKind, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Scenario:
        total = sum(float(kind.share) for kind in self.kinds)
        if self.kinds and abs(total - 1.0) > 1e-9:
            raise ValueError(f"the shares of the kinds of requests add up to {total:g}. Make them 1")
        return self

    @property
    def every_fact(self) -> dict[str, Sourced]:
        """Facts of this world by name."""
        shared = {} if self.data.prevalence is None else {"prevalence": self.data.prevalence}
        return {**shared, **self.facts}

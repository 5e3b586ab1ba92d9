"""What programs reach of the data sheet: shares of arithmetic and bandwidth, and the fixed cost of a step.

Every default is a catalogue entry with a source and a band; each may be replaced, none was fitted to a row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from casebook.machines.figures import MachineError, figure, positive


@dataclass(frozen=True, slots=True)
class Efficiency:
    """``compute`` and ``bandwidth`` are shares of the data sheet, ``step_overhead_ms`` is what a step costs
    besides (launches, scheduling, sampling), ``memory_share`` the part of memory for weights and caches."""

    compute: float
    bandwidth: float
    step_overhead_ms: float
    memory_share: float

    def __post_init__(self) -> None:
        for name in ("compute", "bandwidth", "memory_share"):
            value = positive("efficiency", name, getattr(self, name))
            if value > 1.0:
                raise MachineError(f"efficiency, {name}", value, "A share is a part of 1: give 0.4 for 40 %.")
        if not 0.0 <= self.step_overhead_ms < float("inf"):
            raise MachineError("efficiency, step_overhead_ms", self.step_overhead_ms, "Give a number of 0 or more.")

    def slowest(self) -> Efficiency:
        """The worst end of every figure's band; a figure of the caller's own has no band and stays, and so does
        the share of memory, which is a setting and nothing uncertain."""
        return self._at("low", "high")

    def fastest(self) -> Efficiency:
        """The best end of every figure's band."""
        return self._at("high", "low")

    def _at(self, shares: str, overhead: str) -> Efficiency:
        def share(value: float) -> float:
            return min(1.0, float(getattr(value, shares, value)))

        return replace(self, compute=share(self.compute), bandwidth=share(self.bandwidth),
                       step_overhead_ms=float(getattr(self.step_overhead_ms, overhead, self.step_overhead_ms)))


def llm_efficiency() -> Efficiency:
    """The catalogue's figures for language models (`llm.*`)."""
    return Efficiency(figure("llm.compute_efficiency"), figure("llm.bandwidth_efficiency"),
                      figure("llm.step_overhead_ms"), figure("llm.memory_share"))


def diffusion_efficiency() -> Efficiency:
    """The catalogue's figure for image models; their passes are long, so no overhead is added."""
    return Efficiency(figure("diffusion.compute_efficiency"), figure("llm.bandwidth_efficiency"), 0.0,
                      figure("llm.memory_share"))

"""Accelerators of the catalogue: memory, bandwidth, and dense arithmetic at each precision.

Units: GB = 10⁹ bytes, GB/s, TFLOPS (TOPS for int8). Data-sheet figures; what programs reach is `Efficiency`.
"""

from __future__ import annotations

from dataclasses import dataclass

from casebook.machines.figures import MachineError, entries, figure, known

BYTES = {"fp16": 2.0, "int8": 1.0, "fp8": 1.0, "int4": 0.5, "fp4": 0.5}
# int4 weights are widened before they are multiplied, so they save reading and no arithmetic
_PEAK = {"fp16": "fp16_tflops", "int8": "int8_tops", "fp8": "fp8_tflops", "int4": "fp16_tflops", "fp4": "fp4_tflops"}


@dataclass(frozen=True, slots=True)
class Gpu:
    """One accelerator, by its id in the catalogue (``l4``, ``h100``)."""

    id: str

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not known(f"gpu.{self.id}.bandwidth_gbps"):
            raise MachineError("GPU", self.id, f"The catalogue has {', '.join(gpus())}.")

    @property
    def bandwidth_gb_s(self) -> float:
        """Memory bandwidth, GB/s."""
        return figure(f"gpu.{self.id}.bandwidth_gbps")

    @property
    def memory_gb(self) -> float:
        """Memory, GB; MachineError where the catalogue has none (the V100)."""
        if not known(f"gpu.{self.id}.memory_gb"):
            raise MachineError("GPU, memory", self.id, "The catalogue has no memory size for it: choose another GPU.")
        return figure(f"gpu.{self.id}.memory_gb")

    @property
    def usd_h(self) -> float | None:
        """Price of one hour on demand, or None where the catalogue has no price."""
        return figure(f"gpu.{self.id}.usd_h") if known(f"gpu.{self.id}.usd_h") else None

    def peak_tflops(self, precision: str) -> float:
        """Dense arithmetic at ``precision``, TFLOPS; MachineError where the hardware has no such unit."""
        check_precision("GPU", precision)
        entry = f"gpu.{self.id}.{_PEAK[precision]}"
        if not known(entry):
            able = [name for name in BYTES if known(f"gpu.{self.id}.{_PEAK[name]}")]
            raise MachineError(f"GPU '{self.id}', precision", precision,
                               f"The catalogue has no such throughput for it: choose one of {', '.join(able)}.")
        return figure(entry)


def check_precision(place: str, precision: str) -> str:
    """Return ``precision`` when it is one that is modelled."""
    if precision not in BYTES:
        raise MachineError(f"{place}, precision", precision, f"Choose one of {', '.join(BYTES)}.")
    return precision


def gpus() -> tuple[str, ...]:
    """Ids of the accelerators whose bandwidth the catalogue holds, in its order."""
    return tuple(id.split(".")[1] for id in entries() if id.startswith("gpu.") and id.endswith(".bandwidth_gbps"))

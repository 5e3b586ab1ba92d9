"""Diffusion image models: steps × passes × arithmetic of a pass, scaled by pixels and batch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from casebook.engine import DynamicBatch
from casebook.machines.efficiency import Efficiency, diffusion_efficiency
from casebook.machines.figures import MachineError, count, entries, figure, known, positive
from casebook.machines.gpu import Gpu, check_precision

_SAME_NETWORK = {"sdxl_lcm": "sdxl", "sdxl_turbo": "sdxl"}  # distilled: other weights, the same network


@dataclass(frozen=True, slots=True)
class DiffusionModel:
    """``pass_tflop`` and ``decode_tflop`` are the arithmetic of one pass and of the decoder for one image of
    ``px`` × ``px``; a step takes ``passes`` (two where it runs with and without the prompt)."""

    name: str
    px: float
    pass_tflop: float
    decode_tflop: float
    passes: int

    def __post_init__(self) -> None:
        for name in ("px", "pass_tflop", "decode_tflop"):
            positive(f"model '{self.name}'", name, getattr(self, name))
        count(f"model '{self.name}'", "passes", self.passes)


def diffusion_models() -> tuple[str, ...]:
    """Names of the image models of the catalogue."""
    return tuple(id.split(".")[1] for id in entries() if id.startswith("diffusion.") and id.endswith(".passes"))


def diffusion_model(name: str) -> DiffusionModel:
    """The catalogue's image model ``name`` (``sdxl``); MachineError lists what there is."""
    if not known(f"diffusion.{name}.passes"):
        raise MachineError("image model", name, f"The catalogue has {', '.join(diffusion_models())}; for any other "
                           "give DiffusionModel(...).")
    network = _SAME_NETWORK.get(name, name)
    return DiffusionModel(name, figure(f"diffusion.{network}.px"), figure(f"diffusion.{network}.pass_tflop"),
                          figure(f"diffusion.{network}.decode_tflop"), int(figure(f"diffusion.{name}.passes")))


@dataclass(frozen=True, slots=True)
class DiffusionServing:
    """``model`` on ``accelerators`` × ``gpu``, ``steps`` steps at ``px`` × ``px``.

    Formula: one image takes (steps × passes × pass + decode) × (px / counted px)² / (accelerators × peak ×
    compute); a batch of n takes n times that. Units: ms, TFLOP, TFLOPS, px. Source: arithmetic counted by
    others (catalogue, `diffusion.*`), compute share as for language models. Valid where a pass is bound by
    arithmetic: 512 px and more on one accelerator. Left out: launches (`fixed_ms`, 0 here: no source gives
    it), attention's growth with the square of the pixels, the text encoder, decoders run at higher precision,
    traffic between accelerators, low-precision programs. Errors stand in docs/machines.md.
    """

    model: DiffusionModel
    gpu: Gpu
    steps: int
    px: float
    accelerators: int = 1
    precision: str = "fp16"
    fixed_ms: float = 0.0
    efficiency: Efficiency = field(default_factory=diffusion_efficiency)

    def __post_init__(self) -> None:
        place = f"{self.model.name} on {self.gpu.id}"
        count(place, "steps", self.steps)
        count(place, "accelerators", self.accelerators)
        positive(place, "px", self.px)
        self.gpu.peak_tflops(check_precision(place, self.precision))
        if not 0.0 <= self.fixed_ms < float("inf"):
            raise MachineError(f"{place}, fixed_ms", self.fixed_ms, "Give a number of 0 or more.")

    def _ms(self, tflop: float) -> float:
        peak = self.accelerators * self.gpu.peak_tflops(self.precision) * self.efficiency.compute
        return tflop * (self.px / self.model.px) ** 2 / peak * 1e3

    @property
    def network_ms(self) -> float:
        """All steps of one image without the decoder, ms."""
        return self._ms(self.steps * self.model.passes * self.model.pass_tflop)

    @property
    def decode_ms(self) -> float:
        """The decoder of one image, ms."""
        return self._ms(self.model.decode_tflop)

    @property
    def per_image_ms(self) -> float:
        """What every further image of a batch costs, ms."""
        return self.network_ms + self.decode_ms

    def batch_ms(self, images: int) -> float:
        """Time of a batch, ms."""
        return self.fixed_ms + self.per_image_ms * count("batch", "images", images)

    def band_ms(self, images: int = 1) -> tuple[float, float]:
        """Fastest and slowest batch that the band of the compute share admits, ms."""
        fast = replace(self, efficiency=self.efficiency.fastest())
        slow = replace(self, efficiency=self.efficiency.slowest())
        return fast.batch_ms(images), slow.batch_ms(images)

    def service(self, max_batch: int, max_wait_ms: float = 0.0) -> DynamicBatch:
        """The engine's service model."""
        return DynamicBatch(self.fixed_ms, self.per_image_ms, max_batch, max_wait_ms)

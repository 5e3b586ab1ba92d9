"""The size and shape of a language model, and what a token of it costs in bytes and arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from casebook.machines.figures import MachineError, count, entries, figure, known, positive
from casebook.machines.gpu import BYTES, check_precision


@dataclass(frozen=True, slots=True)
class LlmModel:
    """A dense decoder: ``parameters_b`` billion weights, ``layers`` of width ``hidden``, ``kv_heads`` of
    ``head_size`` values kept for every token. Mixtures of experts are not modelled."""

    name: str
    parameters_b: float
    layers: int
    hidden: int
    kv_heads: int
    head_size: int

    def __post_init__(self) -> None:
        positive(f"model '{self.name}'", "parameters_b", self.parameters_b)
        for name in ("layers", "hidden", "kv_heads", "head_size"):
            count(f"model '{self.name}'", name, getattr(self, name))

    def weights_gb(self, precision: str) -> float:
        """Size of the weights, GB: parameters × bytes of one."""
        return float(self.parameters_b) * BYTES[check_precision(self.name, precision)]

    def kv_gb_per_token(self, precision: str) -> float:
        """Cache that one token leaves behind, GB: keys and values × layers × KV heads × head size × bytes."""
        return 2.0 * self.layers * self.kv_heads * self.head_size * BYTES[check_precision(self.name, precision)] / 1e9

    def tflop_per_token(self, context: float) -> float:
        """Arithmetic of one token, TFLOP: 2 × parameters, and 4 × layers × hidden × context for attention."""
        return 2.0 * self.parameters_b / 1e3 + 4.0 * self.layers * self.hidden * context / 1e12


def llm_models() -> tuple[str, ...]:
    """Names of the models whose shape the catalogue holds."""
    return tuple(id.split(".")[1] for id in entries() if id.startswith("llm.") and id.endswith(".parameters_b"))


def llm_model(name: str) -> LlmModel:
    """The catalogue's model ``name`` (``llama31_8b``); MachineError lists what there is."""
    if not known(f"llm.{name}.parameters_b"):
        raise MachineError("language model", name, f"The catalogue has {', '.join(llm_models())}; for any other give "
                           "LlmModel(...), or llm_of_size(parameters_b) where only the size is known.")

    def whole(part: str) -> int:
        return int(figure(f"llm.{name}.{part}"))

    return LlmModel(name, float(figure(f"llm.{name}.parameters_b")), whole("layers"), whole("hidden"),
                    whole("kv_heads"), whole("head_size"))


def llm_of_size(parameters_b: float) -> LlmModel:
    """A model of which only the size is known, given the usual proportions (ours): parameters = 12 layers
    hidden², hidden = 128 × layers, 8 KV heads of 128. The 8 and 70 billion of the catalogue come out within
    12 % in layers and width. Valid from about 1 to 100 billion."""
    size = positive("llm_of_size", "parameters_b", parameters_b)
    layers = max(1, round((size * 1e9 / (12.0 * 128.0**2)) ** (1.0 / 3.0)))
    return LlmModel(f"{size:g}B", size, layers, 128 * layers, 8, 128)

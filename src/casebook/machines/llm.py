"""A language model served on one's own accelerators: prefill bound by arithmetic, decode by memory, slots by cache.

What the engine gets is `LlmServing.service(...)`: steps of fixed_ms + per_request_ms × requests, shared by its slots.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from casebook.engine import ContinuousBatch, FixedSize, LognormalSize, RecordedSize
from casebook.machines.efficiency import Efficiency, llm_efficiency
from casebook.machines.figures import MachineError, count, figure
from casebook.machines.gpu import Gpu, check_precision
from casebook.machines.llm_model import LlmModel

Lengths = int | FixedSize | LognormalSize | RecordedSize


@dataclass(frozen=True, slots=True)
class Step:
    """One decode step of n requests takes ``fixed_ms + per_request_ms × n``, for n up to ``slots``."""

    fixed_ms: float
    per_request_ms: float
    slots: int

    def ms(self, requests: int) -> float:
        """Time of a step with ``requests`` in it, ms."""
        return self.fixed_ms + self.per_request_ms * requests


@dataclass(frozen=True, slots=True)
class LlmServing:
    """``model`` on ``accelerators`` × ``gpu`` that share every layer (tensor parallel).

    Formula (roofline; Pope et al. 2023 for the split, Kwon et al. 2023 for the cache):

    - prefill, ms = max(tokens × arithmetic / (peak × compute), weights / (bandwidth × share)) + overhead
    - step of n, ms = max(weights / (bandwidth × share), n × arithmetic / (peak × compute))
      + n × context × cache of a token / (bandwidth × share) + overhead
    - slots = (memory × share − weights) / (cache of a token × (tokens in + out)), at most `slots_most`
    - saturated requests/s = slots / (slots × prefill arithmetic + tokens out × step of all slots)

    Units: ms, GB, GB/s, TFLOPS, tokens. Valid for dense decoders of 1–100 billion parameters on 1–8
    accelerators of one machine. Left out: traffic between accelerators, a cache full for part of the time,
    prompts shared between requests, speculation, experts, the unevenness of real lengths. Errors against
    published rows stand in docs/machines.md; the efficiency factors are arguments and none was fitted to them.
    """

    model: LlmModel
    gpu: Gpu
    accelerators: int = 1
    precision: str = "fp16"
    kv_precision: str = ""  # "" is the precision of the weights, but never below one byte
    efficiency: Efficiency = field(default_factory=llm_efficiency)
    slots_most: int = 0  # 0 is the catalogue's

    def __post_init__(self) -> None:
        count(self._place, "accelerators", self.accelerators)
        self.gpu.peak_tflops(check_precision(self._place, self.precision))
        check_precision(self._place, self.cache_precision)
        if self.slots_most:
            count(self._place, "slots_most", self.slots_most)
        if self.room_gb <= 0.0:
            raise MachineError(self._place, f"{self.model.weights_gb(self.precision):.4g} GB of weights",
                               f"They do not fit the {self._memory_gb:.4g} GB that serving may use: take more "
                               "accelerators, a larger one, or a lower precision.")

    @property
    def _place(self) -> str:
        return f"{self.model.name} on {self.accelerators} × {self.gpu.id}"

    @property
    def _memory_gb(self) -> float:
        return self.accelerators * self.gpu.memory_gb * self.efficiency.memory_share

    @property
    def cache_precision(self) -> str:
        """Precision of keys and values."""
        return self.kv_precision or ("fp16" if self.precision in ("fp16", "int4") else "fp8")

    @property
    def room_gb(self) -> float:
        """Memory that is left for caches, GB."""
        return self._memory_gb - self.model.weights_gb(self.precision)

    @property
    def weights_ms(self) -> float:
        """Time to read every weight once, ms."""
        return self._read_ms(self.model.weights_gb(self.precision))

    def _read_ms(self, gb: float) -> float:
        return gb / (self.accelerators * self.gpu.bandwidth_gb_s * self.efficiency.bandwidth) * 1e3

    def _compute_ms(self, tokens: float, context: float) -> float:
        peak = self.accelerators * self.gpu.peak_tflops(self.precision) * self.efficiency.compute
        return tokens * self.model.tflop_per_token(context) / peak * 1e3

    def prefill_ms(self, tokens_in: int) -> float:
        """Time to the first token with nobody else there, ms."""
        count(self._place, "tokens_in", tokens_in)
        return max(self._compute_ms(tokens_in, tokens_in / 2), self.weights_ms) + self.efficiency.step_overhead_ms

    def step_ms(self, requests: int, context: float) -> float:
        """Time of one decode step of ``requests`` whose contexts average ``context`` tokens, ms."""
        cache = self._read_ms(requests * context * self.model.kv_gb_per_token(self.cache_precision))
        return max(self.weights_ms, self._compute_ms(requests, context)) + cache + self.efficiency.step_overhead_ms

    def slots(self, tokens_in: int, tokens_out: int) -> int:
        """Requests whose whole cache fits at once; MachineError when not even one does."""
        tokens = count(self._place, "tokens_in", tokens_in) + count(self._place, "tokens_out", tokens_out)
        fitting = int(self.room_gb / (tokens * self.model.kv_gb_per_token(self.cache_precision)))
        if fitting < 1:
            raise MachineError(f"{self._place}, tokens", tokens,
                               f"The cache of one request does not fit the {self.room_gb:.3g} GB left beside the "
                               "weights: shorten it, or take more memory.")
        return min(fitting, self.slots_most or int(figure("llm.slots_most")))

    def step(self, tokens_in: int, tokens_out: int) -> Step:
        """``a + b·n`` for the engine: exact for one request and for all slots, never too fast in between
        (the true step bends upwards only where arithmetic overtakes the reading of weights)."""
        slots, context = self.slots(tokens_in, tokens_out), tokens_in + tokens_out / 2
        one, all_ = self.step_ms(1, context), self.step_ms(slots, context)
        slope = (all_ - one) / (slots - 1) if slots > 1 else self.step_ms(2, context) - one
        return Step(one - slope, slope, slots)

    def service(self, tokens_in: Lengths, tokens_out: Lengths) -> ContinuousBatch:
        """The engine's service model of one such server: give a component as many servers as there are copies.

        Steps and slots are those of requests of mean length, a prompt token costs what it does in a prompt of
        mean length. Its capacity is `saturated_per_s`. A prompt is read in a step of its own length on top of a
        step of decoding, so an idle server's first token comes later than `prefill_ms`, by no more than one step:
        the model never promises too much there. Lengths may be spread (LognormalSize, RecordedSize); that long
        answers fill more of the cache than short ones is left out.
        """
        mean_in, mean_out = _mean(tokens_in), _mean(tokens_out)
        step = self.step(mean_in, mean_out)
        return ContinuousBatch(step.fixed_ms, step.per_request_ms, step.slots, tokens_out, tokens_in,
                               self._compute_ms(1.0, mean_in / 2))

    def alone_ms(self, tokens_in: int, tokens_out: int, together: int = 1) -> float:
        """From prompt to last token of ``together`` alike requests that start at once on an idle server, ms."""
        count(self._place, "tokens_out", tokens_out)
        together = count(self._place, "together", together)
        first = self.prefill_ms(tokens_in * together)
        return first + (tokens_out - 1) * self.step_ms(together, tokens_in + tokens_out / 2)

    def saturated_per_s(self, tokens_in: int, tokens_out: int) -> float:
        """Requests a second that a server never short of work completes."""
        slots = self.slots(tokens_in, tokens_out)
        prefill = self._compute_ms(tokens_in, tokens_in / 2)
        busy = slots * prefill + tokens_out * self.step_ms(slots, tokens_in + tokens_out / 2)
        return slots * 1e3 / busy

    def saturated_tok_s(self, tokens_in: int, tokens_out: int) -> float:
        """Output tokens a second at saturation."""
        return self.saturated_per_s(tokens_in, tokens_out) * tokens_out

    def saturated_band_tok_s(self, tokens_in: int, tokens_out: int) -> tuple[float, float]:
        """The same with every efficiency figure at the worst and at the best end of its band."""
        slow = replace(self, efficiency=self.efficiency.slowest())
        fast = replace(self, efficiency=self.efficiency.fastest())
        return slow.saturated_tok_s(tokens_in, tokens_out), fast.saturated_tok_s(tokens_in, tokens_out)


def _mean(lengths: Lengths) -> int:
    """Mean number of tokens, whole; an int is itself (and refused further on where it makes no sense)."""
    return max(1, int(lengths.mean + 0.5)) if isinstance(lengths, (FixedSize, LognormalSize, RecordedSize)) else lengths

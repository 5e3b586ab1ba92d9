"""Classifiers, encoders, rerankers: t(n) = a + b·n from a published pair, unloaded latency and saturated rate."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from casebook.engine import Deterministic, DynamicBatch
from casebook.machines.figures import MachineError, entries, figure, known, positive
from casebook.machines.gpu import Gpu

_RATE = re.compile(r"published\.rate\.(?P<model>\w+)\.(?P<gpu>\w+)\.x(?P<count>\d+)\.(?P<system>\w+)\.per_s")
_WIDTH = {"measured": "M", "derived": "L"}  # confidence of the fitted figures, as in the catalogue's serve.*


@dataclass(frozen=True, slots=True)
class Rate:
    """A published saturated throughput: ``per_s`` items a second on ``accelerators`` together."""

    id: str
    model: str
    gpu: str
    accelerators: int
    per_s: float

    @property
    def each_per_s(self) -> float:
        """Items a second on one accelerator."""
        return self.per_s / self.accelerators


@dataclass(frozen=True, slots=True)
class Served:
    """A batch of n takes ``fixed_ms + per_item_ms × n`` on one accelerator.

    Formula: b = 1000 / saturated rate, a = t(1) − b. Units: ms, items a second. Source: MLPerf single stream
    and offline (catalogue, `published.single.*`, `published.rate.*`). ``kind`` is ``measured`` for such a
    pair and ``derived`` where b was scaled from a measured accelerator by the roofline, √(ratio of int8
    arithmetic × ratio of bandwidth), and a is the mean of the measured ones: a start does not shrink with
    arithmetic. Valid for batches up to where throughput saturates; below that b is a lower bound of the
    cost of one more item. Left out: copying and preparing the input, items of unequal size, other programs
    on the card. No pair is ever made up from a batch size that nobody published.
    """

    model: str
    gpu: str
    fixed_ms: float
    per_item_ms: float
    kind: Literal["measured", "derived"]
    base: str = ""  # the accelerator it was scaled from

    def batch_ms(self, items: int) -> float:
        """Time of a batch, ms."""
        return self.fixed_ms + self.per_item_ms * items

    @property
    def saturated_per_s(self) -> float:
        """Items a second with batches without end."""
        return 1000.0 / self.per_item_ms

    def capacity_per_s(self, max_batch: int) -> float:
        """Items a second with batches of ``max_batch``."""
        return 1000.0 * max_batch / self.batch_ms(max_batch)

    def band_ms(self, items: int = 1) -> tuple[float, float]:
        """Fastest and slowest batch within the band of the fitted figures, ms: ±15 % measured, ±40 % scaled."""
        from casebook.facts import catalog

        width = float(catalog().bands[_WIDTH[self.kind]])  # type: ignore[index]
        return self.batch_ms(items) * (1.0 - width), self.batch_ms(items) * (1.0 + width)

    def service(self, max_batch: int, max_wait_ms: float = 0.0) -> DynamicBatch:
        """The engine's service model."""
        return DynamicBatch(self.fixed_ms, self.per_item_ms, max_batch, max_wait_ms)


def rates(model: str) -> tuple[Rate, ...]:
    """Published saturated rates of ``model``, in the catalogue's order."""
    found = []
    for id, entry in entries().items():
        match = _RATE.fullmatch(id)
        if match and match["model"] == model:
            found.append(Rate(id, model, match["gpu"], int(match["count"]), float(entry.value)))
    return tuple(found)


def pair_rate(model: str, gpu: str) -> Rate | None:
    """The rate that the pair of ``model`` on ``gpu`` uses: that of the system with the fewest accelerators."""
    of_gpu = [rate for rate in rates(model) if rate.gpu == gpu]
    return min(of_gpu, key=lambda rate: (rate.accelerators, rate.id)) if of_gpu else None


def measured_gpus(model: str) -> tuple[str, ...]:
    """Accelerators on which both figures of ``model`` were published, by id."""
    return tuple(sorted({rate.gpu for rate in rates(model) if known(f"published.single.{model}.{rate.gpu}.ms")}))


def served_models() -> tuple[str, ...]:
    """Models with at least one measured pair."""
    names = {match["model"] for id in entries() if (match := _RATE.fullmatch(id))}
    return tuple(sorted(name for name in names if measured_gpus(name)))


def fitted(model: str, gpu: str, unloaded_ms: float, saturated_per_s: float) -> Served:
    """The pair made from two published figures of one accelerator; MachineError where they contradict."""
    item = 1000.0 / positive(f"{model} on {gpu}", "saturated_per_s", saturated_per_s)
    fixed = positive(f"{model} on {gpu}", "unloaded_ms", unloaded_ms) - item
    if fixed < 0.0:
        raise MachineError(f"{model} on {gpu}, unloaded_ms", unloaded_ms,
                           f"One item alone would be faster than the {item:.4g} ms each at saturation: the two "
                           "figures are not of the same program or accelerator.")
    return Served(model, gpu, fixed, item, "measured")


def served(model: str, gpu: str, base: str = "") -> Served:
    """``model`` on one ``gpu``: the measured pair, or one scaled from ``base`` (the first measured by id)."""
    measured = measured_gpus(model)
    if not measured:
        raise MachineError("served model", model, "No accelerator has both its unloaded and its saturated figure: "
                           f"measured pairs exist for {', '.join(served_models())}. For a latency alone use "
                           "unbatched().")
    if gpu in measured and base in ("", gpu):
        rate = pair_rate(model, gpu)
        assert rate is not None
        return fitted(model, gpu, figure(f"published.single.{model}.{gpu}.ms"), rate.each_per_s)
    start = base or measured[0]
    if start not in measured:
        raise MachineError(f"{model}, base", base, f"It was measured on {', '.join(measured)}.")
    old, new, known_pair = Gpu(start), Gpu(gpu), served(model, start)
    ratio = old.peak_tflops("int8") / new.peak_tflops("int8") * old.bandwidth_gb_s / new.bandwidth_gb_s
    fixed = math.fsum(served(model, one).fixed_ms for one in measured) / len(measured)
    return Served(model, gpu, fixed, known_pair.per_item_ms * math.sqrt(ratio), "derived", start)


def unbatched(model: str, hardware: str) -> Deterministic:
    """One item at a time, by the published unloaded latency; no batching can be claimed from it."""
    id = f"published.single.{model}.{hardware}.ms"
    if not known(id):
        single = "published.single."
        have = [name[len(single):-len(".ms")] for name in entries() if name.startswith(single)]
        raise MachineError("unloaded latency", f"{model}.{hardware}", f"The catalogue has {', '.join(have)}.")
    return Deterministic(float(figure(id)))

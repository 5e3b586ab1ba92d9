"""Every published row of the catalogue beside what the models of machines say, with the error of each.

The conditions are in an entry's id (`published.llm.llama31_8b.fp8.h100.x1.in128.out128.tok_s`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from casebook.machines.diffusion import DiffusionServing, diffusion_model
from casebook.machines.figures import entries, figure, known
from casebook.machines.gpu import Gpu
from casebook.machines.llm import LlmServing
from casebook.machines.llm_model import llm_model
from casebook.machines.served import Served, measured_gpus, pair_rate, rates, served, served_models

_LLM = re.compile(r"published\.llm\.(?P<model>\w+)\.(?P<precision>\w+)\.(?P<gpu>\w+)\.x(?P<n>\d+)\.in(?P<tin>\d+)"
                  r"\.out(?P<tout>\d+)(\.batch(?P<batch>\d+))?(\.(?P<who>[a-z]+))?\.(?P<unit>tok_s|ms)")
_IMAGE = re.compile(r"published\.(?P<part>diffusion|unet|vae|imagerate)\.(?P<model>\w+)\.(?P<gpu>\w+)\.x(?P<n>\d+)"
                    r"\.steps(?P<steps>\d+)\.px(?P<px>\d+)(\.batch(?P<batch>\d+))?\.(?P<how>\w+)\.(?P<unit>ms|per_s)")
_SMALL = "classifiers and encoders"
_USED = "published.llm.llama31_8b.fp16.h100.x1.in32.out128.batch8.ms"  # the row that llm.step_overhead_ms comes from


@dataclass(frozen=True, slots=True)
class Row:
    """A published figure and the model's, in ``unit``, with the model's band; ``used`` marks a row that a
    parameter came from."""

    id: str
    group: str
    what: str
    unit: str
    published: float
    modelled: float
    low: float
    high: float
    source: str
    used: bool = False
    remark: str = ""

    @property
    def error(self) -> float:
        """Share by which the model is above (+) or below (−) the published figure."""
        return self.modelled / self.published - 1.0

    @property
    def inside(self) -> bool:
        """Whether the published figure lies in the model's band."""
        return self.low <= self.published <= self.high


def published_rows() -> tuple[Row, ...]:
    """All rows, in the catalogue's order within each group."""
    return (*llm_rows(), *image_rows(), *served_rows())


def llm_rows() -> tuple[Row, ...]:
    """Language models served on one's own machines. The vendor's table shares one model between all
    accelerators; MLPerf's submitters run copies and do not say of what size: the fewest accelerators (a power
    of two) are taken on which the weights fill at most three quarters of what serving may use (ours)."""
    return tuple(_llm_row(id, match) for id in entries() if (match := _LLM.fullmatch(id)))


def _llm_row(id: str, m: re.Match[str]) -> Row:
    entry, number, tin, tout = entries()[id], int(m["n"]), int(m["tin"]), int(m["tout"])
    each = _accelerators_a_copy(m["model"], m["gpu"], m["precision"]) if m["who"] else number
    serving = LlmServing(llm_model(m["model"]), Gpu(m["gpu"]), each, m["precision"])
    batch = int(m["batch"] or 0)

    def value(one: LlmServing) -> float:
        if m["unit"] == "ms":
            return one.alone_ms(tin, tout, batch)
        if batch:
            return 1000.0 * batch / one.step_ms(batch, tin + tout / 2)
        return number / each * one.saturated_tok_s(tin, tout)

    ends = _ends(value, serving)
    how = f"{batch} at a time" if batch else "saturated"
    place = f"{number} × {m['gpu']}" + (f" ({number // each} copies)" if m["who"] else "")
    return Row(id, "language models", f"{m['model']} {m['precision']}, {place}, {tin} in {tout} out, {how}",
               "ms" if m["unit"] == "ms" else "tok/s", float(entry.value), value(serving), *ends, entry.source,
               id == _USED, str(entry.note) if entry.conf == "L" else "")


def _accelerators_a_copy(model: str, gpu: str, precision: str) -> int:
    usable = figure("llm.memory_share") * Gpu(gpu).memory_gb
    each = 1
    while llm_model(model).weights_gb(precision) > 0.75 * each * usable:
        each *= 2
    return each


def _ends(value: Callable[[LlmServing], float] | Callable[[DiffusionServing], float],
          one: LlmServing | DiffusionServing) -> tuple[float, float]:
    """The model's figure with every efficiency at the worst and at the best end, the smaller first."""
    both = [value(replace(one, efficiency=end))  # type: ignore[arg-type]
            for end in (one.efficiency.slowest(), one.efficiency.fastest())]
    return min(both), max(both)


def image_rows() -> tuple[Row, ...]:
    """Diffusion image models; MLPerf's rates are those of all accelerators, a copy on each."""
    return tuple(_image_row(id, match) for id in entries() if (match := _IMAGE.fullmatch(id)))


def _image_row(id: str, m: re.Match[str]) -> Row:
    entry, number, part = entries()[id], int(m["n"]), m["part"]
    serving = DiffusionServing(diffusion_model(m["model"]), Gpu(m["gpu"]), int(m["steps"]), float(m["px"]),
                               1 if part == "imagerate" else number)
    batch = int(m["batch"] or 1)

    def value(one: DiffusionServing) -> float:
        if part == "imagerate":
            return number * 1000.0 / one.per_image_ms
        return {"diffusion": one.batch_ms(batch), "unet": batch * one.network_ms, "vae": batch * one.decode_ms}[part]

    size = "saturated" if part == "imagerate" else f"batch {batch}"
    alone = {"unet": ", network alone", "vae": ", decoder alone"}.get(part, "")
    what = f"{m['model']}, {number} × {m['gpu']}, {m['steps']} steps, {m['px']} px, {size}, {m['how']}{alone}"
    return Row(id, "image models", what, "images/s" if part == "imagerate" else "ms", float(entry.value),
               value(serving), *_ends(value, serving), entry.source, remark=str(entry.note))


def served_rows() -> tuple[Row, ...]:
    """Classifiers and encoders: every saturated rate, by the accelerator's own pair or by scaling, and every
    unloaded latency of a pair, scaled from the other accelerator that has one."""
    found: list[Row] = []
    for model in served_models():
        for rate in rates(model):
            one = served(model, rate.gpu)
            used = rate.gpu in measured_gpus(model) and pair_rate(model, rate.gpu) == rate
            how = "its own pair" if one.kind == "measured" else f"scaled from {one.base}"
            each = 1000.0 * rate.accelerators
            low_ms, high_ms = _item_band(one)
            found.append(Row(rate.id, _SMALL, f"{model}, {rate.accelerators} × {rate.gpu}, saturated, {how}", "1/s",
                             rate.per_s, each / one.per_item_ms, each / high_ms, each / low_ms,
                             entries()[rate.id].source, used))
        for gpu in measured_gpus(model):
            for base in measured_gpus(model):
                if base == gpu:
                    continue
                one, id = served(model, gpu, base), f"published.single.{model}.{gpu}.ms"
                found.append(Row(id, _SMALL, f"{model}, {gpu}, one at a time, scaled from {base}", "ms",
                                 float(figure(id)), one.batch_ms(1), *one.band_ms(1), entries()[id].source))
    return tuple(found)


def _item_band(one: Served) -> tuple[float, float]:
    low, high = one.band_ms(1)
    return low / one.batch_ms(1) * one.per_item_ms, high / one.batch_ms(1) * one.per_item_ms


@dataclass(frozen=True, slots=True)
class Straightness:
    """How straight a published series of batches is: the line through its ends against a batch between."""

    what: str
    batch: int
    published_ms: float
    line_ms: float
    fixed_ms: float
    per_item_ms: float

    @property
    def error(self) -> float:
        """Share by which the line is off between its ends."""
        return self.line_ms / self.published_ms - 1.0


def straight_lines() -> tuple[Straightness, ...]:
    """The series of three batch sizes that the catalogue holds: is a + b·n a fair form at all?"""
    stem = "published.diffusion.sd15.v100.x1.steps50.px512.batch{}.onnxruntime.ms"
    if not all(known(stem.format(n)) for n in (1, 4, 8)):
        return ()
    one, four, eight = (float(figure(stem.format(n))) for n in (1, 4, 8))
    item = (eight - one) / 7.0
    return (Straightness("sd15, V100, 50 steps, 512 px", 4, four, one + 3.0 * item, one - item, item),)


def left_aside() -> tuple[tuple[str, str], ...]:
    """Published figures that no row above can use, and why."""
    out = []
    for id in entries():
        if id.startswith("published.rate.") and not measured_gpus(id.split(".")[2]):
            out.append((id, "a saturated rate whose unloaded latency nobody published: b is known, a is not"))
        if id.startswith("published.single.") and not _has_rate(id):
            out.append((id, "an unloaded latency whose saturated rate nobody published: t(1) is known, b is not"))
    return tuple(out)


def _has_rate(id: str) -> bool:
    _published, _single, model, gpu, _ms = id.split(".")
    return pair_rate(model, gpu) is not None


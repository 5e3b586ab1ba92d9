"""Classifiers from measured pairs, image models by arithmetic, hosted models as bands; all run in the engine."""

from __future__ import annotations

import math

import pytest

from casebook import facts
from casebook.engine import Architecture, Component, DynamicBatch, Poisson, Workload, simulate
from casebook.machines import (
    DiffusionServing,
    Gpu,
    HostedLlm,
    MachineError,
    RateLimit,
    diffusion_model,
    fitted,
    served,
    unbatched,
)

BOOK = facts.catalog()


def test_a_pair_gives_back_both_of_its_figures() -> None:
    for model, gpu, per_s in (("retinanet", "l4", 458.511 / 2), ("bert_large", "l40s", 6684.77 / 2)):
        one = served(model, gpu)
        assert one.kind == "measured"
        assert one.batch_ms(1) == pytest.approx(float(BOOK[f"published.single.{model}.{gpu}.ms"].value))
        assert one.saturated_per_s == pytest.approx(per_s)
        assert one.capacity_per_s(1) < one.capacity_per_s(64) < one.saturated_per_s


@pytest.mark.parametrize("gpu", ["t4", "l4", "a10g", "l40s", "a100", "h100"])
def test_it_agrees_with_the_figures_that_the_palette_uses(gpu: str) -> None:
    palette = float(BOOK[f"serve.{gpu}.per_item_ms"].value)
    assert served("retinanet", gpu).per_item_ms == pytest.approx(palette, rel=2e-3)


def test_a_scaled_machine_says_so_and_has_the_wider_band() -> None:
    near, far = served("retinanet", "l4"), served("retinanet", "t4")
    assert (far.kind, far.base) == ("derived", "l4")
    width = [(one.band_ms(8)[1] - one.band_ms(8)[0]) / one.batch_ms(8) for one in (near, far)]
    assert width[1] > 2 * width[0]


def test_the_engine_reaches_the_saturated_rate_and_the_unloaded_latency() -> None:
    one = served("retinanet", "l40s")
    arch = Architecture([Component("gpu", 1, one.service(max_batch=64))])
    assert arch.component("gpu").capacity_per_s == pytest.approx(one.capacity_per_s(64))
    slow = simulate(arch, Workload(Poisson(1.0)), 2_000, 0)
    assert slow.quantile_ms(0.5) == pytest.approx(1.772, rel=1e-3)
    hard = simulate(arch, Workload(Poisson(2_000.0)), 20_000, 0)
    leaving = hard.station("gpu").leave_ms
    assert 1000 * len(leaving) / leaving.max() == pytest.approx(one.capacity_per_s(64), rel=0.01)


def test_nothing_is_made_up_from_half_a_pair() -> None:
    with pytest.raises(MachineError, match=r"cross_minilm_l6.*unbatched"):
        served("cross_minilm_l6", "l4")
    with pytest.raises(MachineError, match="not of the same program"):
        fitted("x", "l4", 0.5, 1000.0)
    assert unbatched("vit_base", "i9_10940x").ms == 30.88
    with pytest.raises(MachineError, match="vit_base"):
        unbatched("vit_base", "l4")
    with pytest.raises(MachineError, match="measured on l4, l40s"):
        served("retinanet", "t4", base="h100")


def test_an_image_costs_steps_times_passes_times_arithmetic() -> None:
    one = DiffusionServing(diffusion_model("sdxl"), Gpu("a100"), steps=30, px=1024)
    assert one.network_ms == pytest.approx(30 * 2 * 5.979 / (312 * 0.4) * 1e3)
    assert one.batch_ms(4) == pytest.approx(4 * one.batch_ms(1))
    half = DiffusionServing(diffusion_model("sdxl"), Gpu("a100"), steps=30, px=512)
    assert half.batch_ms(1) == pytest.approx(one.batch_ms(1) / 4)
    turbo = DiffusionServing(diffusion_model("sdxl_turbo"), Gpu("a100"), steps=30, px=1024)
    assert turbo.network_ms == pytest.approx(one.network_ms / 2)  # no second pass
    low, high = one.band_ms()
    assert low < one.batch_ms(1) < high
    assert isinstance(one.service(4), DynamicBatch)
    with pytest.raises(MachineError, match="steps"):
        DiffusionServing(diffusion_model("sdxl"), Gpu("a100"), steps=0, px=1024)
    with pytest.raises(MachineError, match=r"dall.*sdxl"):
        diffusion_model("dall")


def test_a_hosted_model_is_a_band_not_a_number() -> None:
    one = HostedLlm("claude_sonnet_4_6")
    assert (one.first_token_ms.low, one.first_token_ms.high) == (740, 2120)
    assert one.first_token_ms == pytest.approx((740 * 1293 * 2120) ** (1 / 3), rel=1e-4)
    low, high = one.band_ms(300)
    assert low == pytest.approx(740 + 299 / 104 * 1000) and high == pytest.approx(2120 + 299 / 44.3 * 1000)
    assert low < one.total_ms(300) < high
    run = simulate(Architecture([Component("llm", 1, one.service(300, cv=0.5))]), Workload(Poisson(1.0)), 20_000, 0)
    assert run.quantile_ms(0.5) == pytest.approx(one.total_ms(300), rel=0.02)
    with pytest.raises(MachineError, match="No source gives it"):
        HostedLlm("gpt_4_1").total_ms(10)
    with pytest.raises(MachineError, match="gpt_4o"):
        HostedLlm("gpt-4o")


def test_a_gate_lets_through_what_the_contract_admits() -> None:
    gate = Component("gate", 1, RateLimit(600).pacing(1000, 500), queue_limit=5)
    run = simulate(Architecture([gate]), Workload(Poisson(25.0)), 20_000, 0)
    assert run.goodput_per_s == pytest.approx(10.0, rel=0.01)
    assert run.station("gate").leave_ms[-1] / run.station("gate").requests == pytest.approx(100.0, rel=0.01)


def test_a_rate_limit_is_the_tighter_of_two() -> None:
    assert RateLimit(600).requests_per_s(1000, 500) == 10.0
    assert RateLimit(600, 90_000).requests_per_s(1000, 500) == 1.0
    assert math.isinf(RateLimit(600).tokens_per_minute)
    with pytest.raises(MachineError, match="requests_per_minute"):
        RateLimit(0)

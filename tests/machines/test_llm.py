"""Language models: the roofline, the limit of the cache, and the step that the engine gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casebook.engine import Architecture, Component, LognormalSize, Poisson, RecordedSize, Workload, simulate
from casebook.machines import (
    Efficiency,
    Gpu,
    LlmModel,
    LlmServing,
    MachineError,
    llm_efficiency,
    llm_model,
    llm_of_size,
)

PERFECT = Efficiency(1.0, 1.0, 0.0, 1.0)
EIGHT = llm_model("llama31_8b")


def serving(gpu: str = "h100", precision: str = "fp8", accelerators: int = 1, **kwargs: object) -> LlmServing:
    return LlmServing(EIGHT, Gpu(gpu), accelerators, precision, **kwargs)  # type: ignore[arg-type]


def test_one_request_reads_every_weight_once_a_token() -> None:
    one = serving(efficiency=PERFECT)
    assert one.weights_ms == pytest.approx(8.03 / 3350 * 1e3)
    cache = 2 * 32 * 8 * 128 * 1000 / 1e9 / 3350 * 1e3  # keys and values of 1,000 tokens, one byte each
    assert one.step_ms(1, 1000) == pytest.approx(one.weights_ms + cache)


def test_prefill_is_arithmetic() -> None:
    one = serving(efficiency=PERFECT)
    by_hand = 2000 * (2 * 8.03e9 + 4 * 32 * 4096 * 1000) / 1979e12 * 1e3
    assert one.prefill_ms(2000) == pytest.approx(by_hand)
    assert one.prefill_ms(1) == pytest.approx(one.weights_ms)  # a short prompt waits for the weights


def test_slots_are_what_the_cache_leaves_room_for() -> None:
    one = serving(efficiency=PERFECT)
    assert one.slots(1000, 1000) == int((80 - 8.03) / (2 * 32 * 8 * 128 * 2000 / 1e9))
    wide = serving(efficiency=PERFECT, kv_precision="fp16")
    assert wide.slots(1000, 1000) == pytest.approx(one.slots(1000, 1000) / 2, abs=1)
    assert serving(slots_most=16).slots(1000, 1000) == 16
    with pytest.raises(MachineError, match="cache of one request does not fit"):
        LlmServing(llm_model("llama33_70b"), Gpu("h100"), 1, "fp8").slots(20_000, 1_000)


def test_the_step_for_the_engine_is_exact_at_both_ends_and_never_too_fast_between() -> None:
    for one in (serving(), serving("l4", "fp16"), serving(slots_most=1)):
        step, context = one.step(500, 200), 600.0
        assert step.ms(1) == pytest.approx(one.step_ms(1, context)) and step.fixed_ms >= 0
        assert step.ms(step.slots) == pytest.approx(one.step_ms(step.slots, context))
        for n in range(1, step.slots + 1, max(1, step.slots // 17)):
            assert step.ms(n) >= one.step_ms(n, context) * (1 - 1e-9)


def test_the_engine_reaches_the_saturated_rate_and_the_time_alone() -> None:
    one = serving("l4", slots_most=24)
    part = Component("llm", 2, one.service(700, LognormalSize(150, 0.7)))
    assert part.capacity_per_s == pytest.approx(2 * one.saturated_per_s(700, 150))
    arch = Architecture([part])
    hard = simulate(arch, Workload(Poisson(4 * part.capacity_per_s)), 12_000, 0).station("llm")
    done = sorted(hard.leave_ms)[:10_000]
    assert 1000 * 5_000 / (done[-1] - done[4_999]) == pytest.approx(part.capacity_per_s, rel=0.02)
    alone = simulate(Architecture([Component("llm", 1, one.service(700, 150))]), Workload(Poisson(0.001)), 400, 0)
    late = alone.quantile_ms(0.5) - one.alone_ms(700, 150)
    assert 0.0 <= late <= one.step_ms(1, 775) * 1.001  # never too fast, and by no more than a step


def test_the_engine_gets_lengths_as_they_are_spread() -> None:
    service = serving().service(LognormalSize(700, 1.0), RecordedSize([100, 200]))
    assert service.slots == serving().slots(700, 150)
    assert service.step_ms(1) == pytest.approx(serving().step_ms(1, 775))
    assert service.prefill_ms_per_token * 700 == pytest.approx(
        serving().prefill_ms(700) - serving().efficiency.step_overhead_ms)
    with pytest.raises(MachineError, match=r"tokens_in.*0"):
        serving().service(0, 100)


def test_decode_is_bound_by_memory_until_arithmetic_overtakes() -> None:
    one = serving(efficiency=PERFECT)
    turn = 8.03 / 3350 / (2 * 8.03 / 1e3 / 1979)  # requests in a step from which arithmetic takes longer
    assert one.step_ms(int(turn * 0.9), 0) == pytest.approx(one.weights_ms)
    assert one.step_ms(int(turn * 2), 0) == pytest.approx(2 * one.weights_ms, rel=0.01)


def test_more_and_better_hardware_is_never_slower() -> None:
    assert serving(accelerators=2).saturated_tok_s(1000, 500) > serving().saturated_tok_s(1000, 500)
    assert serving("h200").saturated_tok_s(1000, 500) > serving().saturated_tok_s(1000, 500)
    assert serving().alone_ms(1000, 500) < serving(precision="fp16").alone_ms(1000, 500)


def test_efficiency_is_open_and_its_band_is_carried_through() -> None:
    low, high = serving().saturated_band_tok_s(1000, 1000)
    assert low < serving().saturated_tok_s(1000, 1000) < high
    own = replace(llm_efficiency(), compute=0.5, bandwidth=0.9, step_overhead_ms=1.0)
    fixed = serving(efficiency=own)
    assert fixed.saturated_band_tok_s(1000, 1000) == pytest.approx([fixed.saturated_tok_s(1000, 1000)] * 2)


def test_four_bit_integers_save_reading_and_no_arithmetic() -> None:
    wide, narrow = serving("l4", "fp16", efficiency=PERFECT), serving("l4", "int4", efficiency=PERFECT)
    assert narrow.weights_ms == pytest.approx(wide.weights_ms / 4)
    assert narrow.prefill_ms(4000) == pytest.approx(wide.prefill_ms(4000))
    assert narrow.cache_precision == "fp16"


def test_any_size_of_model() -> None:
    for name in ("llama31_8b", "llama33_70b"):
        real = llm_model(name)
        guess = llm_of_size(real.parameters_b)
        assert guess.layers == pytest.approx(real.layers, rel=0.13)
        assert guess.hidden == pytest.approx(real.hidden, rel=0.13)
    assert LlmServing(llm_of_size(3.0), Gpu("t4")).saturated_tok_s(500, 200) > 0


@pytest.mark.parametrize(("make", "words"), [
    (lambda: llm_model("gpt-9"), "gpt-9.*llama31_8b"),
    (lambda: Gpu("h900"), "h900.*h100"),
    (lambda: LlmServing(EIGHT, Gpu("t4"), 1, "fp8"), "t4.*fp8.*fp16, int8"),
    (lambda: LlmServing(EIGHT, Gpu("v100")), "v100.*no memory size"),
    (lambda: LlmServing(llm_model("llama33_70b"), Gpu("l4")), "141.2 GB of weights.*do not fit"),
    (lambda: serving(precision="fp7"), "fp7.*fp16"),
    (lambda: serving(accelerators=0), "accelerators.*0.*whole number"),
    (lambda: serving().prefill_ms(0), "tokens_in"),
    (lambda: Efficiency(1.4, 0.9, 0.0, 0.9), "compute.*1.4.*part of 1"),
    (lambda: LlmModel("x", -1.0, 1, 1, 1, 1), "parameters_b.*-1"),
])
def test_what_cannot_be_is_refused_in_words(make, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MachineError, match=words):
        make()

"""The catalogue's published rows: none falls through the page, and every middle lies between its sources."""

from __future__ import annotations

import re

import pytest

from casebook import facts
from casebook.machines import Gpu, HostedLlm, gpus, hosted_models, left_aside, llm_models, published_rows

BOOK = facts.catalog()


def test_every_published_figure_has_a_row_or_a_reason() -> None:
    told = {row.id for row in published_rows()} | {id for id, _why in left_aside()}
    # the unloaded half of a pair has a row where another accelerator's pair can be scaled to it
    pairs = {f"published.single.{model}.l40s.ms" for model in ("bert_large", "resnet50")}
    series = {entry.id for entry in BOOK.entries if entry.id.startswith("published.")}
    assert series - told - pairs == set()


def test_the_output_length_is_tokens_over_samples() -> None:
    """MLPerf states samples and tokens a second; what stands in the id is their ratio, rounded."""
    ours = BOOK["published.llm.llama2_70b.fp8.h100.x8.in294.out290.nvidia.tok_s"]
    assert pytest.approx(290, abs=0.5) == 24524.9 / 84.4792 and ours.value == 24524.9


@pytest.mark.parametrize("gpu", gpus())
def test_every_accelerator_has_bandwidth_and_arithmetic(gpu: str) -> None:
    one = Gpu(gpu)
    assert one.bandwidth_gb_s > 0 and one.peak_tflops("fp16") > 0
    if gpu != "v100":
        assert one.memory_gb >= 16 and one.usd_h is not None and one.usd_h > 0


def test_hosted_bands_are_the_least_and_the_greatest_of_their_sources() -> None:
    for name in hosted_models():
        of_model = [float(entry.value) for entry in BOOK.entries
                    if re.fullmatch(rf"hosted\.{name}\.first\.\w+", entry.id)]
        first = HostedLlm(name).first_token_ms
        assert of_model and min(of_model) - 1e-9 <= first <= max(of_model) + 1e-9
        if len(of_model) > 1:
            assert (first.low, first.high) == (min(of_model), max(of_model))
        else:
            assert first.low < first < first.high


def test_models_have_the_size_that_their_name_says() -> None:
    for name in llm_models():
        size = float(re.findall(r"_(\d+)b", name)[0])
        assert BOOK[f"llm.{name}.parameters_b"].value == pytest.approx(size, rel=0.02)

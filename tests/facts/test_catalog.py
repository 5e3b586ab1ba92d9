"""The catalogue: measured pairs, scaled figures with a wider band, prices, people."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from casebook import facts

BOOK = facts.catalog()


def value(entry_id: str) -> float:
    return float(BOOK[entry_id].value)


def test_every_entry_has_a_source_with_a_date() -> None:
    for entry in BOOK.entries:
        assert BOOK.sources[entry.source].as_of, entry.id


def test_measured_entries_state_their_load() -> None:
    assert all(entry.load for entry in BOOK.entries if entry.kind == "measured")


def test_what_nobody_published_is_an_assumption_of_ours() -> None:
    for entry in BOOK.entries:
        assert (entry.kind == "assumption") == (entry.source == "ours" and not entry.derive), entry.id


@pytest.mark.parametrize(("gpu", "single_ms", "per_s"), [
    ("l4", 4.723, 458.511 / 2), ("l40s", 1.772, 1642.06 / 2),
])
def test_measured_pairs_reproduce_both_of_their_figures(gpu: str, single_ms: float, per_s: float) -> None:
    fixed, item = value(f"serve.{gpu}.fixed_ms"), value(f"serve.{gpu}.per_item_ms")
    assert fixed + item == pytest.approx(single_ms, abs=2e-3)
    assert 1000 / item == pytest.approx(per_s, rel=1e-3)


@pytest.mark.parametrize("gpu", ["t4", "a10g", "a100", "h100"])
def test_scaled_gpus_follow_both_roofs_and_have_a_visibly_wider_band(gpu: str) -> None:
    compute = value("gpu.l4.int8_tops") / value(f"gpu.{gpu}.int8_tops")
    memory = value("gpu.l4.bandwidth_gbps") / value(f"gpu.{gpu}.bandwidth_gbps")
    item = BOOK[f"serve.{gpu}.per_item_ms"]
    assert item.value == pytest.approx(value("serve.l4.per_item_ms") * math.sqrt(compute * memory), rel=2e-3)
    assert item.kind == "derived"
    low, high = BOOK.band(item.id)
    measured_low, measured_high = BOOK.band("serve.l4.per_item_ms")
    assert (high - low) / item.value > 2 * (measured_high - measured_low) / value("serve.l4.per_item_ms")


def test_the_scaling_agrees_with_the_one_throughput_that_was_published() -> None:
    low, high = BOOK.band("serve.h100.per_item_ms")
    assert low <= 1000 / value("mlperf.h100.offline_per_s") <= high


def test_prices_of_every_gpu() -> None:
    prices = {gpu: value(f"gpu.{gpu}.usd_h") for gpu in ("t4", "l4", "a10g", "l40s", "a100", "h100")}
    assert prices == {"t4": 0.526, "l4": 0.8048, "a10g": 1.006, "l40s": 1.861, "a100": 2.7447, "h100": 6.88}


def test_review_time_is_the_lognormal_through_median_and_p90() -> None:
    sigma = math.log(120 / 30) / NormalDist().inv_cdf(0.9)
    assert value("review.mean_s") == pytest.approx(30 * math.exp(sigma**2 / 2), rel=1e-3)
    assert value("review.cv") == pytest.approx(math.sqrt(math.exp(sigma**2) - 1), rel=1e-3)


def test_bands_come_from_confidence_unless_the_source_states_a_range() -> None:
    assert BOOK.band("gpu.l4.usd_h") == (pytest.approx(0.8048 * 0.95), pytest.approx(0.8048 * 1.05))
    assert BOOK.band("review.median_s") == (29, 192)


def test_icons_of_the_palette_exist() -> None:
    """Each is a class of the `diagrams` package (looked up here only; facts never imports it)."""
    from importlib import import_module

    for case_id in facts.case_ids():
        for slot in facts.load_case_data(case_id).slots:
            for option in slot.options:
                if option.none:
                    continue
                module, _, name = option.icon.rpartition(".")
                assert hasattr(import_module(f"diagrams.{module}"), name), option.icon

"""Random numbers: the right distributions, the same bits everywhere, streams that do not disturb each other."""

from __future__ import annotations

import hashlib
from statistics import NormalDist

import numpy as np
import pytest

from casebook.engine import (
    Architecture,
    Component,
    Exponential,
    Link,
    Lognormal,
    Poisson,
    Workload,
    clear_streams,
    inversion,
    limit_stream_cache,
    simulate,
    stream_cache_bytes,
    streams,
)
from casebook.engine.backend import backend, using

RAW = streams.raw_words(7, ("test",), 100_000)


def bits(values):
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()[:16]


def test_inversion_is_as_accurate_as_a_library():
    raw = np.concatenate((RAW, np.array([0, 1, 2**63, 2**64 - 1, 4096, 2**52], np.uint64)))
    u = inversion.open_uniform(raw)
    assert u.min() > 0.0
    assert u.max() < 1.0
    exponentials = inversion.unit_exponentials(raw)
    assert np.abs(exponentials + np.log(u)).max() < 1e-14
    assert exponentials.min() >= 0.0
    normal = inversion.normals(raw)
    assert max(abs(NormalDist().inv_cdf(x) - z) for x, z in zip(u[-3_000:], normal[-3_000:], strict=True)) < 1e-14
    x = np.linspace(-600.0, 600.0, 10_001)
    assert np.abs(inversion.exponential_function(x) / np.exp(x) - 1.0).max() < 1e-15 * 4
    far = np.array([1e-12, 1e-14])
    assert np.abs(inversion.normal_far_tail(far) + [NormalDist().inv_cdf(p) for p in far]).max() < 1e-12


@pytest.mark.parametrize("cv", [0.2, 1.0, 2.0])
def test_lognormal_has_the_mean_and_spread_asked_for(cv):
    x = inversion.unit_lognormals(inversion.normals(streams.raw_words(1, ("big",), 400_000)), cv)
    assert x.mean() == pytest.approx(1.0, abs=5 * cv / 632)
    assert np.log(x).std() == pytest.approx(np.sqrt(np.log(1 + cv * cv)), rel=0.01)


def test_bits_are_pinned():
    """Golden fingerprints: a change of platform, numpy or numba may not move one bit."""
    assert RAW[:2].tolist() == [10969124911804044082, 18302585160285745911]
    drawn = {"uniform": inversion.uniforms(RAW), "exponential": inversion.unit_exponentials(RAW),
             "normal": inversion.normals(RAW),
             "lognormal": inversion.unit_lognormals(inversion.normals(RAW), 1.3)}
    assert {name: bits(values) for name, values in drawn.items()} == {
        "uniform": "f52ac9091e326406",
        "exponential": "43cc0b8ab857cfde",
        "normal": "d07c9b17806b188c",
        "lognormal": "2429ea83dfbd05c2",
    }


@pytest.mark.skipif(backend() == "python", reason="numba is not there")
def test_both_backends_draw_the_same_bits():
    seen = []
    for name in ("numba", "python"):
        with using(name):
            z = inversion.normals(RAW)
            seen.append([bits(v) for v in (inversion.uniforms(RAW), inversion.unit_exponentials(RAW), z,
                                           inversion.unit_lognormals(z, 0.4))])
    assert seen[0] == seen[1]


def test_a_longer_stream_begins_with_the_shorter():
    long = streams.lognormal_stream(3, ("a",), 5_000, 1.0)
    clear_streams()
    assert streams.lognormal_stream(3, ("a",), 500, 1.0).tolist() == long[:500].tolist()
    assert streams.exponential_stream(3, ("a",), 500).tolist() != streams.exponential_stream(3, ("b",), 500).tolist()
    assert streams.exponential_stream(3, ("a",), 500).tolist() != streams.exponential_stream(4, ("a",), 500).tolist()


def test_another_component_leaves_the_draws_alone():
    first = Component("first", 3, Exponential(10.0))
    alone = simulate(Architecture([first]), Workload(Poisson(100.0)), 2_000, 5)
    clear_streams()
    behind = simulate(Architecture([first, Component("a", 1, Lognormal(2.0, 1.0))], [Link("first", "a")]),
                      Workload(Poisson(100.0)), 2_000, 5)
    assert (alone.station("first").leave_ms == behind.station("first").leave_ms).all()


def test_a_slider_step_never_goes_the_wrong_way():
    """Common random numbers: less work, or less traffic, gives every request no longer a time."""
    def p99(mean_ms, rate):
        arch = Architecture([Component("a", 4, Exponential(mean_ms))])
        return simulate(arch, Workload(Poisson(rate)), 5_000, 3).quantile_ms(0.99)

    by_work = [p99(m, 200.0) for m in np.linspace(12.0, 19.0, 15)]
    by_rate = [p99(16.0, r) for r in np.linspace(120.0, 240.0, 15)]
    assert by_work == sorted(by_work)
    assert by_rate == sorted(by_rate)


def test_the_cache_is_bounded_and_changes_nothing():
    arch, load = Architecture([Component("a", 2, Lognormal(10.0, 1.0))]), Workload(Poisson(100.0))
    clear_streams()
    try:
        limit_stream_cache(200_000)
        small = [simulate(arch, load, 5_000, seed).sojourn_ms for seed in range(8)]
        assert stream_cache_bytes() <= 200_000
    finally:
        limit_stream_cache(512 * 2**20)
    clear_streams()
    assert stream_cache_bytes() == 0
    for seed in range(8):
        assert (simulate(arch, load, 5_000, seed).sojourn_ms == small[seed]).all()

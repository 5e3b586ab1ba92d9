"""What a kept run holds on to: at most 100 bytes a request for each station, whatever serves there."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from casebook.engine import RequestClass, Workload, simulate

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
kernels = import_module("kernels")

CLASSES = (RequestClass("first", 0.3, 0), RequestClass("second", 0.7, 1))


@pytest.mark.parametrize("name", kernels.STATIONS)
def test_a_station_keeps_a_hundred_bytes_a_request(name):
    arch, n = kernels.STATIONS[name], 20_000
    simulate(arch, Workload(kernels.ARRIVALS), 10 * n, 1)  # what a longer run left behind is not this run's
    run = simulate(arch, Workload(kernels.ARRIVALS, CLASSES), n, 1)
    kept = kernels.kept_bytes(run) / n / len(arch.components)
    assert 10 < kept <= 100

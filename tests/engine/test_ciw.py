"""Against ciw, which draws its own numbers: the engine's answer lies inside the interval of ciw's runs."""

from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path

import numpy as np

from casebook.engine import simulate

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
REQUESTS, RUNS = 1_500, 10


def load(name):
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", BENCHMARKS / f"{name}.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def test_short_runs_from_empty_agree_with_ciw():
    """Mean and p90 of runs of 1,500 requests that start empty: ten by ciw, two hundred by the engine."""
    ciw, ours = load("engine_ciw"), load("engine")
    theirs = [np.array(ciw.run(REQUESTS, seed)) for seed in range(RUNS)]
    mine = [simulate(ours.ARCH, ours.LOAD, REQUESTS, seed).sojourn_ms for seed in range(200)]
    for measure in (np.mean, lambda x: np.quantile(x, 0.9)):
        values = [float(measure(run)) for run in theirs]
        half = 2.2622 * float(np.std(values, ddof=1)) / math.sqrt(RUNS)
        answer = float(np.mean([measure(run) for run in mine]))
        assert abs(answer - float(np.mean(values))) <= half
        assert half < 0.2 * answer


def test_the_peers_scripts_describe_the_same_system():
    """simpy's script, ten times as long, against the engine's long run."""
    simpy, ours = load("engine_simpy"), load("engine")
    theirs = [float(np.mean(simpy.run(4_000, seed))) for seed in range(8)]
    mine = float(np.mean([simulate(ours.ARCH, ours.LOAD, 4_000, seed).sojourn_ms.mean() for seed in range(100)]))
    half = 2.3646 * float(np.std(theirs, ddof=1)) / math.sqrt(8)
    assert abs(mine - float(np.mean(theirs))) <= half

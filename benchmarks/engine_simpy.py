"""The benchmark's workload in simpy, as its documentation would write it."""

from __future__ import annotations

import math
import random

import simpy


def run(requests: int, seed: int) -> list[float]:
    """Sojourn times in ms of ``requests`` arrivals."""
    draw = random.Random(seed)
    env = simpy.Environment()
    gateway, cache = simpy.Resource(env, 4), simpy.Resource(env, 1)
    retrieval, gpu = simpy.Resource(env, 8), simpy.Resource(env, 4)
    sigma = math.sqrt(math.log(2.0))
    mu = math.log(80.0 / 3.0) - sigma * sigma / 2.0
    sojourns: list[float] = []

    def request():
        arrived = env.now
        with gateway.request() as claim:
            yield claim
            yield env.timeout(draw.expovariate(1 / 16.0))
        with cache.request() as claim:
            yield claim
            yield env.timeout(draw.expovariate(1 / 4.0))
        if draw.random() < 0.6:
            with retrieval.request() as claim:
                yield claim
                yield env.timeout(draw.expovariate(3 / 160.0))
            with gpu.request() as claim:
                yield claim
                yield env.timeout(draw.lognormvariate(mu, sigma))
        sojourns.append(env.now - arrived)

    def source():
        for _ in range(requests):
            yield env.timeout(draw.expovariate(1 / 5.0))
            env.process(request())

    env.process(source())
    env.run()
    return sojourns

"""The benchmark's workload in ciw, as its documentation would write it."""

from __future__ import annotations

import math

import ciw


def run(requests: int, seed: int) -> list[float]:
    """Sojourn times in ms of ``requests`` arrivals."""
    sigma = math.sqrt(math.log(2.0))
    mu = math.log(80.0 / 3.0) - sigma * sigma / 2.0
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=1 / 5.0), None, None, None],
        service_distributions=[ciw.dists.Exponential(rate=1 / 16.0), ciw.dists.Exponential(rate=1 / 4.0),
                               ciw.dists.Exponential(rate=3 / 160.0), ciw.dists.Lognormal(mean=mu, sd=sigma)],
        number_of_servers=[4, 1, 8, 4],
        routing=[[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.6, 0.0], [0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(requests, method="Finish")
    times: dict[int, list[float]] = {}
    for record in simulation.get_all_records():
        first, last = times.get(record.id_number, [record.arrival_date, record.exit_date])
        times[record.id_number] = [min(first, record.arrival_date), max(last, record.exit_date)]
    return [last - first for first, last in times.values()]

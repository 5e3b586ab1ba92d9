"""Queueing formulas that stand beside a run to explain and check it; they never grade.

Rates are a second, times in ms, loads in erlangs. `explain(run)` names what makes run and formula differ.
"""

from __future__ import annotations

from casebook.engine.formulas.availability import (
    down_minutes_a_month,
    from_times,
    in_parallel,
    in_series,
    k_of_n,
    path_availability,
)
from casebook.engine.formulas.bounded import LossyQueue, erlang_a, mmc_wait_limit, mmck
from casebook.engine.formulas.caches import hit_share_lru, hit_share_ttl, zipf
from casebook.engine.formulas.erlang import erlang_b, erlang_b_load, erlang_b_servers, erlang_c, erlang_c_servers
from casebook.engine.formulas.explain import Cause, Explanation, counted_inside, explain
from casebook.engine.formulas.general import (
    PriorityClass,
    cv2_arrivals,
    little,
    mean_wait_allen_cunneen_ms,
    mean_wait_mg1_ms,
    mean_waits_priority_ms,
    wait_bound_kingman_ms,
)
from casebook.engine.formulas.mmc import (
    Queue,
    mean_wait_mmc_ms,
    mmc,
    sojourn_quantile_mmc_ms,
    sojourn_tail_mmc,
    wait_quantile_mmc_ms,
    wait_tail_mmc,
)
from casebook.engine.formulas.network import NetworkEstimate, StationEstimate, network

__all__ = [
    "Cause", "Explanation", "LossyQueue", "NetworkEstimate", "PriorityClass", "Queue", "StationEstimate",
    "counted_inside", "cv2_arrivals", "down_minutes_a_month", "erlang_a", "erlang_b", "erlang_b_load",
    "erlang_b_servers", "erlang_c", "erlang_c_servers", "explain", "from_times", "hit_share_lru", "hit_share_ttl",
    "in_parallel", "in_series", "k_of_n", "little", "mean_wait_allen_cunneen_ms", "mean_wait_mg1_ms",
    "mean_wait_mmc_ms", "mean_waits_priority_ms", "mmc", "mmc_wait_limit", "mmck", "network", "path_availability",
    "sojourn_quantile_mmc_ms", "sojourn_tail_mmc", "wait_bound_kingman_ms", "wait_quantile_mmc_ms", "wait_tail_mmc",
    "zipf",
]

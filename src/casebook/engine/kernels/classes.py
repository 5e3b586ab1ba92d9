"""A split whose shares differ by class of request."""

from __future__ import annotations

from typing import Any

from casebook.engine.backend import kernel


@kernel(6, 7)
def pick_by_class(times: Any, ids: Any, draws: Any, class_of: Any, low: Any, high: Any, out_times: Any,
                  out_ids: Any) -> int:
    """Keep the visits whose request of class c drew a number in [low[c], high[c]), in order; returns how many."""
    count = 0
    for k in range(len(times)):
        id = ids[k]
        u = draws[id]
        c = class_of[id]
        out_times[count] = times[k]
        out_ids[count] = id
        count += 1 if low[c] <= u < high[c] else 0
    return count

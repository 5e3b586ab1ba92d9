"""A station that batches continuously: draws its requests' tokens, and runs their visits."""

from __future__ import annotations

import numpy as np

from casebook.engine.component import Component
from casebook.engine.errors import EngineError
from casebook.engine.inversion import Floats
from casebook.engine.kernels.continuous import continuous_batch
from casebook.engine.services import ContinuousBatch
from casebook.engine.sizes import draw_tokens, whole_tokens
from casebook.engine.streams import Key
from casebook.engine.visits import Ids, Visits

_MOST_PLACES = 50_000_000  # servers × slots of one station: 400 MB of scratch


STREAMS = 2  # output tokens, and behind them those of the prompts


def token_stream(service: ContinuousBatch, which: int, seed: int, key: Key, count: int,
                 relative: Floats | None) -> Floats:
    """Output tokens (``which`` 0) or prompt tokens (1) of ``count`` requests before rounding, shape (count,).

    ``relative`` is each request's size over the mean size of the workload; None where all are alike.
    """
    source, name = ((service.output, "output"), (service.prompt, "prompt"))[which]
    return draw_tokens(source, seed, (*key, name), count, relative)


def run_continuous(component: Component, service: ContinuousBatch, arrive: Floats, ids: Ids, drawn: Floats) -> Visits:
    """Run the visits ``arrive`` (rising, ms) of requests ``ids``. Request i writes ``drawn[i]`` tokens and reads
    ``drawn[len(drawn) / 2 + i]``, both rounded here to whole numbers of 1 or more."""
    n = len(arrive)
    tokens = whole_tokens(drawn[: len(drawn) // STREAMS])
    prefill = whole_tokens(drawn[len(drawn) // STREAMS :]) * float(service.prefill_ms_per_token)
    servers, slots = min(component.servers, max(n, 1)), min(int(service.slots), max(n, 1))
    if servers * slots > _MOST_PLACES:
        raise EngineError(f"component '{component.id}', servers × slots", servers * slots,
                          f"The engine follows at most {_MOST_PLACES:,} places at one station: give it fewer servers "
                          "or slots.")
    total = float(tokens[ids].sum()) if n else 0.0
    if total >= 2.0**32:
        raise EngineError(f"component '{component.id}', output tokens of the run", total,
                          "The engine counts at most 4 billion tokens: simulate fewer requests or shorter answers.")
    start, first, leave, sorted_leave, busy_from, busy_until = (np.empty(n) for _ in range(6))
    sorted_ids = np.empty(n, np.int32)
    anchor, step = np.empty(servers), np.empty(servers)
    size, counted, anchor_count, spell = (np.empty(servers, np.int64) for _ in range(4))
    spells = continuous_batch(
        arrive, ids, tokens, prefill, float(service.fixed_ms), float(service.per_item_ms), slots, servers, start, first,
        leave, sorted_leave, sorted_ids, busy_from, busy_until, np.empty(servers * slots, np.int64), size, counted,
        anchor, anchor_count, step, spell)
    return Visits(ids, arrive, start, leave, sorted_leave, sorted_ids, busy_from[:spells].copy(),
                  busy_until[:spells].copy(), first_token=first, tokens=tokens[ids].astype(np.int32))

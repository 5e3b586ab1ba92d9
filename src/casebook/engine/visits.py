"""What happened at one station: the arrays that every report on it is computed from."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from casebook.engine.inversion import Floats

Ids = npt.NDArray[np.int32]


def _no_times() -> Floats:
    return np.empty(0)


def _no_ids() -> Ids:
    return np.empty(0, np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """Times in ms.

    ``arrive``, ``start`` and ``leave`` are in arrival order, ``sorted_leave`` and ``sorted_ids`` in departure
    order; ``busy_from`` and ``busy_until`` are what its servers did, visit by visit or batch by batch.
    ``refused`` and ``refused_ids`` are the visits that found the queue full or the station down; they are in none
    of the others. ``gave_up_ids`` are requests whose last try was not answered in time. ``down_from`` and
    ``down_until`` are the windows in which the station did not work (the busy times are then counted in the time
    that it was up). ``scale_at``, ``scale_ready`` and ``scale_paid`` say from when on how many servers were there,
    and how many there were with those that were still starting. Where answers come token by token, ``first_token``
    is when each visit's first came and ``tokens`` how many it had, in arrival order.
    """

    ids: Ids
    arrive: Floats
    start: Floats
    leave: Floats
    sorted_leave: Floats
    sorted_ids: Ids
    busy_from: Floats
    busy_until: Floats
    refused: Floats = field(default_factory=_no_times)
    refused_ids: Ids = field(default_factory=_no_ids)
    gave_up_ids: Ids = field(default_factory=_no_ids)
    down_from: Floats = field(default_factory=_no_times)
    down_until: Floats = field(default_factory=_no_times)
    scale_at: Floats = field(default_factory=_no_times)
    scale_ready: Floats = field(default_factory=_no_times)
    scale_paid: Floats = field(default_factory=_no_times)
    first_token: Floats = field(default_factory=_no_times)
    tokens: Ids = field(default_factory=_no_ids)

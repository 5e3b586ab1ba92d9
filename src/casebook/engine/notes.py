"""What of a system the engine does not compute exactly as it is, in words for whoever reads the figures."""

from __future__ import annotations

from casebook.engine.architecture import Architecture
from casebook.engine.classes import class_sizes
from casebook.engine.services import DynamicBatch
from casebook.engine.workload import Workload


def notes(arch: Architecture, workload: Workload) -> tuple[str, ...]:
    """One sentence for each part that stands for something richer; empty when all is exact."""
    said: list[str] = []
    for part in arch.components:
        if part.repeat is not None and part.repeat.pause.mean_ms > 0.0:
            said.append(
                f"'{part.id}' is visited {part.repeat.mean_visits:.3g} times a request on average. Every visit queues "
                f"there as it would, but what happens in between is a pause of {part.repeat.pause.mean_ms:g} ms "
                "on average that never queues: tools that slow down under load would make the tail longer than shown.")
        if isinstance(part.service, DynamicBatch) and class_sizes(workload, part.id) is not None:
            said.append(
                f"'{part.id}' takes as long for a batch as it has items: the sizes of the request classes do not "
                "lengthen its batches.")
    return tuple(said)

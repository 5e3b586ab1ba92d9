"""Classes of requests that go their own ways: a class's shares at a split, checked against the links there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from casebook.engine.errors import EngineError, number
from casebook.engine.inversion import Floats

if TYPE_CHECKING:
    from casebook.engine.architecture import Architecture
    from casebook.engine.workload import Workload


@dataclass(frozen=True, slots=True)
class Route:
    """``share`` of a class's requests that leave ``src`` go to ``dst``.

    A class that has routes out of a component goes by them alone there: links it does not name get nothing of it.
    """

    src: str
    dst: str
    share: float = 1.0

    def __post_init__(self) -> None:
        number(f"route '{self.src}' → '{self.dst}'", "share", self.share, at_least=0.0)
        if self.share > 1.0:
            raise EngineError(f"route '{self.src}' → '{self.dst}', share", self.share,
                              "A share is a part of 1: give 0.4 for 40 %.")


def check_routes(arch: Architecture, workload: Workload) -> None:
    """Refuse routes along links that are not there, and sizes at stations that are not there."""
    ways = {(link.src, link.dst) for link in arch.links if link.kind == "request"}
    ids = {component.id for component in arch.components}
    for one in workload.classes:
        for route in one.routes:
            if (route.src, route.dst) not in ways:
                raise EngineError(f"request class '{one.name}', route '{route.src}' → '{route.dst}'", route.share,
                                  "There is no such request link: add Link(…, share=0) to the architecture, or "
                                  "change the route.")
        for id in one.size_at:
            if id not in ids:
                raise EngineError(f"request class '{one.name}', size_at", id,
                                  f"There is no such component; there are {sorted(ids)}.")


def class_shares(arch: Architecture, workload: Workload, id: str) -> Floats | None:
    """Shares of the request links out of ``id``, shape (classes, links); None when all classes go alike."""
    if not any(route.src == id for one in workload.classes for route in one.routes):
        return None
    links = arch.out(id, "request")
    table = []
    for one in workload.classes:
        own = {route.dst: route.share for route in one.routes if route.src == id}
        table.append([own.get(link.dst, 0.0) if own else link.share for link in links])
    return np.array(table, np.float64)


def class_sizes(workload: Workload, id: str) -> Floats | None:
    """Factor of each class on the service times of ``id``, shape (classes,); None when all are 1."""
    sizes = [float(one.size) if not one.size_at or id in one.size_at else 1.0 for one in workload.classes]
    return np.array(sizes) if any(size != 1.0 for size in sizes) else None

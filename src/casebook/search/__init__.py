"""The cheapest design that meets the targets, the front of what can be had, and which knob moves what.

Knows a case and its designs; never what a learner wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.lean import door

if TYPE_CHECKING:
    from casebook.search.cheapest import optimise
    from casebook.search.errors import SearchError
    from casebook.search.found import Found
    from casebook.search.frontier import Front, Point, front, pareto
    from casebook.search.nearby import around
    from casebook.search.sensitivity import Bar, Tornado, knob_tornado, source_tornado
    from casebook.search.space import Space
    from casebook.search.workers import Cluster, Threads

_HOME = {
    "around": "nearby", "SearchError": "errors", "Front": "frontier", "Point": "frontier", "front": "frontier",
    "pareto": "frontier",
    "Found": "found", "optimise": "cheapest", "Bar": "sensitivity", "Tornado": "sensitivity",
    "knob_tornado": "sensitivity", "source_tornado": "sensitivity", "Space": "space", "Cluster": "workers",
    "Threads": "workers",
}

__all__ = [
    "Bar", "Cluster", "Found", "Front", "Point", "SearchError", "Space", "Threads", "Tornado", "around", "front",
    "knob_tornado", "optimise", "pareto", "source_tornado",
]

__getattr__ = door(__name__, {name: f"casebook.search.{module}" for name, module in _HOME.items()})

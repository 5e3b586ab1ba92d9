"""The simulator: exact, stage by stage over sorted arrivals, the same bits on every platform.

``simulate(Architecture(…), Workload(Poisson(rate_per_s=200)))`` gives a Run; docs/engine.md says how.
"""

from __future__ import annotations

from casebook.engine.architecture import Architecture, Component, Link
from casebook.engine.autoscale import Autoscale
from casebook.engine.backend import backend
from casebook.engine.classes import Route
from casebook.engine.errors import EngineError
from casebook.engine.graded import GradedRun, graded
from casebook.engine.growth import Growth
from casebook.engine.load import Experience, Load, loads
from casebook.engine.network import simulate
from casebook.engine.outage import Breakdowns, Outages
from casebook.engine.repeat import Repeat
from casebook.engine.run import Run, StationRun
from casebook.engine.services import (
    ContinuousBatch,
    Delay,
    Deterministic,
    DynamicBatch,
    Exponential,
    Lognormal,
    Retry,
    Serverless,
    Sized,
)
from casebook.engine.sizes import BySize, FixedSize, LognormalSize, RecordedSize
from casebook.engine.staffed import StaffedHours
from casebook.engine.streams import clear_streams, limit_stream_cache, stream_cache_bytes
from casebook.engine.trace import Trace
from casebook.engine.version import source_digest
from casebook.engine.workload import Bursty, Diurnal, FlashCrowd, Poisson, RequestClass, Workload

VERSION = source_digest()  # part of every cache key: another one whenever a result may differ

__all__ = [
    "VERSION",
    "Architecture",
    "Autoscale",
    "Breakdowns",
    "Bursty",
    "BySize",
    "Component",
    "ContinuousBatch",
    "Delay",
    "Deterministic",
    "Diurnal",
    "DynamicBatch",
    "EngineError",
    "Experience",
    "Exponential",
    "FixedSize",
    "FlashCrowd",
    "GradedRun",
    "Growth",
    "Link",
    "Load",
    "Lognormal",
    "LognormalSize",
    "Outages",
    "Poisson",
    "RecordedSize",
    "Repeat",
    "RequestClass",
    "Retry",
    "Route",
    "Run",
    "Serverless",
    "Sized",
    "StaffedHours",
    "StationRun",
    "Trace",
    "Workload",
    "backend",
    "clear_streams",
    "graded",
    "limit_stream_cache",
    "loads",
    "simulate",
    "stream_cache_bytes",
]

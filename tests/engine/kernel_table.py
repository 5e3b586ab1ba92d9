"""Every kernel beside what proves it and what it leaves out: the first table of the proof."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from casebook.engine import kernels
from casebook.engine.backend import Kernel
from tests.engine import reference

# kernel: (slow reference or what stands in for one, what it leaves out)
TOLD = {
    "fifo_one": ("fifo", "servers that differ, service that depends on the queue"),
    "fifo_few": ("fifo", "servers that differ; this one is for two to four"),
    "fifo_many": ("fifo", "servers that differ; this one is for any number"),
    "fifo_bounded": ("bounded, short_waits", "retries of the refused; who has been taken in stays to the end"),
    "fifo_retry": ("impatient", "patience over the whole way; a server that notices that nobody waits; limited queues"),
    "by_priority": ("ranked", "interruption; urgency that rises with the wait"),
    "dynamic_batch": ("batches", "items of unequal size; scatter of a batch's time; a queue for each server"),
    "continuous_batch": ("token_steps", "prompts read in pieces; memory that fills before the slots do; requests put "
                                        "back; shared prompts; tokens guessed ahead; routers that choose on arrival"),
    "serverless": ("instances", "instances kept warm for nobody; cold starts of unequal length; a limit on starts"),
    "autoscaled": ("event calendar in simpy", "rules that foresee; servers that differ; starts that fail"),
    "fifo_again": ("event calendar in simpy", "passes that depend on what a pass found; other stations between two "
                                              "passes"),
    "to_up": ("event calendar in simpy", "work that is lost when the station goes down; degraded service"),
    "to_clock": ("event calendar in simpy", "work that is lost when the station goes down; degraded service"),
    "join_last": ("event calendar in simpy", "going on with the first few; branches cancelled when one fails"),
    "pick_by_class": ("event calendar in simpy", "routes that look at queues"),
    "pick": ("one line of Python", "routes that look at queues"),
    "merge": ("sorting", "nothing"),
    "in_order": ("sorting", "nothing"),
    "finish": ("one line of Python", "nothing"),
    "overlap": ("one line of Python", "nothing"),
    "fill": ("sorting", "numbers below zero, which numpy's partition takes"),
    "gather": ("sorting", "numbers below zero, which numpy's partition takes"),
    "_to_open": ("is_open, work_until", "holidays, lunch, summer time"),
    "_to_clock": ("is_open, work_until", "holidays, lunch, summer time"),
    "_stretch": ("arrivals_by_rate", "rates that change within a step"),
}


def every_kernel() -> dict[str, str]:
    """Kernels of the stations, flows, hours and arrivals: name → module."""
    modules = [f"casebook.engine.kernels.{one.name}" for one in pkgutil.iter_modules(kernels.__path__)]
    found = {}
    for name in [*modules, "casebook.engine.staffed", "casebook.engine.workload"]:
        module = importlib.import_module(name)
        found |= {key: name for key, one in vars(module).items()
                  if isinstance(one, Kernel) and one.source.__module__ == name}
    return found


def named_references() -> list[str]:
    """Names of functions in reference.py that the table names."""
    words = {word for text, _ in TOLD.values() for word in text.split(", ")}
    return sorted(words & {name for name, _ in inspect.getmembers(reference, inspect.isfunction)})


def kernel_table(broken: dict[str, tuple]) -> list[str]:
    """Lines of the table; ``broken`` is ``test_broken.BROKEN``."""
    lines = ["Every kernel: what it was compared with visit by visit, how often it was broken on purpose and noticed, "
             "and what it leaves out:", "", "| kernel | compared with | broken | leaves out |", "|---|---|---:|---|"]
    for name, module in sorted(every_kernel().items(), key=lambda one: (one[1], one[0])):
        times = sum(places[0][1] == name and f"casebook.engine.{where}" == module
                    for where, _, _, places, _ in broken.values())
        compared, out = TOLD[name]
        lines.append(f"| `{name.lstrip('_')}` ({module.rsplit('.', 1)[1]}) | {compared} | {times} | {out} |")
    return lines

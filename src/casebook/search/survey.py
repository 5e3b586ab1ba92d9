"""Which designs the front is drawn over: what arithmetic keeps, sized to its load, spread evenly over the bills."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from casebook.design import Design, Evaluation
from casebook.design.design import knobs_of
from casebook.design.sketch import demand_of, path_of, sketch
from casebook.search.frontier import pareto, quality_target
from casebook.search.task import Task

LOADS = (0.8, 0.4)  # busy share of the machines that a design is sized to


def survey(task: Task, left: Iterable[Evaluation], count: int) -> list[Design]:
    """At most ``count`` designs that keep the targets known by arithmetic, in the order of their bills."""
    kept: dict[tuple[Any, ...], list[tuple[float, float, Design]]] = {}
    target = quality_target(task.data)
    for made in left:
        value = made.figure(target.metric) * (-1.0 if target.direction == "min" else 1.0) if target else 0.0
        kept.setdefault(task.family(made), []).append((made.cost_usd_month, value, made.design))
    designs: list[Design] = []
    for rows in kept.values():
        for i in pareto([row[:2] for row in rows]):
            designs += sized(task, rows[i][2])
    priced = sorted((sketch(d, task.conditions).cost_usd_month, i) for i, d in enumerate(designs))
    # Spread evenly over the bills, so that the dear and quick end of the front is there too.
    step = max(1.0, len(priced) / max(1, count))
    return [designs[priced[int(k * step)][1]] for k in range(min(count, len(priced)))]


def sized(task: Task, design: Design) -> list[Design]:
    """A design with a quarter more machines than just keep up and with two and a half times as many.

    People: a shift of the usual length that is busy four fifths of the time; none where nobody could do it.
    """
    roles, known = task.space.roles(design.choices), knobs_of(task.data, design.choices)
    free = {name: role for name, role in roles.items() if name not in task.space.only}
    usual = {name: float(known[name].default) for name, role in free.items() if role == "hours"}
    knobs = dict(design.knobs) | usual
    hours_day = sketch(design, task.conditions).quality_model.figures.get("review_hours_day", 0.0)
    for slot in design.components:
        staffing = design.option(slot).staffing
        if staffing is not None and free.get(staffing.people) == "people":
            open_share = knobs[staffing.hours] * float(staffing.days_per_week) / 7.0
            knobs[staffing.people] = max(1.0, math.ceil(hours_day / open_share / 0.8))
            if knobs[staffing.people] > float(known[staffing.people].max):
                return []
    counts = [name for name, role in free.items() if role == "count"]
    full = {name: float(known[name].max) for name in counts}
    demand = demand_of(*path_of(Design(design.case_id, design.choices, knobs | full), task.conditions))
    made = []
    for load in LOADS:
        for name in counts:
            slots = [s for s in design.components if design.option(s).capacity.per == name]
            need = max((demand.get(slot, 0.0) for slot in slots), default=0.0) * full[name] / load
            knobs[name] = float(min(full[name], max(float(known[name].min), math.ceil(need))))
        made.append(Design(design.case_id, design.choices, dict(knobs)))
    return list(dict.fromkeys(made))

"""What the workers are asked about one design: its machines, its people, its grade, and its path without queues."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from casebook.design import Conditions, Design, Evaluation, evaluate
from casebook.design.design import knobs_of
from casebook.design.people import items_day
from casebook.design.sketch import path_of, sketch, unqueued
from casebook.economics import Usage, option_usd_month
from casebook.engine import simulate
from casebook.search.settle import Path, Shift
from casebook.search.task import Task


def path_question(task: Task, choices: Mapping[str, str], knobs: Mapping[str, float]) -> Path:
    """Which counts and free knobs let this path meet the limits at the lowest price?"""
    known, roles, only = knobs_of(task.data, choices), task.space.roles(choices), task.space.only
    counts = [name for name, role in roles.items() if role == "count"]
    lowest = {n: int(min(only[n])) if n in only else int(known[n].min) for n in counts}
    highest = {n: int(max(only[n])) if n in only else int(known[n].max) for n in counts}
    free = [name for name, role in roles.items() if role == "free"]
    trials = [dict(zip(free, values, strict=True))
              for values in itertools.product(*(task.space.trials(name, choices) for name in free))]
    return Path(Design(task.case.id, choices, knobs), task.conditions, task.tails,
                _unit_usd(task, choices, counts, knobs), tuple(trials), lowest, highest)


def _unit_usd(
    task: Task, choices: Mapping[str, str], counts: Sequence[str], knobs: Mapping[str, float]
) -> dict[str, float]:
    """USD a month that one more unit of a count costs."""
    prices = {}
    for name in counts:
        prices[name] = 0.0
        for slot, option_id in choices.items():
            option = task.data.option(slot, option_id)
            if option.cost.units == name:
                one = option_usd_month(option, Usage(0.0, dict(knobs) | {name: 1.0}), 0.0)
                prices[name] += one.get("machines", 0.0)
    return prices


def shift_question(task: Task, choices: Mapping[str, str], knobs: Mapping[str, float]) -> Shift | None:
    """Which shift answers within the limit? None where no target asks for it or nobody reviews."""
    if not math.isfinite(task.wait_hours):
        return None
    slot = next((s for s, o in choices.items() if task.data.option(s, o).staffing is not None), None)
    if slot is None:
        review = task.data.slot_of_role("review")
        if review is None or task.data.option(review.id, choices[review.id]).none:
            return None
        slot = review.id
    staffing = task.data.option(slot, choices[slot]).staffing
    hours = () if staffing is None else task.space.values(staffing.hours, choices)
    return Shift(Design(task.case.id, choices, knobs), task.conditions, slot, task.wait_hours, hours)


def shift_key(shift: Shift) -> tuple[Any, ...]:
    """The wait depends on who reviews and on how much comes to them a day."""
    made = sketch(shift.design, shift.conditions)
    return shift.design.choices[shift.slot], round(items_day(shift.design, made.quality_model), 9)


def grade(question: tuple[Design, Conditions]) -> Evaluation:
    """The graded evaluation of a design."""
    return evaluate(question[0], question[1], graded=True)


def still_tail_ms(question: tuple[Design, Conditions, float, int, tuple[int, ...]]) -> float:
    """Mean over the seeds of the quantile of a path on which nobody waits, in ms."""
    design, conditions, q, requests, seeds = question
    arch, workload = path_of(design, conditions)
    still = unqueued(arch, workload)
    return math.fsum(simulate(still, workload, requests, seed).quantile_ms(q) for seed in seeds) / len(seeds)

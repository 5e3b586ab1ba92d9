"""A case's integrity: whatever it names exists in it, once; forks come together, models have what they need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from casebook.facts.errors import near_miss
from casebook.facts.formula import check_formulas
from casebook.facts.scenario import Arrivals
from casebook.facts.variant import check_variants

if TYPE_CHECKING:
    from casebook.facts.case import CaseData
    from casebook.facts.palette import Slot
    from casebook.facts.story import Preset

FIGURES = ("latency_ms", "cost_usd_per_request", "cost_usd_month", "review_wait_hours", "mvp_weeks", "weeks_to_live",
           "availability", "time_above_slo", "above_slo_share", "goodput_per_s", "refused_share", "timed_out_share",
           "wasted_work_share", "first_token_p95_ms", "token_p95_ms")
ALONE = ("serving", "review", "feedback", "queue", "filter")


def check_case(case: CaseData) -> None:
    """``ValueError`` for the first thing that the case names and does not have, or has twice, with the remedy."""
    slots = {slot.id: slot for slot in case.slots}
    for what, items in (("slot", case.slots), ("scenario", case.scenarios), ("group", case.groups),
                        ("target", case.targets), ("question", case.questions), ("preset", case.presets),
                        ("pushback", case.pushbacks), ("audit", case.audits), ("check", case.checks)):
        _unique(what, (item.id for item in items))
    for slot in case.slots:
        _unique(f"option of {slot.id!r}", (option.id for option in slot.options))
        for option in slot.options:
            if option.wins_when is not None:
                where = f"option {option.id!r} of {slot.id!r}, wins_when"
                _known("scenario", option.wins_when.scenario, (item.id for item in case.scenarios), where)
        _known("group", slot.group, (group.id for group in case.groups), f"slot {slot.id!r}")
        for owner in slot.owner_kinds:
            _known("owner", owner, case.owners, f"slot {slot.id!r}")
        if slot.required and any(option.none for option in slot.options):
            raise ValueError(f"slot {slot.id!r} is required but has a 'none' option. Drop one of the two")
    for link in case.links:
        for end in (link.src, link.dst):
            _known("slot", end, slots, f"link {link.src} -> {link.dst}")
    _check_forks(case, slots)
    for scenario in case.scenarios:
        for kind in scenario.kinds:
            for slot_id in kind.size_at:
                _known("slot", slot_id, slots, f"scenario {scenario.id!r}, kind {kind.id!r}")
    for preset in case.presets:
        _check_preset(case, preset, slots)
    if case.default_scenario:
        _known("scenario", case.default_scenario, (item.id for item in case.scenarios), "default_scenario")
    _check_model(case)
    _check_questions(case)
    check_formulas(case)
    _check_targets(case)
    check_variants(case)


def _check_forks(case: CaseData, slots: dict[str, Slot]) -> None:
    forks = {link.src for link in case.links if link.kind == "fanout"}
    joins = {slot.joins: slot for slot in case.slots if slot.joins}
    for slot in case.slots:
        if slot.joins and slot.joins not in forks:
            raise ValueError(f"slot {slot.id!r} joins {slot.joins!r}, which has no links of kind 'fanout'. "
                             "Name the slot that fans out, or drop 'joins'")
    for fork in sorted(forks):
        if fork not in joins:
            raise ValueError(f"what fans out at the slot {fork!r} never comes together. "
                             f"Give the slot behind the branches joins: {fork}")
        for slot in (slots[fork], joins[fork]):
            if any(option.none for option in slot.options):
                raise ValueError(f"slot {slot.id!r} fans out or joins, so it must be filled. "
                                 "Drop its 'none' option")
        if any(link.src == fork and link.kind == "request" for link in case.links):
            raise ValueError(f"the slot {fork!r} has links of kind 'request' and 'fanout'. "
                             "Put a slot between the two")


def _check_model(case: CaseData) -> None:
    if case.quality_model != "two-normal-roc":
        return
    for name in ("threshold_knob", "cache_knob", "missed_usd", "blocked_usd", "cache_d_prime_loss"):
        if name not in case.quality.model_fields_set:
            raise ValueError(f"quality: the model two-normal-roc needs {name!r}. Add it")
    for knob in (case.quality.threshold_knob, case.quality.cache_knob):
        _known("knob", knob, case.every_knob, "quality")
    for role in ALONE:
        found = [slot.id for slot in case.slots if slot.role == role]
        if len(found) > 1:
            raise ValueError(f"the slots {', '.join(found)} have the role {role!r}, and the model two-normal-roc "
                             "knows one. Give the others another role")
    if case.slot_of_role("serving") is None:
        raise ValueError("no slot has the role 'serving', which the model two-normal-roc needs. Name it")
    for scenario in case.scenarios:
        if "prevalence" not in scenario.every_fact:
            raise ValueError(f"scenario {scenario.id!r} lacks the fact 'prevalence', which the model "
                             "two-normal-roc needs. Add it under 'facts'")


def _check_targets(case: CaseData) -> None:
    figures = {f"quality.{name}" for name in case.figure_names}
    for target in case.targets:
        _known("figure", target.metric, (*FIGURES, *sorted(figures)), f"target {target.id!r}")
    for pushback in case.pushbacks:
        _known("figure", pushback.asks.metric, (*FIGURES, *sorted(figures)), f"pushback {pushback.id!r}")
    primary = [target.id for target in case.targets if target.role == "primary"]
    if len(primary) > 1:
        raise ValueError(f"the targets {', '.join(primary)} are both primary. Make all but one guards")


def _check_preset(case: CaseData, preset: Preset, slots: dict[str, Slot]) -> None:
    where = f"preset {preset.id!r}"
    known_knobs = set(case.knobs)
    for slot_id, option_id in preset.choices.items():
        _known("slot", slot_id, slots, where)
        _known("option", option_id, (option.id for option in slots[slot_id].options), where)
        known_knobs.update(slots[slot_id].option(option_id).knobs)
    for slot in case.slots:
        if slot.id not in preset.choices:
            raise ValueError(f"{where} leaves the slot {slot.id!r} open. Choose an option for it")
    for knob in preset.knobs:
        _known("knob", knob, known_knobs, where)


def _check_questions(case: CaseData) -> None:
    pushbacks = [pushback.id for pushback in case.pushbacks]
    questions = [question.id for question in case.questions]
    scenarios = [scenario.id for scenario in case.scenarios]
    for question in case.questions:
        if question.tested_by:
            _known("pushback", question.tested_by, pushbacks, f"question {question.id!r}")
            if not any(question.id in item.tests for item in case.pushbacks if item.id == question.tested_by):
                raise ValueError(f"pushback {question.tested_by!r} does not list the question {question.id!r} "
                                 "that it tests. Add it to 'tests'")
    for pushback in case.pushbacks:
        for question_id in pushback.tests:
            _known("question", question_id, questions, f"pushback {pushback.id!r}")
        if pushback.change.scenario:
            _known("scenario", pushback.change.scenario, scenarios, f"pushback {pushback.id!r}")
        for target in pushback.change.targets:
            _known("target", target, (item.id for item in case.targets), f"pushback {pushback.id!r}")
        for name in pushback.change.facts:
            _known("fact", name, case.fact_names, f"pushback {pushback.id!r}")
        for name in pushback.change.arrivals:
            _known("key of arrivals", name, Arrivals.model_fields, f"pushback {pushback.id!r}")


def _unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise ValueError(f"the {what} {name!r} appears twice. Rename one")
        seen.add(name)


def _known(what: str, name: str, known: Iterable[str], where: str) -> None:
    names = list(known)
    if name not in names:
        raise ValueError(f"{where} names the unknown {what} {name!r}. {near_miss(name, names)}")

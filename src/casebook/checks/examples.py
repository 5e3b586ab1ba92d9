"""Lines that would pass, in the words and numbers of the case at hand: what a finding shows as "for example"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casebook.checks.casefile import (
    entries,
    latency_target,
    primary_target,
    slot_of_role,
    target_words,
    targets_of_role,
)

if TYPE_CHECKING:
    from casebook.facts.case import CaseData, Target
    from casebook.facts.palette import Slot


def word(target: Target, data: CaseData) -> str:
    """What a learner calls this target."""
    return target_words(data)[target.id][0]


def metric(target: Target, data: CaseData) -> str:
    """The text of a metric that commits to this target's limit."""
    name, limit = word(target, data), float(target.limit)
    sign = "<" if target.direction == "max" else ">"
    if target.metric == "latency_ms":
        quantile = 100 * float(target.quantile or 0.99)
        span = f"from {data.unit.request} to {target.span or 'answer'}"
        size = f"{limit / 1000:g} s" if limit >= 1000 else f"{limit:g} ms"
        return f"p{quantile:g} {name} {span} {sign} {size} over 1 week"
    if change_of(target, data) == "relative":
        way = "-" if falls(target, data) else "+"
        return f"{name} {way}{100 * limit:g} % relative within {months(target, data):g} months"
    if target.unit == "share":
        return f"{name} {sign} {100 * limit:g} % weekly"
    if target.unit == "usd":
        return f"{name} {sign} ${limit:g} over 1 month"
    return f"{name} {sign} {limit:g} {target.unit} weekly"


def metric_record(target: Target | None, data: CaseData, kind: str) -> str:
    """The whole line of Python; '' where the case has no such target."""
    if target is None:
        return ""
    told = f', kind="{kind}"' if kind != "primary" else ""
    start = f', baseline="{baseline(data)}"' if kind == "primary" and change_of(target, data) else ""
    return f'Metric("{metric(target, data)}"{start}{told})'


def primary(data: CaseData) -> str:
    """A primary metric."""
    return metric_record(primary_target(data), data, "primary")


def guard_target(data: CaseData) -> Target | None:
    """What the goal could ruin: the first guard, else the first target that is not the primary one."""
    first = next(iter(targets_of_role(data, "guard")), None)
    goal = primary_target(data)
    return first or next((item for item in data.targets if goal is None or item.id != goal.id), None)


def guard(data: CaseData) -> str:
    """A guardrail."""
    return metric_record(guard_target(data), data, "guardrail")


def promise(data: CaseData) -> str:
    """A promise of latency."""
    target = latency_target(data)
    goal = primary_target(data)
    return metric_record(target, data, "primary" if target and goal and target.id == goal.id else "guardrail")


def goal_entry(target: Target, data: CaseData) -> dict[str, object]:
    """Parameters of the case's check of kind goal about this target."""
    for entry in entries(data):
        if entry.kind == "goal" and entry.params.get("target", target.id) == target.id:
            return entry.params
    return {}


def change_of(target: Target, data: CaseData) -> str:
    """relative or points where the goal is a change, '' where it is a level."""
    goal = primary_target(data)
    if goal is None or goal.id != target.id:
        return ""
    told = str(goal_entry(target, data).get("change", ""))
    return told if told != "level" else ""


def falls(target: Target, data: CaseData) -> bool:
    """True where the goal is less of what the learner names, e.g. fewer toxic uploads."""
    return str(goal_entry(target, data).get("way", "fall")) == "fall"


def months(target: Target, data: CaseData) -> float:
    """Months by which the goal is to hold."""
    days = goal_entry(target, data).get("within_days", 91)
    return round(float(days) / 30.4) if isinstance(days, int | float) else 3


def baseline(data: CaseData) -> str:
    """Where the goal starts, with a number."""
    from casebook.checks.casefile import rule

    return str(rule(data, "baseline", "") or f"1 % of {data.unit.requests}")


def hypothesis(data: CaseData) -> str:
    """A hypothesis; from and to are left to the learner."""
    target = primary_target(data)
    what = word(target, data) if target else "the number"
    return f'Hypothesis("for {data.persona}, decide {data.decision}: {what} from … to …")'


def note(data: CaseData) -> str:
    """A note about the part that serves."""
    slot, target = part(data), primary_target(data) or data.targets[0]
    owner = slot.owner_kinds[0] if slot.owner_kinds else "its owner"
    return f'ComponentNote("{slot.id}: {owner}, because {word(target, data)}, $1,800 a month, 3 weeks")'


def part(data: CaseData) -> Slot:
    """The slot that serves, else the first that must be filled."""
    required = next((slot for slot in data.slots if slot.required), data.slots[0])
    return slot_of_role(data, "serving") or required


def risk(target: Target | None, data: CaseData, action: str, owner: str) -> str:
    """A risk whose line lies a tenth inside the limit."""
    if target is None:
        return ""
    limit = float(target.limit) * (0.9 if target.direction == "max" else 1.1)
    sign = ">" if target.direction == "max" else "<"
    if target.metric == "latency_ms":
        size = f"{limit / 1000:.3g} s" if limit >= 1000 else f"{limit:.3g} ms"
        name = f"p{100 * float(target.quantile or 0.99):g} {word(target, data)}"
        return f'Risk("{name} {sign} {size} over 1 hours -> {action}, {owner}")'
    size = {"share": f"{100 * limit:.3g} %", "usd": f"${limit:.3g}"}.get(target.unit, f"{limit:.3g} {target.unit}")
    return f'Risk("{word(target, data)} {sign} {size} over 1 week -> {action}, {owner}")'


def owner_for(slot: Slot | None, data: CaseData) -> str:
    """A function whose job a slot is."""
    if slot is not None and slot.owner_kinds:
        return slot.owner_kinds[0]
    return data.owners[0] if data.owners else "its owner"

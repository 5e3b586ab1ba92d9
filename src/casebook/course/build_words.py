"""The words of a case that authored text may use as ``[[name]]``: its prose, its lists, and its lines of code."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casebook.course.build_case import Plan

if TYPE_CHECKING:
    from casebook.facts.case import CaseData, Target
    from casebook.facts.story import Audit

COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
RECORDS = (
    "Assumption", "Audit", "Cadence", "Close", "ComponentNote", "Constraint", "DataPlan", "Handoff", "Hypothesis",
    "Metric", "Phase", "Prediction", "Pushback", "Question", "Risk", "Rollout", "Scope", "SizingPass", "Stage",
    "Table", "TimePlan", "Tradeoff",
)  # fmt: skip
OF_PART = {"phases": "Phase", "data_plan": "DataPlan", "time_plan": "TimePlan", "table": "Table"}
SITTING = 45.0  # minutes
SHOWN_UNITS = {"usd": "dollars", "share": "a share of 1"}


def case_words(data: CaseData, plan: Plan) -> Mapping[str, str]:
    """Words by name. A word that is '' on a line of its own takes the line with it."""
    words = {
        "case.id": data.id,
        "case.title": data.title,
        "case.brief": data.brief,
        "case.persona": data.persona,
        "case.decision": data.decision,
        "case.scenario": _scenario(data),
        "unit.request": data.unit.request,
        "unit.requests": data.unit.requests,
        "asking.allowed": f"{float(data.asking.allowed):g}",
        "asking.bank": str(len(data.questions)),
        "asking.example": _example_names(data),
        "owners.list": ", ".join(data.owners),
        "slots.list": ", ".join(slot.id for slot in data.slots),
        "questions.list": "\n".join(f"| `{item.id}` | {item.ask} |" for item in data.questions),
        "records.list": _records(plan),
        "records.all": _records(),
        "goal.line": _goal(data),
        "presets.traps": _traps(data),
        "predict.people": _people(data),
        "predict.hours": _hours(data),
        "metrics.third": _third_metric(data),
        "notes.code": _notes(data),
        "pushbacks.count": _count(len(data.pushbacks)),
        "pushbacks.noun": "pushback" if len(data.pushbacks) == 1 else "pushbacks",
        "pushbacks.inject": "\n".join(f'work.inject("{item.id}")' for item in data.pushbacks),
        "pushbacks.code": _pushbacks(data),
        "rubric.line": _reader(data),
        "variants.code": ", code=code" if data.variants is not None else "",
    }
    words |= _cadences(plan)
    words |= {f"n.{section}": str(number) for number, section in enumerate(plan.sections, 1)}
    words |= _time(data, plan)
    words |= {f"pushback.{number}": item.id for number, item in enumerate(data.pushbacks, 1)}
    words |= {f"audit.{item.id}": item.ask for item in data.audits}
    words |= _audits(data, plan)
    return words


@dataclass(frozen=True, slots=True)
class Stated:
    """A number of the learner's own design that a check asks for as ``Audit("<id>", …)``, in the section ``where``."""

    id: str
    unit: str
    where: str
    ask: str


def numbers_of(data: CaseData) -> tuple[Audit | Stated, ...]:
    """What is written as an ``Audit``: the case's audits, then the figures its checks want to hear (figure-stated)."""
    section = {"own": "estimate", "pushback": "pushbacks"}
    stated = (
        Stated(str(told.get("name") or entry.id), str(told.get("unit", "")), section.get(entry.cell, entry.cell),
               f"Read it off your own design: {told.get('what', entry.title)}.")
        for entry in data.checks
        if entry.kind == "figure-stated" and (told := entry.params).get("where", "audit") == "audit"
    )  # fmt: skip
    return (*data.audits, *stated)


def audit_variable(audit: Audit | Stated) -> str:
    """The name of the variable in which a learner writes an audit's number."""
    from casebook.answer.parts import PART_NAMES

    name = audit.id.replace("-", "_").replace(".", "_")
    taken = name in PART_NAMES or name in ("work", "board", "board2", "case", "seed", "scenario")
    return f"{name}_number" if taken or keyword.iskeyword(name) or not name.isidentifier() else name


def audit_unit(audit: Audit | Stated) -> str:
    """The unit of an audit's number as one says it."""
    return SHOWN_UNITS.get(audit.unit, audit.unit)


def plan_table(sections: Sequence[str], minutes: Mapping[str, float]) -> str:
    """The session as one row: sections above, minutes below; one without minutes takes them from the one before."""
    told = [
        f"{minutes[section]:g} min" if section in minutes else f"with {number - 1}"
        for number, section in enumerate(sections, 1)
    ]
    return "\n".join(
        [
            "| " + " | ".join(f"{i} · {section.replace('-', ' ')}" for i, section in enumerate(sections, 1)) + " |",
            "|" + "---|" * len(sections),
            "| " + " | ".join(told) + " |",
        ]
    )


def _scenario(data: CaseData) -> str:
    from casebook.design.conditions import default_scenario

    return default_scenario(data)


def _example_names(data: CaseData) -> str:
    names = [item.id for item in data.questions if item.worth != "low"]
    first, last = (names[0], names[-1]) if names else ("volume", "latency")
    return f'["{first}", "{last}"]'


def _records(plan: Plan | None = None) -> str:
    """The records to import, on lines of 110 characters; with a plan, without those that the case does not ask for."""
    left_out = {record for part, record in OF_PART.items() if plan is not None and part not in plan.asked}
    rows, row = [], "    "
    for name in (record for record in RECORDS if record not in left_out):
        if len(row) + len(name) > 108:
            rows.append(row.rstrip())
            row = "    "
        row += f"{name}, "
    return "\n".join([*rows, row.rstrip()])


def _goal(data: CaseData) -> str:
    target = next((item for item in data.targets if item.role == "primary"), None)
    if target is None:
        return f"The interviewer nods at your questions. It is about this: {data.decision}."
    way = "at most" if target.direction == "max" else "at least"
    return (
        "The interviewer nods at your questions and adds one thing: *“In the end we look at one number. "
        f"{target.title}: {way} {_limit(target)}.”*"
    )


def _reader(data: CaseData) -> str:
    """Whose rubric reads the answer, in one sentence."""
    from casebook.checks import load_rubric

    rules = load_rubric("", data.id)
    return f"Your reader judges by the rubric “{rules.title}”."


def _limit(target: Target) -> str:
    """The limit as a reference to its fact, so that its source is told; a plain figure where it has none."""
    from casebook.facts.loader import own_seeds

    fact = own_seeds().facts().get(target.fact or "")
    if fact is not None and fact.value is not None:
        return f"{{{{{target.fact}}}}}"
    return told(float(target.limit), target.unit)


def told(value: float, unit: str) -> str:
    """A limit in words: 5 %, $0.03, 120 ms, 24 hours."""
    if unit == "share":
        return f"{value * 100:g} %"
    return f"${value:,g}" if unit == "usd" else f"{value:,g} {unit}"


def _traps(data: CaseData) -> str:
    traps = sum(preset.role == "tempting" for preset in data.presets)
    return "" if not traps else f"; {_count(traps).lower()} of them {'is a trap' if traps == 1 else 'are traps'}"


def _people(data: CaseData) -> str:
    if data.slot_of_role("review") is not None:
        return f"how\nmany hours a held {data.unit.request} waits for a person"
    return "how\nmany hours one waits for a person (nobody looks at one by hand here: write `0 hours`)"


def _hours(data: CaseData) -> str:
    """The fourth number of the prediction, as the comment beside its blank says it."""
    waits = data.slot_of_role("review") is not None
    return "hours in a queue of people" if waits else "0 hours (nobody waits for a person)"


def _third_metric(data: CaseData) -> str:
    latency = next((item for item in data.targets if item.metric == "latency_ms"), None)
    if latency is None or latency.role == "primary":
        return "a second number that must not get worse, and how often you look"
    return f"how long one {data.unit.request} takes: which percentile, below what, over what time"


def _notes(data: CaseData) -> str:
    """Three blank notes: the parts that nobody can leave out come first."""
    slots = sorted(data.slots, key=lambda slot: (not slot.required, slot.role != "review"))
    first, *others = [slot.id for slot in slots][:3]
    lines = [f'    ComponentNote(""),   # {first}: who, because which metric, $… a month, … weeks']
    return "\n".join([*lines, *(f'    ComponentNote(""),   # {slot}: …' for slot in others)])


def _pushbacks(data: CaseData) -> str:
    hints = ["the number, your stance, because …", *["…"] * len(data.pushbacks)]
    return "\n".join(
        f'    Pushback(""),   # {item.id}: {hint}' for item, hint in zip(data.pushbacks, hints, strict=False)
    )


def _cadences(plan: Plan) -> dict[str, str]:
    if "cadences" not in plan.asked:
        line = 'cadence = Cadence("")   # what is repeated every how many weeks, by whom'
        return {"cadence.code": line, "cadence.check": "cadence=cadence"}
    lines = ["cadences = [", '    Cadence(""),   # what is repeated every how many days, weeks or months, by whom',
             '    Cadence(""),', '    Cadence(""),', "]"]  # fmt: skip
    single = 'cadence = Cadence("")   # … and the one that keeps the design fresh\n' if "cadence" in plan.asked else ""
    both = "cadence=cadence, cadences=cadences" if single else "cadences=cadences"
    return {"cadence.code": single + "\n".join(lines), "cadence.check": both}


def _time(data: CaseData, plan: Plan) -> dict[str, str]:
    words = {f"clock.{section}": "" for section in plan.sections}
    if data.time_plan is None:
        short = {"sitting.minutes": "", "sitting.line": "A short case."}
        return words | {"minutes.total": "", "plan.table": "", **short}
    minutes = {block.section: float(block.minutes) for block in data.time_plan.blocks}
    words["minutes.total"] = f"{float(data.time_plan.total_minutes):g}"
    words["plan.table"] = plan_table(plan.sections, minutes)
    words["sitting.minutes"] = f"{words['minutes.total']} minutes. "
    words["sitting.line"] = _sittings(plan, minutes)
    told = {section: f"{value:g} minute" + ("" if value == 1 else "s") for section, value in minutes.items()}
    words |= {f"clock.{section}": f"  <small>({value})</small>" for section, value in told.items()}
    words |= {f"minutes.{section}": f"{value:g}" for section, value in minutes.items()}
    return words


def _sittings(plan: Plan, minutes: Mapping[str, float]) -> str:
    """How long one sits: at once, or in two halves around the place to stop after the design."""
    total = sum(minutes.values())
    if total <= SITTING or "design" not in plan.sections:
        return f"One sitting of {total:g} minutes."
    first = sum(minutes.get(section, 0.0) for section in plan.before("design"))
    return f"Two sittings: {first:g} minutes to the place to stop after the design, then {total - first:g}."


def _audits(data: CaseData, plan: Plan) -> dict[str, str]:
    """The lines in which a section's audit numbers are written, and what is handed to ``work.check``."""
    words: dict[str, str] = {}
    for section in plan.sections:
        here = [audit for audit in numbers_of(data) if audit.where == section]
        so_far = [audit for audit in numbers_of(data) if audit.where in plan.before(section)]
        so_far.sort(key=lambda audit: plan.sections.index(audit.where))
        hint = "replace None by your number, in"
        lines = [f'{audit_variable(it)} = Audit("{it.id}", None)   # {hint} {audit_unit(it)}' for it in here]
        lines.append(f"audits = [{', '.join(map(audit_variable, so_far))}]")
        names = ", ".join(map(audit_variable, here))
        words[f"audits.{section}"] = "\n".join(lines) if here else ""
        words[f"audits.check.{section}"] = f", audits=[{names}]" if here else ""
        words[f"audits.also.{section}"] = f"\nwork.check(audits=[{names}])" if here else ""
    return words


def _count(number: int) -> str:
    return COUNTS[number] if number < len(COUNTS) else str(number)

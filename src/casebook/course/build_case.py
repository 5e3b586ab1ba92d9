"""Which sections a case's text has, in which order, and after which of them each test cell stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casebook.facts.case import CaseData

# Section → parts of the answer that are written in it.
PARTS: Mapping[str, tuple[str, ...]] = {
    "ask": ("questions", "assumptions"),
    "time-plan": ("time_plan",),
    "frame": ("hypothesis", "metrics", "constraints", "scope"),
    "predict": ("prediction",),
    "design": ("design",),
    "estimate": ("notes", "handoffs"),
    "data-plan": ("data_plan",),
    "tradeoff": ("alternative", "tradeoff"),
    "table": ("table",),
    "sizing": ("sizing",),
    "phases": ("phases",),
    "rollout": ("rollout", "risks", "cadence", "cadences"),
    "pushbacks": ("pushbacks",),
    "close": ("close",),
}
ALWAYS = ("predict", "design")  # nothing is simulated without a design, and a design is better guessed first


@dataclass(frozen=True, slots=True)
class Plan:
    """The text of one case: ``sections`` in order, ``asked`` parts, ``checks`` the test cells after each section."""

    sections: tuple[str, ...]
    asked: frozenset[str]
    checks: Mapping[str, tuple[str, ...]]

    def before(self, section: str) -> tuple[str, ...]:
        """The sections up to this one, itself included."""
        return self.sections[: self.sections.index(section) + 1]


@cache
def plan_of(case_id: str, rubric: str = "") -> Plan:
    """The sections of a case: those of its time plan in their order, and what its checks need beside them.

    A ``ValueError`` names a section that does not exist.
    """
    from casebook.checks import load_rubric
    from casebook.checks.registry import check_for
    from casebook.facts import load_case_data

    data = load_case_data(case_id)
    cells = {
        cell.id: {part for check in cell.checks for part in check_for(check, data).needs}
        for cell in load_rubric(rubric, case_id).cells
    }
    asked = frozenset(part for parts in cells.values() for part in parts)
    sections = _sections(data, asked)
    place = {part: at for at, section in enumerate(sections) for part in PARTS[section]}
    after: dict[str, list[str]] = {}
    from casebook.course.build_words import numbers_of

    for audit in numbers_of(data):
        if audit.where not in sections:
            raise ValueError(
                f"the audit {audit.id!r} stands in the section {audit.where!r}, and the case has {', '.join(sections)}"
            )
    last = {name: max((place.get(part, 0) for part in parts), default=0) for name, parts in cells.items()}
    for name, parts in cells.items():
        if "audits" in parts:
            last[name] = max([last[name], *(sections.index(where) for where in _wheres(data, name, rubric))])
        after.setdefault(sections[last[name]], []).append(name)
    return Plan(sections, asked, {section: tuple(names) for section, names in after.items()})


def _wheres(data: CaseData, cell: str, rubric: str) -> Sequence[str]:
    """The sections of the numbers that a test cell counts."""
    from casebook.checks import load_rubric
    from casebook.course.build_words import numbers_of

    checks = next(found.checks for found in load_rubric(rubric, data.id).cells if found.id == cell)
    named = {number.id: number.where for number in numbers_of(data)}
    named |= {audit.fact.partition(".")[2] or audit.fact: audit.where for audit in data.audits}
    params = {entry.id: str(entry.params.get("name") or entry.params.get("id") or entry.id) for entry in data.checks}
    return [named[name] for check in checks for name in (check, params.get(check, "")) if name in named]


def _sections(data: CaseData, asked: frozenset[str]) -> tuple[str, ...]:
    named = [block.section for block in data.time_plan.blocks] if data.time_plan is not None else []
    for section in named:
        if section not in PARTS:
            raise ValueError(f"the time plan names the section {section!r}. There are: {', '.join(PARTS)}")
    wanted = [section for section in PARTS if section in ALWAYS or asked & set(PARTS[section])]
    if not named:
        return tuple(wanted)
    for section in wanted:
        if section not in named:
            order = list(PARTS)
            later = [at for at, name in enumerate(named) if order.index(name) > order.index(section)]
            named.insert(later[0] if later else len(named), section)
    return tuple(named)

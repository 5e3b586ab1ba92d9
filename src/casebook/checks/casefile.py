"""What a case's own file says to the checks: its rubric and checks, its words, rules, roles and context."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from casebook.facts import near_miss, read_seed
from casebook.facts.errors import SeedError

if TYPE_CHECKING:
    from casebook.facts.case import CaseData, Target
    from casebook.facts.check import CheckEntry
    from casebook.facts.palette import Slot

# Ids that stood for a role before case files named roles.
_SLOTS = {"ingestion": "entry", "prefilter": "filter", "messaging": "queue"}
_TARGETS = {"toxic": "primary", "fpr": "guard", "budget": "cost", "review": "people", "mvp": "schedule"}
SMALL_TEAM = 10
FEW_CUSTOMERS = 3


@cache
def _fallback(case_id: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_seed("rubrics.yaml").get("cases", {}).get(case_id, {})
    return found


def entries(data: CaseData) -> tuple[CheckEntry, ...]:
    """The case's own checks."""
    own: tuple[CheckEntry, ...] = getattr(data, "checks", ())
    return own or _fallback_entries(data.id)


@cache
def _fallback_entries(case_id: str) -> tuple[CheckEntry, ...]:
    from casebook.facts.base import build
    from casebook.facts.check import CheckEntry

    book = _fallback(case_id)
    origin = book.get("provenance")
    return tuple(
        build(CheckEntry, {"provenance": origin, **item}, "rubrics.yaml", f"cases.{case_id}.checks")
        for item in book.get("checks", ())
    )


def file_of(data: CaseData) -> str:
    """The file that errors about this case's checks name."""
    return f"cases/{data.id}.yaml" if getattr(data, "checks", ()) else "rubrics.yaml"


def own_rubric(data: CaseData) -> str:
    """Whose rubric the case is written for."""
    by_article = {"STB": "stability", "SCL": "scale", "STU": "startups", "GEN": "general", "MJ": "midjourney"}
    named = getattr(data, "rubric", "") or _fallback(data.id).get("rubric", "")
    return str(named or by_article.get(data.article, ""))


def not_asked(data: CaseData) -> Mapping[str, str]:
    """Universal checks that this case does not ask, each with the reason."""
    return dict(getattr(data, "not_asked", None) or {})


def target_words(data: CaseData) -> Mapping[str, tuple[str, ...]]:
    """Target id → phrases by which a text is recognised to be about it; the title always is one."""
    told = _fallback(data.id).get("words", {}).get("targets", {})
    return {
        target.id: (*(getattr(target, "words", ()) or told.get(target.id, ())), target.title) for target in data.targets
    }


def words_for(data: CaseData, what: str) -> tuple[str, ...]:
    """The case's phrases for something that is no target: ``components``, ``drift`` or a word list of its own."""
    own = getattr(data, "words", None)
    found = own.get(what) if isinstance(own, Mapping) else getattr(own, what, None)
    return tuple(found or _fallback(data.id).get("words", {}).get(what, ()))


def rule(data: CaseData, name: str, otherwise: Any = None) -> Any:
    """A limit that checks of this case use, e.g. how far passes may lie apart (``converge``)."""
    own = getattr(data, "rules", None)
    found = own.get(name) if isinstance(own, Mapping) else getattr(own, name, None)
    return _fallback(data.id).get("rules", {}).get(name, otherwise) if found is None else found


def context(data: CaseData, name: str) -> float | None:
    """``customers`` or ``people`` of the case's context; None where it does not say."""
    own = getattr(data, "context", None)
    found = own.get(name) if isinstance(own, Mapping) else getattr(own, name, None)
    return None if found is None else float(found)


def role_of(slot: Slot) -> str:
    """The role of a slot, such as entry, queue, serving, review, feedback."""
    return str(getattr(slot, "role", "") or _SLOTS.get(slot.id, slot.id))


def slot_of_role(data: CaseData, role: str) -> Slot | None:
    """The first slot with this role; None where the palette has none."""
    return next((slot for slot in data.slots if role_of(slot) == role), None)


def slots_named(data: CaseData, name: str) -> tuple[str, ...]:
    """Ids of the slots that ``name`` means: one slot by id, or all with that role."""
    if any(slot.id == name for slot in data.slots):
        return (name,)
    return tuple(slot.id for slot in data.slots if role_of(slot) == name)


def target(data: CaseData, target_id: str) -> Target:
    """The target with this id; ``SeedError`` lists what there is."""
    found = next((item for item in data.targets if item.id == target_id), None)
    if found is None:
        ids = [item.id for item in data.targets]
        raise SeedError(file_of(data), "checks", f"there is no target {target_id!r}", near_miss(target_id, ids))
    return found


def targets_of_role(data: CaseData, role: str) -> tuple[Target, ...]:
    """Targets with this role."""
    return tuple(item for item in data.targets if (getattr(item, "role", "") or _TARGETS.get(item.id, "")) == role)


def primary_target(data: CaseData) -> Target | None:
    """The target that the case is about."""
    return next(iter(targets_of_role(data, "primary")), None)


def latency_target(data: CaseData) -> Target | None:
    """The target whose figure is simulated: a quantile of a latency."""
    return next((item for item in data.targets if item.metric == "latency_ms"), None)


def remedy(item: Target) -> str:
    """One line that says what brings this target back within its limit."""
    return str(getattr(item, "remedy", "") or _REMEDIES.get(item.id, ""))


_REMEDIES = {
    "fpr": "Raise the score cut-off.",
    "toxic": "Lower the cut-off, take a model that separates better, or parts that are live within the window.",
    "budget": "Look at the largest line of the bill, mistakes included.",
    "review": "Flag less, or put more people on shift.",
    "mvp": "Leave out a part, or take one that is quicker to build.",
}

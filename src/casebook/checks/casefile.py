"""What a case's own file says to the checks: its rubric and checks, its words, rules, roles and context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casebook.facts import near_miss
from casebook.facts.errors import SeedError

if TYPE_CHECKING:
    from casebook.facts.case import CaseData, Target
    from casebook.facts.check import CheckEntry
    from casebook.facts.palette import Slot

SMALL_TEAM = 10
FEW_CUSTOMERS = 3
_BY_ARTICLE = {"STB": "stability", "SCL": "scale", "STU": "startups", "GEN": "general", "MJ": "midjourney"}


def entries(data: CaseData) -> tuple[CheckEntry, ...]:
    """The case's own checks."""
    return data.checks


def file_of(data: CaseData) -> str:
    """The file that errors about this case's checks name."""
    return f"cases/{data.id}.yaml"


def own_rubric(data: CaseData) -> str:
    """Whose rubric the case is written for: the one it names, else that of its article."""
    return data.rubric or _BY_ARTICLE.get(data.article, "")


def not_asked(data: CaseData) -> Mapping[str, str]:
    """Universal checks that this case does not ask, each with the reason."""
    return data.not_asked


def target_words(data: CaseData) -> Mapping[str, tuple[str, ...]]:
    """Target id → phrases by which a text is recognised to be about it; the title always is one."""
    return {target.id: (*target.words, target.title) for target in data.targets}


def words_for(data: CaseData, what: str) -> tuple[str, ...]:
    """The case's phrases for something that is no target: ``components``, ``drift`` or a word list of its own."""
    return data.words.get(what, ())


def rule(data: CaseData, name: str, otherwise: Any = None) -> Any:
    """A limit that checks of this case use, e.g. how far passes may lie apart (``converge``)."""
    return data.rules.get(name, otherwise)


def context(data: CaseData, name: str) -> float | None:
    """``customers`` or ``people`` of the case's context; None where it does not say."""
    found = getattr(data.context, name, None)
    return None if found is None else float(found)


def slot_of_role(data: CaseData, role: str) -> Slot | None:
    """The first slot with this role; None where the palette has none."""
    return next((slot for slot in data.slots if slot.role == role), None)


def slots_named(data: CaseData, name: str) -> tuple[str, ...]:
    """Ids of the slots that ``name`` means: one slot by id, or all with that role."""
    if any(slot.id == name for slot in data.slots):
        return (name,)
    return tuple(slot.id for slot in data.slots if slot.role == name)


def target(data: CaseData, target_id: str) -> Target:
    """The target with this id; ``SeedError`` lists what there is."""
    found = next((item for item in data.targets if item.id == target_id), None)
    if found is None:
        ids = [item.id for item in data.targets]
        raise SeedError(file_of(data), "checks", f"there is no target {target_id!r}", near_miss(target_id, ids))
    return found


def targets_of_role(data: CaseData, role: str) -> tuple[Target, ...]:
    """Targets with this role."""
    return tuple(item for item in data.targets if item.role == role)


def primary_target(data: CaseData) -> Target | None:
    """The target that the case is about."""
    return next(iter(targets_of_role(data, "primary")), None)


def latency_target(data: CaseData) -> Target | None:
    """The target whose figure is simulated: a quantile of a latency."""
    return next((item for item in data.targets if item.metric == "latency_ms"), None)

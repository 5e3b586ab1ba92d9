"""The list of checks. A check is a pure function of a Subject, registered under the id FACTS gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from casebook.checks.finding import Outcome
from casebook.facts import SeedError, near_miss

if TYPE_CHECKING:
    from casebook.checks.subject import Subject
    from casebook.facts import CaseData

CheckFunction = Callable[["Subject"], Outcome]


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check.

    ``needs`` are fields of the Answer without which there is nothing to look at (then it earns nothing);
    ``compares`` is True where it holds two parts of the answer, or a part and the Evaluation, against each other.
    """

    id: str
    title: str
    needs: tuple[str, ...]
    compares: bool
    run: CheckFunction
    good: str
    bad: str


_CHECKS: dict[str, Check] = {}


def check(
    check_id: str, title: str, *, needs: tuple[str, ...], compares: bool = False, good: str = "", bad: str = ""
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check. ``good`` and ``bad`` are one-line examples for docs/checks.md."""

    def register(function: CheckFunction) -> CheckFunction:
        if check_id in _CHECKS:
            raise ValueError(f"two checks are called {check_id!r}: rename one")
        _CHECKS[check_id] = Check(check_id, title, needs, compares, function, good, bad)
        return function

    return register


@cache
def all_checks() -> Mapping[str, Check]:
    """Every check by id, in the order of their families."""
    from casebook.checks import families  # noqa: F401  (importing registers them)

    return _CHECKS


def check_for(check_id: str, data: CaseData) -> Check:
    """The check with this id: a registered one, or one that a case's own data makes (pushbacks, audits)."""
    from casebook.checks.families.audits import audit_check
    from casebook.checks.families.pressure import pushback_check

    checks = all_checks()
    found = checks.get(check_id) or pushback_check(check_id, data) or audit_check(check_id, data)
    if found is None:
        raise SeedError("rubrics.yaml", check_id, f"there is no check {check_id!r}", near_miss(check_id, checks))
    return found

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
    from casebook.facts.case import CaseData

CheckFunction = Callable[["Subject"], Outcome]
Example = str | Callable[["CaseData"], str]


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check.

    ``needs`` are fields of the Answer without which there is nothing to look at (then it earns nothing);
    ``compares`` is True where it holds two parts of the answer, or a part and the Evaluation, against each other.
    ``good`` is a line that would pass, or makes one in a case's own words; ``absent`` says why a case cannot be
    asked this ('' where it can).
    """

    id: str
    title: str
    needs: tuple[str, ...]
    compares: bool
    run: CheckFunction
    good: Example
    bad: str
    absent: Callable[[CaseData], str] | None = None

    def example(self, data: CaseData) -> str:
        """The line that would pass, for this case."""
        return self.good if isinstance(self.good, str) else self.good(data)


_CHECKS: dict[str, Check] = {}


def check(
    check_id: str,
    title: str,
    *,
    needs: tuple[str, ...],
    compares: bool = False,
    good: Example = "",
    bad: str = "",
    absent: Callable[[CaseData], str] | None = None,
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a universal check; see `Check`."""

    def register(function: CheckFunction) -> CheckFunction:
        if check_id in _CHECKS:
            raise ValueError(f"two checks are called {check_id!r}: rename one")
        _CHECKS[check_id] = Check(check_id, title, needs, compares, function, good, bad, absent)
        return function

    return register


@cache
def all_checks() -> Mapping[str, Check]:
    """Every universal check by id."""
    from casebook.checks import families  # noqa: F401  (importing registers them)

    return _CHECKS


def check_for(check_id: str, data: CaseData) -> Check:
    """The check with this id: a universal one, or one that the case's own file asks for."""
    from casebook.checks.casefile import entries, file_of
    from casebook.checks.kind import check_of

    checks = all_checks()
    own = {entry.id: entry for entry in entries(data)}
    entry = own.get(check_id)
    if entry is not None and entry.kind:
        if check_id in checks:
            raise SeedError(
                file_of(data),
                f"checks.{check_id}",
                f"{check_id!r} is the id of a universal check",
                "Leave the kind out to ask that one, or choose another id.",
            )
        return check_of(entry, data)
    if check_id not in checks:
        known = [*checks, *own]
        raise SeedError(file_of(data), check_id, f"there is no check {check_id!r}", near_miss(check_id, known))
    return checks[check_id]

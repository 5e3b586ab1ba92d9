"""What is done with a notebook whose answers compute: run in a jail, run as trusted, or left to a person with why."""

from __future__ import annotations

from dataclasses import replace

from casebook.course.judge import JudgeProcess
from casebook.course.outcome import Outcome
from casebook.course.repair import Rebuilt, Release

RAN = ("jailed", "run")


def run_for_answer(
    read: Outcome, rebuilt: Rebuilt, release: Release, judge: JudgeProcess, *, trusted: bool = False
) -> Outcome:
    """The Outcome of a run of a notebook that could not be ``read``; which cells made it so stays in ``must_run``.

    ``trusted`` runs it with the rights of whoever grades. Otherwise in a jail, and where this machine has none
    nothing is run: the outcome is needs-manual, with the reason and its remedy.
    """
    if trusted:
        from casebook.course.trusted import run_for_answer as run_trusted

        return replace(run_trusted(rebuilt, release.case_id, judge), must_run=read.must_run)
    from casebook.jail.ability import jail_ability
    from casebook.jail.spec import JailError

    ability = jail_ability()
    if not ability.ok:
        return _left(read, ability.name, ability.why, ability.remedy)
    from casebook.course.jailed_run import run_in_jail
    from casebook.course.kernels import choice

    try:
        return replace(run_in_jail(rebuilt, release, judge, kernel_name=choice.name()), must_run=read.must_run)
    except JailError as error:
        return _left(read, error.what, error.why, error.remedy)


def waits_for_a_run(outcome: Outcome) -> bool:
    """Whether it was left to a person only because nothing could run it then."""
    return bool(outcome.must_run) and outcome.how not in RAN


def _left(read: Outcome, what: str, why: str, remedy: str) -> Outcome:
    told = f"This machine cannot run it in a jail ({what}: {why}). {remedy} For people you trust: --trusted."
    return replace(read, reason=f"{read.reason} {told}")

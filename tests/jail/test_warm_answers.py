"""The same answer whether it is read, run in a cold jailed kernel or in warm ones side by side; and who chooses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from casebook.course.intake import open_submission
from casebook.course.jailed_run import run_in_jail
from casebook.course.judge import JudgeProcess
from casebook.course.kernels import FEW, Choice
from casebook.course.outcome import Outcome
from casebook.course.repair import Rebuilt, load_release, rebuild
from casebook.jail.ability import jail_ability
from casebook.jail.kernelspec import JAILED, WARM
from casebook.jail.warm import WARM_UP
from casebook.jail.warm_template import shared
from tests.cohort.people import ASSIGNMENT, hand_in, people
from tests.jail.computing import computing

ROOT = Path(__file__).resolve().parents[2]
RELEASE = load_release(ROOT / "release" / ASSIGNMENT)
WRITERS = ("amara", "lars")


@pytest.fixture(scope="module")
def judge() -> Iterator[JudgeProcess]:
    with JudgeProcess(ROOT, ASSIGNMENT) as found:
        yield found


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """Of each writer the notebook that can be read, and the same with a cell that computes."""
    folder = tmp_path_factory.mktemp("handed-in")
    blank = json.loads((ROOT / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
    found = {}
    for person in people():
        if person.name in WRITERS:
            plain, running = folder / f"{person.name}.ipynb", folder / f"{person.name}-runs.ipynb"
            plain.write_bytes(hand_in(person, blank))
            running.write_text(json.dumps(computing(json.loads(plain.read_bytes()))), encoding="utf-8")
            found[person.name] = (plain, running)
    return found


def rebuilt(path: Path) -> Rebuilt:
    return rebuild(RELEASE, open_submission(path))


def without_the_way(outcome: Outcome) -> Outcome:
    """An outcome without how it came about."""
    return replace(outcome, how="", repairs=(), must_run=())


@pytest.mark.skipif(not jail_ability().ok, reason=f"no jail on this machine: {jail_ability().why}")
def test_read_cold_and_warm_give_the_same(judge: JudgeProcess, handed_in: dict[str, tuple[Path, Path]]) -> None:
    read = {name: judge.assess(plain) for name, (plain, _) in handed_in.items()}
    assert all(outcome.status == "graded" and outcome.score for outcome in read.values())
    assert judge.assess(handed_in["amara"][1]).must_run == ("answer-ask",)
    template = shared(WARM_UP)
    template.start()  # its imports go on while the cold one runs
    cold = run_in_jail(rebuilt(handed_in["amara"][1]), RELEASE, judge, kernel_name=JAILED)
    assert cold.how == "jailed"
    assert without_the_way(cold) == without_the_way(read["amara"])
    try:
        with ThreadPoolExecutor(2) as pool, JudgeProcess(ROOT, ASSIGNMENT) as second:
            runs = {
                name: pool.submit(run_in_jail, rebuilt(handed_in[name][1]), RELEASE, who, kernel_name=WARM)
                for name, who in zip(WRITERS, (judge, second), strict=True)
            }
            warm = {name: run.result() for name, run in runs.items()}
        assert template.pid is not None
    finally:
        template.close()
    for name in WRITERS:
        assert without_the_way(warm[name]) == without_the_way(read[name])


def test_few_notebooks_are_run_cold_and_more_of_them_warm() -> None:
    choice = Choice()
    assert [choice.name() for _ in range(FEW + 2)] == [JAILED] * FEW + [WARM] * 2
    choice.want("cold")
    assert choice.name() == JAILED
    fresh = Choice()
    fresh.want("warm")
    assert fresh.name() == WARM
    with pytest.raises(ValueError, match="hot"):
        fresh.want("hot")
